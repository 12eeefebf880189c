"""The dates of a rule: every week or every n weeks, on chosen weekdays, until a day. Pure: no Django, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dateutil import rrule

WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


@dataclass(frozen=True)
class Weekly:
    """From `first` to `until`, both included, on these weekdays (0 is Monday; none: that of `first`).

    Weeks begin on Monday (RFC 5545, WKST): every second week counts from the week of `first`.
    """

    first: dt.date
    until: dt.date
    weekdays: tuple[int, ...] = ()
    every: int = 1

    def days(self, *, skip: Callable[[dt.date], bool] | None = None) -> Iterator[dt.date]:
        """The days of the rule in order, without those that `skip` leaves out."""
        for moment in self._rule():
            day = moment.date()
            if skip is None or not skip(day):
                yield day

    @property
    def text(self) -> str:
        """The rule as RFC 5545 writes it: `FREQ=WEEKLY;…`."""
        on = ",".join(str(WEEKDAYS[weekday]) for weekday in self._weekdays)
        return f"FREQ=WEEKLY;INTERVAL={self.every};BYDAY={on};UNTIL={self.until:%Y%m%d}"

    @property
    def _weekdays(self) -> tuple[int, ...]:
        return tuple(sorted(set(self.weekdays))) or (self.first.weekday(),)

    def _rule(self) -> rrule.rrule:
        return rrule.rrule(
            rrule.WEEKLY,
            dtstart=dt.datetime.combine(self.first, dt.time()),
            until=dt.datetime.combine(self.until, dt.time()),
            interval=self.every,
            byweekday=[WEEKDAYS[weekday] for weekday in self._weekdays],
            wkst=rrule.MO,
        )
