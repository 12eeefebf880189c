"""A series as it is asked: weekly days at the same hours, holidays left out, or last year's dates once more."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.conf import settings
from django.utils import timezone

from venues import local_time, school_calendar
from venues.periods import Period

from .recurrence import Weekly, in_school_year, school_year

ONE_DAY = dt.timedelta(days=1)


def in_holidays(day: dt.date) -> bool:
    """Whether a day is in the school holidays here."""
    return school_calendar.is_holiday(day, settings.HOLIDAY_ZONE)


def is_public_holiday(day: dt.date) -> bool:
    return bool(school_calendar.public_holiday(day))


def is_off(day: dt.date) -> bool:
    """Whether a day is in the school holidays here, or a public holiday."""
    return in_holidays(day) or is_public_holiday(day)


@dataclass(frozen=True)
class Recurrence:
    """The same hours on the days of a rule; an end at or before the start is on the next day."""

    weekly: Weekly
    start: dt.time
    end: dt.time
    skip_holidays: bool = False
    skip_public_holidays: bool = False

    def days(self, most: int) -> list[dt.date]:
        """The days asked for, in order, at most so many."""
        return list(islice(self.weekly.days(skip=self._skips), most))

    def _skips(self, day: dt.date) -> bool:
        return (self.skip_holidays and in_holidays(day)) or (
            self.skip_public_holidays and is_public_holiday(day)
        )

    def on(self, day: dt.date) -> Period | None:
        """The period of that day; None where the clocks skip one of its ends."""
        return period_asked(day, self.start, self.end)


def period_asked(day: dt.date, start: dt.time, end: dt.time, until: dt.date | None = None) -> Period | None:
    """From `start` on that day to `end` on `until`, or on the next day; None where the clocks skip an end."""
    last = until or (day if end > start else day + ONE_DAY)
    bounds = dt.datetime.combine(day, start), dt.datetime.combine(last, end)
    tz = timezone.get_default_timezone()
    if not all(local_time.exists(bound, tz) for bound in bounds):
        return None
    return Period(*(bound.replace(tzinfo=tz) for bound in bounds))


# -- once more, a year later --------------------------------------------------------------------


@dataclass(frozen=True)
class Again:
    """What was asked for in an earlier school year, moved: a rule where there was one, else dates."""

    recurrence: Recurrence | None
    periods: tuple[Period, ...] = ()


def again(rule: str, dates: Sequence[Period], *, today: dt.date) -> Again:
    """The series of these dates in the next school year that is not over; days gone are left out.

    A rule is moved as one, so that it skips the holidays of its new year and not those of its old.
    """
    local = [Period(*(timezone.localtime(bound) for bound in date)) for date in sorted(dates)]
    first = local[0].start.date()
    by_rule = _by_rule(rule, local)
    last = by_rule.weekly.until if by_rule else local[-1].start.date()
    year = max(school_year(first) + 1, school_year(today))
    if last + _shift(first, year) < today:
        year += 1
    if by_rule:
        return Again(_moved_rule(by_rule, _shift(first, year), today))
    moved = (_moved(date, _shift(first, year)) for date in local)
    return Again(None, tuple(date for date in moved if date and date.start.date() >= today))


def _shift(first: dt.date, year: int) -> dt.timedelta:
    """By how many weeks a series that begins on that day moves to be in that school year."""
    return in_school_year(first, year) - first


def _moved(date: Period, shift: dt.timedelta) -> Period | None:
    start, end = date
    return period_asked(start.date() + shift, start.time(), end.time(), end.date() + shift)


def _moved_rule(asked: Recurrence, shift: dt.timedelta, today: dt.date) -> Recurrence:
    rule = asked.weekly
    first = rule.first + shift
    # Every second week goes on counting from the first one.
    while first < today:
        first += dt.timedelta(weeks=rule.every)
    return replace(asked, weekly=replace(rule, first=first, until=max(rule.until + shift, first)))


def _by_rule(rule: str, local: Sequence[Period]) -> Recurrence | None:
    """The rule the dates were made from, with the hours most of them have."""
    days = {date.start.date() for date in local}
    weekly = Weekly.read(rule, first=min(days))
    if weekly is None:
        return None
    hours = Counter((date.start.time(), date.end.time()) for date in local)
    start, end = hours.most_common(1)[0][0]
    written = set(islice(weekly.days(), settings.REQUEST_MAX_DATES))
    # What was skipped is not written in a rule: it is what the rule says and nobody asked for.
    return Recurrence(
        weekly,
        start,
        end,
        skip_holidays=not any(map(in_holidays, days & written)),
        skip_public_holidays=not any(map(is_public_holiday, days & written)),
    )
