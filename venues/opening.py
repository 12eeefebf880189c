"""When a space may be lent: weekly hours, less closures, less what is busy. Pure, given rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .local_time import instant
from .periods import Period, shifted, union

ALWAYS, TERM, HOLIDAYS = "always", "term", "holidays"


class Window(NamedTuple):
    """A weekly window of OpeningHours: local start, and a length that may pass midnight."""

    weekday: int
    starts_at: dt.time
    minutes: int
    season: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None

    def applies(self, day: dt.date, *, holiday: bool) -> bool:
        """Whether this window opens on `day`: its weekday, its season, its dates."""
        return (
            self.weekday == day.weekday()
            and self.season in (ALWAYS, HOLIDAYS if holiday else TERM)
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day <= self.valid_until)
        )

    def on(self, day: dt.date, tz: dt.tzinfo) -> Period:
        """The window as it opens on `day`; both bounds are clock times."""
        start = self.starts_at.hour * 60 + self.starts_at.minute
        return Period(instant(day, tz, start), instant(day, tz, start + self.minutes))


def open_periods(
    windows: Iterable[Window],
    days: Iterable[dt.date],
    *,
    is_holiday: Callable[[dt.date], bool],
    tz: dt.tzinfo,
) -> list[Period]:
    """When the windows that start on `days` are open; those that touch are merged.

    To know what is open *on* a day, pass the days before it too: windows may pass midnight and
    last up to a week (`reach`).
    """
    rows = list(windows)
    return union(
        window.on(day, tz) for day in days for window in rows if window.applies(day, holiday=is_holiday(day))
    )


def reach(windows: Iterable[Window]) -> int:
    """How many days before a day a window may start and still be open on it."""
    longest = max((w.starts_at.hour * 60 + w.starts_at.minute + w.minutes for w in windows), default=0)
    return longest // (24 * 60)


def closed_days(first_on: dt.date, last_on: dt.date, tz: dt.tzinfo) -> Period:
    """A closure, last day included, as a period."""
    return Period(instant(first_on, tz), instant(last_on + dt.timedelta(days=1), tz))


def blocked(busy: Iterable[Period], *, setup: dt.timedelta, cleanup: dt.timedelta) -> list[Period]:
    """The time in which a booking with these buffers cannot lie, given what is busy.

    Its clean-up must end before something busy starts and its set-up begin after it ends; so what
    is busy is widened the other way round.
    """
    return [Period(shifted(p.start, -cleanup), shifted(p.end, setup)) for p in busy]
