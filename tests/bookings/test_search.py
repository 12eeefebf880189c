"""What the search finds, in what order, at what cost."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils import timezone

from bookings import search, workflow
from bookings.filters import SpaceFilter
from bookings.problems import Line
from bookings.search import Hit, Results
from tests import factories
from tests.bookings import reference
from tests.bookings.conftest import Scene, evening
from tests.bookings.random_scenes import in_random_scenes, make_scene
from tests.factories import PARIS
from venues.local_time import aligned, instant
from venues.models import Space
from venues.periods import Period, shifted

THURSDAY = "date=2026-11-12&start=18:00&end=20:00"


def results(query: str = "") -> Results:
    filters = SpaceFilter(QueryDict(query), queryset=Space.objects.published())
    assert filters.is_valid(), filters.errors
    return filters.results(now=timezone.now())


def found(query: str = "") -> list[Hit]:
    return results(query)[:100]


def names(query: str = "") -> list[str]:
    return [hit.space.name for hit in found(query)]


def errors(query: str) -> dict[str, list[str]]:
    filters = SpaceFilter(QueryDict(query), queryset=Space.objects.published())
    return {field: [error.code for error in found] for field, found in filters.errors.as_data().items()}


# -- attributes ---------------------------------------------------------------------------------


@pytest.fixture
def rooms(db: None, now: dt.datetime) -> dict[str, Space]:
    """Four rooms that differ in everything one filters by."""
    lille, amiens = (
        factories.SchoolFactory.create(
            name="Lycée Faidherbe", commune="Lille", latitude=50.63, longitude=3.06
        ),
        factories.SchoolFactory.create(
            name="Lycée Saint-Rémi", commune="Amiens", department="80", latitude=49.89, longitude=2.30
        ),
    )
    stage, piano = (factories.FeatureFactory.create(slug=slug) for slug in ("scene", "piano"))
    return {
        "Amphi": factories.SpaceFactory.create(
            school=lille,
            name="Amphi",
            kind="amphitheatre",
            capacity=200,
            step_free=True,
            features=[stage, piano],
        ),
        "Classe": factories.SpaceFactory.create(school=lille, name="Classe", capacity=30, features=[piano]),
        "Gymnase": factories.SpaceFactory.create(
            school=amiens, name="Gymnase", kind="gymnasium", capacity=150, hourly_rate=8, step_free=True
        ),
        "Secrète": factories.SpaceFactory.create(school=amiens, name="Secrète", published=False),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Gymnase", "Amphi", "Classe"]),
        ("capacity=150", ["Gymnase", "Amphi"]),
        ("capacity=151", ["Amphi"]),
        ("kind=gymnasium", ["Gymnase"]),
        ("kind=gymnasium&kind=amphitheatre", ["Gymnase", "Amphi"]),
        ("kind=gymnasium,amphitheatre", ["Gymnase", "Amphi"]),
        ("features=piano", ["Amphi", "Classe"]),
        ("features=piano&features=scene", ["Amphi"]),
        ("features=piano,scene", ["Amphi"]),
        ("step_free=true", ["Gymnase", "Amphi"]),
        ("free_of_charge=true", ["Amphi", "Classe"]),
        ("q=lille", ["Amphi", "Classe"]),
        ("q=FAIDHERBE", ["Amphi", "Classe"]),
        ("q=saint+remi", ["Gymnase"]),
        ("q=Saint-R%C3%A9mi+amiens", ["Gymnase"]),
        ("q=nulle+part", []),
        ("q=nulle+part&within_km=500", []),
        ("near=50.63,3.06", ["Amphi", "Classe", "Gymnase"]),
        ("near=49.89,2.30&within_km=20", ["Gymnase"]),
        ("q=lille&within_km=20", ["Amphi", "Classe"]),
        ("q=lille&within_km=200", ["Amphi", "Classe", "Gymnase"]),
        ("q=lille&within_km=0", ["Amphi", "Classe"]),
    ],
)
def test_filters(rooms: dict[str, Space], query: str, expected: list[str]) -> None:
    assert names(query) == expected


def test_one_school(rooms: dict[str, Space]) -> None:
    assert names(f"school={rooms['Gymnase'].school.uai}") == ["Gymnase"]
    assert names("school=0000000A") == []


def test_closed_schools_lend_nothing(rooms: dict[str, Space]) -> None:
    school = rooms["Gymnase"].school
    school.closed_on = dt.date(2026, 9, 1)
    school.save()
    assert names("q=amiens") == []
    assert names() == ["Amphi", "Classe"]


def test_distance_is_great_circle(rooms: dict[str, Space]) -> None:
    distances = [hit.distance_km for hit in found("near=50.63,3.06")]
    assert distances[:2] == [0.0, 0.0]
    assert distances[2] == pytest.approx(98.4, abs=0.3)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("date=2026-10-13", {"date": ["past"]}),
        ("date=2036-10-13", {"date": ["too_far"]}),
        ("date=demain", {"date": ["invalid"]}),
        ("start=18:00", {"date": ["required"]}),
        ("date=2026-11-12&until=2026-11-11", {"until": ["before"]}),
        ("date=2026-11-12&until=2026-12-13", {"until": ["too_long"]}),
        ("date=2027-03-28&start=02:30&end=04:00", {"start": ["nonexistent_time"]}),
        ("date=2027-03-27&start=22:00&end=02:30", {"end": ["nonexistent_time"]}),
        ("date=2027-03-27&until=2027-03-28&start=22:00&end=02:30", {"end": ["nonexistent_time"]}),
        ("date=2027-03-28&end=02:30", {"end": ["nonexistent_time"]}),
        ("date=2027-03-28&start=22:00&end=02:30", {}),
        ("date=0001-01-01&start=00:00&end=01:00", {"date": ["past"]}),
        ("date=2026-11-12&start=25:00", {"start": ["invalid"]}),
        ("capacity=-1", {"capacity": ["min_value"]}),
        ("capacity=0", {"capacity": ["min_value"]}),
        ("capacity=NaN", {"capacity": ["invalid"]}),
        ("within_km=1e9", {"within_km": ["max_value"]}),
        ("near=nan,3", {"near": ["point"]}),
        ("near=95,3", {"near": ["point"]}),
        ("near=1", {"near": ["point"]}),
        ("kind=castle", {"kind": ["invalid_choice"]}),
        ("features=dragon", {"features": ["invalid_choice"]}),
        ("equipment=dragon:2", {"equipment": ["unknown"]}),
    ],
)
def test_what_cannot_be_searched_is_said(
    rooms: dict[str, Space], query: str, expected: dict[str, list[str]]
) -> None:
    assert errors(query) == expected


# -- time ---------------------------------------------------------------------------------------


def test_a_fixed_period(scene: Scene) -> None:
    [hit] = found(THURSDAY)
    assert hit.slot == evening("2026-11-12")
    assert hit.free == [evening("2026-11-12", "18:00", "22:00")]
    assert names("date=2026-11-12&start=17:00&end=19:00") == []
    assert names("date=2026-11-11&start=18:00&end=20:00") == []


def test_a_day_gives_the_first_slot_of_the_shortest_length(scene: Scene) -> None:
    scene.space.min_minutes = 90
    scene.space.save()
    [hit] = found("date=2026-11-12")
    assert hit.slot == evening("2026-11-12", "18:00", "19:30")
    [hit] = found("date=2026-11-12&start=19:10")
    assert hit.slot == evening("2026-11-12", "19:30", "21:00")
    assert names("date=2026-11-12&start=20:45") == []
    assert names("date=2026-11-12&end=19:00") == []


def test_what_an_approval_takes_is_gone_and_comes_back(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12", "19:00", "20:00"))
    workflow.approve(request, by=scene.manager)
    assert names(THURSDAY) == []
    [hit] = found("date=2026-11-12&start=20:00&end=21:00")
    assert hit.free == [
        evening("2026-11-12", "18:00", "19:00"),
        evening("2026-11-12", "20:00", "22:00"),
    ]
    workflow.cancel(request, by=scene.manager, reason="Travaux")
    assert names(THURSDAY) == ["Gymnase"]


def test_rules_of_the_space_are_kept(scene: Scene) -> None:
    for field, value in (
        ("min_minutes", 150),
        ("max_minutes", 90),
        ("step_minutes", 7 * 60),
        ("notice_hours", 24 * 30),
        ("horizon_days", 20),
    ):
        before = getattr(scene.space, field)
        Space.objects.update(**{field: value, **({"min_minutes": 5} if field == "max_minutes" else {})})
        assert names(THURSDAY) == [], field
        Space.objects.update(**{field: before, "min_minutes": 60})
    assert names(THURSDAY) == ["Gymnase"]


def test_nights_in_one_piece(scene: Scene) -> None:
    Space.objects.update(max_minutes=10 * 1440)
    factories.open_always(scene.school)
    nights = "date=2027-07-09&until=2027-07-12&start=18:00&end=10:00"
    assert [hit.slot for hit in found(nights)] == [
        Period(instant(dt.date(2027, 7, 9), PARIS, 1080), instant(dt.date(2027, 7, 12), PARIS, 600))
    ]
    factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2027, 7, 11))
    assert names(nights) == []


def test_an_end_before_the_start_is_the_next_day(scene: Scene) -> None:
    factories.open_always(scene.school)
    [hit] = found("date=2026-11-12&start=22:00&end=02:00")
    assert hit.slot == Period(
        instant(dt.date(2026, 11, 12), PARIS, 1320), instant(dt.date(2026, 11, 13), PARIS, 120)
    )


def test_several_days_without_hours_give_the_first_slot_in_them(scene: Scene) -> None:
    [hit] = found("date=2026-11-08&until=2026-11-14")
    assert hit.slot == evening("2026-11-12", "18:00", "19:00")


def test_equipment_must_be_free_then(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school, quantity=5)
    slug = pool.kind.slug
    assert names(f"equipment={slug}:5") == ["Gymnase"]
    assert names(f"equipment={slug}:6") == []
    other = factories.SpaceFactory.create(school=scene.school, name="Salle")
    workflow.approve(
        scene.submit(evening("2026-11-12", "19:00", "20:00"), spaces=(other,), equipment=(Line(pool, 3),)),
        by=scene.manager,
    )
    assert names(f"{THURSDAY}&equipment={slug}:2") == ["Gymnase"]
    assert names(f"{THURSDAY}&equipment={slug}:3") == []
    # The first slot in which three are free again is the one before.
    [slot] = [hit.slot for hit in found(f"date=2026-11-12&equipment={slug}:3") if hit.space == scene.space]
    assert slot == evening("2026-11-12", "18:00", "19:00")
    [slot] = [
        hit.slot
        for hit in found(f"date=2026-11-12&start=18:30&equipment={slug}:3")
        if hit.space == scene.space
    ]
    assert slot == evening("2026-11-12", "20:00", "21:00")


@in_random_scenes(full=60, least=6, days=[dt.date(2026, 10, 25), dt.date(2027, 3, 28), dt.date(2026, 12, 1)])
def test_the_first_slot_of_a_day_is_that_of_the_reference(
    rng: random.Random, day: dt.date, at_paris: Any
) -> None:
    with at_paris("2026-10-01 10:00"):
        spaces = make_scene(rng, day)
        Space.objects.update(min_minutes=60, step_minutes=30)
        question = search.Question(when=search.When(day))
        answers = search.Results(question, now=timezone.now())[:100]
        assert {hit.space.pk: hit.slot for hit in answers} == {
            space.pk: slot for space in spaces if (slot := first_by_reference(space, day))
        }


def first_by_reference(space: Space, day: dt.date) -> Period | None:
    start, midnight = instant(day, PARIS), instant(day + dt.timedelta(days=1), PARIS)
    while start < midnight:
        wanted = Period(start, shifted(start, dt.timedelta(hours=1)))
        if aligned(start, 30, PARIS) == start and wanted.end <= midnight and reference.is_free(space, wanted):
            return wanted
        start += dt.timedelta(minutes=15)
    return None


# -- pages and cost -----------------------------------------------------------------------------


def test_pages_are_stable_and_the_total_is_true(scene: Scene) -> None:
    for n in range(24):
        factories.SpaceFactory.create(school=scene.school, name=f"Salle {n:02}")
    pages = [Paginator(results(THURSDAY), 10).page(n) for n in (1, 2, 3)]
    assert [page.paginator.count for page in pages] == [25, 25, 25]
    seen = [hit.space.pk for page in pages for hit in page]
    assert len(seen) == len(set(seen)) == 25


@pytest.mark.parametrize("rooms", [1, 30])
@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("", 4),
        (THURSDAY, 6),
        ("date=2026-11-12", 4),
        (f"{THURSDAY}&q=lille&within_km=10&equipment=chaises:1&features=piano", 9),
    ],
)
def test_statements_do_not_depend_on_the_rooms(  # type: ignore[no-untyped-def]
    scene: Scene, django_assert_num_queries, rooms: int, query: str, statements: int
) -> None:
    chairs = factories.EquipmentKindFactory.create(slug="chaises")
    piano = factories.FeatureFactory.create(slug="piano")
    for _ in range(rooms):
        school = factories.SchoolFactory.create()
        factories.OpeningHoursFactory.create(school=school, weekday=3)
        factories.EquipmentPoolFactory.create(school=school, kind=chairs)
        factories.SpaceFactory.create(school=school, features=[piano])
    # Vocabulary, the place that is named, schools, what is open and what is taken, the count, the page,
    # its spaces, their features and their day; and equipment.
    with django_assert_num_queries(statements, own=True):
        answer = results(query)
        assert len(answer[:20]) == min(20, len(answer)) > 0
