"""When the time asked would be free after all: the same hours another day, other hours that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from venues.local_time import aligned, days, exists, instant
from venues.models import Space
from venues.periods import Period, shifted

from ..availability import SpaceTime

# On how many days the same hours are looked for.
DAYS = 28
MINUTE, ONE_DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def horizon_days(space: Space) -> int:
    return min(space.horizon_days, settings.REQUEST_HORIZON_DAYS)


def lead(space: Space, sent_at: dt.datetime) -> Period:
    """From when to when a date asked for at `sent_at` may begin; both ends are allowed."""
    return Period(
        sent_at + dt.timedelta(hours=space.notice_hours), sent_at + dt.timedelta(days=horizon_days(space))
    )


def same_hours(time: SpaceTime, space: Space, wanted: Period, *, sent_at: dt.datetime) -> Period | None:
    """The first later day on which the same clock hours are free and may be asked for; None in DAYS days."""
    allowed = lead(space, sent_at)
    for candidate in _on_later_days(wanted, first=max(wanted.start + ONE_DAY, allowed.start)):
        if candidate.start > allowed.end:
            return None
        if candidate.start >= allowed.start and _may_be(time, space, candidate):
            return candidate
    return None


def nearest_start(time: SpaceTime, space: Space, wanted: Period, *, sent_at: dt.datetime) -> Period | None:
    """The free period of that length that begins nearest to the one wanted, the same local day."""
    return next(nearest_starts(time, space, wanted, sent_at=sent_at), None)


def nearest_starts(
    time: SpaceTime, space: Space, wanted: Period, *, sent_at: dt.datetime
) -> Iterator[Period]:
    """The free periods of that length, the same local day; those that begin nearest to the one wanted first."""
    if not _may_last(space, wanted):
        return
    starts = _starts(time, space, wanted, lead(space, sent_at))
    for start in sorted(starts, key=lambda start: (abs(start - wanted.start), start)):
        yield Period(start, shifted(start, wanted.length))


def may_be(time: SpaceTime, space: Space, period: Period, *, sent_at: dt.datetime) -> bool:
    """Whether the space is free then, and may be asked for at that moment."""
    allowed = lead(space, sent_at)
    return allowed.start <= period.start <= allowed.end and _may_be(time, space, period)


def _on_later_days(wanted: Period, *, first: dt.datetime) -> Iterator[Period]:
    """The same clock time on each day from `first` on, where the clocks show it that day."""
    tz = timezone.get_default_timezone()
    local = wanted.start.astimezone(tz)
    day, length = first.astimezone(tz).date(), wanted.length
    for ahead in range(DAYS):
        naive = dt.datetime.combine(day + ahead * ONE_DAY, local.time())
        if exists(naive, tz):
            start = instant(naive.date(), tz, local.hour * 60 + local.minute)
            yield Period(start, start + length)


def _may_be(time: SpaceTime, space: Space, period: Period) -> bool:
    return _may_last(space, period) and _begins_on_a_step(space, period) and time.is_free(period)


def _may_last(space: Space, period: Period) -> bool:
    return space.min_minutes * MINUTE <= period.length <= space.max_minutes * MINUTE


def _begins_on_a_step(space: Space, period: Period) -> bool:
    return aligned(period.start, space.step_minutes, timezone.get_default_timezone()) == period.start


def _starts(time: SpaceTime, space: Space, wanted: Period, allowed: Period) -> Iterator[dt.datetime]:
    """Every moment of that day at which a period as long as the one wanted could begin."""
    tz = timezone.get_default_timezone()
    day = days(wanted.start, wanted.end, tz)[0]
    first = max(instant(day, tz), allowed.start)
    last = min(instant(day + ONE_DAY, tz) - MINUTE, allowed.end)
    for part in time.free:
        # A span of months has hundreds of free parts, in order; those of the day are a few.
        if part.end <= first:
            continue
        if part.start > last:
            break
        start = aligned(max(part.start, first), space.step_minutes, tz)
        until = min(last, shifted(part.end, -wanted.length))
        while start <= until:
            yield start
            start = aligned(start + MINUTE, space.step_minutes, tz)
