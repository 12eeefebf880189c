"""When a space may be lent: weekly hours, less closures, less what is busy. Pure, given rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .local_time import days, instant
from .periods import Period, shifted, union, within

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

    @property
    def last_minute(self) -> int:
        """When it closes, in minutes of the clock after the midnight it starts from."""
        return self.starts_at.hour * 60 + self.starts_at.minute + self.minutes

    def on(self, day: dt.date, tz: dt.tzinfo) -> Period:
        """The window as it opens on `day`; both bounds are clock times."""
        return Period(instant(day, tz, self.last_minute - self.minutes), instant(day, tz, self.last_minute))


class Hours:
    """The weekly windows that one school or space keeps. What opens on a day is worked out once.

    `is_holiday` tells the season of a day, `tz` the clock the windows are written in.
    """

    # Days remembered; beyond, everything is forgotten and worked out again.
    MOST_DAYS = 400

    def __init__(
        self, windows: Iterable[Window], *, is_holiday: Callable[[dt.date], bool], tz: dt.tzinfo
    ) -> None:
        self.windows = tuple(windows)
        self._is_holiday, self._tz = is_holiday, tz
        self._by_weekday: dict[int, list[Window]] = defaultdict(list)
        for window in self.windows:
            self._by_weekday[window.weekday].append(window)
        # How many days before a day a window may start and still be open on it.
        self.reach = max((window.last_minute for window in self.windows), default=0) // (24 * 60)
        self._starting: dict[dt.date, list[Period]] = {}
        # The rooms of a lycée mostly share its hours, and are asked about one after another.
        self._last: tuple[Period, tuple[Period, ...]] | None = None

    def opened(self, span: Period) -> tuple[Period, ...]:
        """When it is open within `span`; windows that touch are merged."""
        last = self._last
        if last is None or last[0] != span:
            last = self._last = (span, tuple(within(self.around(span), span)))
        return last[1]

    def around(self, span: Period) -> list[Period]:
        """As `opened`, whole: what is open in `span` may have begun before and go on after it."""
        touched = days(span.start, span.end, self._tz)
        before = [touched[0] - dt.timedelta(days=n) for n in range(self.reach, 0, -1)]
        return union(period for day in [*before, *touched] for period in self.starting(day))

    def covers(self, period: Period) -> bool:
        """Whether it is open all through `period`."""
        return any(opened.covers(period) for opened in self.around(period))

    def starting(self, day: dt.date) -> list[Period]:
        """The windows that open on `day`, whole."""
        if (known := self._starting.get(day)) is not None:
            return known
        if len(self._starting) >= self.MOST_DAYS:
            self._starting.clear()
        holiday = self._is_holiday(day)
        found = [
            window.on(day, self._tz)
            for window in self._by_weekday.get(day.weekday(), ())
            if window.applies(day, holiday=holiday)
        ]
        self._starting[day] = found
        return found


def closed_days(first_on: dt.date, last_on: dt.date, tz: dt.tzinfo) -> Period:
    """A closure, last day included, as a period."""
    return Period(instant(first_on, tz), instant(last_on + dt.timedelta(days=1), tz))


def blocked(busy: Iterable[Period], *, setup: dt.timedelta, cleanup: dt.timedelta) -> list[Period]:
    """The time in which a booking with these buffers cannot lie, given what is busy.

    Its clean-up must end before something busy starts and its set-up begin after it ends; so what
    is busy is widened the other way round.
    """
    return [Period(shifted(p.start, -cleanup), shifted(p.end, setup)) for p in busy]
