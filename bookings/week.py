"""A week of one space as the public sees it: seven days of free, taken and closed time.

Lessons and bookings look alike here: who uses the space is nobody's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import timezone

from venues.local_time import instant, minutes_into_day
from venues.models import Space
from venues.periods import Period, within

from . import availability
from .availability import SpaceTime, first_slot, zone_holiday

FREE, TAKEN, CLOSED = "free", "taken", "closed"
# What the request form proposes where a space would lend less or more: two hours.
USUAL_MINUTES = 120
# How far the pages of weeks go, both ways.
FARTHEST = dt.timedelta(days=3 * 366)


class Stretch(NamedTuple):
    """A part of a day: `state` is FREE or TAKEN; `slot` is what the request form would propose in it."""

    period: Period
    state: str
    slot: Period | None = None


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

    @property
    def has_free(self) -> bool:
        return any(stretch.slot for day in self.days for stretch in day.stretches)


def monday_of(text: str, *, today: dt.date) -> dt.date:
    """The Monday of `2026-W43`, of the day `2026-10-22`, or of this week where the text means nothing."""
    day = _parsed(text) or today
    if abs(day - today) > FARTHEST:
        day = today
    return day - dt.timedelta(days=day.weekday())


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


def of(space: Space, monday: dt.date, *, now: dt.datetime) -> Week:
    """The week of a space: three statements."""
    sunday = monday + dt.timedelta(days=6)
    time = availability.load([space], span_of(monday, sunday))[space.pk]
    dates = [monday + dt.timedelta(days=n) for n in range(7)]
    return Week(monday, [_day(space, time, date, now=now) for date in dates])


def _day(space: Space, time: SpaceTime, date: dt.date, *, now: dt.datetime) -> Day:
    bounds = span_of(date, date)
    today = timezone.localdate(now)
    closures = [closure.reason for closure in time.closures if closure.period.overlaps(bounds)]
    day = Day(
        date,
        closure=next((reason for reason in closures if reason), "") if closures else None,
        is_holiday=zone_holiday(date),
        is_today=date == today,
        is_past=date < today,
    )
    if day.closure is None and not day.is_past:
        rest = Period(max(bounds.start, now), bounds.end)
        day.stretches = sorted([*_free(space, time, rest, now=now), *_taken(time, rest)])
    return day


def _free(space: Space, time: SpaceTime, rest: Period, *, now: dt.datetime) -> Iterator[Stretch]:
    for period in within(time.free, rest):
        yield Stretch(period, FREE, proposal(space, period, time.free, now=now))


def _taken(time: SpaceTime, rest: Period) -> Iterator[Stretch]:
    for period in within(time.taken, rest):
        yield Stretch(period, TAKEN)


def proposal(space: Space, part: Period, free: list[Period], *, now: dt.datetime) -> Period | None:
    """What to propose to somebody who points at this free part of a day; None where it cannot be asked.

    It may go on after the part's midnight, as the free time does.
    """
    whole = next(period for period in free if period.covers(part))
    minutes = min(max(space.min_minutes, USUAL_MINUTES), space.max_minutes)
    earliest = max(part.start, now + dt.timedelta(hours=space.notice_hours))
    for length in (minutes, space.min_minutes):
        slot = first_slot([whole], minutes=length, step=space.step_minutes, earliest=earliest)
        if slot and slot.start < part.end:
            return slot if slot.start <= now + dt.timedelta(days=space.horizon_days) else None
    return None
