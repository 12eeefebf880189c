"""The school takes back its rooms for a while: blocked, changed and unblocked, each in one transaction.

A block is the rows of `BusyTime` made together, told by their `series`: one a room and date. What a block
touches is found by `workflow.due.block`, called once it is written; `run_due` finds what that missed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from venues.local_time import instant
from venues.models import BusyTime, School, Space
from venues.periods import Period

from .workflow import due

DAY = dt.timedelta(days=1)
# What a change may alter of a row.
CHANGED = ["start_at", "end_at", "reason"]


class Plan(NamedTuple):
    """Rooms to block, when, and why: the reason stays in the school."""

    spaces: Sequence[Space]
    periods: Sequence[Period]
    reason: str


def period_on(day: dt.date, start: dt.time, end: dt.time, *, last: dt.date | None = None) -> Period | None:
    """From `start` on that day to `end` on the last, or the next time the clock shows it.

    Hours that the clocks skip move forward, as opening hours do; None where nothing is left then.
    """
    last = last or day
    if last == day and end <= start:
        last += DAY
    tz = timezone.get_default_timezone()
    period = Period(instant(day, tz, _minutes(start)), instant(last, tz, _minutes(end)))
    return period if period.start < period.end else None


def at_other_hours(period: Period, start: dt.time, end: dt.time) -> Period | None:
    """The same days at other hours."""
    first = timezone.localdate(period.start)
    return period_on(first, start, end, last=last_day(period))


def last_day(period: Period) -> dt.date | None:
    """The day it ends on; None where its hours alone say that, as those of a night or of one whole day do."""
    first, last = (timezone.localtime(moment) for moment in period)
    plain = period_on(first.date(), first.time(), last.time())
    return None if plain == period else last.date()


def _minutes(clock: dt.time) -> int:
    return clock.hour * 60 + clock.minute


# -- which rows ---------------------------------------------------------------------------------


def same_date(row: BusyTime) -> QuerySet[BusyTime]:
    """The rows of this block at this time: one a room."""
    if row.series is None:
        return BusyTime.objects.filter(pk=row.pk)
    return _of_series(row.school, row.series).filter(start_at=row.start_at, end_at=row.end_at)


def to_come(row: BusyTime, *, at: dt.datetime) -> QuerySet[BusyTime]:
    """The rows of this block that are not over."""
    rows = same_date(row) if row.series is None else _of_series(row.school, row.series)
    return rows.filter(end_at__gt=at)


def _of_series(school: School, series: uuid.UUID) -> QuerySet[BusyTime]:
    return BusyTime.objects.filter(school=school, series=series)


# -- what is done to them -----------------------------------------------------------------------


def block(school: School, plan: Plan, *, series: uuid.UUID) -> BusyTime:
    """Block these rooms at these times; the same series sent twice is blocked once. Returns its first row."""
    with transaction.atomic():
        _lock(school)
        if not _of_series(school, series).exists():
            BusyTime.objects.bulk_create(
                BusyTime(
                    space=space, start_at=period.start, end_at=period.end, reason=plan.reason, series=series
                )
                for period in plan.periods
                for space in plan.spaces
            )
    due.block()
    return _of_series(school, series).order_by("start_at", "pk")[0]


def change(
    school: School,
    rows: QuerySet[BusyTime],
    *,
    spaces: Iterable[Space],
    moved: Callable[[Period], Period | None],
    reason: str,
) -> BusyTime | None:
    """Give each date of these rows its new time, rooms and reason; rows that stay keep their number.

    Returns the first row; None where somebody took them all away meanwhile.
    """
    with transaction.atomic():
        _lock(school)
        kept = [row for same in _by_date(rows) for row in _changed(same, spaces, moved, reason)]
        rows.exclude(pk__in=[row.pk for row in kept if row.pk]).delete()
        BusyTime.objects.bulk_update([row for row in kept if row.pk], CHANGED)
        BusyTime.objects.bulk_create([row for row in kept if not row.pk])
    due.block()
    return min(kept, key=lambda row: (row.start_at, row.pk), default=None)


def unblock(school: School, rows: QuerySet[BusyTime]) -> int:
    """Free what these rows held. Returns how many dates that were."""
    with transaction.atomic():
        _lock(school)
        dates = rows.order_by().values_list("start_at", "end_at").distinct().count()
        rows.delete()
    due.block()
    return dates


def _lock(school: School) -> None:
    """One at a time changes what a school blocks."""
    School.objects.select_for_update().get(pk=school.pk)


def _by_date(rows: QuerySet[BusyTime]) -> list[list[BusyTime]]:
    dates: dict[Period, list[BusyTime]] = defaultdict(list)
    for row in rows.order_by("start_at", "pk"):
        dates[Period(row.start_at, row.end_at)].append(row)
    return list(dates.values())


def _changed(
    same: list[BusyTime],
    spaces: Iterable[Space],
    moved: Callable[[Period], Period | None],
    reason: str,
) -> list[BusyTime]:
    """The rows of one date as they are to be."""
    period = moved(Period(same[0].start_at, same[0].end_at))
    if period is None:
        return []
    series = same[0].series or uuid.uuid4()
    there = {row.space_id: row for row in same}
    rows = [there.get(space.pk) or BusyTime(space=space, series=series) for space in spaces]
    for row in rows:
        row.start_at, row.end_at, row.reason = period.start, period.end, reason
    return rows
