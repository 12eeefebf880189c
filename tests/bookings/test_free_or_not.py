"""Search, availability and problems agree with the minute-by-minute reference, for random everything."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.utils import timezone

from bookings import availability, problems, search
from bookings.models import Claim
from tests import factories
from tests.bookings import reference
from tests.conftest import effort
from tests.factories import PARIS
from venues.local_time import instant
from venues.models import Closure, OpeningHours, Space, SpaceUnit
from venues.periods import Period, covered

QUARTER = dt.timedelta(minutes=15)
# Both clock changes, the edge of the autumn holidays, and plain days.
DAYS = [
    dt.date(2026, 10, 25),
    dt.date(2027, 3, 28),
    dt.date(2026, 10, 17),
    dt.date(2026, 12, 1),
    dt.date(2027, 5, 6),
]
TIME_CODES = {"closure", "holiday", "out_of_hours", "lesson", "taken", "buffer"}


def make_scene(rng: random.Random, day: dt.date) -> list[Space]:
    """A school with a divisible gymnasium and two rooms, and random facts around `day`."""
    school = factories.SchoolFactory.create()
    halves = [make_space(rng, school) for _ in range(2)]
    whole = make_space(rng, school)
    whole.space_units.all().delete()
    for half in halves:
        SpaceUnit.objects.create(space=whole, unit=half.units.get())
    spaces = [*halves, whole, make_space(rng, school)]
    for owner in (None, None, None, rng.choice(spaces)):
        make_hours(rng, school, owner, day)
    for _ in range(rng.randint(0, 2)):
        first = day + dt.timedelta(days=rng.randint(-2, 1))
        Closure.objects.create(
            school=school,
            space=rng.choice([None, *spaces]) if rng.random() < 0.5 else rng.choice(spaces),
            first_on=first,
            last_on=first + dt.timedelta(days=rng.randint(0, 1)),
        )
    for _ in range(rng.randint(0, 4)):
        period = random_period(rng, day)
        factories.BusyTimeFactory.create(space=rng.choice(spaces), start_at=period.start, end_at=period.end)
    make_claims(rng, spaces, day)
    return spaces


def make_space(rng: random.Random, school: object) -> Space:
    return factories.SpaceFactory.create(
        school=school,
        setup_minutes=rng.choice([0, 0, 15, 45]),
        cleanup_minutes=rng.choice([0, 0, 30]),
        min_minutes=15,
        max_minutes=3 * 1440,
        step_minutes=15,
    )


def make_hours(rng: random.Random, school: object, space: Space | None, day: dt.date) -> None:
    """A few windows that often touch, pass midnight or last for days."""
    for _ in range(rng.randint(1, 4)):
        started = day - dt.timedelta(days=rng.choice([0, 0, 0, 1, 2]))
        factories.OpeningHoursFactory.create(
            school=school,
            space=space,
            weekday=started.weekday(),
            starts_at=dt.time(rng.choice([0, 2, 8, 13, 18]), rng.choice([0, 30])),
            minutes=rng.choice([60, 240, 300, 600, 1440, 2880]),
            season=rng.choice(["always", "always", "term", "holidays"]),
            valid_until=rng.choice([None, None, day, day - dt.timedelta(days=1)]),
        )


def make_claims(rng: random.Random, spaces: list[Space], day: dt.date) -> None:
    occurrence = factories.OccurrenceFactory.create(spaces=[], state="approved")
    held: dict[int, list[Period]] = {}
    for _ in range(rng.randint(0, 5)):
        unit, period = rng.choice(spaces).units.first(), random_period(rng, day)
        assert unit is not None
        if not any(period.overlaps(other) for other in held.get(unit.pk, [])):
            held.setdefault(unit.pk, []).append(period)
            Claim.objects.create(unit=unit, occurrence=occurrence, start_at=period.start, end_at=period.end)


def random_period(rng: random.Random, day: dt.date) -> Period:
    start = instant(day, PARIS) + rng.randint(-8, 100) * QUARTER
    return Period(start, start + rng.randint(1, 14) * QUARTER)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(effort(120, least=12)))
def test_search_availability_and_problems_agree_with_the_reference(seed: int, at_paris: object) -> None:
    rng = random.Random(seed)
    day = DAYS[seed % len(DAYS)]
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


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(effort(80, least=10)))
def test_flexible_search_finds_the_first_slot_the_reference_finds(seed: int, at_paris: object) -> None:
    rng = random.Random(1000 + seed)
    day = DAYS[seed % len(DAYS)]
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


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(effort(80, least=10)))
def test_a_series_counts_the_days_the_reference_counts(seed: int, at_paris: object) -> None:
    rng = random.Random(2000 + seed)
    day = DAYS[seed % len(DAYS)]
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
