"""The planner: a lycée's rooms by week or by day, and the Région's evening."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from venues.models import School, Space

from .. import planner, policies, week
from ..forms import EveningForm


@never_cache
@require_safe
def school_planning(request: HttpRequest, uai: str) -> HttpResponse:
    """The week of a lycée, or one of its days: for everybody; who comes, for its people and the Région."""
    school = get_object_or_404(School, uai=uai.upper())
    now = timezone.now()
    today = timezone.localdate(now)
    by_day = "jour" in request.GET
    asked = request.GET.get("jour" if by_day else "semaine", "")
    kind = request.GET.get("type", "")
    shown = planner.week_of_school(
        school,
        week.day_of(asked, today=today) if by_day else week.monday_of(asked, today=today),
        viewer=request.user,
        now=now,
        days=1 if by_day else planner.WEEK,
        kind=kind if kind in Space.Kind.values else "",
        page=request.GET.get("page"),
    )
    blocks = shown.tells and policies.can_block(request.user, school)
    context = {
        "school": school,
        "shown": shown,
        "by_day": by_day,
        "kinds": _kinds(shown),
        "kind": kind,
        "today": today,
        "likely_day": today if shown.first <= today <= shown.last else shown.first,
        "asked": {},
        "blocks": blocks,
        "leads": blocks or (shown.tells and policies.reads_requests_of(request.user, school)),
    }
    return render(request, "bookings/planning.html", context)


def _kinds(shown: planner.SchoolWeek) -> list[Space.Kind]:
    """The kinds of room there are to choose from."""
    rooms = planner.rooms_of(shown.school, tells=shown.tells)
    found = set(rooms.order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in Space.Kind if kind in found]


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The planner of my lycée; a choice for whoever works in several."""
    schools = list(School.objects.run_by(request.user))
    if not schools:
        raise Http404
    if len(schools) == 1:
        return redirect("bookings:school_planning", uai=schools[0].uai)
    return render(request, "bookings/plannings.html", {"schools": schools})


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
