"""When spaces are free: hours, less closures, less lessons, less claims, buffers taken off.

`load` reads everything about some spaces over a span in three statements, whatever their number;
what it returns answers without the database.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from django.conf import settings
from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.utils import timezone

from venues.local_time import aligned, days, instant
from venues.models import BusyTime, Closure, OpeningHours
from venues.opening import Window, blocked, closed_days, open_periods, reach
from venues.periods import Period, minus, shifted, within
from venues.school_calendar import is_holiday

from .models import Claim

MINUTE = dt.timedelta(minutes=1)
# Stands for "no occurrence": what occupies the space is the school's own use.
NO_OCCURRENCE = 0


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
    windows: list[Window]
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
    def open(self) -> list[Period]:
        """Opening hours in the span, closures not yet taken off."""
        return self.opening(zone_holiday)

    def opening(self, holiday: Callable[[dt.date], bool]) -> list[Period]:
        """Opening hours in the span if `holiday` told which days are holidays."""
        tz = timezone.get_default_timezone()
        before = dt.timedelta(days=reach(self.windows))
        started = days(self.span.start - before, self.span.end, tz)
        return within(open_periods(self.windows, started, is_holiday=holiday, tz=tz), self.span)

    @cached_property
    def free(self) -> list[Period]:
        """What can be asked for, own buffers already taken off."""
        return self.free_ignoring(())

    def free_ignoring(self, occurrences: Iterable[int]) -> list[Period]:
        """`free` if these dates held no claim (a date that moves ignores its own)."""
        ignored = set(occurrences)
        taken = self.busy + [held.period for held in self.held if held.occurrence_id not in ignored]
        closed = [closure.period for closure in self.closures]
        return minus(self.open, [*closed, *blocked(taken, setup=self.setup, cleanup=self.cleanup)])

    @cached_property
    def taken(self) -> list[Period]:
        """Opening hours that cannot be asked for."""
        return minus(self.open, self.free)


def zone_holiday(day: dt.date) -> bool:
    return is_holiday(day, settings.HOLIDAY_ZONE)


def load(spaces: Sequence[Lendable], span: Period) -> dict[int, SpaceTime]:
    """What decides when each of these spaces is free over `span`, by space id."""
    ids = [space.pk for space in spaces]
    windows = load_windows(spaces)
    times = {space.pk: SpaceTime(space, span, windows[space.pk]) for space in spaces}
    _add_closures(times, spaces, span)
    for space_id, start, end, occurrence_id in occupied(ids, _widest(spaces, span)):
        if occurrence_id == NO_OCCURRENCE:
            times[space_id].busy.append(Period(start, end))
        else:
            times[space_id].held.append(Held(Period(start, end), occurrence_id))
    return times


def _widest(spaces: Sequence[Lendable], span: Period) -> Period:
    """`span` with the largest buffers: what lies there may matter at the edges."""
    return span.widened(
        max((space.setup_minutes for space in spaces), default=0) * MINUTE,
        max((space.cleanup_minutes for space in spaces), default=0) * MINUTE,
    )


def load_windows(spaces: Sequence[Lendable]) -> dict[int, list[Window]]:
    """The weekly windows of each space: its own, or those of its school."""
    found = hours_by_owner(
        OpeningHours.objects.filter(
            Q(space__isnull=True, school__in={space.school_id for space in spaces})
            | Q(space__in=[space.pk for space in spaces])
        )
    )
    return {
        space.pk: found.get((None, space.pk)) or found.get((space.school_id, None), []) for space in spaces
    }


def hours_by_owner(hours: QuerySet[OpeningHours]) -> dict[Owner, list[Window]]:
    """Weekly windows by whose they are: one statement."""
    found: dict[Owner, list[Window]] = defaultdict(list)
    for school_id, space_id, *window in hours.order_by().values_list(
        "school_id", "space_id", *Window._fields
    ):
        owner = (school_id, None) if space_id is None else (None, space_id)
        found[owner].append(Window._make(window))
    return found


def _add_closures(times: dict[int, SpaceTime], spaces: Sequence[Lendable], span: Period) -> None:
    """Closures of the school touch all its spaces; those of a space, all that share its units."""
    tz = timezone.get_default_timezone()
    local = days(span.start, span.end, tz)
    rows = (
        Closure.objects.filter(first_on__lte=local[-1], last_on__gte=local[0])
        .filter(
            Q(space__isnull=True, school__in={space.school_id for space in spaces})
            | Q(space__units__spaces__in=list(times))
        )
        .order_by("first_on", "pk")
        .values_list("school_id", "space_id", "space__units__spaces", "first_on", "last_on", "reason")
        .distinct()
    )
    by_school: dict[int, list[int]] = defaultdict(list)
    for space in spaces:
        by_school[space.school_id].append(space.pk)
    for school_id, space_id, touched, first_on, last_on, reason in rows:
        closure = ClosedDays(closed_days(first_on, last_on, tz), reason)
        for pk in by_school[school_id] if space_id is None else [touched]:
            if pk in times:
                times[pk].closures.append(closure)


def occupied(ids: list[int], span: Period) -> Iterable[tuple[int, dt.datetime, dt.datetime, int]]:
    """(space, start, end, occurrence) of lessons and claims, felt by every space that shares a unit."""
    then = {"start_at__lt": span.end, "end_at__gt": span.start}
    lessons = (
        BusyTime.objects.filter(space__units__spaces__in=ids, **then)
        .annotate(occurrence=Value(NO_OCCURRENCE, BigIntegerField()))
        .order_by()
        .values_list("space__units__spaces", "start_at", "end_at", "occurrence")
    )
    claims = (
        Claim.objects.filter(unit__spaces__in=ids, **then)
        .order_by()
        .values_list("unit__spaces", "start_at", "end_at", "occurrence_id")
    )
    return lessons.union(claims)


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


def same_time_later(time: SpaceTime, wanted: Period, *, days_ahead: int) -> Period | None:
    """The next day on which `wanted` would be free at the same clock time."""
    tz = timezone.get_default_timezone()
    local = wanted.start.astimezone(tz)
    length = wanted.end - wanted.start
    for ahead in range(1, days_ahead + 1):
        start = instant(local.date() + dt.timedelta(days=ahead), tz, local.hour * 60 + local.minute)
        candidate = Period(start, start + length)
        if any(period.covers(candidate) for period in time.free):
            return candidate
    return None
