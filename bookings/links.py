"""Addresses that carry a time: the search, a space and the request form read the same fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from shareloc.web.addresses import path_of
from venues.models import School, Space
from venues.periods import Period

# What the search of a series and the form of a request both ask.
SERIES = ("weekdays", "start", "end", "first", "until", "every", "skip_holidays", "capacity")


def fields_of(period: Period) -> dict[str, str]:
    """The period as `date`, `start` and `end`; with `until` where it ends later than the next time the clock shows `end`."""
    tz = timezone.get_current_timezone()
    start, end = period.start.astimezone(tz), period.end.astimezone(tz)
    first, last = start.date(), end.date()
    clocks = {"start": start.time().isoformat("minutes"), "end": end.time().isoformat("minutes")}
    fields = {"date": first.isoformat(), **clocks}
    later_days = (last - first).days
    if later_days > 1 or (later_days and end.time() > start.time()):
        fields["until"] = last.isoformat()
    return fields


def ask(space: Space, period: Period, asked: Mapping[str, Any] | None = None) -> str:
    """The request form with this period filled in; the head-count of what was asked is kept."""
    return _address("bookings:ask", space.pk, **fields_of(period), capacity=(asked or {}).get("capacity"))


def check(space: Space, period: Period, asked: Mapping[str, Any] | None = None) -> str:
    """The page of a space, where it says whether this period is free."""
    query = {**fields_of(period), "capacity": (asked or {}).get("capacity")}
    return f"{_address('bookings:space', space.pk, **query)}#verifier"


def ask_series(space: Space, asked: QueryDict) -> str:
    """The request form with the series of a search filled in."""
    kept = [(name, value) for name in SERIES for value in asked.getlist(name) if value]
    return f"{path_of('bookings:ask', space.pk)}?{urlencode(kept)}"


def block(space: Space, period: Period, uai: str) -> str:
    """The form that blocks a room, with this period filled in."""
    return _address("bookings:block_new", uai, salle=space.pk, **fields_of(period))


def in_school(uai: str, period: Period, asked: Mapping[str, Any] | None = None) -> str:
    """The search for the same hours in one lycée."""
    query = {"school": uai, **fields_of(period), "capacity": (asked or {}).get("capacity")}
    return _address("bookings:search", **query)


def around(school: School, period: Period, capacity: int) -> str:
    """The search for the same hours in and near a lycée."""
    near = ",".join(map(str, school.point)) if school.point else ""
    return _address("bookings:search", near=near, **fields_of(period), capacity=capacity)


def _address(name: str, *args: Any, **query: Any) -> str:
    return f"{path_of(name, *args)}?{urlencode({key: value for key, value in query.items() if value})}"
