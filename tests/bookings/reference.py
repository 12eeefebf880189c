"""The slow, obviously right answer to “is this space free?”, minute by minute, one query a fact."""

from __future__ import annotations

import datetime as dt

from bookings.models import Claim
from tests.factories import PARIS
from venues.models import BusyTime, Closure, OpeningHours, Space
from venues.periods import Period
from venues.school_calendar import is_holiday

MINUTE = dt.timedelta(minutes=1)


def is_open(space: Space, moment: dt.datetime) -> bool:
    """Whether a window is open at that minute, by going back through the days it may have started on."""
    local = moment.astimezone(PARIS)
    rows = OpeningHours.objects.filter(space=space)
    if not rows.exists():
        rows = OpeningHours.objects.filter(space=None, school=space.school_id)
    return any(
        _covers(row, local.date() - dt.timedelta(days=back), moment) for back in range(9) for row in rows
    )


def _covers(row: OpeningHours, day: dt.date, moment: dt.datetime) -> bool:
    season = "holidays" if is_holiday(day, "B") else "term"
    if row.weekday != day.weekday() or row.season not in ("always", season):
        return False
    if (row.valid_from and day < row.valid_from) or (row.valid_until and day > row.valid_until):
        return False
    start = dt.datetime.combine(day, row.starts_at)
    end = start + row.minutes * MINUTE
    instants = [naive.replace(tzinfo=PARIS).astimezone(dt.UTC) for naive in (start, end)]
    return instants[0] <= moment < instants[1]


def is_closed(space: Space, moment: dt.datetime) -> bool:
    day = moment.astimezone(PARIS).date()
    units = set(space.units.values_list("pk", flat=True))
    return any(
        closure.space is None or units & set(closure.space.units.values_list("pk", flat=True))
        for closure in Closure.objects.filter(school=space.school_id, first_on__lte=day, last_on__gte=day)
    )


def is_occupied(space: Space, moment: dt.datetime) -> bool:
    """Whether a lesson or a claim lies on one of its units at that minute."""
    units = set(space.units.values_list("pk", flat=True))
    lessons = BusyTime.objects.filter(start_at__lte=moment, end_at__gt=moment)
    return Claim.objects.filter(unit__in=units, start_at__lte=moment, end_at__gt=moment).exists() or any(
        units & set(lesson.space.units.values_list("pk", flat=True)) for lesson in lessons
    )


def is_free(space: Space, period: Period, *, step: int = 15) -> bool:
    """Whether a booking of `period` could be promised; looks every `step` minutes, to which data keep."""
    inside = list(_moments(period, step))
    around = _moments(period.widened(space.setup_minutes * MINUTE, space.cleanup_minutes * MINUTE), step)
    return (
        all(is_open(space, moment) for moment in inside)
        and not any(is_closed(space, moment) for moment in inside)
        and not any(is_occupied(space, moment) for moment in around)
    )


def _moments(period: Period, step: int) -> list[dt.datetime]:
    start, end = period.start.astimezone(dt.UTC), period.end.astimezone(dt.UTC)
    return [start + n * step * MINUTE for n in range(int((end - start) / (step * MINUTE)))]
