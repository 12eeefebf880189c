"""The lycées: their list, the page of one, and places while one types. When rooms are free is shown by bookings."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shareloc.web import formats, rates
from shareloc.web.paging import page_of

from . import gazetteer, maps, panels
from .alphabet import Index
from .models import Closure, EquipmentPool, OpeningHours, School, Season, Space

SCHOOLS_PAGE = 30
SPACES_PAGE = 24
# How long a browser, or a cache before the server, may keep what was offered.
PLACES_SECONDS = 600


class Hours(NamedTuple):
    """The windows of one season, by day: ("Lundi", "18:00–22:00")."""

    season: str
    days: list[tuple[str, str]]


@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """Every open lycée, by commune."""
    text, department = request.GET.get("q", "")[:100].replace("\0", ""), request.GET.get("departement", "")
    found = School.objects.open().named_like(text).order_by("commune", "name", "uai")
    index = Index.of_open_schools()
    if department in index.departments:
        found = found.filter(department=department)
    letters, letter = index.letters(department), request.GET.get("lettre", "").upper()
    if letter in letters:
        found = found.filter(index.begins_with(letter))
    listed = found.annotate(rooms=Space.objects.published().counted_by_school())
    context = {
        "page": page_of(listed, SCHOOLS_PAGE, request),
        "q": text,
        "department": department,
        "department_name": index.departments.get(department, ""),
        "departments": index.departments,
        "letters": letters,
        "letter": letter if letter in letters else "",
        "map": maps.drawn(map(maps.marker, found.for_map())),
    }
    return render(request, "venues/schools.html", context)


@require_safe
def school(request: HttpRequest, uai: str) -> HttpResponse:
    """One lycée: facts, rooms, equipment, weekly hours."""
    found = get_object_or_404(School, uai=uai.upper())
    spaces = Space.objects.published().for_school(found).with_cover().order_by("kind", "name", "pk")
    context = {
        "school": found,
        "page": page_of(spaces, SPACES_PAGE, request),
        "pools": EquipmentPool.objects.published().of_school(found),
        "hours": weekly_hours(found),
        "closures": Closure.objects.filter(
            school=found, space=None, last_on__gte=timezone.localdate()
        ).order_by("first_on"),
        "map": maps.drawn([maps.marker(found)]),
        "panels": [panel(request, found) for panel in panels.SCHOOL],
    }
    return render(request, "venues/school.html", context)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """What the field of a place offers while one types: a fragment of a page."""
    if wait := rates.seconds_to_wait(request, "suggestions"):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    return _offered(request)


@cache_control(public=True, max_age=PLACES_SECONDS)
def _offered(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    return render(request, "venues/places.html", {"suggestions": gazetteer.suggest(text), "q": text})


def weekly_hours(school: School) -> list[Hours]:
    """The school's own weekly hours, season by season; rooms may have others."""
    windows = OpeningHours.objects.filter(school=school, space=None).order_by(
        "season", "weekday", "starts_at"
    )
    by_season = {season: list(rows) for season, rows in groupby(windows, key=lambda window: window.season)}
    return [
        Hours(
            str(season.label),
            [(day, ", ".join(map(_window, rows))) for day, rows in groupby(by_season[season], _weekday)],
        )
        for season in Season
        if season in by_season
    ]


def _weekday(window: OpeningHours) -> str:
    return str(window.get_weekday_display())


def _window(window: OpeningHours) -> str:
    """`18:00–22:00`; what ends on another day says so."""
    days, minutes = divmod(window.starts_at.hour * 60 + window.starts_at.minute + window.minutes, 24 * 60)
    hours = f"{formats.hour(window.starts_at)}–{minutes // 60:02}:{minutes % 60:02}"
    if days == 0:
        return hours
    if days == 1 and minutes == 0:
        return f"{formats.hour(window.starts_at)}–24:00"
    return _("%(hours)s le lendemain") % {"hours": hours} if days == 1 else formats.duration(window.minutes)
