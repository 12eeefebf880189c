"""One space: everything about it, a week or a month of its time, and whether it is free at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from shareloc.accounts.models import Organisation
from venues import maps, pricing
from venues.models import EquipmentPool, Space
from venues.policies import can_see_space

from .. import links, planner, reviews, week, why, wording
from ..answers import usual_days
from ..filters import SpaceFilter
from ..forms.carrying import asked_hours
from ..forms.checking import CheckForm
from .searching import KEPT


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    space = visible_space(request, pk)
    now = timezone.now()
    check = CheckForm(space, request.GET)
    context = {
        "check": check,
        "has_errors": bool(check.errors),
        "answer": _answer(request, space, check, now=now),
        "space": space,
        "school": space.school,
        "prices": pricing.price_list(space, list(space.price_rules.order_by())),
        "pools": EquipmentPool.objects.published().of_school(space.school_id),
        "open_to": [
            Organisation.Kind(kind).label for kind in space.open_to if kind in Organisation.Kind.values
        ],
        "reviews": reviews.of_space(space),
        "answers": _usual_answer(space),
        "map": maps.drawn([maps.marker(space.school)]),
        "asked": {name: request.GET[name] for name in KEPT if request.GET.get(name)},
        "ask_url": ask_url(space, request),
        **_time(request, space, now=now),
    }
    return render(request, "bookings/space.html", context)


def _usual_answer(space: Space) -> str:
    """How soon its school answers, where that is known."""
    days = usual_days([space.school_id]).get(space.school_id)
    return "" if days is None else capfirst(wording.usual_answer(days))


def _time(request: HttpRequest, space: Space, *, now: dt.datetime) -> dict[str, Any]:
    """The month where one is asked for, else a week."""
    today, hours = timezone.localdate(now), asked_hours(request.GET)
    if "mois" in request.GET:
        first = planner.first_of(request.GET["mois"], today=today)
        return {
            "month": planner.month(space, first, now=now, asked=hours),
            "this_month": today.replace(day=1),
        }
    asked = request.GET.get("semaine") or request.GET.get("date")
    if asked:
        shown = week.of(space, week.monday_of(asked, today=today), now=now, asked=hours)
    else:
        shown = week.coming(space, now=now, asked=hours)
    return {"week": shown, "this_week": week.monday_of("", today=today)}


def _answer(request: HttpRequest, space: Space, check: CheckForm, *, now: dt.datetime) -> dict[str, Any]:
    """Whether the space is free at the time asked, and if not why, and what is instead."""
    period = check.period
    if period is None:
        return {}
    answer = why.not_free(space, period, now=now)
    if answer.is_free:
        return {"why": answer, "url": links.ask(space, period, request.GET)}
    address = links.in_school(space.school.uai, period, request.GET)
    return {
        "why": answer,
        "swapped": check.swapped,
        "swapped_url": links.check(space, check.swapped, request.GET) if check.swapped else "",
        "others": _found_at(address, now=now),
        "others_url": address,
    }


def _found_at(address: str, *, now: dt.datetime) -> int:
    """How many rooms the search at this address finds."""
    query = QueryDict(address.partition("?")[2])
    filters = SpaceFilter(query, queryset=Space.objects.published())
    return len(filters.results(now=now, features=False)) if filters.is_valid() else 0


def visible_space(request: HttpRequest, pk: int) -> Space:
    """The space, if this visitor may see it; else 404."""
    space = get_object_or_404(Space.objects.with_page_details(), pk=pk)
    if not can_see_space(request.user, space):
        raise Http404
    return space


def ask_url(space: Space, request: HttpRequest) -> str:
    """The request form, starting with what was searched."""
    kept: dict[str, Any] = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    address = reverse("bookings:ask", args=[space.pk])
    return f"{address}?{urlencode(kept)}" if kept else address
