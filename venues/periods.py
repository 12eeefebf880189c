"""Half-open periods of time and their algebra. Pure: no Django, no clock.

Every period is `[start, end)`, both ends aware datetimes (any zone; compared as instants).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Period(NamedTuple):
    """`[start, end)`. A period that does not end after it starts is empty and never kept."""

    start: dt.datetime
    end: dt.datetime

    @property
    def length(self) -> dt.timedelta:
        """Real elapsed time, whatever the clocks did in between."""
        return self.end.astimezone(dt.UTC) - self.start.astimezone(dt.UTC)

    def overlaps(self, other: Period) -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, moment: dt.datetime) -> bool:
        return self.start <= moment < self.end

    def covers(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: dt.timedelta, after: dt.timedelta) -> Period:
        """This period with buffers added (negative ones take off)."""
        return Period(shifted(self.start, -before), shifted(self.end, after))


def shifted(moment: dt.datetime, by: dt.timedelta) -> dt.datetime:
    """`moment` moved by real elapsed time: arithmetic on zoned datetimes counts wall-clock time."""
    if not by:
        return moment
    return (moment.astimezone(dt.UTC) + by).astimezone(moment.tzinfo)


def union(periods: Iterable[Period]) -> list[Period]:
    """Sorted disjoint periods covering the same time; those that touch are merged."""
    merged: list[Period] = []
    for period in sorted(period for period in periods if period.start < period.end):
        if merged and period.start <= merged[-1].end:
            if period.end > merged[-1].end:
                merged[-1] = Period(merged[-1].start, period.end)
        else:
            merged.append(period)
    return merged


def minus(periods: Iterable[Period], taken: Iterable[Period]) -> list[Period]:
    """The time of `periods` that no period of `taken` covers, sorted and disjoint."""
    return list(_gaps(union(periods), union(taken)))


def _gaps(open_: list[Period], taken: list[Period]) -> Iterator[Period]:
    first = 0
    for period in open_:
        while first < len(taken) and taken[first].end <= period.start:
            first += 1
        start = period.start
        for busy in taken[first:]:
            if busy.start >= period.end:
                break
            if busy.start > start:
                yield Period(start, busy.start)
            start = max(start, busy.end)
        if start < period.end:
            yield Period(start, period.end)


def within(periods: Iterable[Period], bounds: Period) -> list[Period]:
    """The parts of `periods` that lie inside `bounds`."""
    cut = (Period(max(p.start, bounds.start), min(p.end, bounds.end)) for p in periods)
    return [period for period in cut if period.start < period.end]


def covered(periods: Iterable[Period], wanted: Period) -> bool:
    """Whether `wanted` lies wholly inside the time of `periods`, touching ones merged."""
    return any(period.covers(wanted) for period in union(periods))
