"""One fixed period over all the spaces of some schools: one statement tells who cannot have it.

`keep_out` adds to the condition of the candidates what the period asks: rules of the space, hours,
closures, lessons and claims. What is shut is given by its ids: a set difference, made in SQL.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.utils import timezone

from venues import sql
from venues.local_time import days, instant, minutes_into_day
from venues.opening import HOLIDAYS, TERM, closed_days
from venues.periods import Period

from .. import availability
from ..availability import MINUTE, ONE_DAY, Owner, zone_holiday
from .candidates import Condition

# Windows that may be open in the period, closures, and what is occupied, buffers counted; told apart by
# the first column. A closure, lesson or claim is felt by
# every space that shares a unit. The longest buffers bound the range that the index is asked for.
# A period of a day or less that still goes on began within a day; the few longer ones are looked up
# apart. CROSS JOIN keeps SQLite from beginning elsewhere than with the periods.
FACTS = """
SELECT 'window', school_id, space_id, weekday, starts_at, minutes, season, valid_from, valid_until
  FROM venues_openinghours WHERE {school_among} AND {may_be_open}
UNION ALL
SELECT DISTINCT 'closure', closure.school_id, touched.space_id, 0, 0, 0, '', first_on, last_on
  FROM venues_closure closure
  LEFT JOIN venues_spaceunit own ON own.space_id = closure.space_id
  LEFT JOIN venues_spaceunit touched ON touched.unit_id = own.unit_id
 WHERE first_on <= %(last_day)s AND last_on >= %(first_day)s AND closure.{school_among}
UNION ALL
{claims} AND taken.{school_among} AND taken.is_long = false AND taken.start_at > {day_before} AND taken.start_at < {latest}
  AND taken.end_at > {earliest}
UNION ALL
{claims} AND +taken.{school_among} AND taken.is_long AND taken.start_at < {latest} AND taken.end_at > {earliest}
UNION ALL
{lessons} AND taken.{school_among} AND taken.is_long = false AND taken.start_at > {day_before} AND taken.start_at < {latest}
  AND taken.end_at > {earliest}
UNION ALL
{lessons} AND +taken.{school_among} AND taken.is_long AND taken.start_at < {latest} AND taken.end_at > {earliest}
"""
CLAIMS = """
SELECT 'taken', 0, su.space_id, 0, 0, 0, '', NULL, NULL
  FROM bookings_claim taken CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE su.unit_id = taken.unit_id AND space.id = su.space_id AND {near}"""
LESSONS = """
SELECT 'taken', 0, su.space_id, 0, 0, 0, '', NULL, NULL
  FROM venues_busytime taken CROSS JOIN venues_spaceunit own
       CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE own.space_id = taken.space_id AND su.unit_id = own.unit_id AND space.id = su.space_id AND {near}"""
# Spaces that have hours of their own, open or not: those of their school say nothing of them.
OWN = "SELECT space_id FROM venues_openinghours WHERE space_id IS NOT NULL AND {school_among}"
LONGEST_SETUP = "(SELECT max(setup_minutes) FROM venues_space)"
LONGEST_CLEANUP = "(SELECT max(cleanup_minutes) FROM venues_space)"


class Facts(NamedTuple):
    """What the statement found: who one window alone opens, the other windows by owner, who is closed, what
    is taken.
    """

    opened: set[Owner]
    windows: dict[Owner, list[sql.Row]]
    closures: list[tuple[Owner, Period]]
    taken: set[int]


def keep_out(condition: Condition, period: Period, *, schools: Collection[int], now: dt.datetime) -> None:
    """Leave to the condition only what can be asked for, for that period, in these schools."""
    _add_rules(condition, period, now)
    clock = Clock(period)
    facts = _read(clock, schools)
    closed = {owner for owner, closure in facts.closures if closure.overlaps(period)}
    opened = facts.opened | {
        owner for owner, rows in facts.windows.items() if owner not in facts.opened and clock.is_open(rows)
    }
    if not opened:
        condition.is_void = True
        return
    own = OWN.format(school_among=sql.among("school_id", "schools"))
    condition.add(
        f"({sql.among('space.id', 'ours')}"
        f" OR {sql.among('space.school_id', 'opened')} AND space.id NOT IN ({own}))",
        opened=sql.ids(school for school, _space in opened if school is not None),
        ours=sql.ids(space for _school, space in opened if space is not None),
    )
    shut = facts.taken | {space for _school, space in closed if space is not None}
    if shut:
        condition.add(f"NOT {sql.among('space.id', 'shut')}", shut=sql.ids(shut))
    if shut_schools := [school for school, _space in closed if school is not None]:
        condition.add(
            f"NOT {sql.among('space.school_id', 'shut_schools')}", shut_schools=sql.ids(shut_schools)
        )


def _add_rules(condition: Condition, period: Period, now: dt.datetime) -> None:
    """What each space's own rules say of the period, in whole numbers: comparing fractions costs as much as all else."""
    ahead = period.start - now
    condition.add(
        "space.min_minutes <= %(whole_minutes)s AND space.max_minutes >= %(begun_minutes)s"
        " AND %(clock)s %% space.step_minutes = 0"
        " AND space.notice_hours <= %(hours_ahead)s AND space.horizon_days >= %(days_ahead)s",
        whole_minutes=period.length // MINUTE,
        begun_minutes=-(-period.length // MINUTE),
        clock=minutes_into_day(period.start, timezone.get_default_timezone()),
        hours_ahead=ahead // dt.timedelta(hours=1),
        days_ahead=-(-ahead // ONE_DAY),
    )


def without_equipment(condition: Condition, lacking: dict[int, list[Period]], period: Period) -> None:
    """Leave out the spaces whose period, their buffers counted, meets a moment when equipment is short."""
    for school, gaps in lacking.items():
        for gap in gaps:
            before, after = (period.start - gap.end) / MINUTE, (gap.start - period.end) / MINUTE
            meets = ["true"] if before < 0 and after < 0 else []
            meets += [f"space.setup_minutes > {int(before)}"] if before >= 0 else []
            meets += [f"space.cleanup_minutes > {int(after)}"] if after >= 0 else []
            condition.add(f"NOT (space.school_id = {int(school)} AND {meets[0]})")


MIDNIGHT = 24 * 60

# -- hours --------------------------------------------------------------------------------------

# Where the clock runs evenly through the period's one day, a window says by its own minutes whether it
# is open; those that pass midnight are judged apart.
ONE_DAYS_WINDOWS = """(
       weekday = %(weekday)s AND starts_at < %(closes)s AND starts_at + minutes > %(clock)s
       AND season IN ('always', %(season)s)
       AND (valid_from IS NULL OR valid_from <= %(first_day)s)
       AND (valid_until IS NULL OR valid_until >= %(first_day)s)
       OR weekday = %(weekday_before)s AND starts_at + minutes > 1440
       OR starts_at + minutes > 2880)"""


class Clock:
    """The period as clocks show it, and which windows are open all through it."""

    def __init__(self, period: Period) -> None:
        tz = timezone.get_default_timezone()
        self.period = period
        self.days = days(period.start, period.end, tz)
        day = self.days[0]
        midnight = Period(instant(day, tz), instant(day, tz, 24 * 60))
        # One local day of 24 hours.
        self.is_even = len(self.days) == 1 and midnight.length == ONE_DAY
        self.opens = int((period.start - midnight.start) / MINUTE)
        self.closes = self.opens + int(period.length / MINUTE)
        # Many schools have the same windows.
        self._known: dict[tuple[sql.Row, ...], bool] = {}

    @property
    def windows(self) -> str:
        """SQL: whether a row of opening hours may be open in the period."""
        if self.is_even:
            return ONE_DAYS_WINDOWS
        return f"({sql.among('weekday', 'weekdays')} OR starts_at + minutes > 1440)"

    @property
    def params(self) -> dict[str, object]:
        return {
            "weekday": self.days[0].weekday(),
            "weekday_before": (self.days[0] - ONE_DAY).weekday(),
            "weekdays": sql.ids({day.weekday() for day in self.days}),
            "clock": self.opens,
            "closes": self.closes,
            "season": HOLIDAYS if zone_holiday(self.days[0]) else TERM,
            "first_day": sql.day(self.days[0]),
            "last_day": sql.day(self.days[-1]),
        }

    def is_alone_open(self, starts_at: int, minutes: int) -> bool:
        """Whether one window that came for its season and its dates is open all through the period by itself."""
        ends = starts_at + minutes
        return self.is_even and starts_at <= self.opens and self.closes <= ends <= MIDNIGHT

    def is_open(self, rows: list[sql.Row]) -> bool:
        """Whether windows of one owner, none of which does alone, are open all through it where they touch."""
        if self.is_even and len(rows) == 1 and rows[0][1] + rows[0][2] <= MIDNIGHT:
            return False
        key = tuple(rows)
        if key not in self._known:
            self._known[key] = availability.grid(map(availability.window, rows)).covers(self.period)
        return self._known[key]


# -- reading ------------------------------------------------------------------------------------


def _read(clock: Clock, schools: Collection[int]) -> Facts:
    end, start = sql.later("end", "space.cleanup_minutes"), sql.earlier("start", "space.setup_minutes")
    # Most spaces have no buffers, and adding none to an instant costs as much as adding some.
    near = (
        f"(taken.start_at < %(end)s OR space.cleanup_minutes > 0 AND taken.start_at < {end})"
        f" AND (taken.end_at > %(start)s OR space.setup_minutes > 0 AND taken.end_at > {start})"
    )
    school_among = sql.among("school_id", "schools")
    statement = FACTS.format(
        school_among=school_among,
        may_be_open=clock.windows,
        claims=CLAIMS.format(near=near),
        lessons=LESSONS.format(near=near),
        # In a query of its own each is worked out once; as it stands, SQLite does so for every school.
        day_before=f"(SELECT {sql.earlier('day_before', LONGEST_SETUP)})",
        earliest=f"(SELECT {sql.earlier('start', LONGEST_SETUP)})",
        latest=f"(SELECT {sql.later('end', LONGEST_CLEANUP)})",
    )
    period = clock.period
    rows = sql.rows(
        statement,
        {
            **clock.params,
            "schools": sql.ids(schools),
            "start": sql.moment(period.start),
            "end": sql.moment(period.end),
            "day_before": sql.moment(period.start - ONE_DAY),
        },
    )
    return _sorted_out(rows, clock)


def _sorted_out(rows: Iterable[sql.Row], clock: Clock) -> Facts:
    facts = Facts(set(), defaultdict(list), [], set())
    tz = timezone.get_default_timezone()
    for row in rows:
        what, school, space = row[0], row[1], row[2]
        if what == "taken":
            facts.taken.add(space)
        elif what == "window":
            owner: Owner = (school, None) if space is None else (None, space)
            if clock.is_alone_open(row[4], row[5]):
                facts.opened.add(owner)
            else:
                facts.windows[owner].append(row[3:])
        else:
            first_on, last_on = (dt.date.fromisoformat(str(day)) for day in row[-2:])
            owner = (school, None) if space is None else (None, space)
            facts.closures.append((owner, closed_days(first_on, last_on, tz)))
    return facts
