"""Weekly windows as people write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from venues import weekly
from venues.opening import Window


def at(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def window(weekday: int, starts: str, minutes: int, season: str = "always", **dates: dt.date) -> Window:
    return Window(weekday, at(starts), minutes, season, **dates)


@pytest.mark.parametrize(
    ("starts", "ends", "days", "minutes"),
    [
        ("18:00", "22:00", None, 240),
        ("20:00", "01:00", None, 300),
        ("18:00", "00:00", None, 360),
        ("00:00", "00:00", None, 1440),
        ("18:00", "20:00", 1, 1560),
        ("18:00", "08:00", 3, 62 * 60),
        ("20:00", "18:00", 0, -120),
    ],
)
def test_how_long_a_window_lasts(starts: str, ends: str, days: int | None, minutes: int) -> None:
    assert weekly.minutes_between(at(starts), at(ends), days) == minutes


@pytest.mark.parametrize(
    ("starts", "minutes", "end"),
    [
        ("18:00", 240, (dt.time(22), None)),
        ("20:00", 300, (dt.time(1), None)),
        ("00:00", 1440, (dt.time(0), None)),
        ("18:00", 62 * 60, (dt.time(8), 3)),
    ],
)
def test_where_a_window_ends_is_written_as_it_is_read(
    starts: str, minutes: int, end: tuple[dt.time, int | None]
) -> None:
    assert weekly.end_of(window(4, starts, minutes)) == end
    assert weekly.minutes_between(at(starts), *end) == minutes


def test_windows_that_touch_are_one() -> None:
    assert weekly.merged(
        [window(0, "20:00", 120), window(0, "18:00", 120), window(0, "08:00", 60), window(1, "22:00", 60)]
    ) == [window(0, "08:00", 60), window(0, "18:00", 240), window(1, "22:00", 60)]


def test_a_window_within_another_is_not_said_twice() -> None:
    assert weekly.merged([window(2, "08:00", 600), window(2, "09:00", 60)]) == [window(2, "08:00", 600)]


def test_term_and_holidays_stay_apart() -> None:
    apart = [window(0, "18:00", 120, "holidays"), window(0, "20:00", 120, "term")]
    assert weekly.merged(apart) == apart
    dated = [
        window(0, "18:00", 120, valid_from=dt.date(2026, 9, 1)),
        window(0, "20:00", 120, valid_from=dt.date(2027, 1, 1)),
    ]
    assert weekly.merged(dated) == dated


def test_nothing_lasts_longer_than_a_week() -> None:
    assert weekly.merged([window(0, "10:00", weekly.WEEK), window(0, "12:00", weekly.WEEK)]) == [
        window(0, "10:00", weekly.WEEK)
    ]


def test_suggested_hours_are_read() -> None:
    assert weekly.read("1-2 18:00-22:00|6 20:00-02:00") == [
        window(0, "18:00", 240),
        window(1, "18:00", 240),
        window(5, "20:00", 360),
    ]
    assert weekly.read("") == []


def alike(one: Window) -> tuple[Any, ...]:
    """What windows share that may become one."""
    return one.weekday, one.season, one.valid_from, one.valid_until


def bounds(one: Window) -> tuple[int, int]:
    return one.last_minute - one.minutes, one.last_minute


def minutes_of(windows: list[Window]) -> set[tuple[Any, ...]]:
    """Every minute that some windows open, after the midnight they start from."""
    return {(*alike(one), minute) for one in windows for minute in range(*bounds(one))}


WINDOWS = st.builds(
    Window,
    weekday=st.integers(0, 1),
    starts_at=st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30])),
    minutes=st.integers(1, 40).map(lambda quarters: quarters * 15),
    season=st.sampled_from(["always", "term"]),
    valid_from=st.sampled_from([None, dt.date(2026, 9, 1)]),
    valid_until=st.none(),
)


FROM_SEPTEMBER = window(1, "01:00", 15, valid_from=dt.date(2026, 9, 1))


@given(st.lists(WINDOWS, max_size=6))
@example([FROM_SEPTEMBER, window(1, "01:00", 15)])
@example([window(1, "01:00", 15), FROM_SEPTEMBER])
def test_merging_opens_the_same_minutes_in_as_few_windows(windows: list[Window]) -> None:
    merged = weekly.merged(windows)
    assert minutes_of(merged) == minutes_of(windows)
    assert weekly.merged(merged) == merged
    for one in merged:
        (start, end), others = bounds(one), [other for other in merged if other is not one]
        near = [bounds(other) for other in others if alike(other) == alike(one)]
        assert all(until < start or since > end for since, until in near)
