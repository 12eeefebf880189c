"""The search at certain moments: rooms with their first slots, a page at a time, and on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shareloc.web import formats
from venues.periods import Period

from .. import links, pricing, wording
from ..forms import FlexiblePageFilter
from ..forms.flexible import MOMENTS, WEEKS
from ..search import Offer, Page
from . import suggesting
from .cards import Card
from .searching import place as said_of_place
from .searching import room_url
from .suggesting import Suggestion, changed


@dataclass(frozen=True, kw_only=True)
class SlotsCard(Card):
    """A room with its first slots."""

    # (address of the request form, when) of each.
    slots: list[tuple[str, str]]
    more: str = "bookings/offer.html"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    filters = FlexiblePageFilter(request.GET)
    context: dict[str, Any] = {"filters": filters, "form": filters.form}
    if filters.is_valid():
        context |= _found(request, filters)
    return render(request, "bookings/flexible.html", context)


def _found(request: HttpRequest, filters: FlexiblePageFilter) -> dict[str, Any]:
    results = filters.results(now=timezone.now(), features=False)
    found = results.page(filters.position, size=settings.SEARCH_PAGE_SIZE)
    prices = pricing.ranges(offer.space for offer in found.offers)
    place = wording.called(filters.place, results.answer)
    return {
        "asked": wording.flexible(filters.form.cleaned_data, filters.flexible, place),
        "cards": [_card(request, offer, prices[offer.space.pk]) for offer in found.offers],
        "after": filters.position,
        "following": found.following,
        # The search stops after so many rooms: it says so rather than let one wait.
        "stopped_at": _stopped_at(found),
        "by_date": filters.by_date,
        "by_distance": results.centre is not None,
        **said_of_place(request, results.answer, filters.place),
        "suggestions": list(_suggestions(request, filters)) if _is_over(found) else [],
    }


def _card(request: HttpRequest, offer: Offer, price: str) -> SlotsCard:
    return SlotsCard(
        space=offer.space,
        distance_km=offer.distance_km,
        url=room_url(offer.space, request, ("capacity",)),
        price=price,
        slots=[(links.ask(offer.space, slot, request.GET), _said(slot)) for slot in offer.slots],
    )


def _said(slot: Period) -> str:
    """`jeu. 22 oct. 18:00–20:00`."""
    return f"{formats.short_day(slot.start)} {formats.hours(*slot)}"


def _stopped_at(found: Page) -> int | None:
    is_short = len(found.offers) < settings.SEARCH_PAGE_SIZE
    return found.looked_at if found.following is not None and is_short else None


def _is_over(found: Page) -> bool:
    return not found.offers and found.following is None


def _suggestions(request: HttpRequest, filters: FlexiblePageFilter) -> Iterator[Suggestion]:
    """Wider, longer, at any moment, fewer filters."""
    if filters.position:
        yield changed(request, _("Revenir aux premières salles"))
        return
    yield from suggesting.wider(request)
    weeks = filters.form.cleaned_data["weeks"]
    longer = next((offered for offered in WEEKS if offered > weeks), None)
    if longer:
        yield changed(request, _("Chercher sur %(n)s semaines") % {"n": longer}, weeks=longer)
    if any(filters.form.cleaned_data[name] for name in MOMENTS):
        minutes = filters.form.cleaned_data["minutes"]
        yield changed(request, _("N’importe quand"), **dict.fromkeys(MOMENTS), minutes=minutes)
    yield from suggesting.unfiltered(request, filters.more)
