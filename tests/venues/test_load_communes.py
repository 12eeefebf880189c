"""`load_communes`: ours only, the same the second time, from either format; and what the database keeps beside."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from venues.gazetteer import locate
from venues.models import Commune

pytestmark = pytest.mark.django_db

HEADER = "code_insee;type;nom;departement;codes_postaux;population;latitude;longitude;precision\n"
LILLE = "59350;commune;Lille;59;59000 59160;238246;50.6330;3.0586;commune\n"
LOMME = "59350;ancienne;Lomme;59;;0;50.6436;2.9872;environs\n"
REIMS = "51454;commune;Reims;51;51100;180000;49.25;4.03;commune\n"


def load(*args: str) -> str:
    out = io.StringIO()
    call_command("load_communes", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """`file(text)`: its path."""

    def write(text: str) -> str:
        path = tmp_path / "communes"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def rows() -> list[tuple[Any, ...]]:
    return list(
        Commune.objects.order_by("name").values_list(
            "name", "postcodes", "population", "is_former", "is_approximate"
        )
    )


def test_the_communes_of_the_region() -> None:
    assert load() == "Communes\N{NO-BREAK SPACE}: 3878.\n"
    assert Commune.objects.filter(is_former=False).count() == 3782
    assert not Commune.objects.filter(models.Q(latitude=None) | models.Q(longitude=None)).exists()
    assert set(Commune.objects.values_list("department", flat=True)) == {"02", "59", "60", "62", "80"}
    before = list(Commune.objects.order_by("pk").values_list())
    load()
    assert list(Commune.objects.order_by("pk").values_list()) == before


def test_ours_are_added_changed_and_taken_away(file: Any) -> None:
    load(file(HEADER + LILLE + LOMME + REIMS))
    expected = [("Lille", " 59000 59160 ", 238246, False, False), ("Lomme", "", 0, True, True)]
    assert rows() == expected
    lille = Commune.objects.get(name="Lille")
    load(file(HEADER + LILLE.replace("238246", "240000")))
    assert rows() == [("Lille", " 59000 59160 ", 240000, False, False)]
    assert Commune.objects.get(name="Lille").pk == lille.pk


def test_what_the_api_gives(file: Any) -> None:
    centre = {"type": "Point", "coordinates": [3.0458, 50.6311]}
    lille = {
        "nom": "Lille",
        "code": "59350",
        "codeDepartement": "59",
        "codesPostaux": ["59000"],
        "population": 9,
        "centre": centre,
    }
    load(file(json.dumps([lille, {**lille, "nom": "Ailleurs", "code": "01001", "codeDepartement": "01"}])))
    [found] = Commune.objects.all()
    assert (found.name, found.postcodes, found.latitude, found.longitude) == (
        "Lille",
        " 59000 ",
        50.6311,
        3.0458,
    )


@pytest.mark.parametrize(
    "text",
    ["", HEADER, HEADER + REIMS, "[]", "[1]", "[{}]", "nom;code\nLille;59350\n", HEADER + LILLE.replace("50.6330", "ici"), HEADER + LILLE.replace("50.6330", "nan"), "[{"],
)  # fmt: skip
def test_a_file_that_makes_no_sense_changes_nothing(file: Any, text: str) -> None:
    load(file(HEADER + LILLE))
    with pytest.raises(CommandError):
        load(file(text))
    assert Commune.objects.get().name == "Lille"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Fichier illisible"):
        load(str(tmp_path / "nowhere.csv"))


# -- the index ----------------------------------------------------------------------------------


def found(typed: str) -> str:
    return getattr(locate(typed), "name", "")


def test_the_index_follows_what_is_written() -> None:
    lille = Commune.objects.create(insee_code="59350", name="Valenciennes", department="59")
    assert found("valencienes") == "Valenciennes"
    lille.name = "Hazebrouck"
    lille.save()
    assert (found("valencienes"), found("hazzebrouck")) == ("", "Hazebrouck")
    Commune.objects.all().delete()
    assert found("hazzebrouck") == ""


@pytest.mark.django_db(transaction=True)
def test_the_index_survives_a_table_made_anew() -> None:
    """On SQLite nearly every change of a table makes a new one and copies the rows."""
    Commune.objects.create(insee_code="59606", name="Valenciennes", department="59")
    name = Commune._meta.get_field("name")
    longer = models.CharField(max_length=101)
    longer.set_attributes_from_name("name")
    longer.model = Commune
    for old, new in ((name, longer), (longer, name)):
        with connection.schema_editor() as editor:
            editor.alter_field(Commune, old, new, strict=True)
        assert found("valencienes") == "Valenciennes"
        made = Commune.objects.create(insee_code="59183", name="Dunkerque", department="59")
        assert found("duncerque") == "Dunkerque"
        made.delete()
        assert found("duncerque") == ""


@pytest.mark.django_db(transaction=True)
def test_the_index_can_be_taken_away_and_made_again() -> None:
    Commune.objects.create(insee_code="59606", name="Valenciennes", department="59")
    [index] = Commune._meta.indexes
    with connection.schema_editor() as editor:
        editor.remove_index(Commune, index)
    Commune.objects.create(insee_code="59183", name="Dunkerque", department="59")
    with connection.schema_editor() as editor:
        editor.add_index(Commune, index)
    assert (found("valencienes"), found("duncerque")) == ("Valenciennes", "Dunkerque")
