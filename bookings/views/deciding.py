"""Deciding one request: accept it or some of its dates, refuse them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from .. import policies, wording, workflow
from ..forms import ChosenDatesForm, RefusalForm
from ..models import BookingRequest
from ..states import Verb
from ..workflow import WorkflowError
from .following import permitted, show


@login_required
@require_POST
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """All free dates, or (`choose`) those ticked."""
    asked = permitted(request, reference, policies.can_decide)
    chosen = None
    if "choose" in request.POST:
        form = ChosenDatesForm(request.POST, offered=asked.occurrences.all())
        if not form.is_valid():
            return show(request, asked, choice=form)
        chosen = form.cleaned_data["dates"]
    try:
        outcome = workflow.approve(asked, by=request.user, occurrences=chosen)
    except WorkflowError as error:
        return show(request, asked, refusal=error.message)
    messages.success(request, wording.approved(outcome))
    return redirect("bookings:queue" if "from_queue" in request.POST else asked)


@login_required
@require_POST
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    asked = permitted(request, reference, policies.can_decide)
    form = RefusalForm(request.POST, offered=asked.occurrences.all(), reasons=asked.school.refusals)
    if not form.is_valid():
        return _refusal_to_correct(request, asked, form)
    try:
        outcome = workflow.refuse(
            asked, by=request.user, reason=form.cleaned_data["reason"], occurrences=form.cleaned_data["dates"]
        )
    except WorkflowError as error:
        return show(request, asked, refusal=error.message)
    messages.success(request, wording.refused(outcome))
    return redirect(asked)


def _refusal_to_correct(request: HttpRequest, asked: BookingRequest, form: RefusalForm) -> HttpResponse:
    """The page with the form of a decision, or, where only an offer was to be taken back, with what is missing."""
    if workflow.allowed(asked, asked.occurrences.all(), Verb.APPROVE):
        return show(request, asked, reason=form)
    missing = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return show(request, asked, refusal=missing)
