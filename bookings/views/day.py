"""The page of one date's day: how to come in, that one is there, what went wrong, how it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shareloc.web import uploads

from .. import links, policies, workflow
from ..forms import IncidentForm, ReviewForm, WordForm
from ..models import BookingRequest, Incident, Journal, Occurrence, Visit
from ..states import OPEN, WITH_A_DAY, Verb
from ..workflow import WorkflowError
from ..workflow.acting import ASIDE
from .following import load, permitted


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    asked = load(request, reference)
    return _show(request, asked, _date(asked, pk))


def _date(asked: BookingRequest, pk: int) -> Occurrence:
    for date in asked.occurrences.all():
        if date.pk == pk:
            return date
    raise Http404


def _without_a_day(request: HttpRequest, asked: BookingRequest, date: Occurrence) -> HttpResponse:
    """Where an old link leads once a date is cancelled, or is not promised: what became of it, and what now."""
    line = _last_said_of(asked, date)
    context = {
        "asked": asked,
        "school": asked.school,
        "date": date,
        "rooms": date.spaces.all(),
        "entry": line,
        "said": line and (line.get_verb_display() if date.state in OPEN else date.get_state_display()),
        "decides": policies.can_decide(request.user, asked),
        "answers": policies.can_answer(request.user, asked),
        "handles": date.has_equipment_out and policies.can_hand_over(request.user, asked),
        "search": links.around(asked.school, date.period, asked.attendees),
        "is_past": date.start_at <= timezone.now(),
    }
    status = 200 if request.method in ("GET", "HEAD") else 409
    return render(request, "bookings/day/none.html", context, status=status)


def _last_said_of(asked: BookingRequest, date: Occurrence) -> Journal | None:
    """The line of the journal that left this date as it is."""
    lines = asked.journal.exclude(verb__in=ASIDE).select_related("actor")
    return next((line for line in reversed(lines) if date.pk in line.data.get("occurrences", ())), None)


def _show(
    request: HttpRequest,
    asked: BookingRequest,
    date: Occurrence,
    *,
    refusal: str = "",
    status: int = 200,
    typed: Mapping[str, forms.Form] | None = None,
) -> HttpResponse:
    """The page; `typed` are the forms to correct, by name: incident, review, word."""
    if date.state not in WITH_A_DAY:
        return _without_a_day(request, asked, date)
    typed = typed or {}
    visit: Visit | None = getattr(date, "visit", None)
    rooms, lent = list(date.spaces.all()), list(date.equipment.all())
    context = {
        "asked": asked,
        "school": asked.school,
        "date": date,
        "visit": visit,
        "rooms": rooms,
        "lent": lent,
        "incidents": date.incidents.select_related("reported_by"),
        "incident": typed.get("incident") or IncidentForm(auto_id="id_incident_%s"),
        "review": typed.get("review") or ReviewForm(with_room=bool(rooms), auto_id="id_review_%s"),
        "word": typed.get("word") or WordForm(auto_id="id_word_%s"),
        "refusal": refusal,
        "form": next((form for form in typed.values() if form.errors), None),
        "has_errors": bool(refusal),
        **_permissions(request.user, asked, date, visit),
    }
    return render(request, "bookings/day/page.html", context, status=status)


def _permissions(user: Any, asked: BookingRequest, date: Occurrence, visit: Visit | None) -> dict[str, bool]:
    """What this person may say now of the date."""

    def possible(verb: Verb) -> bool:
        return bool(workflow.allowed(asked, [date], verb))

    answers, decides = policies.can_answer(user, asked), policies.can_decide(user, asked)
    arrived = visit is not None and visit.arrived_at is not None
    answered = visit is not None and visit.answered_at is not None
    return {
        "decides": decides,
        "handles": policies.can_hand_over(user, asked),
        "may_arrive": answers and not arrived and possible(Verb.ARRIVE),
        "may_report": (answers or decides) and possible(Verb.REPORT),
        "may_review": answers and not answered and possible(Verb.REVIEW),
        "may_say_not_used": answers and not (arrived or answered) and possible(Verb.NOT_USED),
        "may_note_absence": decides and not answers and not (arrived or answered) and possible(Verb.NO_SHOW),
    }


# -- the verbs ----------------------------------------------------------------------------------


def _say(
    request: HttpRequest,
    reference: str,
    pk: int,
    may: Callable[[Any, BookingRequest], bool],
    act: Callable[[BookingRequest, Any], object],
    said: str,
    *,
    name: str = "",
    form: Callable[[Occurrence], forms.Form] | None = None,
) -> HttpResponse:
    """Do it, and come back to the page; a form that is not right is shown again with what was typed.

    `form` makes the form called `name` for a date; `act` gets it once it is valid.
    """
    asked = permitted(request, reference, may)
    date = _date(asked, pk)
    if date.state not in WITH_A_DAY:
        return _without_a_day(request, asked, date)
    typed = {name: form(date)} if form else {}
    filled = typed.get(name)
    if filled is not None and not filled.is_valid():
        return _show(request, asked, date, typed=typed)
    try:
        act(asked, filled)
    except WorkflowError as error:
        return _show(request, asked, date, refusal=error.message, status=409, typed=typed)
    messages.success(request, said)
    return redirect("bookings:day", asked.reference, pk)


@login_required
@require_POST
def arrive(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    def act(asked: BookingRequest, _form: None) -> object:
        return workflow.arrive(asked, by=request.user, occurrence=pk)

    return _say(request, reference, pk, policies.can_answer, act, _("C’est noté : vous êtes là."))


@login_required
@require_POST
def report(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """A problem, from either side."""

    def act(asked: BookingRequest, form: IncidentForm) -> object:
        side = policies.side_of(request.user, asked)
        assert side is not None  # `can_write` said so
        return workflow.report(asked, by=request.user, side=side, occurrence=pk, **form.cleaned_data)

    return _say(
        request,
        reference,
        pk,
        policies.can_write,
        act,
        _("Problème signalé. L’autre partie en est avertie par courriel."),
        name="incident",
        form=lambda date: IncidentForm(request.POST, request.FILES, auto_id="id_incident_%s"),
    )


@login_required
@require_POST
def review(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """How it was."""

    def form(date: Occurrence) -> ReviewForm:
        return ReviewForm(request.POST, with_room=bool(date.spaces.all()), auto_id="id_review_%s")

    def act(asked: BookingRequest, form: ReviewForm) -> object:
        return workflow.review(asked, by=request.user, occurrence=pk, answers=form.answers)

    said = _("Merci ! Le lycée lit votre retour sur cette page.")
    return _say(request, reference, pk, policies.can_answer, act, said, name="review", form=form)


@login_required
@require_POST
def not_used(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Nobody came, says the organisation."""

    def act(asked: BookingRequest, form: WordForm) -> object:
        return workflow.not_used(asked, by=request.user, occurrence=pk, reason=form.cleaned_data["reason"])

    said = _("C’est noté : vous n’êtes pas venus. Le lycée en est averti.")
    return _say(
        request, reference, pk, policies.can_answer, act, said, name="word", form=lambda date: _word(request)
    )


@login_required
@require_POST
def no_show(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Nobody came, says the school."""

    def act(asked: BookingRequest, form: WordForm) -> object:
        return workflow.no_show(asked, by=request.user, occurrence=pk, reason=form.cleaned_data["reason"])

    said = _("Absence notée. L’organisme en est averti et peut répondre.")
    return _say(
        request, reference, pk, policies.can_decide, act, said, name="word", form=lambda date: _word(request)
    )


def _word(request: HttpRequest) -> WordForm:
    return WordForm(request.POST, auto_id="id_word_%s")


# -- photographs --------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def photo(request: HttpRequest, reference: str, pk: int, incident: int) -> FileResponse:
    """The photograph of a problem, to keep: a browser never shows it as a page of this site."""
    asked = load(request, reference)
    found = get_object_or_404(Incident.objects.exclude(photo=""), pk=incident, occurrence=_date(asked, pk))
    ending = str(found.photo.name).rpartition(".")[2]
    return uploads.attached(
        found.photo,
        name=f"{asked.reference}-{found.pk}.{ending}",
        content_type=uploads.content_type_of(found.photo),
    )
