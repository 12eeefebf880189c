"""One space: everything about it, and a week or a month of its time."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from shareloc.accounts.models import Organisation
from venues.models import EquipmentPool, Space
from venues.policies import can_see_space

from .. import planner, week
from .searching import KEPT


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    space = visible_space(request, pk)
    context = {
        "space": space,
        "school": space.school,
        "pools": EquipmentPool.objects.published()
        .filter(school=space.school_id)
        .select_related("kind")
        .with_quantity(),
        "open_to": [
            Organisation.Kind(kind).label for kind in space.open_to if kind in Organisation.Kind.values
        ],
        "asked": {name: request.GET[name] for name in KEPT if request.GET.get(name)},
        "ask_url": ask_url(space, request),
        **_time(request, space, now=timezone.now()),
    }
    return render(request, "bookings/space.html", context)


def _time(request: HttpRequest, space: Space, *, now: dt.datetime) -> dict[str, Any]:
    """The month where one is asked for, else a week."""
    today = timezone.localdate(now)
    if "mois" in request.GET:
        first = planner.first_of(request.GET["mois"], today=today)
        return {"month": planner.month(space, first, now=now), "this_month": today.replace(day=1)}
    asked = request.GET.get("semaine") or request.GET.get("date") or ""
    monday = week.monday_of(asked, today=today)
    return {"week": week.of(space, monday, now=now), "this_week": week.monday_of("", today=today)}


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
