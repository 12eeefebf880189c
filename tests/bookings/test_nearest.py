"""What is nearest to a question that finds nothing: what is proposed, counted truly, and how much it costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from bookings import nearest
from bookings.forms import SearchPageFilter
from bookings.search import Question, Results
from tests import factories
from tests.bookings.conftest import Scene
from tests.conftest import paris
from venues.models import Space

# Open: Thursdays and Fridays from 18:00 to 22:00.
WEDNESDAY, THURSDAY = "2026-11-11", "2026-11-12"


def ways(query: str, *, than: int = 0) -> list[nearest.Way]:
    filters = SearchPageFilter(QueryDict(query))
    assert filters.is_valid()
    results = filters.results(now=timezone.now())
    assert len(results) == than
    return nearest.ways(filters, results)


def texts(query: str, **options: Any) -> list[str]:
    return [way.text.replace("\u00a0", " ") for way in ways(query, **options)]


def found(way: nearest.Way) -> int:
    """What one really finds by following the link."""
    filters = SearchPageFilter(QueryDict(way.query))
    assert filters.is_valid()
    return len(filters.results(now=timezone.now()))


def room(km_north: float = 0, **fields: Any) -> Space:
    """A room of another lycée, so many kilometres to the north of Lille, lent like the scene's."""
    school = factories.SchoolFactory.create(latitude=50.6333 + km_north / 111.2, commune="Ailleurs")
    for weekday in (3, 4):
        factories.OpeningHoursFactory.create(school=school, weekday=weekday)
    return factories.SpaceFactory.create(school=school, **fields)


# -- what is proposed ---------------------------------------------------------------------------


def test_the_other_days_of_the_week_the_nearest_first(scene: Scene) -> None:
    factories.OpeningHoursFactory.create(school=scene.school, weekday=1)
    assert texts(f"date={WEDNESDAY}&start=18:00&end=20:00") == [
        "Jeudi : 1 salle",
        "Mardi : 1 salle",
        "Vendredi : 1 salle",
    ]


def test_a_colleague_says_it_in_a_sentence(scene: Scene) -> None:
    way = ways(f"date={WEDNESDAY}&start=18:00&end=20:00")[0]
    assert way.sentence == "Jeudi, il y en a 1."
    assert (way.kind, way.label, way.count) == ("day", "Jeudi", 1)
    assert way.query == "start=18%3A00&end=20%3A00&date=2026-11-12"


def test_days_gone_are_not_proposed_and_next_week_is(scene: Scene) -> None:
    """It is Wednesday 14 October; the scene's Thursdays are far enough."""
    scene.school.opening_hours.filter(weekday=4).delete()
    scene.school.opening_hours.update(weekday=2)
    assert texts("date=2026-10-15&start=18:00&end=20:00") == ["Mercredi : 1 salle"]
    scene.school.opening_hours.update(valid_from=dt.date(2026, 10, 20))
    scene.school.opening_hours.update(weekday=3)
    assert texts("date=2026-10-15&start=18:00&end=20:00") == ["Jeudi 22 octobre 2026 : 1 salle"]


def test_several_days_move_together(scene: Scene) -> None:
    scene.space.max_minutes = 3 * 1440
    scene.space.save()
    scene.school.opening_hours.all().delete()
    factories.OpeningHoursFactory.create(
        school=scene.school, weekday=5, starts_at=dt.time(8), minutes=36 * 60
    )
    proposed = ways("date=2026-11-13&until=2026-11-14&start=09:00&end=18:00")
    assert [way.label for way in proposed if way.kind == "day"] == [
        "Du samedi 14 novembre 2026 au dimanche 15 novembre 2026"
    ]


def test_other_hours_that_day(scene: Scene) -> None:
    thursday_only = f"date={THURSDAY}&start=17:30&end=19:30"
    assert texts(thursday_only) == ["À 18:30 : 1 salle"]
    assert texts(f"date={THURSDAY}&start=20:30&end=22:30") == ["À 19:30 : 1 salle"]
    assert texts(f"date={THURSDAY}&start=09:00&end=11:00") == ["À une autre heure : 1 salle"]
    assert texts(f"date={THURSDAY}&end=10:00") == ["À une autre heure : 1 salle"]


def test_an_hour_later_does_not_slip_into_the_next_day(scene: Scene) -> None:
    factories.open_always(scene.school)
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris(f"{THURSDAY} 00:00"), end_at=paris(f"{THURSDAY} 23:45")
    )
    labels = [way.label for way in ways(f"date={THURSDAY}&start=22:30&end=23:30") if way.kind == "hour"]
    assert labels == []


def test_an_end_before_the_start_was_meant_the_other_way_round(scene: Scene) -> None:
    first, *others = ways("start=20:00&end=18:00&capacity=5&date=2026-11-12")
    assert (first.text.replace("\u00a0", " "), first.kind) == ("De 18:00 à 20:00 : 1 salle", "hour")
    assert first.query == "capacity=5&date=2026-11-12&start=18%3A00&end=20%3A00"
    assert found(first) == 1
    assert [way.label for way in others] == ["À une autre heure"]


def test_hours_the_other_way_round_are_for_days_without_a_room(scene: Scene) -> None:
    # Nights, and what ends at midnight, are as they were meant.
    for query in ("start=22:00&end=02:00", "start=11:00&end=00:00", "start=20:00&end=20:00"):
        labels = [way.label for way in ways(f"date={THURSDAY}&{query}")]
        assert "À une autre heure" in labels
        assert not [label for label in labels if label.startswith("De ")]
    # Nobody is free at those hours either.
    assert "De 08:00 à 10:00" not in [way.label for way in ways(f"date={THURSDAY}&start=10:00&end=08:00")]
    factories.open_always(scene.school)
    scene.space.max_minutes = 24 * 60
    scene.space.save()
    assert ways(f"date={THURSDAY}&start=20:00&end=18:00", than=1) == []


def test_wider_circles_that_find_more_each(scene: Scene) -> None:
    scene.space.published = False
    scene.space.save()
    room(15)
    query = f"q=Lille&within_km=10&date={THURSDAY}&start=18:00&end=20:00"
    assert texts(query) == ["À moins de 20 km : 1 salle"]
    room(30)
    assert texts(query) == ["À moins de 20 km : 1 salle", "À moins de 50 km : 2 salles"]


def test_the_whole_region_where_no_circle_will_do(scene: Scene) -> None:
    scene.space.published = False
    scene.space.save()
    room(120)
    way = ways(f"q=Lille&date={THURSDAY}&start=18:00&end=20:00")[0]
    assert (way.text.replace("\u00a0", " "), found(way)) == ("Dans toute la région : 1 salle", 1)
    assert "q=Lille" in way.query


def test_a_radius_without_a_place_asks_for_nothing(scene: Scene) -> None:
    scene.space.published = False
    scene.space.save()
    room(15)
    assert [way.kind for way in ways("within_km=5&capacity=500")] == ["capacity"]


def test_the_largest_rooms_there_are(scene: Scene) -> None:
    room(capacity=60)
    room(capacity=20)
    assert texts(f"date={THURSDAY}&start=18:00&end=20:00&capacity=100") == ["Pour 60 personnes : 2 salles"]
    # Those already found are counted with them.
    assert texts(f"date={THURSDAY}&start=18:00&end=20:00&capacity=40", than=2) == [
        "Pour 20 personnes : 3 salles"
    ]


def test_without_one_filter_at_a_time(scene: Scene) -> None:
    piano, stage = (
        factories.FeatureFactory.create(slug=slug, name=slug.capitalize()) for slug in ("piano", "scene")
    )
    scene.space.features.add(piano)
    assert texts("features=piano&features=scene&kind=classroom") == ["Sans « Scene » : 1 salle"]
    scene.space.features.add(stage)
    assert texts("features=piano&features=scene&kind=kitchen") == ["Tous types de salle : 1 salle"]
    assert texts("step_free=on") == ["Même avec des marches : 1 salle"]
    scene.space.hourly_rate = 5
    scene.space.save()
    assert texts("free_of_charge=on") == ["Même payantes : 1 salle"]
    assert texts("free_of_charge=on&step_free=on") == ["Sans ces filtres : 1 salle"]


def test_without_equipment_however_it_is_written(scene: Scene) -> None:
    for slug in ("chaises", "sono"):
        factories.EquipmentPoolFactory.create(
            school=scene.school,
            kind=factories.EquipmentKindFactory.create(slug=slug, name=slug.capitalize()),
            quantity=3,
        )
    for query in ("materiel-chaises=10&materiel-sono=1", "equipment=sono:1,chaises:10"):
        (way,) = ways(query)
        assert (way.label.replace("\u00a0", " "), found(way)) == ("Sans « Chaises »", 1)
        assert "sono" in way.query


def test_beyond_the_lycee_asked(scene: Scene) -> None:
    other = room()
    assert texts(f"school={other.school.uai}&capacity=50") == [
        "Pour 30 personnes : 1 salle",
        "Dans tous les lycées : 1 salle",
    ]


def test_nothing_anywhere_is_no_way_out(scene: Scene) -> None:
    far = "q=Lille&date=2028-11-09&start=18:00&end=20:00"
    assert ways(f"{far}&kind=kitchen&capacity=90&step_free=on") == []


def test_only_what_finds_more_than_there_is(scene: Scene) -> None:
    query = f"date={THURSDAY}&start=18:00&end=20:00"
    assert texts(query, than=1) == []
    factories.BusyTimeFactory.create(
        space=room(), start_at=paris(f"{THURSDAY} 18:00"), end_at=paris(f"{THURSDAY} 19:00")
    )
    assert texts(query, than=1) == ["Vendredi : 2 salles", "À 19:00 : 2 salles"]


def test_a_page_number_is_not_part_of_the_question(scene: Scene) -> None:
    assert "page" not in ways(f"date={WEDNESDAY}&start=18:00&end=20:00&page=3")[0].query


# -- what it costs ------------------------------------------------------------------------------

EVERYTHING = (
    f"q=Lille&within_km=5&date={THURSDAY}&start=18:00&end=20:00&capacity=900&kind=kitchen"
    "&features=piano&step_free=on&free_of_charge=on"
)


@pytest.mark.parametrize("rooms", [1, 30])
def test_it_costs_as_much_for_one_room_as_for_many(
    scene: Scene, django_assert_num_queries: Any, rooms: int
) -> None:
    factories.FeatureFactory.create(slug="piano")
    for _n in range(rooms):
        room()
    # The question itself, other times, circles, fewer people, and each of the five filters left out.
    with django_assert_num_queries(21):
        assert len(ways(EVERYTHING)) <= nearest.MOST_WAYS


def test_six_ways_are_enough_and_searching_ends_with_them(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.open_always(scene.school)
    for n in range(9):
        room(15 + n * 3)
    scene.space.step_free = True
    scene.space.save()
    searched: list[Question] = []

    class Counted(Results):
        def __init__(self, question: Question, **options: Any) -> None:
            searched.append(question)
            super().__init__(question, **options)

    monkeypatch.setattr(nearest, "Results", Counted)
    proposed = ways(f"q=Lille&within_km=10&date={WEDNESDAY}&start=18:00&end=20:00&capacity=70&kind=classroom")
    assert len(proposed) <= nearest.MOST_WAYS
    assert len(searched) <= nearest.MOST_SEARCHES
    assert all(searched.count(question) == 1 for question in searched)


@pytest.mark.parametrize("query", [EVERYTHING, f"q=Lille&date={WEDNESDAY}&start=18:00&end=20:00&capacity=40"])
def test_every_count_is_what_the_link_finds(scene: Scene, query: str) -> None:
    factories.FeatureFactory.create(slug="piano")
    for km in (3, 12, 30):
        room(km, capacity=40 + km)
    for way in ways(query):
        assert found(way) == way.count
