"""Template tags of the pages of bookings: weeks, and links to the request form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django import template

from bookings import links
from shareloc.web import formats
from venues.models import Space
from venues.periods import Period

register = template.Library()


@register.filter
def iso_week(monday: dt.date) -> str:
    """`2026-W43`."""
    year, number, _day = monday.isocalendar()
    return f"{year}-W{number:02}"


@register.filter
def week_number(monday: dt.date) -> int:
    return monday.isocalendar().week


register.filter("month_name", formats.month)


@register.simple_tag
def weekdays() -> tuple[str, ...]:
    """`lundi` to `dimanche`."""
    return formats.WEEKDAYS


@register.simple_tag
def ask_link(space: Space, slot: Period, asked: Mapping[str, str]) -> str:
    """The request form with this slot filled in; the head-count of the search is kept."""
    return links.ask(space, slot, asked)


@register.filter
def in_hours(hours: int) -> str:
    """`2 jours`, of 48."""
    return formats.duration(hours * 60)


@register.simple_tag
def half_hours() -> list[str]:
    """`07:00` to `23:30`."""
    return [f"{hour:02}:{minute}" for hour in range(7, 24) for minute in ("00", "30")]
