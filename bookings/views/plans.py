"""The drawn week on the page of a lycée."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from venues.models import School

from .. import planner


def school_plan(request: HttpRequest, school: School) -> str:
    """The coming week of its proposed rooms, as anybody sees it; nothing where there are none."""
    shown = planner.coming_week(school, viewer=AnonymousUser(), now=timezone.now())
    if not shown.rows:
        return ""
    context = {"school": school, "shown": shown, "drawing": planner.of_rooms(shown)}
    return render_to_string("bookings/plan_school.html", context, request)
