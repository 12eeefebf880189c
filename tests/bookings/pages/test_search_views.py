"""The search's list, map and calendar: three views of one question; prices and usual answers on the cards."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bookings.answers import usual_days
from tests import factories
from tests.bookings.conftest import Scene
from tests.bookings.pages import test_flexible, test_series
from tests.bookings.pages.reading import fields, links, words
from tests.bookings.pages.test_search import EVENING, THURSDAY, search, sentence
from tests.conftest import paris
from venues.models import PriceRule, School


def markers(response: HttpResponse) -> list[dict[str, Any]]:
    found = re.search(
        r'<script id="map-data" type="application/json">(.*?)</script>', response.content.decode()
    )
    assert found
    return json.loads(found[1])["markers"]


# -- one question, three views --------------------------------------------------------------------


@pytest.mark.parametrize("view", ["", "liste", "carte", "calendrier", "x"])
def test_views_keep_the_question(scene: Scene, view: str) -> None:
    page = search(f"q=Lille&{EVENING}&vue={view}&page=1")
    question = f"q=Lille&date={THURSDAY}&start=18%3A30&end=20%3A30"
    assert {
        f"/salles/?{question}{shown}#resultats" for shown in ("", "&vue=carte", "&vue=calendrier")
    } <= set(links(page))
    kept = fields(page)
    assert (kept["q"], kept["date"]) == (["Lille"], [THURSDAY])
    assert kept.get("vue") == ([view] if view in ("carte", "calendrier") else None)


@pytest.mark.parametrize(("query", "status"), [("start=18:00", 204), (EVENING, 200)])
def test_what_is_half_typed_changes_nothing_yet(scene: Scene, query: str, status: int) -> None:
    response = Client().get(f"/salles/?{query}", headers={"HX-Request": "true"})
    assert response.status_code == status
    whole = search(query)
    assert whole.status_code == 200
    assert "HX-Request" in whole["Vary"]


# -- the map --------------------------------------------------------------------------------------


def test_the_map_has_every_lycee_that_answers_not_a_page(scene: Scene, settings: Any) -> None:
    settings.SEARCH_PAGE_SIZE = 1
    factories.SpaceFactory.create(school=scene.school)
    far = factories.SpaceFactory.create(
        school__commune="Amiens", school__latitude=49.9, school__longitude=2.3
    )
    factories.OpeningHoursFactory.create(school=far.school, weekday=3)
    page = search(f"{EVENING}&vue=carte")
    assert sentence(page) == "3 salles libres jeudi 12 novembre 2026 de 18:30 à 20:30"
    question = f"date={THURSDAY}&start=18%3A30&end=20%3A30"
    assert markers(page) == [
        {
            "name": far.school.name,
            "commune": "Amiens",
            "at": [49.9, 2.3],
            "url": f"/salles/?{question}&school={far.school.uai}",
            "count": 1,
            "told": "1 salle",
        },
        {
            "name": scene.school.name,
            "commune": "Lille",
            "at": [50.6333, 3.0667],
            "url": f"/salles/?{question}&school={scene.school.uai}",
            "count": 2,
            "told": "2 salles",
        },
    ]
    assert f"{far.school.name} Amiens 1 salle {scene.school.name} Lille 2 salles" in words(page)


def test_a_link_of_the_map_leads_to_the_rooms_it_counts(scene: Scene) -> None:
    factories.SpaceFactory.create_batch(2, school=scene.school)
    [marker] = markers(search(f"q=Lille&{EVENING}&vue=carte"))
    found = Client().get(marker["url"])
    assert marker["count"] == found.context["page"].paginator.count == 3


def test_lycees_without_a_position_are_in_the_list(scene: Scene) -> None:
    School.objects.update(latitude=None, longitude=None)
    page = search("vue=carte")
    assert "1 salle" in words(page)
    assert "map-data" not in page.content.decode()


def test_a_map_of_nothing_says_what_to_do(scene: Scene) -> None:
    page = search("capacity=1000&vue=carte")
    assert "Aucun lycée à montrer ici" in words(page)
    assert "/salles/?capacity=1000" in links(page)


@pytest.mark.parametrize("schools", [1, 30])
def test_a_map_takes_as_many_statements_for_one_lycee_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], schools: int
) -> None:
    factories.SpaceFactory.create_batch(schools)
    # Vocabulary, schools, how many rooms in each, these schools.
    with django_assert_num_queries(4, own=True):
        assert "salle" in sentence(search("vue=carte"))


# -- the calendar ---------------------------------------------------------------------------------


def counts(page: HttpResponse) -> dict[str, list[int]]:
    return {row.label: [cell.free for cell in row.cells] for row in page.context["rows"]}


def busy_week(scene: Scene) -> None:
    """Everything that keeps a room from being lent, somewhere in the week of 9 November 2026."""
    school = scene.school
    for weekday in range(7):
        factories.OpeningHoursFactory.create(
            school=school, weekday=weekday, starts_at=dt.time(9), minutes=9 * 60
        )
    lesson = factories.SpaceFactory.create(school=school)
    factories.BusyTimeFactory.create(
        space=lesson, start_at=paris("2026-11-10 14:30"), end_at=paris("2026-11-10 15:00")
    )
    buffered = factories.SpaceFactory.create(school=school, setup_minutes=30)
    date = factories.OccurrenceFactory.create(
        request__school=school,
        spaces=[buffered],
        state="approved",
        start_at=paris("2026-11-11 08:00"),
        end_at=paris("2026-11-11 09:45"),
    )
    factories.ClaimFactory.create(occurrence=date)
    factories.SpaceFactory.create(school=school, min_minutes=180)
    factories.SpaceFactory.create(school=school, step_minutes=60, notice_hours=24 * 30)
    own = factories.SpaceFactory.create(school=school, horizon_days=28)
    factories.OpeningHoursFactory.create(school=school, space=own, weekday=2)
    other = factories.SpaceFactory.create()
    factories.OpeningHoursFactory.create(school=other.school, weekday=4, minutes=8 * 60)
    factories.ClosureFactory.create(
        school=other.school, first_on=dt.date(2026, 11, 14), last_on=dt.date(2026, 11, 14)
    )


@pytest.mark.parametrize("asked", ["", "start=22:00&end=01:00&"])
def test_each_number_is_what_its_search_finds(scene: Scene, asked: str) -> None:
    busy_week(scene)
    page = search(f"{asked}date={THURSDAY}&vue=calendrier")
    found = {
        row.label: [Client().get(cell.url).context["page"].paginator.count for cell in row.cells]
        for row in page.context["rows"]
    }
    assert counts(page) == found
    assert ("Vos heures" in found) is ("start" in asked)
    if not asked:
        # Monday to Sunday; the gymnasium, and what is described above.
        assert found == {
            "Matin": [3, 3, 2, 3, 4, 4, 4],
            "Après-midi": [3, 2, 3, 3, 4, 4, 4],
            "Soir": [0, 0, 0, 3, 5, 0, 0],
        }


def test_equipment_counts_too(scene: Scene) -> None:
    kind = factories.EquipmentKindFactory.create(slug="chaises")
    pool = factories.EquipmentPoolFactory.create(school=scene.school, kind=kind, quantity=2)
    date = factories.OccurrenceFactory.create(
        request__school=scene.school,
        spaces=[],
        equipment={pool: 1},
        state="approved",
        start_at=paris(f"{THURSDAY} 19:00"),
        end_at=paris(f"{THURSDAY} 20:00"),
    )
    factories.ClaimFactory.create(occurrence=date, unit=pool.units.first())
    for quantity, free in ((1, 1), (2, 0), (3, 0)):
        page = search(f"date={THURSDAY}&materiel-chaises={quantity}&vue=calendrier")
        assert counts(page)["Soir"][3] == free


def test_the_calendar_in_words(scene: Scene) -> None:
    page = search(f"q=Lille&date={THURSDAY}&vue=calendrier")
    said = words(page)
    assert "Semaine 46 du lun. 9 nov. au dim. 15 nov. 2026 à moins de 10 km de Lille" in said
    assert "Soir 18:00–20:00 0 salle libre" in said
    assert "1 salle libre jeudi 12 novembre 2026 de 18:00 à 20:00" in said
    assert {
        f"?q=Lille&date={THURSDAY}&vue=calendrier&semaine=2026-W47",
        f"?q=Lille&date={THURSDAY}&vue=calendrier&semaine=2026-W45",
        f"/salles/?q=Lille&date={THURSDAY}&start=18%3A00&end=20%3A00",
    } <= set(links(page))


def test_days_gone_by_are_not_counted(scene: Scene) -> None:
    """It is Wednesday 14 October 2026."""
    page = search("vue=calendrier&semaine=2026-W30")
    assert next(str(cell.day) for cell in page.context["rows"][0].cells) == "2026-10-12"
    evening = page.context["rows"][2].cells
    assert [bool(cell.url) for cell in evening] == [False, False, True, True, True, True, True]
    assert [cell.free for cell in evening] == [0, 0, 0, 1, 1, 0, 0]


def test_an_unknown_place_is_told(scene: Scene) -> None:
    assert "Aucun lieu ne répond au nom de « Nulle-Part »" in words(search("q=Nulle-Part&vue=calendrier"))


@pytest.mark.parametrize("rooms", [1, 30])
def test_a_calendar_takes_as_many_statements_for_one_room_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], rooms: int
) -> None:
    factories.SpaceFactory.create_batch(rooms)
    # Vocabulary, schools, rooms, when they are free.
    with django_assert_num_queries(4, own=True):
        search(f"{EVENING}&vue=calendrier")


# -- what a card says -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([], "8 €/h"),
        ([("", "hour", 10)], "10 €/h"),
        ([("association", "hour", 0)], "0–8 €/h"),
        ([("association", "hour", "2.50"), ("company", "hour", 20)], "2,50–20 €/h"),
        ([("company", "day", 200)], "8 €/h ou forfait"),
        ([("", "flat", 50)], "Au forfait"),
    ],
)
def test_the_price_depends_on_who_asks(scene: Scene, rules: list[tuple[str, str, Any]], said: str) -> None:
    scene.space.hourly_rate = 8
    scene.space.save()
    for kind, basis, amount in rules:
        PriceRule.objects.create(
            space=scene.space,
            organisation_kind=kind,
            basis=basis,
            amount=amount,
            free_ground="" if amount else "Intérêt général",
        )
    assert f"{said} Voir la salle" in words(search())
    # The other searches say the same of the same room.
    assert f"{said} Voir la salle" in words(test_flexible.search())
    assert f"{said} Voir la salle" in words(test_series.search(test_series.THURSDAYS))


def answered(school: School, days: list[float], *, paused: int = 0, ago: int = 60) -> None:
    for took in days:
        sent = paris("2026-10-14 10:00") - dt.timedelta(days=ago)
        factories.BookingRequestFactory.create(
            school=school,
            submitted_at=sent,
            decided_at=sent + dt.timedelta(days=took),
            paused_days=paused,
            state="decided",
        )


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        ([1, 2, 3, 4], None),
        ([30, 1, 2.5, 1, 9], 3),
        ([1, 2, 3, 4, 5, 6], 3),
        ([0.1, 0.2, 0.3, 0.4, 9], 1),
        ([7] * 5, 7),
    ],
)
def test_half_of_the_answers_came_by_then(scene: Scene, days: list[float], usual: int | None) -> None:
    answered(scene.school, days)
    answered(factories.SchoolFactory.create(), [20] * 5)
    assert usual_days([scene.school.pk]) == ({} if usual is None else {scene.school.pk: usual})


def test_days_in_which_the_school_waited_and_old_answers_do_not_count(scene: Scene) -> None:
    answered(scene.school, [5] * 5, paused=3)
    assert usual_days([scene.school.pk]) == {scene.school.pk: 2}
    other = factories.SchoolFactory.create()
    answered(other, [5] * 5, ago=400)
    assert usual_days([other.pk]) == {}


def test_a_card_says_how_soon_the_school_answers(scene: Scene) -> None:
    answered(scene.school, [3] * 4)
    assert "médiane" not in words(search())
    answered(scene.school, [3])
    assert "répond en 3 jours (médiane)" in words(search())
