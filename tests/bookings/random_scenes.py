"""Properties over random scenes: hypothesis makes the choices, so that what fails is made small."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.models import Claim
from tests import factories
from tests.conftest import effort
from tests.factories import PARIS
from venues.local_time import instant
from venues.models import Closure, Space, SpaceUnit
from venues.periods import Period

# Both clock changes, the edge of the autumn holidays, and plain days.
DAYS = [
    dt.date(2026, 10, 25),
    dt.date(2027, 3, 28),
    dt.date(2026, 10, 17),
    dt.date(2026, 12, 1),
    dt.date(2027, 5, 6),
]

QUARTER = dt.timedelta(minutes=15)

# (rng, day, at_paris)
Property = Callable[[random.Random, dt.date, Any], None]


def in_random_scenes(*, full: int, least: int, days: Sequence[dt.date] = DAYS) -> Callable[[Property], Any]:
    """Try a property on `full` scenes when TEST_EFFORT is 1; each leaves an empty database behind."""

    def decorate(tried: Property) -> Any:
        @pytest.mark.django_db
        @settings(
            max_examples=effort(full, least=least),
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(rng=st.randoms(use_true_random=False), day=st.sampled_from(list(days)))
        def example(at_paris: Any, rng: random.Random, day: dt.date) -> None:
            with transaction.atomic():
                tried(rng, day, at_paris)
                transaction.set_rollback(True)

        example.__name__, example.__doc__ = tried.__name__, tried.__doc__
        return example

    return decorate


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
