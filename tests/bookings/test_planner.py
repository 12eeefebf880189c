"""Month, week and evening as values: exact, over both changes of the clocks, and agreeing with the reference."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from bookings import planner, week, workflow
from bookings.week import LocalDays
from tests import factories
from tests.bookings import reference
from tests.bookings.conftest import Scene, evening
from tests.bookings.random_scenes import QUARTER, in_random_scenes, make_scene
from tests.conftest import NOW, Cast, paris
from tests.factories import PARIS
from venues.local_time import instant
from venues.models import School, Space, SpaceUnit
from venues.periods import Period

ANYBODY = AnonymousUser()


def shown(day: week.Day) -> list[tuple[str, str, str]]:
    """(start, end, state) of a day's stretches, by the clock of Paris."""
    return [
        (
            f"{stretch.period.start.astimezone(PARIS):%d %H:%M}",
            f"{stretch.period.end.astimezone(PARIS):%d %H:%M}",
            stretch.state,
        )
        for stretch in day.stretches
    ]


def days_of(
    school: School, monday: dt.date, *, viewer: Any = ANYBODY, **asked: Any
) -> dict[str, list[week.Day]]:
    found = planner.week_of_school(school, monday, viewer=viewer, now=NOW, **asked)
    return {row.space.name: row.days for row in found.rows}


# -- which parts of a period lie on which day -----------------------------------------------------


def test_parts_of_several_days() -> None:
    local = LocalDays(dt.date(2026, 11, 9), 3)
    night = Period(paris("2026-11-09 22:00"), paris("2026-11-10 04:00"))
    before_to_after = Period(paris("2026-11-08 12:00"), paris("2026-11-13 12:00"))
    midnight = Period(paris("2026-11-10 00:00"), paris("2026-11-11 00:00"))
    outside = [
        Period(paris("2026-11-08 12:00"), paris("2026-11-09 00:00")),
        Period(paris("2026-11-12 00:00"), paris("2026-11-12 01:00")),
    ]
    assert [(number, part.length) for number, part, _whole in local.parts([night])] == [
        (0, dt.timedelta(hours=2)),
        (1, dt.timedelta(hours=4)),
    ]
    assert [number for number, _part, _whole in local.parts([before_to_after])] == [0, 1, 2]
    assert [number for number, _part, _whole in local.parts([midnight])] == [1]
    assert list(local.parts(outside)) == []


@pytest.mark.parametrize(("first", "hours"), [("2026-10-25", 25), ("2027-03-28", 23), ("2026-11-01", 24)])
def test_days_on_which_the_clocks_change(first: str, hours: int) -> None:
    local = LocalDays(dt.date.fromisoformat(first), 2)
    assert [bounds.length for bounds in local.bounds] == [dt.timedelta(hours=hours), dt.timedelta(hours=24)]


# -- month ----------------------------------------------------------------------------------------


def test_a_month_begins_on_its_first_and_is_laid_out_in_weeks(scene: Scene) -> None:
    found = planner.month(scene.space, dt.date(2026, 11, 1), now=NOW)
    assert len(found.days) == 30
    assert [len(row) for row in found.weeks] == [7] * 6
    assert [day and day.date.day for day in found.weeks[0]] == [None] * 6 + [1]
    assert [day and day.date.day for day in found.weeks[5]] == [30] + [None] * 6
    assert (found.previous, found.following) == (dt.date(2026, 10, 1), dt.date(2026, 12, 1))


def test_a_month_says_what_is_free_taken_closed_and_over(scene: Scene) -> None:
    factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2026, 10, 16), reason="Examens")
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-10-15 18:00"), end_at=paris("2026-10-15 19:00")
    )
    found = planner.month(scene.space, dt.date(2026, 10, 1), now=NOW)
    days = {day.date.day: day for day in found.days}
    assert (days[8].is_past, shown(days[8])) == (True, [])
    assert shown(days[15]) == [("15 18:00", "15 19:00", "taken"), ("15 19:00", "15 22:00", "free")]
    assert (days[16].closure, shown(days[16])) == ("Examens", [])
    assert [day.is_holiday for day in (days[16], days[22])] == [False, True]
    assert found.first_slot == evening("2026-10-15", "19:00", "21:00")


def test_nothing_to_ask_for_in_a_full_month(scene: Scene) -> None:
    factories.ClosureFactory.create(
        school=scene.school, first_on=dt.date(2026, 11, 1), last_on=dt.date(2026, 11, 30)
    )
    assert planner.month(scene.space, dt.date(2026, 11, 1), now=NOW).first_slot is None


@pytest.mark.parametrize(("month", "day", "hours"), [("2026-10-01", 25, 25), ("2027-03-01", 28, 23)])
def test_a_month_with_a_change_of_clocks(
    now: dt.datetime, db: None, month: str, day: int, hours: int
) -> None:
    space = factories.SpaceFactory.create()
    factories.open_always(space.school)
    found = planner.month(space, dt.date.fromisoformat(month), now=NOW)
    (stretch,) = found.days[day - 1].stretches
    assert stretch.period.length == dt.timedelta(hours=hours)
    assert found.days[day - 1].bars == [(0, 24 * 60, "free")]


def test_time_over_midnight_is_one_piece_seen_from_both_days(now: dt.datetime, db: None) -> None:
    space = factories.SpaceFactory.create()
    factories.OpeningHoursFactory.create(
        space=space, school=space.school, weekday=3, starts_at=dt.time(20), minutes=480
    )
    days = planner.month(space, dt.date(2026, 11, 1), now=NOW).days
    first, second = days[11].stretches[0], days[12].stretches[0]
    assert first.whole == second.whole == Period(paris("2026-11-12 20:00"), paris("2026-11-13 04:00"))
    assert (first.since, first.until) == (None, paris("2026-11-13 04:00"))
    assert (second.since, second.until) == (paris("2026-11-12 20:00"), None)


@pytest.mark.parametrize("text", ["", "hier", "2026-13", "9999-12", "0001-01-01", "\0"])
def test_a_month_that_means_nothing_is_this_month(text: str) -> None:
    assert planner.first_of(text, today=dt.date(2026, 10, 14)) == dt.date(2026, 10, 1)


@pytest.mark.parametrize("text", ["2026-11", "2026-11-30", "20261126"])
def test_a_month_is_named_by_itself_or_a_day(text: str) -> None:
    assert planner.first_of(text, today=dt.date(2026, 10, 14)) == dt.date(2026, 11, 1)


# -- week of a lycée --------------------------------------------------------------------------------


def test_the_public_sees_proposed_rooms_free_or_taken(scene: Scene) -> None:
    factories.SpaceFactory.create(school=scene.school, published=False)
    workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    scene.submit(evening("2026-11-13"))
    found = days_of(scene.school, dt.date(2026, 11, 9))
    assert list(found) == ["Gymnase"]
    assert shown(found["Gymnase"][3]) == [("12 18:00", "12 20:00", "taken"), ("12 20:00", "12 22:00", "free")]
    assert shown(found["Gymnase"][4]) == [("13 18:00", "13 22:00", "free")]
    assert all(stretch.told is None for day in found["Gymnase"] for stretch in day.stretches)


def test_people_of_the_school_see_who_what_is_asked_and_lessons(scene: Scene) -> None:
    scene.space.cleanup_minutes = 30
    scene.space.save()
    booked = scene.submit(evening("2026-11-12"))
    workflow.approve(booked, by=scene.manager)
    asked = scene.submit(evening("2026-11-13", "19:00", "20:00"), purpose="Théâtre")
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-11-12 08:00"), end_at=paris("2026-11-12 10:00"), reason="EPS"
    )
    found = days_of(scene.school, dt.date(2026, 11, 9), viewer=scene.manager)["Gymnase"]
    assert shown(found[3]) == [
        ("12 08:00", "12 10:00", "lesson"),
        ("12 18:00", "12 20:00", "taken"),
        ("12 20:00", "12 20:30", "buffer"),
        ("12 20:30", "12 22:00", "free"),
    ]
    assert [stretch.told and stretch.told[:4] for stretch in found[3].stretches] == [
        ("EPS", "", "", ""),
        ("Chorale", scene.organisation.name, booked.reference, ""),
        None,
        None,
    ]
    assert shown(found[4]) == [("13 18:00", "13 22:00", "free"), ("13 19:00", "13 20:00", "pending")]
    assert found[4].stretches[1].told[:3] == ("Théâtre", scene.organisation.name, asked.reference)


def test_what_is_over_is_still_told_to_the_school(scene: Scene) -> None:
    for state in ("approved", "took_place", "refused", "cancelled", "not_used"):
        start = evening("2026-10-12").start
        factories.OccurrenceFactory.create(
            request__school=scene.school,
            request__purpose=state,
            spaces=[scene.space],
            state=state,
            start_at=start,
        )
    found = days_of(scene.school, dt.date(2026, 10, 12), viewer=scene.manager)["Gymnase"]
    assert sorted(stretch.told.purpose for stretch in found[0].stretches) == ["approved", "took_place"]


def test_what_is_offered_is_told_as_held(scene: Scene) -> None:
    date = factories.OccurrenceFactory.create(
        request__school=scene.school,
        spaces=[scene.space],
        state="offered",
        start_at=evening("2026-11-12").start,
    )
    factories.ClaimFactory.create(occurrence=date)
    found = days_of(scene.school, dt.date(2026, 11, 9), viewer=scene.manager)["Gymnase"]
    assert shown(found[3]) == [("12 18:00", "12 20:00", "held"), ("12 20:00", "12 22:00", "free")]


def test_a_date_is_told_in_every_room_that_shares_its_units(scene: Scene) -> None:
    whole = factories.SpaceFactory.create(school=scene.school, name="Gymnase entier", units=[])
    half = factories.SpaceFactory.create(school=scene.school, name="Autre moitié")
    other = factories.SpaceFactory.create(school=scene.school, name="Salle")
    for part in (scene.space, half):
        SpaceUnit.objects.create(space=whole, unit=part.units.get())
    workflow.approve(scene.submit(evening("2026-11-12"), spaces=(whole,)), by=scene.manager)
    scene.submit(evening("2026-11-13"), spaces=(half,), purpose="Théâtre")
    factories.BusyTimeFactory.create(
        space=half, start_at=paris("2026-11-12 08:00"), end_at=paris("2026-11-12 10:00")
    )
    found = days_of(scene.school, dt.date(2026, 11, 9), viewer=scene.manager)
    told = {
        name: [stretch.state for day in days for stretch in day.stretches if stretch.state != "free"]
        for name, days in found.items()
    }
    assert told == {
        "Autre moitié": ["lesson", "taken", "pending"],
        "Gymnase": ["taken"],
        "Gymnase entier": ["lesson", "taken", "pending"],
        other.name: [],
    }
    # A part or whole says in which room it is.
    assert [stretch.told.place for stretch in found["Gymnase entier"][3].stretches if stretch.told] == [
        "Autre moitié",
        "",
    ]
    assert {stretch.told.place for stretch in found["Gymnase"][3].stretches if stretch.told} == {
        "Gymnase entier"
    }


def test_another_school_and_another_week_stay_where_they_are(scene: Scene) -> None:
    elsewhere = factories.SpaceFactory.create(school__name="Ailleurs")
    for space, day in ((elsewhere, "2026-11-12"), (scene.space, "2026-11-19"), (scene.space, "2026-11-05")):
        for state in ("approved", "pending"):
            factories.OccurrenceFactory.create(
                request__school=space.school, spaces=[space], state=state, start_at=evening(day).start
            )
    found = days_of(scene.school, dt.date(2026, 11, 9), viewer=scene.manager)["Gymnase"]
    assert {stretch.state for day in found for stretch in day.stretches} == {"free"}


def test_a_stay_of_several_nights_is_one_piece(scene: Scene) -> None:
    start = paris("2026-10-20 14:00")
    date = factories.OccurrenceFactory.create(
        request__school=scene.school,
        spaces=[scene.space],
        state="approved",
        start_at=start,
        end_at=paris("2026-10-27 10:00"),
    )
    factories.ClaimFactory.create(occurrence=date)
    found = days_of(scene.school, dt.date(2026, 10, 19), viewer=scene.manager)["Gymnase"]
    taken = [[stretch for stretch in day.stretches if stretch.state == "taken"] for day in found]
    assert [len(day) for day in taken] == [0, 1, 1, 1, 1, 1, 1]
    assert {stretch.whole for day in taken for stretch in day} == {Period(start, paris("2026-10-27 10:00"))}
    # The Sunday on which the clocks go back.
    assert taken[6][0].period.length == dt.timedelta(hours=25)


def test_one_kind_of_room_and_pages(scene: Scene, settings: Any) -> None:
    factories.SpaceFactory.create_batch(3, school=scene.school, kind="hall")
    monday = dt.date(2026, 11, 9)
    assert len(days_of(scene.school, monday, kind="hall")) == 3
    settings.PLANNER_PAGE_SIZE = 3
    assert [len(days_of(scene.school, monday, page=page)) for page in ("1", "2", "99", "x")] == [3, 1, 1, 3]


def test_a_school_without_rooms(db: None, now: dt.datetime) -> None:
    found = planner.week_of_school(
        factories.SchoolFactory.create(), dt.date(2026, 11, 9), viewer=ANYBODY, now=NOW
    )
    assert (found.rows, [head.date.day for head in found.heads]) == ([], [9, 10, 11, 12, 13, 14, 15])


# Anybody: rooms counted, rooms, their time. Their people: role, dates, lessons too.
@pytest.mark.parametrize("many", [1, 36])
@pytest.mark.parametrize(("role", "queries"), [("anonymous", 2), ("manager", 5), ("region", 4)])
def test_a_week_takes_as_many_queries_for_one_room_as_for_36(
    cast: Cast,
    now: dt.datetime,
    django_assert_num_queries: Callable[..., Any],
    many: int,
    role: str,
    queries: int,
) -> None:
    factories.open_always(cast.school)
    for space in factories.SpaceFactory.create_batch(many, school=cast.school):
        factories.BusyTimeFactory.create(space=space)
        factories.ClaimFactory.create(occurrence__spaces=[space], occurrence__request__school=cast.school)
        factories.OccurrenceFactory.create(spaces=[space], request__school=cast.school)
    viewer = ANYBODY if role == "anonymous" else cast.user(role)
    with django_assert_num_queries(queries):
        found = planner.week_of_school(cast.school, dt.date(2026, 10, 19), viewer=viewer, now=NOW)
    assert len(found.rows) == many
    assert all(len(row.days[2].stretches) > 1 for row in found.rows)


# -- minute by minute -------------------------------------------------------------------------------


@in_random_scenes(full=60, least=10)
def test_month_and_weeks_agree_with_the_reference(rng: random.Random, day: dt.date, at_paris: Any) -> None:
    with at_paris("2026-10-01 10:00"):
        now = paris("2026-10-01 10:00")
        space = rng.choice(make_scene(rng, day))
        expected = by_reference(space, day)
        month = planner.month(space, day.replace(day=1), now=now).days[day.day - 1]
        assert public(month, len(expected)) == expected
        assert public(in_week(space, day, ANYBODY, now), len(expected)) == expected
        manager = factories.SchoolRoleFactory.create(school=space.school).user
        assert states(in_week(space, day, manager, now), against=expected) == expected


def in_week(space: Space, day: dt.date, viewer: Any, now: dt.datetime) -> week.Day:
    monday = day - dt.timedelta(days=day.weekday())
    found = planner.week_of_school(space.school, monday, viewer=viewer, now=now)
    return next(row.days[day.weekday()] for row in found.rows if row.space == space)


def public(day: week.Day, quarters: int) -> list[str]:
    """What each quarter is for everybody: one thing."""
    start = LocalDays(day.date, 1).span.start
    moments = [start + number * QUARTER for number in range(quarters)]
    found = [
        [one.state for one in day.stretches if one.period.start <= at < one.period.end] for at in moments
    ]
    assert all(len(states) <= 1 for states in found)
    return ["".join(states) for states in found]


def by_reference(space: Space, day: dt.date) -> list[str]:
    """What each quarter of an hour of a day is, as the slow answer has it."""
    end, found = instant(day + dt.timedelta(days=1), PARIS), []
    moment = instant(day, PARIS)
    while moment < end:
        if not reference.is_open(space, moment) or reference.is_closed(space, moment):
            found.append("")
        elif reference.is_free(space, Period(moment, moment + QUARTER)):
            found.append("free")
        else:
            found.append("taken")
        moment += QUARTER
    return found


def states(day: week.Day, *, against: list[str]) -> list[str]:
    """The same, as a day of the planner has it. Uses are told outside the lending hours too, never on free time."""
    bounds = LocalDays(day.date, 1).span
    return [_state(day, bounds.start + number * QUARTER, expected) for number, expected in enumerate(against)]


def _state(day: week.Day, moment: dt.datetime, expected: str) -> str:
    found = {
        stretch.state
        for stretch in day.stretches
        if stretch.period.start <= moment < stretch.period.end and stretch.state != "pending"
    }
    if found & {"lesson", "taken"} and expected != "free" and "free" not in found:
        return expected
    assert len(found) <= 1
    return {"free": "free", "buffer": "taken"}.get(*found, "?") if found else ""
