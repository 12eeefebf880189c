"""The algebra of half-open periods, against sets of minutes."""

import datetime as dt
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import paris
from venues.periods import Period, covered, minus, shifted, union, within

ORIGIN = dt.datetime(2026, 10, 25, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def period(start: int, length: int) -> Period:
    return Period(ORIGIN + start * MINUTE, ORIGIN + (start + length) * MINUTE)


periods = st.lists(st.builds(period, st.integers(0, 60), st.integers(0, 25)), max_size=8)


def minutes(found: list[Period]) -> set[int]:
    return {n for p in found for n in range(int((p.start - ORIGIN) / MINUTE), int((p.end - ORIGIN) / MINUTE))}


def is_tidy(found: list[Period]) -> bool:
    """Sorted, none empty, none touching the next."""
    return all(p.start < p.end for p in found) and all(a.end < b.start for a, b in pairwise(found))


@given(periods)
def test_union_covers_the_same_minutes_and_merges_what_touches(some: list[Period]) -> None:
    assert minutes(union(some)) == minutes(some)
    assert is_tidy(union(some))


@given(periods, periods)
def test_minus_leaves_the_minutes_nothing_takes(some: list[Period], taken: list[Period]) -> None:
    assert minutes(minus(some, taken)) == minutes(some) - minutes(taken)
    assert is_tidy(minus(some, taken))


@given(periods, st.builds(period, st.integers(0, 60), st.integers(1, 25)))
def test_within_and_covered_agree_with_minutes(some: list[Period], bounds: Period) -> None:
    assert minutes(within(some, bounds)) == minutes(some) & minutes([bounds])
    assert covered(some, bounds) == (minutes([bounds]) <= minutes(some))


@given(
    st.builds(period, st.integers(0, 60), st.integers(1, 25)),
    st.builds(period, st.integers(0, 60), st.integers(1, 25)),
)
def test_overlaps_and_covers_agree_with_minutes(a: Period, b: Period) -> None:
    assert a.overlaps(b) == bool(minutes([a]) & minutes([b]))
    assert a.covers(b) == (minutes([b]) <= minutes([a]))


def test_periods_that_touch_do_not_overlap() -> None:
    assert not period(0, 10).overlaps(period(10, 10))


def test_the_length_of_the_october_night_is_real_time() -> None:
    night = Period(paris("2026-10-25 01:00"), paris("2026-10-25 04:00"))
    assert night.length == dt.timedelta(hours=4)


def test_the_length_of_the_march_night_is_real_time() -> None:
    night = Period(paris("2026-03-29 01:00"), paris("2026-03-29 04:00"))
    assert night.length == dt.timedelta(hours=2)


def test_buffers_are_real_time_across_a_clock_change() -> None:
    after_change = paris("2026-10-25 04:00")
    assert shifted(after_change, -dt.timedelta(hours=4)) == paris("2026-10-25 01:00")
