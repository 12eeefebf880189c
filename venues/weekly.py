"""Weekly windows as people write them: from 18:00 to 2:00, Monday to Friday. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from .opening import ALWAYS, Window

DAY = 24 * 60
WEEK = 7 * DAY


def minutes_between(starts_at: dt.time, ends_at: dt.time, days: int | None = None) -> int:
    """How long a window lasts; without `days` later, the end is the next time the clock shows it."""
    difference = _minutes(ends_at) - _minutes(starts_at)
    if days is None:
        return difference % DAY or DAY
    return days * DAY + difference


def end_of(window: Window) -> tuple[dt.time, int | None]:
    """The clock time at which a window ends, and how many days later where that is not plain."""
    days, minutes = divmod(window.last_minute, DAY)
    return dt.time(*divmod(minutes, 60)), days if window.minutes > DAY else None


def merged(windows: Iterable[Window]) -> list[Window]:
    """Windows of one day, season and validity that touch become one; nothing lasts longer than a week.

    Only windows that start on the same day: that day decides between term and holidays.
    """
    alike: dict[tuple, list[Window]] = defaultdict(list)
    for window in windows:
        alike[(window.weekday, window.season, window.valid_from, window.valid_until)].append(window)
    found = [one for group in alike.values() for one in _joined(group)]
    return sorted(found, key=_in_order)


def _in_order(one: Window) -> tuple[Any, ...]:
    """Of all fields, so that the order depends on the windows alone; no limit of validity comes first."""
    limits = (str(limit or "") for limit in (one.valid_from, one.valid_until))
    return (one.weekday, one.starts_at, one.season, one.minutes, *limits)


def _joined(group: Iterable[Window]) -> Iterator[Window]:
    current: Window | None = None
    for window in sorted(group, key=lambda one: one.starts_at):
        if current is None:
            current = window
        elif _minutes(window.starts_at) <= current.last_minute:
            last = max(current.last_minute, window.last_minute)
            current = current._replace(minutes=min(WEEK, last - _minutes(current.starts_at)))
        else:
            yield current
            current = window
    if current is not None:
        yield current


def read(text: str) -> list[Window]:
    """`1-5 18:00-22:00|6 09:00-18:00`: Monday to Friday evenings, and Saturdays."""
    return [window for part in text.split("|") if part.strip() for window in _read_part(part)]


def _read_part(part: str) -> Iterator[Window]:
    days, hours = part.split()
    first, _, last = days.partition("-")
    starts_at, ends_at = map(dt.time.fromisoformat, hours.split("-"))
    for weekday in range(int(first) - 1, int(last or first)):
        yield Window(weekday, starts_at, minutes_between(starts_at, ends_at), ALWAYS)


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
