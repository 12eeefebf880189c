"""The search: a form, rooms in order, and the same on a map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shareloc.web import formats
from venues import maps
from venues.models import Space
from venues.periods import within

from .. import week, wording
from ..forms import SearchPageFilter
from ..forms.searching import MORE, QUANTITY, RADII
from ..search import Hit, Results, When

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


class Suggestion(NamedTuple):
    """One click that may find something."""

    label: str
    url: str


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filters = SearchPageFilter(request.GET)
    context: dict[str, Any] = {"filters": filters, "form": filters.form}
    if filters.is_valid():
        context |= _found(request, filters.results(now=timezone.now(), features=False))
    return render(request, "bookings/search.html", context)


def _found(request: HttpRequest, results: Results) -> dict[str, Any]:
    question = results.question
    # Results counts and slices itself, which is all a paginator needs.
    shown: Page[Hit] = Paginator(cast(Any, results), settings.SEARCH_PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    hits = list(shown)
    return {
        "page": shown,
        "sentence": wording.results(len(results), question, wording.named(results.answer)),
        "cards": [_card(hit, question.when, request) for hit in hits],
        "by_distance": results.centre is not None,
        **_place(request, results),
        "suggestions": [] if hits else list(_suggestions(request, question.when)),
        "map": maps.drawn(_markers(hits)),
    }


def _place(request: HttpRequest, results: Results) -> dict[str, Any]:
    """What is said of the place that was named, and the others it could be, each a link."""
    answer = results.answer
    if answer is None:
        return {}
    return {
        "place_note": wording.place_note(answer, results.question.place),
        "place_unreachable": answer.unreachable,
        "unknown_place": answer.place is None,
        "other_places": [_with(request, one.label, q=one.value, near=None) for one in answer.others],
    }


# -- the list -----------------------------------------------------------------------------------


def _card(hit: Hit, when: When | None, request: HttpRequest) -> Card:
    kept = urlencode({name: request.GET[name] for name in KEPT if request.GET.get(name)})
    url = hit.space.get_absolute_url() + (f"?{kept}" if kept else "")
    return Card(hit.space, hit.distance_km, url, _when_free(hit, when), _bars(hit, when))


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


# -- nothing found ------------------------------------------------------------------------------


def _suggestions(request: HttpRequest, when: When | None) -> Iterator[Suggestion]:
    """Wider, another day, any hour, fewer filters: each a link that changes one thing."""
    radius = request.GET.get("within_km", "10")
    if request.GET.get("q") or request.GET.get("near"):
        wider = next((km for km in RADII if not radius.isdecimal() or km > int(radius)), None)
        if wider:
            yield _with(request, _("Chercher à %(km)s km à la ronde") % {"km": wider}, within_km=wider)
    if when and (when.start or when.end):
        yield _with(request, _("N’importe quelle heure ce jour-là"), start=None, end=None)
    if when:
        yield from _other_days(request, when)
    more = [name for name in request.GET if name in MORE or name.startswith(QUANTITY) or name == "school"]
    if any(request.GET[name] for name in more):
        yield _with(request, _("Sans les filtres"), **dict.fromkeys(more))


def _other_days(request: HttpRequest, when: When) -> Iterator[Suggestion]:
    for days in (1, 7):
        other = when.date + dt.timedelta(days=days)
        until = when.until + dt.timedelta(days=days) if when.until else None
        yield _with(request, _("Chercher %(day)s") % {"day": formats.day(other)}, date=other, until=until)


def _with(request: HttpRequest, label: str, **changed: Any) -> Suggestion:
    query = request.GET.copy()
    for name, value in {"page": None, **changed}.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return Suggestion(label, f"{reverse('bookings:search')}?{query.urlencode()}")


# -- the map ------------------------------------------------------------------------------------


def _markers(hits: Iterable[Hit]) -> Iterator[maps.Marker | None]:
    """One marker a lycée of the page, with its rooms."""
    rooms: dict[int, list[Space]] = {}
    for hit in hits:
        rooms.setdefault(hit.space.school_id, []).append(hit.space)
    for spaces in rooms.values():
        yield maps.marker(spaces[0].school, (space.name for space in spaces))
