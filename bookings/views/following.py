"""Following a request: the list of mine, and the page of one, with what one may do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shareloc.accounts import documents
from shareloc.accounts.models import Organisation
from shareloc.web.paging import page_of

from .. import agreements, awaited, history, policies, pricing, problems, wording, workflow
from ..forms import ChosenDatesForm, ReasonForm, RefusalForm, TextForm
from ..models import BookingRequest, Journal, Occurrence
from ..states import OPEN, UNDECIDED, WITH_A_DAY, OccurrenceState, RequestState, Verb, outcome_of
from ..workflow import WorkflowError
from ..workflow.acting import ASIDE
from .lines import Line, lines_of_stored
from .neighbours import rivals_of, week_around
from .progress import steps
from .proposals import proposals_of

PAGE_SIZE = 20
# The latest documents shown with a request.
MOST_DOCUMENTS = 6
# What a text on the page of a request may be written for.
WORDS = ("message", "question", "answer")
# The button that cancels a whole series without ticking its dates one by one.
EVERY_DATE = "toutes"


# -- the list -----------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The requests of my organisations: those that wait for me, by the next date to come, those without."""
    state, text = request.GET.get("etat", ""), request.GET.get("q", "")[:100].replace("\0", "").strip()
    mine = BookingRequest.objects.of_organisations_of(request.user).named_like(text)
    mine = awaited.first(mine.with_summary().upcoming_first(at=timezone.now()))
    if state in RequestState.values:
        mine = mine.filter(state=state)
    context = {
        "page": page_of(mine, PAGE_SIZE, request),
        "state": state if state in RequestState.values else "",
        "states": RequestState.choices,
        "q": text,
        "has_organisation": Organisation.objects.of(request.user).exists(),
    }
    return render(request, "bookings/requests.html", context)


# -- one request --------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, load(request, reference))


def load(request: HttpRequest, reference: str) -> BookingRequest:
    """The request with everything its page shows, if this person may see it; else 404."""
    seen = policies.visible_requests(request.user).select_related("school").with_plain_dates()
    asked: BookingRequest = get_object_or_404(
        seen.prefetch_related("occurrences__visit"), reference=reference.upper()
    )
    asked.know_school(asked.school)
    return asked


def permitted(
    request: HttpRequest, reference: str, may: Callable[[Any, BookingRequest], bool]
) -> BookingRequest:
    """`load`, refused to those who see the request but may not do this to it."""
    asked = load(request, reference)
    if not may(request.user, asked):
        raise PermissionDenied
    return asked


def show(
    request: HttpRequest,
    asked: BookingRequest,
    *,
    refusal: str = "",
    choice: ChosenDatesForm | None = None,
    reason: RefusalForm | None = None,
    words: TextForm | None = None,
    words_for: str = "",
) -> HttpResponse:
    """The page of a request; `refusal` says why nothing was done, a form is one to correct.

    `words_for` names what the text of `words` was written for: message, question, answer.
    """
    dates = list(asked.occurrences.all())
    lines = _lines(asked, dates)
    agreement = agreements.standing_of(asked, dates)
    waiting = [line for line in lines if line.occurrence and line.occurrence.state in OPEN]
    journal = [(line, wording.told(line)) for line in asked.journal.select_related("actor")]
    context = {
        "asked": asked,
        "lines": lines,
        "waiting": waiting,
        "outcome": outcome_of({date.state for date in dates}),
        "equipment": dates[0].equipment.all() if dates else [],
        "spaces": dates[0].spaces.all() if dates else [],
        "steps": steps(asked, dates, agreement),
        "money": pricing.of_request(asked, dates),
        "documents": documents.rows(_documents(asked)),
        "agreement": agreement,
        "signs": agreement.current
        and set(agreement.waits_for) & set(policies.signs_for(request.user, asked)),
        "journal": journal,
        "messages_said": asked.messages.select_related("author"),
        "proposals": proposals_of(asked, dates),
        "words": {
            name: words if name == words_for and words else TextForm(auto_id=f"id_{name}_%s")
            for name in WORDS
        },
        "words_for": words_for,
        "refusal": refusal,
        "has_errors": any(
            (refusal, choice and choice.errors, reason and reason.errors, words and words.errors)
        ),
        **_permissions(request.user, asked, dates),
    }
    if context["may_decide"]:
        context |= _decision(asked, waiting, choice, reason)
    elif context["decides"] and asked.state not in UNDECIDED:
        context["ended"] = _last_decisive(journal)
    return render(request, "bookings/request.html", context, status=409 if refusal else 200)


def _last_decisive(journal: list[tuple[Journal, str]]) -> tuple[Journal, str] | None:
    """What left nothing to decide, for whoever comes by the link of an old mail."""
    return next(((line, said) for line, said in reversed(journal) if line.verb not in ASIDE), None)


def _documents(asked: BookingRequest) -> Any:
    """The organisation's documents, and those taken off since it asked: all who see the request may read them."""
    found = asked.organisation.documents.filter(Q(removed_at=None) | Q(removed_at__gte=asked.submitted_at))
    return found.order_by(F("removed_at").desc(nulls_first=True), "kind", "-pk")[:MOST_DOCUMENTS]


def _permissions(user: Any, asked: BookingRequest, dates: list[Occurrence]) -> dict[str, Any]:
    """What this person may do now: where things stand, and who they are."""

    def possible(verb: Verb) -> bool:
        return bool(workflow.allowed(asked, dates, verb))

    decides = policies.can_decide(user, asked)
    answers = policies.can_answer(user, asked)
    return {
        "decides": decides,
        "history": history.of(asked) if decides else None,
        "answers": answers,
        "may_write": decides or answers,
        "may_ask": possible(Verb.ASK_INFORMATION) and decides,
        "may_tell": possible(Verb.ANSWER_INFORMATION) and answers,
        "with_day": _keys([date for date in dates if date.state in WITH_A_DAY]),
        "offerable": _keys(workflow.allowed(asked, dates, Verb.OFFER)) if decides else set(),
        "relocatable": _keys(workflow.allowed(asked, dates, Verb.ASK_MOVE)) if answers else set(),
        "may_decide": possible(Verb.APPROVE) and decides,
        "may_withdraw": possible(Verb.WITHDRAW) and answers,
        "may_cancel": possible(Verb.CANCEL) and (answers or decides),
    }


def _keys(dates: list[Occurrence]) -> set[int]:
    return {date.pk for date in dates}


def _lines(asked: BookingRequest, dates: list[Occurrence]) -> list[Line]:
    """Every date, those still open with what stands against them."""
    pending = [date for date in dates if date.state == OccurrenceState.PENDING]
    found = problems.for_dates(problems.asked_of(asked, pending), now=timezone.now())
    against = {date.pk: objections for date, objections in zip(pending, found, strict=True)}
    return lines_of_stored(dates, [against.get(date.pk, []) for date in dates])


def _decision(
    asked: BookingRequest,
    waiting: list[Line],
    choice: ChosenDatesForm | None,
    reason: RefusalForm | None,
) -> dict[str, Any]:
    """The forms of a decision: what is free is ticked to be accepted, everything to be refused."""
    offered = [line.occurrence for line in waiting if line.occurrence]
    free = [line for line in waiting if line.is_free]
    chosen = choice or ChosenDatesForm(
        offered=(), initial={"dates": [line.occurrence.pk for line in free if line.occurrence]}
    )
    why = reason or RefusalForm(
        offered=(), reasons=asked.school.refusals, initial={"dates": [date.pk for date in offered]}
    )
    chosen.offer(offered)
    why.offer(offered)
    return {
        "free": len(free),
        "overridable": [line for line in waiting if line.is_blocked and not line.is_stuck],
        "choice": chosen,
        "choice_lines": list(zip(chosen["dates"], waiting, strict=False)),
        "rivals": rivals_of(asked, waiting),
        "around": week_around(offered),
        "reason": why,
        "reason_lines": list(zip(why["dates"], waiting, strict=False)),
    }


# -- taking back and cancelling -----------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    asked = permitted(request, reference, policies.can_withdraw)
    if request.method != "POST":
        return render(request, "bookings/withdraw.html", {"asked": asked})
    try:
        workflow.withdraw(asked, by=request.user)
    except WorkflowError as error:
        return show(request, asked, refusal=error.message)
    messages.success(request, _("Votre demande est retirée. Le lycée en est averti."))
    return redirect(asked)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    asked = permitted(request, reference, policies.can_cancel)
    cancellable = workflow.allowed(asked, asked.occurrences.all(), Verb.CANCEL)
    if request.method != "POST":
        return _cancel_form(request, asked, _first_cancel_form(request, cancellable), cancellable)
    form = ReasonForm(_dates_to_cancel(request, cancellable), offered=asked.occurrences.all())
    if not form.is_valid():
        return _cancel_form(request, asked, form, cancellable)
    chosen, why = form.cleaned_data["dates"], form.cleaned_data["reason"]
    try:
        outcome = workflow.cancel(asked, by=request.user, reason=why, occurrences=chosen)
    except WorkflowError as error:
        return show(request, asked, refusal=error.message)
    messages.success(request, wording.cancelled(outcome))
    return redirect(asked)


def _dates_to_cancel(request: HttpRequest, cancellable: list[Occurrence]) -> QueryDict:
    """What was sent, with every date where the button for all of them was pressed."""
    sent = request.POST.copy()
    if EVERY_DATE in sent:
        sent.setlist("dates", [str(date.pk) for date in cancellable])
    return sent


def _first_cancel_form(request: HttpRequest, cancellable: list[Occurrence]) -> ReasonForm:
    """The form as it opens; a date pointed at in the address is ticked."""
    return ReasonForm(offered=cancellable, initial={"dates": request.GET.getlist("dates")})


def _cancel_form(
    request: HttpRequest, asked: BookingRequest, form: ReasonForm, cancellable: list[Occurrence]
) -> HttpResponse:
    if not cancellable:
        kept = workflow.kept(asked, asked.occurrences.all(), Verb.CANCEL)
        gone = _("Aucune date acceptée de cette demande n’est encore à venir.")
        return show(request, asked, refusal=kept or gone)
    form.offer(cancellable)
    context = {"asked": asked, "form": form, "by_school": policies.can_decide(request.user, asked)}
    return render(request, "bookings/cancel.html", context)
