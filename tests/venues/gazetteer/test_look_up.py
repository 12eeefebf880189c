"""What a sent text means: exact answers, the same on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from venues.gazetteer import Kind, locate, look_up
from venues.models import Commune, School
from venues.places import fold

pytestmark = pytest.mark.django_db


def meant(text: str) -> tuple[str, bool] | None:
    """(label, corrected) of the place found."""
    answer = look_up(text)
    return (answer.place.label, answer.corrected) if answer.place else None


def others(text: str) -> list[str]:
    return [one.label for one in look_up(text).others]


# -- communes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Lille", "Lille (59)"),
        ("  LILLE ", "Lille (59)"),
        ("lille (59)", "Lille (59)"),
        ("59000 Lille", "Lille (59)"),
        ("59006 LILLE CEDEX", "Lille (59)"),
        ("lycée Lille", "Lille (59)"),
        ("henin beaumont", "Hénin-Beaumont (62)"),
        ("villeneuve d'ascq", "Villeneuve-d'Ascq (59)"),
        ("Villeneuve d’Ascq", "Villeneuve-d'Ascq (59)"),
        ("st omer", "Saint-Omer (62)"),
        ("ST-POL SUR TERNOISE", "Saint-Pol-sur-Ternoise (62)"),
        ("boulogne s/ mer", "Boulogne-sur-Mer (62)"),
        ("saint andre les lille", "Saint-André-lez-Lille (59)"),
        ("marcq en baroeul", "Marcq-en-Barœul (59)"),
        ("Rue", "Rue (80)"),
        ("lomme", "Lomme (59)"),
        # The most populous of three, and each of the others by its département or postcode.
        ("Dury", "Dury (80)"),
        ("Dury (62)", "Dury (62)"),
        ("dury 02", "Dury (02)"),
        ("62156 Dury", "Dury (62)"),
    ],
)
def test_communes_as_people_write_them(lycees: Any, text: str, label: str) -> None:
    assert meant(text) == (label, False)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Valencienes", "Valenciennes (59)"),
        ("valencinnes", "Valenciennes (59)"),
        ("Duncerque", "Dunkerque (59)"),
        ("Dunquerque", "Dunkerque (59)"),
        ("Roubais", "Roubaix (59)"),
        ("Amien", "Amiens (80)"),
        ("Amines", "Amiens (80)"),
        ("Lans", "Lens (62)"),
        ("Dooai", "Douai (59)"),
        ("Compiegnes", "Compiègne (60)"),
        ("Boulonge sur mer", "Boulogne-sur-Mer (62)"),
        ("villeneuve dascq", "Villeneuve-d'Ascq (59)"),
        ("azebrouck", "Hazebrouck (59)"),
        ("Touquoing", "Tourcoing (59)"),
        # The beginning of a name, or of a word of it; the most populous.
        ("valen", "Valenciennes (59)"),
        ("henin", "Hénin-Beaumont (62)"),
        ("ascq", "Villeneuve-d'Ascq (59)"),
        # A commune within what nobody knows.
        ("gare de Lens", "Lens (62)"),
        ("Lens stade", "Lens (62)"),
    ],
)
def test_spelling_is_forgiven_and_said(lycees: Any, text: str, label: str) -> None:
    assert meant(text) == (label, True)


def test_every_commune_is_found_by_its_own_label(communes: None) -> None:
    """A sample of one in fifty, over all départements."""
    for commune in Commune.objects.order_by("insee_code", "name")[::50]:
        place = locate(str(commune))
        assert place is not None
        assert (place.label, place.point) == (str(commune), (commune.latitude, commune.longitude))


def test_one_letter_left_out_is_forgiven(communes: None) -> None:
    """Of any of the largest communes, wherever the letter: that commune, or one that is spelled so."""
    for commune in Commune.objects.order_by("-population")[:10]:
        for at in range(1, len(commune.folded)):
            typed = commune.folded[:at] + commune.folded[at + 1 :]
            found = Commune.objects.get(folded=fold(getattr(locate(typed), "name", "")))
            assert found == commune or found.folded.startswith(typed), typed


def test_homonyms_are_links(communes: None) -> None:
    assert others("Dury") == ["Dury (62)", "Dury (02)"]
    assert others("Dury (62)") == []


def test_what_is_further_off_is_only_offered(communes: None) -> None:
    answer = look_up("valansiene")
    assert answer.place is None
    assert [one.label for one in answer.others] == ["Valenciennes (59)"]


@pytest.mark.parametrize(
    "text", ["", "  ", "zzzzzz", "nulle part", "%", "' OR 1=1 --", "\0", '"', "lycée", "NEAR(", "a*"]
)
def test_what_means_nothing(lycees: Any, text: str) -> None:
    assert locate(text) is None


def test_ten_thousand_letters_mean_no_more_than_a_hundred(communes: None) -> None:
    assert locate("a" * 10_000) is None
    assert locate("mot " * 3_000) is None


# -- postcodes ----------------------------------------------------------------------------------


def test_a_postcode_is_its_communes_and_their_cedex(lycees: dict[str, School]) -> None:
    place = locate("59000")
    assert place is not None
    assert (place.kind, place.name, place.label) == (Kind.POSTCODE, "59000", "59000 – Lille")
    # The lycée of 59160 is in Lille too, but not of this postcode; 59006 is nobody's street.
    assert list(place.schools()) == [lycees["ecluses"]]


def test_a_postcode_of_many_communes_is_their_middle(communes: None) -> None:
    place = locate("59310")
    assert place is not None and place.point is not None
    assert place.label == "59310 – Orchies, Coutiches et 8 autres"
    rows = Commune.objects.filter(postcodes__contains=" 59310 ")
    assert place.point == pytest.approx(
        (sum(row.latitude or 0 for row in rows) / 10, sum(row.longitude or 0 for row in rows) / 10)
    )


def test_a_cedex_code_is_its_lycee(lycees: dict[str, School]) -> None:
    place = locate("62022")
    assert place is not None
    assert (place.name, place.point) == ("62022 Arras", (50.28, 2.77))
    assert list(place.schools()) == [lycees["beffroi"]]


def test_an_unknown_postcode_is_nowhere(lycees: Any) -> None:
    assert locate("75001") is None


# -- lycées -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label", "corrected"),
    [
        ("écluses", "Lycée des Écluses, Lille", False),
        ("lycee des ecluses", "Lycée des Écluses, Lille", False),
        ("ecluses lille", "Lycée des Écluses, Lille", False),
        ("Lycée des Écluses, Lille", "Lycée des Écluses, Lille", False),
        ("ecluse", "Lycée des Écluses, Lille", False),
        ("eclusse lille", "Lycée des Écluses, Lille", True),
        ("lycée ecluzes", "Lycée des Écluses, Lille", True),
        ("beffroi", "Lycée du Beffroi, Arras", False),
        ("lycée de roubaix", "Roubaix (59)", False),
        ("roubaix amiens", "Lycée de Roubaix, Amiens", False),
    ],
)
def test_lycees(lycees: Any, text: str, label: str, corrected: bool) -> None:
    assert meant(text) == (label, corrected)


def test_a_lycee_by_its_number(lycees: dict[str, School]) -> None:
    place = locate(lycees["beffroi"].uai.lower())
    assert place is not None and place.school_pks == (lycees["beffroi"].pk,)


def test_a_name_of_two_communes_is_the_first_with_the_other_to_choose(lycees: dict[str, School]) -> None:
    answer = look_up("Pierre Moulin")
    assert answer.place is not None
    assert set(answer.place.schools()) == {lycees["autre_moulin"]}
    assert [one.label for one in answer.others] == [
        "Lycée Pierre-Moulin, Lens",
        "Lycée professionnel Pierre-Moulin, Lens",
    ]
    lens = locate("pierre moulin lens")
    assert lens is not None
    assert set(lens.schools()) == {lycees["moulin"], lycees["moulin_pro"]}


def test_a_commune_goes_before_the_lycee_of_its_name_which_is_offered(lycees: Any) -> None:
    answer = look_up("roubaix")
    assert answer.place is not None and answer.place.label == "Roubaix (59)"
    assert [one.label for one in answer.others] == ["Lycée de Roubaix, Amiens"]


def test_closed_lycees_are_nowhere(lycees: dict[str, School]) -> None:
    School.objects.update(closed_on=dt.date(2026, 9, 1))
    assert locate("beffroi") is None
    place = locate("Arras")
    assert place is not None and not place.schools().exists()


# -- cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Lille", "valencienes", "lens", "59000", "ecluses", "nulle part", "gare de Lens"]
)
def test_one_statement_whatever_is_asked(
    lycees: Any, django_assert_num_queries: Callable[..., Any], text: str
) -> None:
    with django_assert_num_queries(1):
        look_up(text)


@pytest.mark.postgres
def test_postgresql_uses_the_trigrams(communes: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT id FROM venues_commune ORDER BY 'valencienes' <-> folded LIMIT 40")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "venues_commune_trigrams" in plan
