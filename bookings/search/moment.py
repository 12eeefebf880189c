"""One fixed period over all the spaces of some schools: three small statements and a set difference.

Written in SQL where Django's compiler would take longer than the database.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import ExpressionWrapper, F, PositiveIntegerField, QuerySet, Value
from django.utils import timezone

from venues.local_time import days, minutes_into_day
from venues.models import Space
from venues.opening import Window, blocked, closed_days, open_periods, reach
from venues.periods import Period, minus, within

from ..availability import MINUTE, Owner, occupied, zone_holiday

ONE_DAY = dt.timedelta(days=1)

# Windows that may touch the days asked, spaces that have hours of their own, closures: told apart
# by the first column. A closure of a space is felt by every space that shares a unit.
CALENDAR = """
SELECT 'window', school_id, space_id, weekday, starts_at, minutes, season,
       CAST(valid_from AS varchar(10)), CAST(valid_until AS varchar(10))
  FROM venues_openinghours
 WHERE (weekday IN ({weekdays}) OR starts_at + minutes > 1440) {hours_of}
UNION ALL
SELECT DISTINCT 'own', 0, space_id, 0, 0, 0, '', NULL, NULL
  FROM venues_openinghours WHERE space_id IS NOT NULL {hours_of}
UNION ALL
SELECT DISTINCT 'closure', closure.school_id, touched.space_id, 0, 0, 0, '',
       CAST(first_on AS varchar(10)), CAST(last_on AS varchar(10))
  FROM venues_closure closure
  LEFT JOIN venues_spaceunit own ON own.space_id = closure.space_id
  LEFT JOIN venues_spaceunit touched ON touched.unit_id = own.unit_id
 WHERE first_on <= %s AND last_on >= %s
"""

# Spaces that a claim or a lesson keeps from being lent in [start, end), their own buffers counted.
# The longest buffers bound the range that the index is asked for. A period of a day or less that
# still goes on began within a day; the few longer ones are looked up apart. CROSS JOIN keeps
# SQLite from beginning elsewhere than with the periods.
LONGEST_SETUP = "(SELECT max(setup_minutes) FROM venues_space)"
LONGEST_CLEANUP = "(SELECT max(cleanup_minutes) FROM venues_space)"
OCCUPIED = """
{of_claims} AND taken.is_long = false AND taken.start_at > {day_before} AND taken.start_at < {latest}
  AND taken.end_at > {earliest}
UNION ALL
{of_claims} AND taken.is_long = true AND taken.start_at < {latest} AND taken.end_at > {earliest}
UNION ALL
{of_lessons} AND taken.is_long = false AND taken.start_at > {day_before} AND taken.start_at < {latest}
  AND taken.end_at > {earliest}
UNION ALL
{of_lessons} AND taken.is_long = true AND taken.start_at < {latest} AND taken.end_at > {earliest}
"""
OF_CLAIMS = """
SELECT su.space_id
  FROM bookings_claim taken CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE su.unit_id = taken.unit_id AND space.id = su.space_id
   AND taken.start_at < {end_and_cleanup} AND taken.end_at > {start_less_setup}"""
OF_LESSONS = """
SELECT su.space_id
  FROM venues_busytime taken CROSS JOIN venues_spaceunit own
       CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE own.space_id = taken.space_id AND su.unit_id = own.unit_id AND space.id = su.space_id
   AND taken.start_at < {end_and_cleanup} AND taken.end_at > {start_less_setup}"""


class Moment:
    """Which spaces are free for one period, of the open schools given (None: of all)."""

    def __init__(
        self, period: Period, span: Period, *, now: dt.datetime, schools: Collection[int] | None
    ) -> None:
        self.period, self.span, self.now, self.schools = period, span, now, schools
        self.tz = timezone.get_default_timezone()

    def free(self, spaces: QuerySet[Space]) -> list[tuple[int, int]]:
        """(space, school) of those that can be asked for, in order of school, name and space."""
        candidates = self._candidates(spaces)
        schools = {school for _pk, school in candidates}
        opened = {school for school in schools if self._is_open((school, None))}
        own = self._own_hours
        away = self._occupied | {space for _school, space in self._closures if space is not None}
        return [
            (pk, school)
            for pk, school in candidates
            if pk not in away and (school in opened if pk not in own else self._is_open((None, pk), school))
        ]

    def free_times(self, spaces: Sequence[Space]) -> dict[int, list[Period]]:
        """What is free of these spaces on the days asked: one statement more."""
        taken: dict[int, list[Period]] = defaultdict(list)
        margin = self.span.widened(ONE_DAY, ONE_DAY)
        for pk, start, end, _occurrence in occupied([space.pk for space in spaces], margin):
            taken[pk].append(Period(start, end))
        return {space.pk: self._free_time(space, taken[space.pk]) for space in spaces}

    def _free_time(self, space: Space, taken: list[Period]) -> list[Period]:
        school: Owner = (space.school_id, None)
        alone: Owner = (None, space.pk)
        closed = self._all_closures.get(school, []) + self._all_closures.get(alone, [])
        setup, cleanup = space.setup_minutes * MINUTE, space.cleanup_minutes * MINUTE
        opened = self.opened(alone if space.pk in self._own_hours else school)
        return minus(opened, [*closed, *blocked(taken, setup=setup, cleanup=cleanup)])

    def _candidates(self, spaces: QuerySet[Space]) -> list[tuple[int, int]]:
        """Spaces whose rules admit the period."""
        ahead = self.period.start - self.now
        minutes = self.period.length / MINUTE
        clock = Value(minutes_into_day(self.period.start, self.tz), PositiveIntegerField())
        off_step = ExpressionWrapper(clock % F("step_minutes"), PositiveIntegerField())
        found = spaces.annotate(off_step=off_step).filter(
            off_step=0,
            min_minutes__lte=minutes,
            max_minutes__gte=minutes,
            notice_hours__lte=ahead / dt.timedelta(hours=1),
            horizon_days__gte=ahead / ONE_DAY,
        )
        if self.schools is not None:
            found = found.filter(school__in=self.schools)
        return list(found.order_by("school_id", "name", "pk").values_list("pk", "school_id"))

    # -- hours and closures ---------------------------------------------------------------------

    def _is_open(self, owner: Owner, school: int | None = None) -> bool:
        """Whether the owner's windows cover the period and its school is not closed then."""
        if (school or owner[0], None) in self._closures:
            return False
        return any(opened.covers(self.period) for opened in self.opened(owner))

    def opened(self, owner: Owner) -> list[Period]:
        """The owner's hours on the days asked; worked out once for all who have the same windows."""
        windows = tuple(self._windows.get(owner, ()))
        if windows not in self._worked_out:
            rows = [_window(row) for row in windows]
            started = days(self.span.start - reach(rows) * ONE_DAY, self.span.end, self.tz)
            self._worked_out[windows] = within(
                open_periods(rows, started, is_holiday=zone_holiday, tz=self.tz), self.span
            )
        return self._worked_out[windows]

    @cached_property
    def _worked_out(self) -> dict[tuple[Any, ...], list[Period]]:
        return {}

    @cached_property
    def _closures(self) -> set[Owner]:
        """Schools and spaces closed at some moment of the period."""
        return {
            owner
            for owner, closures in self._all_closures.items()
            if any(closure.overlaps(self.period) for closure in closures)
        }

    @cached_property
    def _windows(self) -> dict[Owner, list[tuple[Any, ...]]]:
        found: dict[Owner, list[tuple[Any, ...]]] = defaultdict(list)
        for what, school, space, *window in self._calendar:
            if what == "window":
                found[(school, None) if space is None else (None, space)].append(tuple(window))
        return found

    @cached_property
    def _own_hours(self) -> set[int]:
        """Spaces with hours of their own, even if none of them is for these days."""
        return {row[2] for row in self._calendar if row[0] == "own"}

    @cached_property
    def _all_closures(self) -> dict[Owner, list[Period]]:
        found: dict[Owner, list[Period]] = defaultdict(list)
        for what, school, space, *_window, first_on, last_on in self._calendar:
            if what == "closure":
                closed = closed_days(dt.date.fromisoformat(first_on), dt.date.fromisoformat(last_on), self.tz)
                found[(school, None) if space is None else (None, space)].append(closed)
        return found

    @cached_property
    def _calendar(self) -> list[tuple[Any, ...]]:
        local = days(self.span.start, self.span.end, self.tz)
        weekdays = sorted({day.weekday() for day in local})
        hours_of = "" if self.schools is None else f"AND school_id IN ({_marks(self.schools)})"
        schools = list(self.schools or ())
        return _rows(
            CALENDAR.format(weekdays=_marks(weekdays), hours_of=hours_of),
            [*weekdays, *schools, *schools, _stored(local[-1]), _stored(local[0])],
        )

    # -- what is taken --------------------------------------------------------------------------

    @cached_property
    def _occupied(self) -> set[int]:
        start, end = _moment(self.period.start), _moment(self.period.end)
        exact = {
            "end_and_cleanup": _later("space.cleanup_minutes"),
            "start_less_setup": _earlier("space.setup_minutes"),
        }
        statement = OCCUPIED.format(
            of_claims=OF_CLAIMS.format(**exact),
            of_lessons=OF_LESSONS.format(**exact),
            day_before=_earlier(LONGEST_SETUP),
            earliest=_earlier(LONGEST_SETUP),
            latest=_later(LONGEST_CLEANUP),
        )
        short, long = [end, start, _moment(self.period.start - ONE_DAY), end, start], [end, start, end, start]
        return {pk for (pk,) in _rows(statement, [*short, *long, *short, *long])}


def _window(row: tuple[Any, ...]) -> Window:
    weekday, minute, minutes, season, valid_from, valid_until = row
    return Window(
        weekday, dt.time(*divmod(minute, 60)), minutes, season, _date(valid_from), _date(valid_until)
    )


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# -- two dialects -------------------------------------------------------------------------------


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _value in values) or "NULL"


def _moment(moment: dt.datetime) -> Any:
    """An instant as the database compares it."""
    return connection.ops.adapt_datetimefield_value(moment.astimezone(dt.UTC))


def _stored(day: dt.date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _later(minutes: str) -> str:
    """SQL of an instant so many minutes after the parameter."""
    if connection.vendor == "sqlite":
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s, '+' || {minutes} || ' minutes')"
    return f"(%s::timestamptz + {minutes} * interval '1 minute')"


def _earlier(minutes: str) -> str:
    if connection.vendor == "sqlite":
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s, '-' || {minutes} || ' minutes')"
    return f"(%s::timestamptz - {minutes} * interval '1 minute')"
