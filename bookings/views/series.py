"""The search of a series: rooms with the number of free dates, best first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import links, pricing, wording
from ..forms import SeriesPageFilter
from ..search import Regular, Series
from . import suggesting
from .cards import Card
from .searching import place as said_of_place
from .searching import room_url
from .suggesting import Suggestion, changed


@dataclass(frozen=True, kw_only=True)
class RegularCard(Card):
    """A room with its free dates."""

    said: str
    missing: list[dt.date]
    missing_said: str
    # The request form, with the whole series filled in.
    ask_url: str
    more: str = "bookings/regular.html"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filters = SeriesPageFilter(request.GET)
    context: dict[str, Any] = {"filters": filters, "form": filters.form}
    if filters.is_asked and filters.is_valid():
        context |= _found(request, filters)
    return render(request, "bookings/series.html", context)


def _found(request: HttpRequest, filters: SeriesPageFilter) -> dict[str, Any]:
    results, series = filters.results(now=timezone.now()), filters.series
    # Results count and slice themselves, which is all a paginator needs.
    paginator = Paginator(cast(Any, results), settings.SEARCH_PAGE_SIZE)
    shown: Page[Regular] = paginator.get_page(request.GET.get("page"))
    prices = pricing.ranges(found.space for found in shown)
    cards = [_card(request, found, series, prices[found.space.pk]) for found in shown]
    place = wording.called(filters.place, results.answer)
    return {
        "page": shown,
        "asked": wording.series(len(results), filters.form.cleaned_data, series, place),
        "cards": cards,
        "by_distance": results.centre is not None,
        **said_of_place(request, results.answer, filters.place),
        "suggestions": [] if cards else list(_suggestions(request, filters)),
    }


def _card(request: HttpRequest, found: Regular, series: Series, price: str) -> RegularCard:
    missing = sorted(set(series.days) - set(found.days))
    return RegularCard(
        space=found.space,
        distance_km=found.distance_km,
        url=room_url(found.space, request, ("start", "end", "capacity"), date=found.days[0]),
        price=price,
        said=wording.dates_free(len(found.days), found.out_of),
        missing=missing,
        missing_said=wording.dates_missing(len(missing)),
        ask_url=links.ask_series(found.space, request.GET),
    )


def _suggestions(request: HttpRequest, filters: SeriesPageFilter) -> Iterator[Suggestion]:
    """Wider, every other week, fewer filters."""
    yield from suggesting.wider(request)
    if (filters.form.cleaned_data["every"] or 1) == 1:
        yield changed(request, _("Une semaine sur deux"), every=2)
    yield from suggesting.unfiltered(request, filters.more)
