"""A calendar month of one space, as the public sees it."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from venues.models import Space
from venues.periods import Period

from .. import availability
from ..week import FARTHEST, Day, Hours, LocalDays, days_of


@dataclass(frozen=True)
class Month:
    """Its days, from the first to the last."""

    first: dt.date
    days: list[Day]

    @property
    def weeks(self) -> list[list[Day | None]]:
        """Rows from Monday to Sunday, with None where the month has not begun or is over."""
        before: list[Day | None] = [None] * self.first.weekday()
        after: list[Day | None] = [None] * (6 - self.days[-1].date.weekday())
        cells = [*before, *self.days, *after]
        return [cells[n : n + 7] for n in range(0, len(cells), 7)]

    @property
    def first_slot(self) -> Period | None:
        """The first time in it that can be asked for."""
        slots = (stretch.slot for day in self.days for stretch in day.stretches)
        return next((slot for slot in slots if slot), None)

    @property
    def previous(self) -> dt.date:
        return (self.first - dt.timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> dt.date:
        return self.days[-1].date + dt.timedelta(days=1)

    @property
    def is_past(self) -> bool:
        return self.days[-1].is_past


def month(space: Space, first: dt.date, *, now: dt.datetime, asked: Hours | None = None) -> Month:
    """The month that begins on `first`, in the statements of `availability.load`; `asked`: the hours somebody looks for."""
    local = LocalDays(first, length_of(first))
    time = availability.load([space], local.span)[space.pk]
    return Month(first, days_of(space, time, local, now=now, asked=asked))


def length_of(first: dt.date) -> int:
    """How many days the month of this day has."""
    return calendar.monthrange(first.year, first.month)[1]


def first_of(text: str, *, today: dt.date) -> dt.date:
    """The first day of `2026-11`, of the month of `2026-11-26`, or of this month where the text means nothing."""
    day = _parsed(text) or today
    if abs(day - today) > FARTHEST:
        day = today
    return day.replace(day=1)


def _parsed(text: str) -> dt.date | None:
    for candidate in (text, f"{text}-01"):
        try:
            return dt.date.fromisoformat(candidate)
        except ValueError:
            continue
    return None
