"""Another place for a date, by page: the school's offer and its answer, the organisation's move and its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from venues.models import EquipmentPool, Space
from venues.periods import Period

from .. import policies, problems, wording, workflow
from ..forms import OfferForm, PlaceForm
from ..forms.asking import quantity_of
from ..models import BookingRequest, Occurrence
from ..states import Verb
from ..workflow import Outcome, WorkflowError
from .following import permitted, show


def _date(asked: BookingRequest, pk: int) -> Occurrence:
    for date in asked.occurrences.all():
        if date.pk == pk:
            return date
    raise Http404


def _rooms(asked: BookingRequest, date: Occurrence) -> list[Space]:
    """Where the date could be: what the school lends, and where it is now."""
    lent = Space.objects.published().filter(school=asked.school_id).select_related("school")
    return list({space.pk: space for space in [*date.spaces.all(), *lent]}.values())


def _pools(asked: BookingRequest, date: Occurrence) -> list[EquipmentPool]:
    """What could go with it: what the school lends, and what the date has now."""
    pools = EquipmentPool.objects.of_school(asked.school_id).select_related("school")
    has = {line.pool_id for line in date.equipment.all()}
    return [pool for pool in pools if pool.pk in has or (pool.published and quantity_of(pool))]


def _next_free(asked: BookingRequest, date: Occurrence) -> Period | None:
    """When the date could be instead, where its time is all that stands against it."""
    (one,) = problems.asked_of(asked, [date])
    return problems.next_free(one, now=timezone.now())


# -- the school's offer -------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Offer another date, first the next that is free: held until it runs out."""
    asked = permitted(request, reference, policies.can_decide)
    date = _date(asked, pk)
    later = None if request.method == "POST" else _next_free(asked, date)
    form = OfferForm(
        request.POST or None, date=date, at=later, choices=_rooms(asked, date), pools=_pools(asked, date)
    )
    if request.method != "POST" or not form.is_valid():
        return _place_page(request, asked, date, form, Verb.OFFER, is_later=later is not None)
    try:
        outcome = workflow.offer(
            asked,
            by=request.user,
            occurrence=pk,
            to=form.place,
            message=form.cleaned_data["message"],
            expires_at=form.expires_at,
        )
    except WorkflowError as error:
        form.add_error(None, error.message)
        return _place_page(request, asked, date, form, Verb.OFFER, status=409)
    messages.success(request, wording.offered(outcome))
    return redirect(asked)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_move(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Ask the school to move an approved date."""
    asked = permitted(request, reference, policies.can_answer)
    date = _date(asked, pk)
    form = PlaceForm(request.POST or None, date=date, choices=_rooms(asked, date), pools=_pools(asked, date))
    if request.method != "POST" or not form.is_valid():
        return _place_page(request, asked, date, form, Verb.ASK_MOVE)
    try:
        workflow.ask_move(
            asked, by=request.user, occurrence=pk, to=form.place, message=form.cleaned_data["message"]
        )
    except WorkflowError as error:
        form.add_error(None, error.message)
        return _place_page(request, asked, date, form, Verb.ASK_MOVE, status=409)
    messages.success(
        request, _("Votre souhait est envoyé. D’ici la réponse du lycée, la date reste où elle est.")
    )
    return redirect(asked)


def _place_page(
    request: HttpRequest,
    asked: BookingRequest,
    date: Occurrence,
    form: PlaceForm,
    verb: Verb,
    *,
    is_later: bool = False,
    status: int = 200,
) -> HttpResponse:
    if not workflow.allowed(asked, [date], verb):
        gone = _("Cette date ne peut plus être déplacée : voyez où elle en est.")
        return show(request, asked, refusal=workflow.kept(asked, [date], verb) or gone)
    context = {
        "asked": asked,
        "date": date,
        "form": form,
        "is_offer": verb == Verb.OFFER,
        "is_later": is_later,
    }
    return render(request, "bookings/place.html", context, status=status)


# -- the answers --------------------------------------------------------------------------------


def _answered(
    request: HttpRequest,
    reference: str,
    may: Callable[[Any, BookingRequest], bool],
    act: Callable[[BookingRequest, int], Outcome],
    said: Callable[[Outcome], Any],
) -> HttpResponse:
    """One answer to the proposal of the date that was sent along."""
    asked = permitted(request, reference, may)
    pk = request.POST.get("date", "")
    date = _date(asked, int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
    try:
        outcome = act(asked, date.pk)
    except WorkflowError as error:
        return show(request, asked, refusal=error.message)
    messages.success(request, said(outcome))
    return redirect("bookings:queue" if "from_queue" in request.POST else asked)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:500]


@login_required
@require_POST
def accept_offer(request: HttpRequest, reference: str) -> HttpResponse:
    def act(asked: BookingRequest, pk: int) -> Outcome:
        return workflow.accept_offer(asked, by=request.user, occurrences=[pk])

    return _answered(request, reference, policies.can_answer, act, wording.offer_accepted)


@login_required
@require_POST
def decline_offer(request: HttpRequest, reference: str) -> HttpResponse:
    def act(asked: BookingRequest, pk: int) -> Outcome:
        return workflow.decline_offer(asked, by=request.user, occurrences=[pk], reason=_reason(request))

    def said(outcome: Outcome) -> str:
        return _("Proposition déclinée. Le lycée en est averti.")

    return _answered(request, reference, policies.can_answer, act, said)


@login_required
@require_POST
def approve_move(request: HttpRequest, reference: str) -> HttpResponse:
    def act(asked: BookingRequest, pk: int) -> Outcome:
        return workflow.approve_move(asked, by=request.user, occurrence=pk)

    return _answered(request, reference, policies.can_decide, act, wording.moved)


@login_required
@require_POST
def refuse_move(request: HttpRequest, reference: str) -> HttpResponse:
    def act(asked: BookingRequest, pk: int) -> Outcome:
        if not _reason(request):
            raise WorkflowError("reason", _("Écrivez le motif : l’organisme le lit tel quel."))
        return workflow.refuse_move(asked, by=request.user, occurrence=pk, reason=_reason(request))

    def said(outcome: Outcome) -> str:
        return _("Déplacement refusé : la date reste où elle est. L’organisme reçoit votre motif.")

    return _answered(request, reference, policies.can_decide, act, said)
