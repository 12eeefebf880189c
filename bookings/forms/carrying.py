"""The time asked of one search, in the words of another, and of the request form."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from venues.weekly import minutes_between

from ..filters.flexible import LEAST_MINUTES, MOST_MINUTES
from ..moments import Weekday, numbers
from ..week import FARTHEST, Hours
from .searching import ClockField

HOURS = ("start", "end")
WEEK = 7


def as_date(asked: QueryDict) -> dict[str, Any]:
    """One date: the one that was asked for, or the first of a series. Hours mean nothing without a day."""
    if asked.get("date"):
        return _kept(asked, "date", *HOURS, "until")
    first = _day(asked.get("first", ""))
    if first is None:
        return {}
    return {"date": _first_of(first, asked.getlist("weekdays")).isoformat(), **_kept(asked, *HOURS)}


def as_series(asked: QueryDict) -> dict[str, Any]:
    """Every week: on the day of the date that was asked for, and from that day on."""
    hours = _kept(asked, *HOURS)
    if not asked.get("date"):
        weekdays = asked.getlist("weekdays")
        return {**({"weekdays": weekdays} if weekdays else {}), **hours, **_kept(asked, "first")}
    day = _day(str(asked["date"]))
    if day is None:
        return hours
    return {"weekdays": [Weekday.values[day.weekday()]], **hours, "first": day.isoformat()}


def as_moments(asked: QueryDict) -> dict[str, Any]:
    """Any day at these hours, from the date that was asked for on; of a series, its days."""
    minutes = _minutes(asked)
    names = {"first"} if minutes is None else {"first", *HOURS}
    if not asked.get("date") and minutes is not None:
        names.add("weekdays")
    kept = {name: value for name, value in as_series(asked).items() if name in names}
    return kept if minutes is None else {"minutes": str(minutes), **kept}


def asked_hours(asked: QueryDict) -> Hours | None:
    """The hours of one day that were asked for, if any."""
    start, end = (_clock(asked.get(name, "")) for name in HOURS)
    if start is None or end is None or asked.get("until", "") not in ("", asked.get("date")):
        return None
    return Hours(start, end)


def _kept(asked: QueryDict, *names: str) -> dict[str, Any]:
    return {name: asked[name] for name in names if asked.get(name)}


def _first_of(first: dt.date, weekdays: list[str]) -> dt.date:
    """The first day from then on that is one of these."""
    chosen = numbers(weekdays) or (first.weekday(),)
    return first + dt.timedelta(days=min((number - first.weekday()) % WEEK for number in chosen))


def _day(text: str) -> dt.date | None:
    """None of what is no day, or one that nobody can mean."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day - timezone.localdate()) <= FARTHEST else None


def _minutes(asked: QueryDict) -> int | None:
    """From one hour to the other, where a search at certain moments may last so long."""
    start, end = (_clock(asked.get(name, "")) for name in HOURS)
    if start is None or end is None:
        return None
    length = minutes_between(start, end)
    return length if LEAST_MINUTES <= length <= MOST_MINUTES else None


def _clock(text: str) -> dt.time | None:
    try:
        return ClockField(required=False).clean(text)
    except ValidationError:
        return None
