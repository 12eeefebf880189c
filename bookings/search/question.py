"""What somebody looks for: where, when, with what. Pure but for the time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from venues.local_time import instant
from venues.periods import Period

Point = tuple[float, float]
DAY = 24 * 60


@dataclass(frozen=True)
class Place:
    """Where: a point, a circle around it, or schools whose name or commune is like `text`."""

    text: str = ""
    near: Point | None = None
    within_km: float | None = None


@dataclass(frozen=True)
class When:
    """Which local days (both included) and clock times; both times given make one fixed period."""

    date: dt.date
    until: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None

    @property
    def last(self) -> dt.date:
        return self.until or self.date

    @cached_property
    def bounds(self) -> Period:
        """The time in which a free period is looked for."""
        tz = timezone.get_default_timezone()
        opens = instant(self.date, tz, _minutes(self.start) if self.start else 0)
        if self.end is None:
            return Period(opens, instant(self.last, tz, DAY))
        closes = instant(self.last, tz, _minutes(self.end))
        if closes <= opens:
            closes = instant(self.last, tz, DAY + _minutes(self.end))
        return Period(opens, closes)

    @property
    def fixed(self) -> Period | None:
        """The one period wanted, or None where any free one will do."""
        return self.bounds if self.start and self.end else None

    @cached_property
    def span(self) -> Period:
        """The whole days concerned: what is shown as free that day."""
        tz = timezone.get_default_timezone()
        return Period(instant(self.date, tz), max(self.bounds.end, instant(self.last, tz, DAY)))


@dataclass(frozen=True)
class Question:
    """What somebody looks for, beside the filters already in the queryset."""

    place: Place = Place()
    when: When | None = None
    # kind slug → quantity
    equipment: Mapping[str, int] = field(default_factory=dict)


def with_longest_buffers(span: Period) -> Period:
    """`span` and a day on both sides, the longest set-up and clean-up a space can have."""
    return span.widened(dt.timedelta(minutes=DAY), dt.timedelta(minutes=DAY))


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute
