"""The week grid: hours of the lycée, of one room, and the hours promised without asking."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import hours, weekly
from ..forms import week as grids
from ..hours import Week
from ..models import School, Space
from . import guide
from .entry import of_my_school, of_my_space

WORKDAYS = range(5)


@of_my_school
def of_school(request: HttpRequest, school: School) -> HttpResponse:
    week, steps = hours.of_school(school), guide.of(school)
    grid = _grid(request, week, suggested=settings.SUGGESTED_HOURS)
    if _saves(request, week, grid):
        messages.success(request, _("Les horaires du lycée sont enregistrés."))
        return redirect(guide.onward(school, reverse("venues:my_school", args=[school.uai])))
    context = {"school": school, "guide": steps, "suggested": not grid.is_bound and not week.windows()}
    return _page(request, "venues/managing/hours.html", grid, context)


@of_my_space
def of_space(request: HttpRequest, space: Space) -> HttpResponse:
    week = hours.of_space(space)
    grid = _grid(request, week)
    if _saves(request, week, grid):
        said = _("%(name)s : les horaires sont enregistrés.")
        messages.success(request, said % {"name": space})
        return redirect("venues:my_room_hours", space.school.uai, space.pk)
    context = {"space": space, "school": space.school, "follows": not week.windows()}
    return _page(request, "venues/managing/room_hours.html", grid, context)


@of_my_space
def standing(request: HttpRequest, space: Space) -> HttpResponse:
    week = hours.standing(space)
    grid = _grid(request, week)
    if _saves(request, week, grid):
        said = _("%(name)s : les accords d’office sont enregistrés.")
        messages.success(request, said % {"name": space})
        return redirect("venues:my_standing", space.school.uai, space.pk)
    return _page(request, "venues/managing/standing.html", grid, {"space": space, "school": space.school})


def _grid(request: HttpRequest, week: Week, *, suggested: str = "") -> grids.BaseWeek:
    """What is, what was sent, or what was sent and one line more."""
    if request.method != "POST":
        return grids.of_windows(week.windows() or weekly.read(suggested))
    sent = grids.posted(request.POST)
    try:
        if "ajouter" in request.POST:
            return sent.with_line(grids.weekday_asked(request.POST["ajouter"]))
        if "copier" in request.POST:
            return sent.with_copies(0, onto=WORKDAYS[1:])
    except ValidationError as error:
        raise BadRequest from error
    return sent


def _saves(request: HttpRequest, week: Week, grid: grids.BaseWeek) -> bool:
    if not (grid.is_bound and grid.is_valid()):
        return False
    week.replace(grid.windows())
    return True


def _page(request: HttpRequest, template: str, grid: grids.BaseWeek, context: dict) -> HttpResponse:
    wrong = grid.is_bound and not grid.is_valid()
    context = {
        **context,
        "grid": grid,
        "copied": "copier" in request.POST,
        "has_errors": wrong,
        "problems": grid.non_form_errors() if wrong else (),
    }
    return render(request, template, context)
