"""`--geocode`: schools without a position find one, and a geocoder that fails spoils nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from schools_import.models import ImportRun
from tests.factories import valid_uai
from tests.schools_import.files import csv_file, school
from tests.web_server import Answer, Query, serving
from venues.models import School

pytestmark = pytest.mark.django_db

NOWHERE = {"latitude": "", "longitude": "", "position": "", "precision_localisation": ""}


@pytest.fixture
def source(tmp_path: Path) -> str:
    """Six schools; the first has a position."""
    path = tmp_path / "annuaire.csv"
    path.write_bytes(csv_file([school(1), *(school(number, **NOWHERE) for number in range(2, 7))]))
    return str(path)


def run(source: str, *options: str) -> list[str]:
    out = io.StringIO()
    call_command("import_schools", source, *options, stdout=out)
    return out.getvalue().replace("\u00a0", " ").splitlines()


def ban(path: str, query: Query) -> Answer:
    """A geocoder that knows every address of Lille but that of school 3."""
    found = {
        "geometry": {"coordinates": [3.05, 50.62]},
        "properties": {"type": "street", "score": 0.8, "citycode": "59350", "city": "Lille"},
    }
    known = not query["q"].startswith("3 ") and "type" not in query
    return 200, json.dumps({"features": [found] if known else []}).encode()


def placed() -> set[str]:
    return set(School.objects.exclude(latitude=None).values_list("uai", flat=True))


def test_schools_without_a_position_are_placed(source: str, settings: Any) -> None:
    settings.GEOCODER_SCHEME = "http"
    with serving(ban) as server:
        settings.GEOCODER_DOMAIN = server.domain
        output = run(source, "--apply", "--geocode")
    assert output[-7:] == [
        "Géocodage : 4 positions trouvées",
        f"  {valid_uai(590_002)}  Rue",
        f"  {valid_uai(590_004)}  Rue",
        f"  {valid_uai(590_005)}  Rue",
        f"  {valid_uai(590_006)}  Rue",
        f"  {valid_uai(590_003)}  adresse introuvable",
        "Import appliqué.",
    ]
    assert placed() == {valid_uai(590_000 + number) for number in (1, 2, 4, 5, 6)}
    second = School.objects.get(uai=valid_uai(590_002))
    assert (second.latitude, second.longitude, second.precision) == (50.62, 3.05, "street")
    assert School.objects.get(uai=valid_uai(590_001)).precision == "site"
    assert "4 positions trouvées" in ImportRun.objects.get().summary


def test_found_positions_survive_the_next_import(source: str, settings: Any) -> None:
    settings.GEOCODER_SCHEME = "http"
    with serving(ban) as server:
        settings.GEOCODER_DOMAIN = server.domain
        run(source, "--apply", "--geocode")
    before = list(School.objects.order_by("uai").values())
    assert any("6 inchangés" in line for line in run(source, "--apply"))
    assert list(School.objects.order_by("uai").values()) == before


def test_dry_run_asks_nothing(source: str, settings: Any) -> None:
    settings.GEOCODER_SCHEME = "http"
    with serving(ban) as server:
        settings.GEOCODER_DOMAIN = server.domain
        output = run(source, "--geocode")
    assert "Géocodage : 5 lycées sans position seraient cherchés." in output
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [((500, b""), "il répond par une erreur"), ((200, b"<html>"), "réponse illisible")],
    ids=["error", "garbage"],
)
def test_failing_geocoder_is_left_alone_and_the_import_is_done(
    answer: Answer, reason: str, source: str, settings: Any
) -> None:
    settings.GEOCODER_SCHEME = "http"
    with serving(lambda path, query: answer) as server:
        settings.GEOCODER_DOMAIN = server.domain
        output = run(source, "--apply", "--geocode")
    assert output[-3] == f"  Le géocodeur ne répond pas bien ({reason}) : 5 lycées restent sans position."
    assert output[-1] == "Import appliqué."
    assert len(server.asked) == 3
    assert School.objects.count() == 6
    assert placed() == {valid_uai(590_001)}


def test_dead_geocoder_does_not_stop_the_import(source: str, settings: Any) -> None:
    settings.GEOCODER_SCHEME = "http"
    with serving(ban) as server:
        settings.GEOCODER_DOMAIN = server.domain
    output = run(source, "--apply", "--geocode")
    assert output[-3] == "  Le géocodeur ne répond pas bien (injoignable) : 5 lycées restent sans position."
    assert School.objects.count() == 6


def test_one_failure_does_not_stop_the_others(source: str, settings: Any) -> None:
    settings.GEOCODER_SCHEME = "http"

    def answer(path: str, query: Query) -> Answer:
        return (500, b"") if query["q"].startswith("2 ") else ban(path, query)

    with serving(answer) as server:
        settings.GEOCODER_DOMAIN = server.domain
        output = run(source, "--apply", "--geocode")
    assert "Géocodage : 3 positions trouvées" in output
    assert placed() == {valid_uai(590_000 + number) for number in (1, 4, 5, 6)}
