"""“Mon lycée” at a glance: rooms, equipment, hours, closures, rules, people."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shareloc.web.paging import page_of

from .. import choosing
from ..models import Closure, EquipmentPool, OpeningHours, School, Space
from ..policies import managed_schools
from ..views import weekly_hours
from . import guide
from .entry import of_my_school


@never_cache
@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to one's lycée; people with several choose."""
    title, intro = _("Mes lycées"), _("Choisissez celui que vous voulez régler.")
    mine = managed_schools(request.user)
    return choosing.one_of(request, mine, to="venues:my_school", title=title, question=title, intro=intro)


@of_my_school
@require_safe
def page(request: HttpRequest, school: School) -> HttpResponse:
    rooms = (
        Space.objects.for_school(school)
        .annotate(
            own_hours=Exists(OpeningHours.objects.filter(space=OuterRef("pk"))),
            rules=Count("price_rules"),
        )
        .order_by("-published", "name", "pk")
    )
    context = {
        "school": school,
        "guide": guide.of(school),
        "page": page_of(rooms, settings.MANAGED_PAGE_SIZE, request),
        "pools": EquipmentPool.objects.of_school(school),
        "hours": weekly_hours(school),
        "closures": Closure.objects.filter(school=school, last_on__gte=timezone.localdate())
        .select_related("space")
        .order_by("first_on", "pk")[:5],
        "people": school.roles.select_related("user").order_by("role", "user__name", "pk"),
    }
    return render(request, "venues/managing/overview.html", context)
