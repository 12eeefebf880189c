"""Template tags of the pages of bookings: weeks, links to the request form and between the searches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bookings import links, planner
from shareloc.web import formats, looks
from venues import pricing
from venues.models import School, Space
from venues.periods import Period

from ..filters import SHARED
from ..forms.carrying import as_date, as_moments, as_series
from ..forms.changes import write_period
from ..models import BookingRequest, Occurrence
from ..states import AWAITING, OccurrenceState, RequestState
from ..week import Day, Week

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


@register.filter
def duration_of(date: Occurrence) -> str:
    """`2 h`, `26 h`: elapsed hours, never in days."""
    return pricing.in_hours(date.period.length // pricing.MINUTE)


@register.inclusion_tag("web/state_badge.html")
def request_badge(asked: BookingRequest, dates: int, still_open: int, outcome: str) -> dict[str, Any]:
    """The state of a request; one sent says when some of its dates are decided and others are not.

    One decided of which no date is left says what became of them (`outcome`).
    """
    look = looks.of_state(asked.state)
    if asked.state in AWAITING and still_open < dates:
        return {"label": _("En partie décidée"), "look": look._replace(icon="hourglass-split")}
    if asked.state == RequestState.DECIDED and outcome:
        look = looks.of_state(outcome)
    return {"label": request_word(asked, outcome), "look": look}


@register.simple_tag
def request_word(asked: BookingRequest, outcome: str) -> str:
    """The state of a request in a word, what became of its dates where that says more."""
    if asked.state == RequestState.DECIDED and outcome:
        return str(OccurrenceState(outcome).label)
    return str(asked.get_state_display())


# The icon and word of each state of a stretch of time.
SLOTS: dict[str, tuple[str, Any]] = {
    "free": ("check-circle-fill", _("Libre")),
    "taken": ("lock", _("Occupé")),
    "held": ("arrow-left-right", _("Proposé")),
    "pending": ("hourglass-split", _("Demandé")),
    "lesson": ("mortarboard", _("Lycée")),
}


@register.filter
def slot_icon(state: str) -> str:
    return SLOTS[state][0]


@register.filter
def slot_word(state: str) -> str:
    return str(SLOTS[state][1])


@register.filter
def day_looks(day: Day) -> str:
    """The classes of a day's cell in the planner."""
    looks = (("is-today", day.is_today), ("is-over", day.is_past), ("is-empty", day.is_empty))
    return " ".join(name for name, holds in looks if holds)


@register.filter
def empty_cell(day: Day) -> SafeString:
    """A day of the planner on which there is nothing: most days of most rooms."""
    return _empty_cell(get_language(), day_looks(day), day.is_past)


@lru_cache(maxsize=50)
def _empty_cell(_language: str | None, looks: str, is_past: bool) -> SafeString:
    return SafeString(
        render_to_string("bookings/planning_empty.html", {"looks": looks, "is_past": is_past}).strip()
    )


@register.simple_tag
def month_cells(row: planner.Row) -> SafeString:
    """The days of a room's month, a cell each."""
    language = get_language()
    return SafeString(
        "".join(
            _cell(language, day.date, tuple(tallies), day.closure is not None, day.is_today, day.is_past)
            for day, tallies in row.tallies
        )
    )


@lru_cache(maxsize=2000)
def _cell(
    _language: str | None,
    date: dt.date,
    tallies: tuple[planner.Tally, ...],
    closed: bool,
    is_today: bool,
    is_past: bool,
) -> str:
    # Seven hundred cells a page, and few of them differ.
    said = {"date": date, "tallies": tallies, "closed": closed, "is_today": is_today, "is_past": is_past}
    return render_to_string("bookings/planning_cell.html", said)


@register.simple_tag
def plan_cells(days: Iterable[tuple[str, tuple[tuple[str, str], ...]]]) -> SafeString:
    """The days of a room's week, a cell each: (head, what is said of it)."""
    return SafeString("".join(_plan_cell(head, said) for head, said in days))


@lru_cache(maxsize=2000)
def _plan_cell(head: str, said: tuple[tuple[str, str], ...]) -> str:
    return render_to_string("bookings/plan_cell.html", {"head": head, "said": said})


@register.simple_tag
def week_drawing(week: Week) -> planner.Drawing:
    """The week of a room as `bookings/plan.html` draws it."""
    return planner.of_days(week.days)


@register.simple_tag
def weekdays() -> tuple[str, ...]:
    """`lundi` to `dimanche`."""
    return formats.words().weekdays


@register.simple_tag
def ask_link(space: Space, slot: Period, asked: Mapping[str, str]) -> str:
    """The request form with this slot filled in; the head-count of the search is kept."""
    return links.ask(space, slot, asked)


@register.simple_tag
def school_link(school: School, period: Period, attendees: object) -> str:
    """The search in another lycée at the same time."""
    return links.in_school(school.uai, period, {"capacity": attendees})


@register.filter
def moment_value(period: Period) -> str:
    """A period as a button of the request form carries it."""
    return write_period(period)


@register.filter
def ids_value(spaces: Iterable[Space]) -> str:
    """Spaces as a button of the request form carries them."""
    return ",".join(str(space.pk) for space in spaces)


@register.simple_tag
def block_link(space: Space, period: Period, uai: str) -> str:
    """The form that blocks a room, with this period filled in."""
    return links.block(space, period, uai)


@register.filter
def in_hours(hours: int) -> str:
    """`2 jours`, of 48."""
    return formats.duration(hours * 60)


@register.simple_tag
def half_hours() -> list[str]:
    """`07:00` to `23:30`."""
    return [f"{hour:02}:{minute}" for hour in range(7, 24) for minute in ("00", "30")]


# -- the searches -------------------------------------------------------------------------------

# What the search of equipment understands of the others, and they of it: its kinds are others.
OF_EQUIPMENT = ("q", "within_km", "school")
SEARCHES = (
    ("search", _("À une date"), SHARED, as_date),
    ("flexible", _("Quand c’est possible"), SHARED, as_moments),
    ("series", _("Chaque semaine"), SHARED, as_series),
    ("equipment", _("Matériel"), OF_EQUIPMENT, as_date),
)


@register.inclusion_tag("bookings/search_tabs.html", takes_context=True)
def search_tabs(context: Context, here: str) -> dict[str, Any]:
    """The searches as links that keep place, filters and time as far as they share them; `here`, the one shown, begins anew."""
    asked = context["request"].GET
    known = next(names for name, _label, names, _time in SEARCHES if name == here)
    tabs = []
    for name, label, names, time_of in SEARCHES:
        shared = [one for one in names if one in known]
        time = {} if name == here else time_of(asked)
        tabs.append((name, label, _with_kept(name, asked, shared, time)))
    return {"here": here, "tabs": tabs}


def _with_kept(search: str, asked: QueryDict, names: Iterable[str], time: Mapping[str, Any]) -> str:
    """The address of a search, asking what was asked so far under these names, at this time."""
    shared = {name: values for name in names if (values := [*filter(None, asked.getlist(name))])}
    kept = urlencode({**shared, **time}, doseq=True)
    address = reverse(f"bookings:{search}")
    return f"{address}?{kept}" if kept else address
