"""Search, availability and problems agree with the minute-by-minute reference, for random everything."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.utils import timezone

from bookings import availability, problems, search
from tests import factories
from tests.bookings import reference
from tests.bookings.random_scenes import QUARTER, in_random_scenes, make_scene, random_period
from tests.factories import PARIS
from venues.local_time import instant
from venues.models import OpeningHours, Space
from venues.periods import Period, covered

TIME_CODES = {"closure", "holiday", "out_of_hours", "lesson", "taken", "buffer"}


@in_random_scenes(full=120, least=12)
def test_search_availability_and_problems_agree_with_the_reference(
    rng: random.Random, day: dt.date, at_paris: Any
) -> None:
    with at_paris("2026-10-01 10:00"):
        spaces = make_scene(rng, day)
        times = availability.load(
            spaces, Period(instant(day, PARIS), instant(day, PARIS) + dt.timedelta(days=2))
        )
        for _ in range(4):
            wanted = random_period(rng, day)
            if wanted.start < instant(day, PARIS):
                continue
            expected = {space.pk for space in spaces if reference.is_free(space, wanted)}
            assert by_search(wanted) == expected
            assert {pk for pk, time in times.items() if covered(time.free, wanted)} == expected
            assert {pk for pk, time in times.items() if time.is_free(wanted)} == expected
            assert by_problems(spaces, wanted) == expected


def by_search(wanted: Period) -> set[int]:
    """What the search finds for the same clock times; times the clock shows twice are skipped."""
    start, end = (moment.astimezone(PARIS) for moment in wanted)
    when = search.When(start.date(), end.date(), start.time(), end.time())
    if when.fixed != wanted:
        when = FixedWhen(wanted)
    results = search.Results(search.Question(when=when), now=timezone.now())
    return set(results.ids())


class FixedWhen(search.When):
    """A period that clock times cannot name (the second pass of the repeated hour)."""

    def __init__(self, period: Period) -> None:
        super().__init__(period.start.astimezone(PARIS).date())
        object.__setattr__(self, "_period", period)

    @property
    def bounds(self) -> Period:  # type: ignore[override]
        return self._period  # type: ignore[attr-defined]

    fixed = bounds  # type: ignore[assignment]


def by_problems(spaces: list[Space], wanted: Period) -> set[int]:
    organisation = factories.OrganisationFactory.create()
    asked = [problems.Asked(wanted, (space,), organisation, 1, timezone.now()) for space in spaces]
    # One at a time: the reference knows nothing of dates that crowd each other.
    found = {
        one.spaces[0].pk: {problem.code for problem in problems.for_dates([one], now=timezone.now())[0]}
        for one in asked
    }
    return {pk for pk, codes in found.items() if not codes & TIME_CODES}


@in_random_scenes(full=80, least=10)
def test_flexible_search_finds_the_first_slot_the_reference_finds(
    rng: random.Random, day: dt.date, at_paris: Any
) -> None:
    with at_paris("2026-10-01 10:00"):
        spaces = make_scene(rng, day)
        part = search.Part(
            frozenset({day.weekday()}),
            dt.time(rng.choice([0, 1, 8, 17])),
            dt.time(rng.choice([4, 6, 12, 22])),
        )
        asked = search.Flexible(rng.choice([15, 45, 120]), (part,), day, day)
        found = {
            candidate.pk: slots[0]
            for candidate, slots in search.FlexibleResults(
                search.Place(), search.Wanted(), asked, now=timezone.now()
            ).find(size=100)[0]
        }
        by_date = search.FlexibleResults(
            search.Place(), search.Wanted(), asked, now=timezone.now(), by_date=True
        ).find(size=100)[0]
        assert {candidate.pk: slots[0] for candidate, slots in by_date} == found
        for space in rng.sample(spaces, 2):
            assert found.get(space.pk) == first_by_reference(space, asked)


def first_by_reference(space: Space, asked: search.Flexible) -> Period | None:
    """The first slot of the bounds, quarter of an hour by quarter of an hour."""
    for bounds in asked.bounds:
        start = bounds.start
        while start + asked.minutes * dt.timedelta(minutes=1) <= bounds.end:
            slot = Period(start, start + asked.minutes * dt.timedelta(minutes=1))
            if reference.is_free(space, slot):
                return slot
            start += QUARTER
    return None


@in_random_scenes(full=80, least=10)
def test_a_series_counts_the_days_the_reference_counts(
    rng: random.Random, day: dt.date, at_paris: Any
) -> None:
    with at_paris("2026-10-01 10:00"):
        spaces = make_scene(rng, day)
        days = tuple(day + dt.timedelta(days=n) for n in (-7, -1, 0, 1, 7))
        start = dt.time(rng.choice([0, 1, 8, 13, 18, 22]), rng.choice([0, 15, 30]))
        end = dt.time(rng.choice([3, 4, 10, 15, 20, 23]), rng.choice([0, 45]))
        asked = search.Series(days, start, end)
        found = search.SeriesResults(search.Place(), search.Wanted(), asked, now=timezone.now())[:100]
        by_space = {regular.space.pk: regular.days for regular in found}
        for space in spaces:
            expected = [
                day
                for day, period in zip(days, asked.periods, strict=True)
                if reference.is_free(space, period)
            ]
            assert by_space.get(space.pk, []) == expected
        assert [len(regular.days) for regular in found] == sorted(
            (len(regular.days) for regular in found), reverse=True
        )


@pytest.mark.django_db
def test_the_reference_itself_tells_free_from_taken(now: dt.datetime) -> None:
    space = factories.SpaceFactory.create()
    factories.OpeningHoursFactory.create(school=space.school, weekday=OpeningHours.Weekday.MONDAY)
    evening = Period(instant(dt.date(2026, 10, 19), PARIS, 1080), instant(dt.date(2026, 10, 19), PARIS, 1200))
    assert reference.is_free(space, evening)
    factories.BusyTimeFactory.create(space=space, start_at=evening.start, end_at=evening.start + QUARTER)
    assert not reference.is_free(space, evening)
