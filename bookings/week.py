"""A week of one space as the public sees it: seven days of free, taken and closed time.

Lessons and bookings look alike here: who uses the space is nobody's business.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils import timezone

from venues.local_time import instant, minutes_into_day
from venues.models import Space
from venues.periods import Period

from . import availability
from .availability import SpaceTime, first_slot, zone_holiday

FREE, TAKEN = "free", "taken"
# What the request form proposes where a space would lend less or more: two hours.
USUAL_MINUTES = 120
# From Friday on, a week of which nothing is left gives way to the next one.
LATE_IN_WEEK = 4
# How far the pages of weeks go, both ways.
FARTHEST = dt.timedelta(days=3 * 366)


class Stretch(NamedTuple):
    """A part of a day: `state` is FREE or TAKEN here; the planner of a school knows more of them.

    `slot` is what the request form would propose in it. `whole` is the period it is a part of, which may
    have begun on a day before and go on after this one. `told` is who or what, for those who may know.
    """

    period: Period
    state: str
    slot: Period | None = None
    whole: Period | None = None
    told: Any = None

    @property
    def since(self) -> dt.datetime | None:
        """When it began, if that was before this day."""
        return self.whole.start if self.whole and self.whole.start < self.period.start else None

    @property
    def until(self) -> dt.datetime | None:
        """When it ends, if that is after this day."""
        return self.whole.end if self.whole and self.whole.end > self.period.end else None


class Hours(NamedTuple):
    """Clock times that somebody looks for; an end at or before the start is on the next day."""

    start: dt.time
    end: dt.time

    def on(self, day: dt.date) -> Period:
        last = day + dt.timedelta(days=1) if self.end <= self.start else day
        return Period(_at(day, self.start), _at(last, self.end))


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return instant(day, timezone.get_default_timezone(), time.hour * 60 + time.minute)


class LocalDays:
    """Local days that follow each other, and what lies on which."""

    def __init__(self, first: dt.date, count: int) -> None:
        tz = timezone.get_default_timezone()
        self.dates = [first + dt.timedelta(days=n) for n in range(count)]
        edges = [instant(first + dt.timedelta(days=n), tz) for n in range(count + 1)]
        self.bounds = [Period(*edge) for edge in pairwise(edges)]
        self.span = Period(edges[0], edges[-1])
        self._starts = edges[:-1]

    @cached_property
    def holidays(self) -> list[bool]:
        """Whether each day is in the school holidays."""
        return [zone_holiday(date) for date in self.dates]

    def parts(self, periods: Iterable[Period]) -> Iterator[tuple[int, Period, Period]]:
        """(number of the day, part on that day, whole period), for every day each period touches."""
        for whole in periods:
            first = max(bisect_right(self._starts, whole.start) - 1, 0)
            for number in range(first, len(self.bounds)):
                day = self.bounds[number]
                if day.start >= whole.end:
                    break
                part = Period(max(day.start, whole.start), min(day.end, whole.end))
                if part.start < part.end:
                    yield number, part, whole


@dataclass
class Day:
    """One local day. `closure`: why nothing is lent all day, "" where no reason is given."""

    date: dt.date
    stretches: list[Stretch] = field(default_factory=list)
    closure: str | None = None
    is_holiday: bool = False
    is_today: bool = False
    is_past: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say of it."""
        return not self.stretches and self.closure is None

    @property
    def bars(self) -> list[tuple[int, int, str]]:
        """(first minute, last minute, kind) of each stretch, to draw the day in one line."""
        return [(*clock_minutes(stretch.period, self.date), stretch.state) for stretch in self.stretches]


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on."""

    monday: dt.date
    days: list[Day]

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)

    @property
    def thursday(self) -> dt.date:
        """The day that says to which month, and year, the week belongs (ISO 8601)."""
        return self.monday + dt.timedelta(days=3)

    @property
    def previous(self) -> dt.date:
        return self.monday - dt.timedelta(days=7)

    @property
    def following(self) -> dt.date:
        return self.monday + dt.timedelta(days=7)

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def is_past(self) -> bool:
        return all(day.is_past for day in self.days)


def is_ending(today: dt.date) -> bool:
    """Whether a week of which nothing is left may give way to the next one."""
    return today.weekday() >= LATE_IN_WEEK


def monday_of(text: str, *, today: dt.date) -> dt.date:
    """The Monday of `2026-W43`, of the day `2026-10-22`, or of this week where the text means nothing."""
    day = day_of(text, today=today)
    return day - dt.timedelta(days=day.weekday())


def day_of(text: str, *, today: dt.date) -> dt.date:
    """The day `2026-10-22`, the first of the week `2026-W43`, or today where the text means nothing."""
    day = _parsed(text) or today
    return today if abs(day - today) > FARTHEST else day


def _parsed(text: str) -> dt.date | None:
    """date.fromisoformat reads ISO weeks only with a day of the week."""
    for candidate in (text, f"{text}-1"):
        try:
            return dt.date.fromisoformat(candidate)
        except ValueError:
            continue
    return None


def span_of(first: dt.date, last: dt.date) -> Period:
    """These local days, the last one included."""
    tz = timezone.get_default_timezone()
    return Period(instant(first, tz), instant(last + dt.timedelta(days=1), tz))


def clock_minutes(period: Period, day: dt.date) -> tuple[int, int]:
    """The part of a period on `day`, in minutes after midnight by the clock."""
    tz = timezone.get_default_timezone()
    bounds = span_of(day, day)
    first = 0 if period.start <= bounds.start else minutes_into_day(period.start, tz)
    last = 24 * 60 if period.end >= bounds.end else minutes_into_day(period.end, tz)
    return first, last


def of(space: Space, monday: dt.date, *, now: dt.datetime, asked: Hours | None = None) -> Week:
    """The week of a space, in the statements of `availability.load`; `asked`: the hours somebody looks for."""
    local = LocalDays(monday, 7)
    time = availability.load([space], local.span)[space.pk]
    return Week(monday, days_of(space, time, local, now=now, asked=asked))


def coming(space: Space, *, now: dt.datetime, asked: Hours | None = None) -> Week:
    """This week, or the next one where this one is ending and nothing is left of it."""
    today = timezone.localdate(now)
    this = of(space, monday_of("", today=today), now=now, asked=asked)
    if is_ending(today) and not any(day.stretches for day in this.days):
        return of(space, this.following, now=now, asked=asked)
    return this


def days_of(
    space: Space, time: SpaceTime, local: LocalDays, *, now: dt.datetime, asked: Hours | None = None
) -> list[Day]:
    """What the public sees of each day: free and taken from now on, nothing of what is closed or over."""
    days = empty_days(time, local, now=now)
    for number, part, whole in local.parts(time.free):
        if left := to_come(part, now):
            slot = proposal(space, left, whole, now=now, asked=asked)
            days[number].stretches.append(Stretch(left, FREE, slot, whole))
    for number, part, whole in local.parts(time.taken):
        if days[number].closure is None and (left := to_come(part, now)):
            days[number].stretches.append(Stretch(left, TAKEN, whole=whole))
    for day in days:
        day.stretches.sort(key=lambda stretch: stretch.period)
    return days


def empty_days(time: SpaceTime, local: LocalDays, *, now: dt.datetime) -> list[Day]:
    """The days with their closures and holidays, before anything is put on them."""
    today = timezone.localdate(now)
    days = [
        Day(date, is_holiday=holiday, is_today=date == today, is_past=date < today)
        for date, holiday in zip(local.dates, local.holidays, strict=True)
    ]
    for closure in time.closures:
        for number, _part, _whole in local.parts([closure.period]):
            days[number].closure = days[number].closure or closure.reason
    return days


def to_come(part: Period, now: dt.datetime) -> Period | None:
    """What is left of it."""
    if part.start >= now:
        return part
    return Period(now, part.end) if now < part.end else None


def proposal(
    space: Space, part: Period, whole: Period, *, now: dt.datetime, asked: Hours | None = None
) -> Period | None:
    """What to propose to somebody who points at this part of a free period; None where it cannot be asked.

    It may go on after the part's midnight, as the free time does.
    """
    earliest = max(part.start, now + dt.timedelta(hours=space.notice_hours))
    wanted = asked.on(timezone.localdate(part.start)) if asked else None
    for since, minutes in _tried(space, earliest, wanted):
        slot = first_slot([whole], minutes=minutes, step=space.step_minutes, earliest=since)
        if slot and slot.start < part.end:
            return slot if slot.start <= now + dt.timedelta(days=space.horizon_days) else None
    return None


def _tried(space: Space, earliest: dt.datetime, wanted: Period | None) -> Iterator[tuple[dt.datetime, int]]:
    """(from when on, how many minutes): at the hours wanted, as long as those, as long as usual, as short as may be."""
    if wanted:
        minutes = int(wanted.length / dt.timedelta(minutes=1))
        if space.min_minutes <= minutes <= space.max_minutes:
            yield max(earliest, wanted.start), minutes
            yield earliest, minutes
    yield earliest, min(max(space.min_minutes, USUAL_MINUTES), space.max_minutes)
    yield earliest, space.min_minutes
