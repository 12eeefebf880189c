"""Local clock times as instants, clock changes included. Pure.

A local time skipped in spring is read with the offset before the change (RFC 5545, 3.3.5), so it
moves forward; a local time that comes twice in autumn is the first of the two.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

MIDNIGHT = dt.time()


def exists(naive: dt.datetime, tz: dt.tzinfo) -> bool:
    """Whether the clocks of `tz` ever show this local time."""
    there_and_back = naive.replace(tzinfo=tz).astimezone(dt.UTC).astimezone(tz)
    return there_and_back.replace(tzinfo=None, fold=0) == naive.replace(fold=0)


@lru_cache(maxsize=10_000)
def instant(day: dt.date, tz: dt.tzinfo, minutes: int = 0) -> dt.datetime:
    """UTC instant of the local clock time `minutes` after midnight of `day` (may be over a day later)."""
    naive = dt.datetime.combine(day, MIDNIGHT) + dt.timedelta(minutes=minutes)
    return naive.replace(tzinfo=tz).astimezone(dt.UTC)


def minutes_into_day(moment: dt.datetime, tz: dt.tzinfo) -> int:
    """Minutes the local clock shows, counted from its 00:00; seconds count as a minute begun."""
    local = moment.astimezone(tz)
    return local.hour * 60 + local.minute + (1 if local.second or local.microsecond else 0)


def aligned(moment: dt.datetime, step: int, tz: dt.tzinfo) -> dt.datetime:
    """The first instant from `moment` on at which the local clock shows a multiple of `step` minutes."""
    minutes = minutes_into_day(moment, tz)
    if minutes % step == 0 and not (moment.second or moment.microsecond):
        return moment
    utc = moment.astimezone(dt.UTC).replace(second=0, microsecond=0)
    candidate = utc + dt.timedelta(minutes=minutes - minutes_into_day(utc, tz) + -minutes % step)
    if minutes_into_day(candidate, tz) % step == 0:
        return candidate
    return _minute_by_minute(utc, moment, step, tz)


def _minute_by_minute(utc: dt.datetime, moment: dt.datetime, step: int, tz: dt.tzinfo) -> dt.datetime:
    """`aligned` where the clock jumps on the way."""
    while utc < moment or minutes_into_day(utc, tz) % step:
        utc += dt.timedelta(minutes=1)
    return utc


def days(start: dt.datetime, end: dt.datetime, tz: dt.tzinfo) -> list[dt.date]:
    """The local days that `[start, end)` touches."""
    first = start.astimezone(tz).date()
    last = (end - dt.timedelta(microseconds=1)).astimezone(tz).date()
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
