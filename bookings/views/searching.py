"""The search: a form, and what answers as a list, on a map or week by week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shareloc.web import formats
from venues import maps
from venues.gazetteer import Answer
from venues.models import School, Space
from venues.periods import within

from .. import alerts, moments, nearest, pricing, week, why, wording
from ..answers import usual_days
from ..forms import SearchPageFilter
from ..moments import Usual
from ..nearest import Way
from ..search import Hit, Part, Place, Results, TimesResults, When
from .cards import Card
from .suggesting import changed

# A lycée has a hundred rooms at most; more than these nobody reads.
MOST_ROOMS = 100
# What a link to a room keeps of the search, so that the request form starts with it.
KEPT = ("date", "until", "start", "end", "capacity")


# Lycées on a page of the map's list.
SCHOOLS_PAGE = 20


class View(TextChoices):
    """Three ways to look at one question; the list unless another is asked for."""

    LIST = "liste", gettext_lazy("Liste")
    MAP = "carte", gettext_lazy("Carte")
    CALENDAR = "calendrier", gettext_lazy("Calendrier")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filters = SearchPageFilter(request.GET)
    view = request.GET.get("vue", "")
    view = view if view in View.values else View.LIST
    context: dict[str, Any] = {"filters": filters, "form": filters.form, "view": view, "views": View.choices}
    if not filters.is_valid() and "HX-Request" in request.headers:
        # Half typed: what is shown stays until the form is sent.
        return HttpResponse(status=204)
    if filters.is_valid():
        context |= SHOWN[View(view)](request, filters)
    response = render(request, "bookings/search.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


# -- the list -----------------------------------------------------------------------------------


def _list(request: HttpRequest, filters: SearchPageFilter) -> dict[str, Any]:
    results = filters.results(now=timezone.now(), features=False)
    # Results counts and slices itself, which is all a paginator needs.
    shown: Page[Hit] = Paginator(cast(Any, results), settings.SEARCH_PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    hits = list(shown)
    unknown_place = results.answer is not None and results.answer.place is None
    return {
        "page": shown,
        **_said(request, results),
        "cards": _cards(hits, results.question.when, request),
        "ways": [] if unknown_place else _ways(filters, results),
        "not_free": _not_free(filters, results),
        "alert_query": "" if hits or unknown_place else alerts.canonical(filters),
    }


def _said(request: HttpRequest, results: Results) -> dict[str, Any]:
    """What is said of the answer above list and map."""
    named = wording.named(results.answer)
    return {
        "sentence": wording.results(len(results), results.question, named),
        "by_distance": results.centre is not None,
        **place(request, results.answer, results.question.place),
    }


def _cards(hits: list[Hit], when: When | None, request: HttpRequest) -> list[Card]:
    """The rooms of a page: one statement for all prices, one for how soon their schools answer."""
    prices = pricing.ranges(hit.space for hit in hits)
    days = usual_days({hit.space.school_id for hit in hits}) if hits else {}
    return [
        Card(
            space=hit.space,
            distance_km=hit.distance_km,
            url=room_url(hit.space, request, KEPT),
            when=_when_free(hit, when),
            bars=tuple(_bars(hit, when)),
            price=prices[hit.space.pk],
            answers=wording.usual_answer(days[hit.space.school_id]) if hit.space.school_id in days else "",
        )
        for hit in hits
    ]


# -- the map ------------------------------------------------------------------------------------


class SchoolFound(NamedTuple):
    """A lycée with rooms that answer the question, as the map and its list show it."""

    school: School
    distance_km: float | None
    rooms: int
    url: str

    @property
    def told(self) -> str:
        return wording.how_many_rooms(self.rooms)


def _map(request: HttpRequest, filters: SearchPageFilter) -> dict[str, Any]:
    """All lycées with rooms that answer, on a map and in a list."""
    results = filters.results(now=timezone.now(), features=False)
    found = results.schools
    loaded = School.objects.in_bulk([school for school, _km, _count in found])
    schools = [
        SchoolFound(loaded[school], km, count, _in_school(request, loaded[school]))
        for school, km, count in found
        if school in loaded
    ]
    return {
        **_said(request, results),
        "page": Paginator(schools, SCHOOLS_PAGE).get_page(request.GET.get("page")),
        "map": maps.drawn(
            maps.marker(one.school, count=one.rooms, told=one.told, url=one.url) for one in schools
        ),
    }


def _in_school(request: HttpRequest, school: School) -> str:
    """The list of the rooms of one lycée that answer the same question."""
    return changed(request, school.name, school=school.uai, q=None, near=None, vue=None).url


# -- the calendar -------------------------------------------------------------------------------


class Cell(NamedTuple):
    """How many rooms are free on that day at those hours; the address lists them, empty once past."""

    day: dt.date
    free: int
    url: str


class Row(NamedTuple):
    label: str
    start: dt.time
    end: dt.time
    cells: list[Cell]


def _calendar(request: HttpRequest, filters: SearchPageFilter) -> dict[str, Any]:
    """A week at a glance: how many rooms are free at the hours asked, and of a morning, afternoon and evening."""
    now = timezone.now()
    question = filters.question()
    today = timezone.localdate(now)
    monday = _monday(request, question.when, today)
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    hours = [(asked, Part(moments.EVERY_DAY, asked.start, asked.end)) for asked in _hours(question.when)]
    results = TimesResults(question, (part.on(day) for _asked, part in hours for day in days), now=now)
    return {
        "monday": monday,
        "days": days,
        "today": today,
        "following": monday + dt.timedelta(weeks=1),
        "previous": monday - dt.timedelta(weeks=1),
        "where": wording.where(wording.called(question.place, results.answer)),
        **place(request, results.answer, question.place),
        "rows": [
            _row(request, asked, {day: results.counts[part.on(day)] for day in days}, today)
            for asked, part in hours
        ],
    }


def _monday(request: HttpRequest, when: When | None, today: dt.date) -> dt.date:
    """Of the week asked for, of the day asked for, or of this week."""
    asked = week.monday_of(request.GET.get("semaine", ""), today=when.date if when else today)
    return max(asked, today - dt.timedelta(days=today.weekday()))


def _hours(when: When | None) -> list[Usual]:
    """The hours asked for first, if they are, then usual ones."""
    asked = [Usual(_("Vos heures"), when.start, when.end)] if when and when.start and when.end else []
    return [*asked, *moments.usual_hours()]


def _row(request: HttpRequest, asked: Usual, counts: dict[dt.date, int], today: dt.date) -> Row:
    hours = {"start": f"{asked.start:%H:%M}", "end": f"{asked.end:%H:%M}"}

    def cell(day: dt.date, count: int) -> Cell:
        url = changed(request, "", date=day, until=None, vue=None, semaine=None, **hours).url
        return Cell(day, count, url if day >= today else "")

    return Row(str(asked.label), asked.start, asked.end, [cell(day, count) for day, count in counts.items()])


SHOWN: dict[View, Callable[[HttpRequest, SearchPageFilter], dict[str, Any]]] = {
    View.LIST: _list,
    View.MAP: _map,
    View.CALENDAR: _calendar,
}


def place(request: HttpRequest, answer: Answer | None, asked: Place) -> dict[str, Any]:
    """What is said of the place that was named, and the others it could be, each a link."""
    if answer is None:
        return {}
    return {
        "place_note": wording.place_note(answer, asked),
        "place_unreachable": answer.unreachable,
        "unknown_place": answer.place is None,
        "other_places": [changed(request, one.label, q=one.value, near=None) for one in answer.others],
    }


# -- a room -------------------------------------------------------------------------------------


def room_url(space: Space, request: HttpRequest, names: Iterable[str], **more: Any) -> str:
    """The room's page, keeping these of what was asked."""
    kept = urlencode({**more, **{name: request.GET[name] for name in names if request.GET.get(name)}})
    return space.get_absolute_url() + (f"?{kept}" if kept else "")


def _when_free(hit: Hit, when: When | None) -> str:
    """`Libre de 18:00 à 22:00`, or the first period where several days were asked."""
    if when is None or hit.slot is None:
        return ""
    if when.last != when.date:
        if when.fixed:
            return _("Libre tout ce temps")
        return _("Libre %(period)s") % {"period": formats.period(*hit.slot)}
    return wording.free_hours(within(hit.free, week.span_of(when.date, when.date)))


def _bars(hit: Hit, when: When | None) -> list[tuple[int, int, str]]:
    if when is None or when.last != when.date:
        return []
    day = week.span_of(when.date, when.date)
    return [(*week.clock_minutes(period, when.date), "free") for period in within(hit.free, day)]


# -- nothing found, or little -------------------------------------------------------------------


def _ways(filters: SearchPageFilter, results: Results) -> list[Way]:
    """What is nearest, where there is nothing or little; a place nobody knows has no neighbourhood."""
    return nearest.ways(filters, results) if len(results) < nearest.FEW else []


# -- rooms of one lycée that are not free -------------------------------------------------------


def _not_free(filters: SearchPageFilter, results: Results) -> list[why.Answer]:
    """Where one lycée and one time are asked: its other rooms, and why each is not free then."""
    when = results.question.when
    if not (filters.form.cleaned_data["school"] and when and when.fixed):
        return []
    rooms = Results(replace(results.question, when=None, equipment={}), now=results.now, features=False).ids()
    others = Space.objects.select_related("school").filter(pk__in={*rooms} - {*results.ids()})
    return why.of_spaces(list(others.order_by("name", "pk")[:MOST_ROOMS]), when.fixed, now=results.now)
