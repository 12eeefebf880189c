"""The search: a form, rooms in order, and the same on a map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shareloc.web import formats
from venues import maps
from venues.gazetteer import Answer
from venues.models import Space
from venues.periods import within

from .. import alerts, nearest, week, why, wording
from ..forms import SearchPageFilter
from ..nearest import Way
from ..search import Hit, Place, Results, When
from .suggesting import changed

# A lycée has a hundred rooms at most; more than these nobody reads.
MOST_ROOMS = 100
# What a link to a room keeps of the search, so that the request form starts with it.
KEPT = ("date", "until", "start", "end", "capacity")


class Card(NamedTuple):
    """A room found, as the list shows it."""

    space: Space
    distance_km: float | None
    url: str
    when: str
    # (first minute, last minute, kind), to draw the day asked.
    bars: list[tuple[int, int, str]]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filters = SearchPageFilter(request.GET)
    context: dict[str, Any] = {"filters": filters, "form": filters.form}
    if filters.is_valid():
        context |= _found(request, filters)
    return render(request, "bookings/search.html", context)


def _found(request: HttpRequest, filters: SearchPageFilter) -> dict[str, Any]:
    results = filters.results(now=timezone.now(), features=False)
    question = results.question
    # Results counts and slices itself, which is all a paginator needs.
    shown: Page[Hit] = Paginator(cast(Any, results), settings.SEARCH_PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    hits = list(shown)
    unknown_place = results.answer is not None and results.answer.place is None
    return {
        "page": shown,
        "sentence": wording.results(len(results), question, wording.named(results.answer)),
        "cards": [_card(hit, question.when, request) for hit in hits],
        "by_distance": results.centre is not None,
        **place(request, results.answer, question.place),
        "ways": [] if unknown_place else _ways(filters, len(results)),
        "not_free": _not_free(filters, results),
        "alert_query": "" if hits or unknown_place else alerts.canonical(filters),
        "map": maps.drawn(_markers(hits)),
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


# -- the list -----------------------------------------------------------------------------------


def _card(hit: Hit, when: When | None, request: HttpRequest) -> Card:
    url = room_url(hit.space, request, KEPT)
    return Card(hit.space, hit.distance_km, url, _when_free(hit, when), _bars(hit, when))


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


def _ways(filters: SearchPageFilter, found: int) -> list[Way]:
    """What is nearest, where there is nothing or little; a place nobody knows has no neighbourhood."""
    if found >= nearest.FEW:
        return []
    return nearest.ways(filters, now=timezone.now(), than=found)


# -- rooms of one lycée that are not free -------------------------------------------------------


def _not_free(filters: SearchPageFilter, results: Results) -> list[why.Answer]:
    """Where one lycée and one time are asked: its other rooms, and why each is not free then."""
    when = results.question.when
    if not (filters.form.cleaned_data["school"] and when and when.fixed):
        return []
    rooms = Results(replace(results.question, when=None, equipment={}), now=results.now, features=False).ids()
    others = Space.objects.select_related("school").filter(pk__in={*rooms} - {*results.ids()})
    return why.of_spaces(list(others.order_by("name", "pk")[:MOST_ROOMS]), when.fixed, now=results.now)


# -- the map ------------------------------------------------------------------------------------


def _markers(hits: Iterable[Hit]) -> Iterator[maps.Marker | None]:
    """One marker a lycée of the page, with its rooms."""
    rooms: dict[int, list[Space]] = {}
    for hit in hits:
        rooms.setdefault(hit.space.school_id, []).append(hit.space)
    for spaces in rooms.values():
        yield maps.marker(spaces[0].school, (space.name for space in spaces))
