"""The planner: a lycée's rooms by week, day or month, and the Région's evening."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from venues import choosing
from venues.models import School, Space

from .. import planner, policies, week
from ..forms import EveningForm

# What the address calls the days to show.
VIEWS = ("semaine", "jour", "mois")


@never_cache
@require_safe
def school_planning(request: HttpRequest, uai: str) -> HttpResponse:
    """The week of a lycée, a day or a month: for everybody; who comes, for its people and the Région."""
    school = get_object_or_404(School, uai=uai.upper())
    now = timezone.now()
    today = timezone.localdate(now)
    kind = request.GET.get("type", "")
    view, shown = _shown(request, school, kind if kind in Space.Kind.values else "", now=now)
    blocks = shown.tells and policies.can_block(request.user, school)
    context = {
        "school": school,
        "shown": shown,
        "view": view,
        "kinds": _kinds(shown, kind),
        "kind": kind,
        "today": today,
        "kept": _kept(request.GET),
        "likely_day": today if shown.first <= today <= shown.last else shown.first,
        "asked": {},
        "blocks": blocks,
        "leads": blocks or (shown.tells and policies.reads_requests_of(request.user, school)),
    }
    return render(request, "bookings/planning.html", context)


def _shown(
    request: HttpRequest, school: School, kind: str, *, now: dt.datetime
) -> tuple[str, planner.SchoolWeek]:
    """(jour, mois or semaine, its days)."""
    asked: dict[str, Any] = {
        "viewer": request.user,
        "now": now,
        "kind": kind,
        "page": request.GET.get("page"),
    }
    view, first, days = _asked(request.GET, today=timezone.localdate(now))
    if first is None:
        return view, planner.coming_week(school, **asked)
    return view, planner.week_of_school(school, first, days=days, **asked)


def _asked(query: QueryDict, *, today: dt.date) -> tuple[str, dt.date | None, int]:
    """Which view, from which day on (None: as things are), how many days."""
    if "jour" in query:
        return "jour", week.day_of(query.get("jour", ""), today=today), 1
    if "mois" in query:
        first = planner.first_of(query.get("mois", ""), today=today)
        return "mois", first, planner.length_of(first)
    asked = query.get("semaine")
    return "semaine", week.monday_of(asked, today=today) if asked else None, planner.WEEK


def _kept(query: QueryDict) -> str:
    """The question without its days, for the links of thirty days to add their own."""
    return urlencode([(name, value) for name, value in query.items() if name not in VIEWS])


def _kinds(shown: planner.SchoolWeek, chosen: str) -> list[Space.Kind]:
    """The kinds of room there are to choose from."""
    if chosen or shown.page.has_other_pages():
        rooms = planner.rooms_of(shown.school, tells=shown.tells)
        found = set(rooms.order_by().values_list("kind", flat=True).distinct())
    else:
        found = {row.space.kind for row in shown.rows}
    return [kind for kind in Space.Kind if kind in found]


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The planner of my lycée; a choice for whoever works in several."""
    title, question = _("Plannings"), _("Le planning de quel lycée ?")
    mine = School.objects.run_by(request.user)
    return choosing.one_of(request, mine, to="bookings:school_planning", title=title, question=question)


@login_required
@never_cache
@require_safe
def evening(request: HttpRequest) -> HttpResponse:
    """Who is where tonight."""
    if not policies.sees_evenings(request.user):
        raise Http404
    form = EveningForm(request.GET.dict(), departments=_departments())
    context: dict[str, Any] = {"form": form, "today": timezone.localdate()}
    if form.is_valid():
        asked = form.cleaned_data
        context["evening"] = planner.evening(
            asked["date"],
            since=asked["a_partir"],
            department=asked["departement"],
            text=asked["q"],
            page=request.GET.get("page"),
        )
    return render(request, "bookings/evening.html", context)


def _departments() -> dict[str, str]:
    """Those of all lycées, closed ones included: what was promised there still takes place."""
    found = School.objects.order_by("department").values_list("department", "department_name").distinct()
    return dict(found)
