"""The lodge's sheet: on screen, on paper; for whoever works in the lycée, and nobody else."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from venues import choosing
from venues.models import School

from .. import lodge, policies, week


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, uai: str) -> HttpResponse:
    shown = _sheet(request, uai)
    context = {"school": shown.school, "sheet": shown, "today": lodge.today()}
    return render(request, "bookings/lodge/sheet.html", context)


@login_required
@never_cache
@require_safe
def printed(request: HttpRequest, uai: str) -> HttpResponse:
    shown = _sheet(request, uai)
    name = f"loge-{shown.school.uai}-{shown.day:%Y-%m-%d}.pdf"
    return HttpResponse(
        lodge.pdf(shown),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The sheet of my lycée; a choice for whoever works in several."""
    title, question = _("Fiches de la loge"), _("La fiche de quel lycée ?")
    mine = School.objects.run_by(request.user)
    return choosing.one_of(request, mine, to="bookings:lodge", title=title, question=question)


def _sheet(request: HttpRequest, uai: str) -> lodge.Sheet:
    school = get_object_or_404(School, uai=uai.upper())
    if not policies.sees_lodge(request.user, school):
        raise Http404
    return lodge.sheet(school, _day(request.GET.get("date", "")))


def _day(text: str) -> dt.date:
    """The day asked for, or today where the address says none that can be."""
    return week.day_of(text, today=lodge.today())
