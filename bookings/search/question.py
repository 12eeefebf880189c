"""What somebody looks for: where, when, what kind of space. Pure but for the time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.utils import timezone

from venues.local_time import instant
from venues.periods import Period, union

Point = tuple[float, float]
DAY = 24 * 60
MIDNIGHT = dt.time()


@dataclass(frozen=True)
class Place:
    """Where: a point, a circle around it, or schools whose name or commune is like `text`."""

    text: str = ""
    near: Point | None = None
    within_km: float | None = None


@dataclass(frozen=True)
class Wanted:
    """What kind of space: `capacity` at least, one of the `kinds`, every one of the `features` (slugs)."""

    capacity: int = 0
    kinds: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    step_free: bool = False
    free_of_charge: bool = False
    # Only in the school of this UAI.
    school: str = ""


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

    @property
    def swapped(self) -> When | None:
        """The hours of that day, where they were written the wrong way round: an end before the start, most of a day later.

        A night is shorter, and midnight is the end of a day.
        """
        if not (self.start and self.end) or self.last != self.date or self.end >= self.start:
            return None
        other = replace(self, start=self.end, end=self.start)
        is_shorter = other.bounds.length < self.bounds.length
        return other if is_shorter and self.end != MIDNIGHT else None

    @cached_property
    def span(self) -> Period:
        """The whole days concerned: what is shown as free that day."""
        tz = timezone.get_default_timezone()
        return Period(instant(self.date, tz), max(self.bounds.end, instant(self.last, tz, DAY)))


@dataclass(frozen=True)
class Question:
    """What somebody looks for."""

    place: Place = Place()
    when: When | None = None
    wanted: Wanted = Wanted()
    # kind slug → quantity
    equipment: Mapping[str, int] = field(default_factory=dict)


def with_longest_buffers(span: Period) -> Period:
    """`span` and a day on both sides, the longest set-up and clean-up a space can have."""
    return span.widened(dt.timedelta(minutes=DAY), dt.timedelta(minutes=DAY))


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


@dataclass(frozen=True)
class Part:
    """A part of the week: clock times on some weekdays (0 is Monday); an end before the start is on the next day."""

    weekdays: frozenset[int]
    start: dt.time
    end: dt.time

    def on(self, day: dt.date) -> Period:
        tz = timezone.get_default_timezone()
        first, last = _minutes(self.start), _minutes(self.end)
        return Period(instant(day, tz, first), instant(day, tz, last if last > first else last + DAY))


@dataclass(frozen=True)
class Flexible:
    """So many minutes in any of these parts of the week, on a day from `first` to `last`, both included."""

    minutes: int
    parts: tuple[Part, ...]
    first: dt.date
    last: dt.date

    @cached_property
    def bounds(self) -> list[Period]:
        """The time in which a slot may lie, in order."""
        days = (self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return union(part.on(day) for day in days for part in self.parts if day.weekday() in part.weekdays)

    @cached_property
    def span(self) -> Period:
        tz = timezone.get_default_timezone()
        return Period(instant(self.first, tz), instant(self.last, tz, 2 * DAY))


@dataclass(frozen=True)
class Series:
    """The same clock times on many days: which of them a space is free on."""

    days: tuple[dt.date, ...]
    start: dt.time
    end: dt.time

    @cached_property
    def periods(self) -> list[Period]:
        """One for each day, in order; a bound that the clocks skip moves forward."""
        part = Part(frozenset(range(7)), self.start, self.end)
        return [part.on(day) for day in self.days]
