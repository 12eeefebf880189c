"""The drawn week on the page of a lycée."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.web import formats
from venues.models import School

from .. import planner
from ..week import FREE, TAKEN, Day


def school_plan(request: HttpRequest, school: School) -> str:
    """The coming week of its proposed rooms, as anybody sees it; nothing where there are none."""
    shown = planner.coming_week(school, viewer=AnonymousUser(), now=timezone.now())
    if not shown.rows:
        return ""
    heads = [formats.short_day(date) for date in shown.dates]
    # What anybody may know of a time.
    words = {FREE: _("Libre"), TAKEN: _("Occupé")}
    context = {
        "school": school,
        "shown": shown,
        "drawing": planner.of_rooms(shown),
        "heads": heads,
        "rows": [
            (row.space, list(zip(heads, (_said(day, words) for day in row.days), strict=True)))
            for row in shown.rows
        ],
    }
    return render_to_string("bookings/plan_school.html", context, request)


def _said(day: Day, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """(hours, word) of each stretch of a day; one without hours where there is none."""
    if day.closure is not None:
        return (("", _("Fermé")),)
    if not day.stretches:
        return (("", _("Passé") if day.is_past else _("Pas de prêt")),)
    return tuple((formats.hours(*stretch.period), words[stretch.state]) for stretch in day.stretches)
