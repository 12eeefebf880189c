"""The dates of a rule: every week or every n weeks, on chosen weekdays, until a day. Pure: no Django, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dateutil import rrule

WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
# The month with whose first week a school year begins.
SEPTEMBER = 9


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

    @classmethod
    def read(cls, text: str, *, first: dt.date) -> Weekly | None:
        """The rule that `text` wrote, from `first` on; None for a text that no such rule writes."""
        parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
        names = {str(weekday): n for n, weekday in enumerate(WEEKDAYS)}
        try:
            weekdays = tuple(names[name] for name in parts["BYDAY"].split(","))
            until = dt.date.fromisoformat(parts["UNTIL"])
            return cls(first, until, weekdays, int(parts["INTERVAL"]))
        except (KeyError, ValueError):
            return None

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


# -- school years -------------------------------------------------------------------------------


def school_year(day: dt.date) -> int:
    """The year in which the school year of this day began: with the week of the first of September."""
    return day.year if day >= _first_monday(day.year) else day.year - 1


def in_school_year(day: dt.date, year: int) -> dt.date:
    """The same weekday in the same week of another school year."""
    return day + (_first_monday(year) - _first_monday(school_year(day)))


def _first_monday(year: int) -> dt.date:
    """The Monday of the week in which September begins."""
    first = dt.date(year, SEPTEMBER, 1)
    return first - dt.timedelta(days=first.weekday())
