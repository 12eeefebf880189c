"""Clock times as instants, at both clock changes."""

import datetime as dt

import pytest

from tests.conftest import paris
from tests.factories import PARIS
from venues.local_time import aligned, days, exists, instant


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("local", "there"),
    [
        ("2026-03-29 01:59", True),
        ("2026-03-29 02:00", False),
        ("2026-03-29 02:30", False),
        ("2026-03-29 03:00", True),
        ("2026-10-25 02:30", True),
        ("2026-06-01 02:30", True),
    ],
)
def test_exists(local: str, there: bool) -> None:
    assert exists(dt.datetime.fromisoformat(local), PARIS) is there


@pytest.mark.parametrize(
    ("day", "minutes", "expected"),
    [
        ("2026-01-15", 18 * 60, "2026-01-15 17:00"),
        ("2026-07-15", 18 * 60, "2026-07-15 16:00"),
        # Past midnight, into the next day.
        ("2026-07-15", 26 * 60, "2026-07-16 00:00"),
        # Skipped in spring: moves forward.
        ("2026-03-29", 150, "2026-03-29 01:30"),
        # Twice in autumn: the first.
        ("2026-10-25", 150, "2026-10-25 00:30"),
        # 04:00 on the morning after a window began is 04:00, whatever the clocks did.
        ("2026-10-24", 28 * 60, "2026-10-25 03:00"),
        ("2026-03-28", 28 * 60, "2026-03-29 02:00"),
    ],
)
def test_instant(day: str, minutes: int, expected: str) -> None:
    assert instant(dt.date.fromisoformat(day), PARIS, minutes) == utc(expected)


@pytest.mark.parametrize(
    ("moment", "step", "expected"),
    [
        (paris("2026-10-22 18:00"), 30, paris("2026-10-22 18:00")),
        (paris("2026-10-22 18:01"), 30, paris("2026-10-22 18:30")),
        (paris("2026-10-22 23:45"), 30, paris("2026-10-23 00:00")),
        (paris("2026-10-22 18:01"), 1440, paris("2026-10-23 00:00")),
        # 01:50 on the night of spring: the next half hour shown is 03:00.
        (paris("2026-03-29 01:50"), 30, paris("2026-03-29 03:00")),
        # From the first pass of the repeated hour into the second.
        (utc("2026-10-25 00:45"), 30, utc("2026-10-25 01:00")),
        # Steps that do not divide the hour the clock skips.
        (paris("2026-03-29 01:50"), 45, paris("2026-03-29 03:00")),
        (dt.datetime(2026, 10, 22, 18, 0, 30, tzinfo=PARIS), 30, paris("2026-10-22 18:30")),
        # In the second pass of the repeated hour.
        (utc("2026-10-25 01:10"), 30, utc("2026-10-25 01:30")),
    ],
)
def test_aligned(moment: dt.datetime, step: int, expected: dt.datetime) -> None:
    assert aligned(moment, step, PARIS) == expected


def test_days_of_a_half_open_period() -> None:
    assert days(paris("2026-10-22 18:00"), paris("2026-10-23 00:00"), PARIS) == [dt.date(2026, 10, 22)]
    assert days(paris("2026-10-22 23:00"), paris("2026-10-24 00:01"), PARIS) == [
        dt.date(2026, 10, 22),
        dt.date(2026, 10, 23),
        dt.date(2026, 10, 24),
    ]
