"""Equipment handed over and taken back, by the school's people: its lodge too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import policies, workflow
from ..forms import ReturnForms
from ..models import BookingRequest, Occurrence
from ..states import Verb
from ..workflow import WorkflowError


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """What is lent at a date, and in what state it came back."""
    asked = _load(request, reference)
    return _show(request, asked, _date(asked, pk))


def _load(request: HttpRequest, reference: str) -> BookingRequest:
    """The request, for whoever works in its school; who only follows it does so on its own page."""
    seen = policies.handled_requests(request.user).select_related("organisation", "school")
    found: BookingRequest = get_object_or_404(seen, reference=reference.upper())
    if not policies.can_hand_over(request.user, found):
        raise PermissionDenied
    return found


def _date(asked: BookingRequest, pk: int) -> Occurrence:
    dates = asked.occurrences.filter(equipment__isnull=False).prefetch_related("equipment__pool__kind")
    date = dates.filter(pk=pk).distinct().first()
    if date is None:
        raise Http404
    return date


def _show(
    request: HttpRequest,
    asked: BookingRequest,
    date: Occurrence,
    *,
    refusal: str = "",
    returns: ReturnForms | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = sorted(date.equipment.all(), key=lambda line: line.pk)
    returns = returns or ReturnForms(workflow.returnable(date, timezone.now()))
    waiting = any(line.collected_at is None and line.returned_at is None for line in lines)
    context = {
        "asked": asked,
        "school": asked.school,
        "date": date,
        "lines": lines,
        "returns": returns,
        "refusal": refusal,
        "has_errors": bool(refusal) or returns.errors,
        "may_follow": policies.can_decide(request.user, asked),
        "may_hand_over": waiting and bool(workflow.allowed(asked, [date], Verb.HAND_OVER)),
        "may_take_back": bool(returns.forms) and bool(workflow.allowed(asked, [date], Verb.TAKE_BACK)),
    }
    return render(request, "bookings/day/lending.html", context, status=status)


def _do(
    request: HttpRequest, asked: BookingRequest, date: Occurrence, act: Callable[[], Any], said: str
) -> HttpResponse:
    try:
        act()
    except WorkflowError as error:
        return _show(request, asked, date, refusal=error.message, status=409)
    messages.success(request, said)
    return redirect("bookings:lending", asked.reference, date.pk)


@login_required
@require_POST
def hand_over(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    asked = _load(request, reference)

    def act() -> object:
        return workflow.hand_over(asked, by=request.user, occurrence=pk)

    return _do(request, asked, _date(asked, pk), act, _("C’est noté : matériel remis."))


@login_required
@require_POST
def take_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    asked = _load(request, reference)
    date = _date(asked, pk)
    returns = ReturnForms(workflow.returnable(date, timezone.now()), request.POST)
    if not returns.is_valid():
        return _show(request, asked, date, returns=returns)

    def act() -> object:
        return workflow.take_back(asked, by=request.user, occurrence=pk, returned=returns.returned)

    return _do(request, asked, date, act, _("C’est noté : matériel rendu."))
