"""When spaces are free: hours, less closures, less lessons, less claims, buffers taken off.

`load` reads everything about some spaces over a span in one statement, whatever their number; what it
returns answers without the database.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Protocol

from django.conf import settings
from django.utils import timezone

from venues import sql
from venues.local_time import aligned, days
from venues.opening import Hours, Window, blocked, closed_days
from venues.periods import Period, minus, shifted, union
from venues.school_calendar import is_holiday

MINUTE = dt.timedelta(minutes=1)
ONE_DAY = dt.timedelta(days=1)
# Weekly grids whose opening days are remembered.
GRIDS = 1024


@dataclass(frozen=True)
class ClosedDays:
    """A closure as it touches a space."""

    period: Period
    reason: str


@dataclass(frozen=True)
class Held:
    """A claim as it touches a space: buffers included."""

    period: Period
    occurrence_id: int


# Whose opening hours or closures these are: (school, None) or (None, space).
Owner = tuple[int | None, int | None]


class Lendable(Protocol):
    """What availability needs to know of a space; search passes rows instead of models."""

    @property
    def pk(self) -> int: ...
    @property
    def school_id(self) -> int: ...
    @property
    def setup_minutes(self) -> int: ...
    @property
    def cleanup_minutes(self) -> int: ...


@dataclass
class SpaceTime:
    """Everything that decides when one space is free, over one span."""

    space: Lendable
    span: Period
    hours: Hours
    closures: list[ClosedDays] = field(default_factory=list)
    busy: list[Period] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    @property
    def setup(self) -> dt.timedelta:
        return self.space.setup_minutes * MINUTE

    @property
    def cleanup(self) -> dt.timedelta:
        return self.space.cleanup_minutes * MINUTE

    @cached_property
    def open(self) -> Sequence[Period]:
        """Opening hours in the span, closures not yet taken off."""
        return self.hours.opened(self.span)

    @cached_property
    def free(self) -> list[Period]:
        """What can be asked for, own buffers already taken off."""
        return list(self.open) if self.is_undisturbed else minus(self.open, self.blocks)

    @property
    def is_undisturbed(self) -> bool:
        """Whether hours alone decide: nothing is closed, busy or held."""
        return not (self.closures or self.busy or self.held)

    @cached_property
    def blocks(self) -> list[Period]:
        """When nothing can be asked for whatever the hours: closures, what is busy or held; disjoint, in order."""
        taken = self.busy + [held.period for held in self.held]
        closed = [closure.period for closure in self.closures]
        return union([*closed, *blocked(taken, setup=self.setup, cleanup=self.cleanup)])

    def is_free(self, period: Period) -> bool:
        """Whether `period`, inside the span, can be asked for: hours are looked up for its days only."""
        return not self.is_blocked(period) and self.hours.covers(period)

    def is_blocked(self, period: Period) -> bool:
        """Whether `period`, inside the span, cannot be asked for whatever the hours."""
        following = bisect_right(self._block_ends, period.start)
        return following < len(self.blocks) and self.blocks[following].start < period.end

    @cached_property
    def _block_ends(self) -> list[dt.datetime]:
        return [block.end for block in self.blocks]

    @cached_property
    def taken(self) -> list[Period]:
        """Opening hours that cannot be asked for."""
        return [] if self.is_undisturbed else minus(self.open, self.free)


def zone_holiday(day: dt.date) -> bool:
    return is_holiday(day, settings.HOLIDAY_ZONE)


@lru_cache(maxsize=GRIDS)
def _grid(windows: tuple[Window, ...], zone: str, clock: str) -> Hours:
    return Hours(windows, is_holiday=zone_holiday, tz=timezone.get_default_timezone())


def grid(windows: Iterable[Window]) -> Hours:
    """The hours these windows make. What they open is a fact of the windows alone: remembered, never stale."""
    return _grid(tuple(windows), settings.HOLIDAY_ZONE, settings.TIME_ZONE)


@lru_cache(maxsize=GRIDS)
def window(row: sql.Row) -> Window:
    """A window from its columns as they are read: weekday, minute, minutes, season and its dates. Lycées share most."""
    weekday, minute, minutes, season, valid_from, valid_until = row
    starts_at = dt.time(*divmod(minute, 60))
    return Window(weekday, starts_at, minutes, season, sql.as_day(valid_from), sql.as_day(valid_until))


def in_term(hours: Hours) -> Hours:
    """The same windows if no day were a holiday."""
    return Hours(hours.windows, is_holiday=lambda day: False, tz=timezone.get_default_timezone())


# -- reading ------------------------------------------------------------------------------------

# One column layout for all facts, told apart by the first: whose (school or space), three numbers, a
# text, two days, two instants. What touches a space through a shared unit is said of that space. A
# period of a day or less that still goes on began within a day; the few longer ones are looked up apart.
FACTS = """
SELECT 'window', school_id, space_id, weekday, starts_at, minutes, season, valid_from, valid_until,
       CAST(NULL AS timestamptz), CAST(NULL AS timestamptz)
  FROM venues_openinghours WHERE +space_id IS NULL AND {school_among} {on_those_days}
UNION ALL
SELECT 'window', school_id, space_id, weekday, starts_at, minutes, season, valid_from, valid_until, NULL, NULL
  FROM venues_openinghours WHERE {space_among} {on_those_days}
UNION ALL
SELECT DISTINCT 'own', CAST(NULL AS bigint), space_id, 0, 0, 0, '', CAST(NULL AS date), CAST(NULL AS date),
       CAST(NULL AS timestamptz), CAST(NULL AS timestamptz)
  FROM venues_openinghours WHERE {space_among}
UNION ALL
SELECT 'closure', school_id, NULL, 0, 0, 0, reason, first_on, last_on, NULL, NULL
  FROM venues_closure
 WHERE space_id IS NULL AND {school_among} AND first_on <= %(last_day)s AND last_on >= %(first_day)s
UNION ALL
SELECT 'closure', NULL, touched.space_id, 0, 0, 0, reason, first_on, last_on, NULL, NULL
  FROM venues_closure closure CROSS JOIN venues_spaceunit own CROSS JOIN venues_spaceunit touched
 WHERE first_on <= %(last_day)s AND last_on >= %(first_day)s AND closure.{school_among}
   AND own.space_id = closure.space_id AND touched.unit_id = own.unit_id AND touched.{space_among}
UNION ALL
SELECT 'held', NULL, touched.space_id, claim.occurrence_id, 0, 0, '', NULL, NULL, start_at, end_at
  FROM venues_spaceunit touched CROSS JOIN bookings_claim claim
 WHERE touched.{space_among} AND claim.unit_id = touched.unit_id
   AND start_at > %(day_before)s AND start_at < %(end)s AND end_at > %(start)s
UNION ALL
SELECT 'held', NULL, touched.space_id, claim.occurrence_id, 0, 0, '', NULL, NULL, start_at, end_at
  FROM bookings_claim claim CROSS JOIN venues_spaceunit touched
 WHERE is_long AND start_at <= %(day_before)s AND end_at > %(start)s
   AND touched.unit_id = claim.unit_id AND touched.{space_among}
UNION ALL
SELECT 'busy', NULL, touched.space_id, 0, 0, 0, '', NULL, NULL, start_at, end_at
  FROM venues_spaceunit touched CROSS JOIN venues_spaceunit own CROSS JOIN venues_busytime busy
 WHERE touched.{space_among} AND own.unit_id = touched.unit_id AND busy.space_id = own.space_id
   AND start_at > %(day_before)s AND start_at < %(end)s AND end_at > %(start)s
UNION ALL
SELECT 'busy', NULL, touched.space_id, 0, 0, 0, '', NULL, NULL, start_at, end_at
  FROM venues_busytime busy CROSS JOIN venues_spaceunit own CROSS JOIN venues_spaceunit touched
 WHERE is_long AND start_at <= %(day_before)s AND end_at > %(start)s
   AND own.space_id = busy.space_id AND touched.unit_id = own.unit_id AND touched.{space_among}
"""


def load(spaces: Sequence[Lendable], span: Period) -> dict[int, SpaceTime]:
    """What decides when each of these spaces is free over `span`, by space id: one statement."""
    facts = _read(spaces, span)
    grids = {owner: grid(windows) for owner, windows in facts.windows.items()}
    closed = grid(())
    return {
        space.pk: SpaceTime(
            space,
            span,
            grids.get((None, space.pk)) or grids.get((space.school_id, None), closed),
            facts.closures_of(space),
            facts.busy[space.pk],
            facts.held[space.pk],
        )
        for space in spaces
    }


@dataclass
class _Facts:
    """Rows by whose they are."""

    windows: dict[Owner, list[Window]] = field(default_factory=lambda: defaultdict(list))
    closures: dict[Owner, list[ClosedDays]] = field(default_factory=lambda: defaultdict(list))
    busy: dict[int, list[Period]] = field(default_factory=lambda: defaultdict(list))
    held: dict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))

    def closures_of(self, space: Lendable) -> list[ClosedDays]:
        """Its own and its school's, in order."""
        of_school, own = (
            self.closures.get(owner, ()) for owner in ((space.school_id, None), (None, space.pk))
        )
        return sorted([*of_school, *own], key=lambda closure: closure.period) if of_school or own else []


def _read(spaces: Sequence[Lendable], span: Period) -> _Facts:
    facts = _Facts()
    if not spaces:
        return facts
    tz = timezone.get_default_timezone()
    # A whole gymnasium feels what lies on it once through each of its halves.
    for what, school, space, a, b, c, text, first, last, start, end in dict.fromkeys(_rows(spaces, span)):
        if what == "held":
            facts.held[space].append(Held(Period(sql.as_moment(start), sql.as_moment(end)), a))
        elif what == "busy":
            facts.busy[space].append(Period(sql.as_moment(start), sql.as_moment(end)))
        elif what == "own":
            facts.windows[None, space] = facts.windows[None, space]
        elif what == "window":
            owner = (school, None) if space is None else (None, space)
            facts.windows[owner].append(window((a, b, c, text, first, last)))
        else:
            period = closed_days(dt.date.fromisoformat(str(first)), dt.date.fromisoformat(str(last)), tz)
            facts.closures[school, space].append(ClosedDays(period, text))
    return facts


def _rows(spaces: Sequence[Lendable], span: Period) -> list[sql.Row]:
    wide = _widest(spaces, span)
    local = days(span.start, span.end, timezone.get_default_timezone())
    statement = FACTS.format(
        school_among=sql.among("school_id", "schools"),
        space_among=sql.among("space_id", "spaces"),
        on_those_days=_on_those_days(local),
    )
    return sql.rows(
        statement,
        {
            "spaces": sql.ids(space.pk for space in spaces),
            "schools": sql.ids({space.school_id for space in spaces}),
            "weekdays": sql.ids({day.weekday() for day in local[:7]}),
            "first_day": sql.day(local[0]),
            "last_day": sql.day(local[-1]),
            "start": sql.moment(wide.start),
            "end": sql.moment(wide.end),
            "day_before": sql.moment(wide.start - ONE_DAY),
        },
    )


def _on_those_days(local: list[dt.date]) -> str:
    """SQL: whether a row of opening hours may be open on these days. All of a week's may."""
    if len(local) >= 7:
        return ""
    return f"AND ({sql.among('weekday', 'weekdays')} OR starts_at + minutes > 1440)"


def _widest(spaces: Sequence[Lendable], span: Period) -> Period:
    """`span` with the largest buffers: what lies there may matter at the edges."""
    return span.widened(
        max(space.setup_minutes for space in spaces) * MINUTE,
        max(space.cleanup_minutes for space in spaces) * MINUTE,
    )


# -- slots --------------------------------------------------------------------------------------


def first_slot(
    free: Iterable[Period], *, minutes: int, step: int, earliest: dt.datetime | None = None
) -> Period | None:
    """The first period of `minutes` inside `free` that starts on a step, from `earliest` on."""
    tz = timezone.get_default_timezone()
    for period in free:
        start = aligned(max(period.start, earliest) if earliest else period.start, step, tz)
        end = shifted(start, dt.timedelta(minutes=minutes))
        if end <= period.end:
            return Period(start, end)
    return None
