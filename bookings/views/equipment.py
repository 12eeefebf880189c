"""Equipment without a room: what lycées lend, and asking for it: a form, a page to check it, and sending."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shareloc.web import formats
from shareloc.web.history import kept_in_history
from venues.models import School

from .. import pricing, problems, workflow
from ..forms import EquipmentAskForms, EquipmentSearchForm
from ..lendable import Lendable, Offered
from ..workflow import WorkflowError
from .lines import lines_of
from .searching import place

# -- what is lent -------------------------------------------------------------------------------


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What lycées lend, nearest first; with a time, how many are free throughout it."""
    form = EquipmentSearchForm(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _found(request, form)
    return render(request, "bookings/equipment/list.html", context)


def _found(request: HttpRequest, form: EquipmentSearchForm) -> dict[str, Any]:
    found = Lendable(form.wanted)
    # It counts and slices itself, which is all a paginator needs.
    shown = Paginator(cast(Any, found), settings.SEARCH_PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "page": shown,
        "offers": [(one, _ask_url(one, form.asked)) for one in shown],
        "period": form.wanted.period,
        "by_distance": found.by_distance,
        "only_school": School.objects.filter(uai=form.wanted.school.upper()).first()
        if form.wanted.school
        else None,
        **place(request, found.answer, form.wanted.place),
    }


def _ask_url(one: Offered, asked: dict[str, str]) -> str:
    """The request form with this pool and the time asked for filled in."""
    query = urlencode({**asked, f"pool-{one.pool.pk}": 1})
    return f"{reverse('bookings:ask_equipment', args=[one.pool.school.uai])}?{query}"


# -- asking -------------------------------------------------------------------------------------


@login_required
@kept_in_history
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, uai: str) -> HttpResponse:
    """Step 1 fills, step 2 checks, step 3 sends: one address, the button says which."""
    school = get_object_or_404(School.objects.open(), uai=uai.upper())
    raw = request.POST if request.method == "POST" else None
    forms = EquipmentAskForms(school, request.user, raw, first=request.GET.dict())
    if not forms.quantities.pools:
        raise Http404
    if not forms.judged or not forms.is_valid():
        return _show(request, forms)
    return _send(request, forms) if request.POST.get("action") == "send" else _check(request, forms)


def _show(request: HttpRequest, forms: EquipmentAskForms, *, refusal: str = "") -> HttpResponse:
    context = {
        "school": forms.school,
        "forms": forms,
        "refusal": [refusal] if refusal else [],
        "has_errors": bool(refusal) or (forms.judged and any(form.errors for form in forms.forms)),
    }
    return render(request, "bookings/equipment/ask.html", context)


def _check(request: HttpRequest, forms: EquipmentAskForms) -> HttpResponse:
    draft, now = forms.draft(), timezone.now()
    found = problems.for_dates(draft.asked(at=now), now=now)
    context = {
        "school": forms.school,
        "forms": forms,
        "draft": draft,
        "date": draft.dates[0],
        "line": lines_of([date.period for date in draft.dates], found)[0],
        "estimate": pricing.estimate(draft.dates, draft.organisation),
        "answer_by": timezone.localdate(now) + dt.timedelta(days=forms.school.answer_days),
    }
    return render(request, "bookings/equipment/check.html", context)


def _send(request: HttpRequest, forms: EquipmentAskForms) -> HttpResponse:
    try:
        sent = workflow.submit(forms.draft(), by=request.user)
    except WorkflowError as error:
        return _show(request, forms, refusal=error.message)
    messages.success(
        request,
        _(
            "Votre demande %(reference)s est envoyée. Le lycée répond avant le %(day)s : vous recevrez un courriel."
        )
        % {"reference": sent.reference, "day": formats.day(sent.answer_due_on)},
    )
    return redirect(sent)
