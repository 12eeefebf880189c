"""Deciding: the queue of my schools, and the verbs of a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shareloc.accounts.models import Document
from venues.models import School, Space
from venues.periods import Period
from venues.policies import decided_schools

from .. import bulk, policies, problems, wording, workflow
from ..blocks import blocked_dates
from ..forms import ChosenDatesForm, RefusalForm, RefusalReasonForm
from ..models import BookingRequest, Occurrence, OccurrenceEquipment
from ..states import HOSTED, OccurrenceState, Verb
from ..workflow import WorkflowError
from .following import permitted, show
from .lines import Line, lines_of_stored
from .proposals import shown_wishes, wishes_to

PAGE_SIZE = 10
LIST_PAGE_SIZE = 20
# The queue's page has fewer; whoever sends more has made the form up.
MOST_AT_ONCE = 50
# How many conflicts and how many wishes to move the queue shows; their pages have them all.
MOST_BLOCKED = 5
MOST_WISHES = 5


@dataclass
class Waiting:
    """A request in the queue, with what a decision needs to know."""

    asked: BookingRequest
    lines: list[Line]
    is_insured: bool
    # How many dates this organisation already had in this school.
    times_here: int

    @property
    def spaces(self) -> list[Space]:
        """The rooms asked for, each once."""
        rooms = {
            space.pk: space
            for line in self.lines
            if line.occurrence
            for space in line.occurrence.spaces.all()
        }
        return list(rooms.values())

    @property
    def equipment(self) -> list[OccurrenceEquipment]:
        """What the first date asks for; the others mostly ask for the same."""
        date = self.lines[0].occurrence if self.lines else None
        return list(date.equipment.all()) if date else []

    @property
    def first(self) -> Period | None:
        return self.lines[0].period if self.lines else None

    @property
    def others(self) -> int:
        return len(self.lines) - 1

    @property
    def worries(self) -> list[str]:
        """What stands against its dates, each thing once."""
        return list(dict.fromkeys(problem.message for line in self.lines for problem in line.problems))

    @property
    def blocked(self) -> int:
        return sum(line.is_blocked for line in self.lines)

    @property
    def free(self) -> int:
        return len(self.lines) - self.blocked

    @property
    def summary(self) -> str:
        return wording.dates(len(self.lines), self.blocked)

    @property
    def age(self) -> int:
        """Whole days since it was sent."""
        return (timezone.localdate() - timezone.localdate(self.asked.submitted_at)).days

    @property
    def is_late(self) -> bool:
        return self.asked.answer_due_on < timezone.localdate()


# -- the queue ----------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for me to decide, oldest first."""
    return _queue(request, my_schools(request))


def _queue(
    request: HttpRequest,
    schools: list[School],
    *,
    why: RefusalReasonForm | None = None,
    ticked: Collection[str] = (),
    problem: str = "",
) -> HttpResponse:
    waiting = BookingRequest.objects.awaiting().filter(school__in=schools).with_dates().oldest_first()
    shown = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "schools": schools,
        "page": shown,
        "waiting": _waiting(list(shown)),
        **_blocked(schools),
        **_wishes(schools),
        "why": why or RefusalReasonForm(reasons=_reasons(schools)),
        "ticked": ticked,
        "problem": problem,
        "has_errors": bool(problem),
    }
    return render(request, "bookings/queue.html", context)


def _blocked(schools: list[School]) -> dict[str, Any]:
    """The first promised dates that the school itself needs the room of, and how many there are."""
    found = blocked_dates(schools)
    first = list(found[:MOST_BLOCKED])
    return {"blocked": first, "blocked_count": len(first) if len(first) < MOST_BLOCKED else found.count()}


def _wishes(schools: list[School]) -> dict[str, Any]:
    """The first wishes to move a date, and how many there are."""
    found = wishes_to(schools)
    first = list(found[:MOST_WISHES])
    count = len(first) if len(first) < MOST_WISHES else found.count()
    return {"wishes": shown_wishes(first), "wishes_count": count}


def _reasons(schools: list[School]) -> list[str]:
    """The reasons of all my schools, each once."""
    return list(dict.fromkeys(reason for school in schools for reason in school.refusals))


@login_required
@never_cache
@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Accept what is free of the ticked requests, or refuse them all for one reason."""
    schools = my_schools(request)
    ticked = request.POST.getlist("requests")[:MOST_AT_ONCE]
    waiting = BookingRequest.objects.awaiting().filter(school__in=schools, reference__in=ticked)
    chosen = list(waiting.oldest_first())
    why = RefusalReasonForm(request.POST, reasons=_reasons(schools))
    refusing = request.POST.get("act") == "refuse"
    if not ticked:
        return _queue(request, schools, why=why, problem=_("Cochez au moins une demande."))
    if refusing and not why.is_valid():
        return _queue(
            request, schools, why=why, ticked=ticked, problem=" ".join(map(str, why.errors["reason"]))
        )
    done, left = bulk.decide(chosen, by=request.user, reason=why.cleaned_data["reason"] if refusing else None)
    gone = len(set(ticked)) - len(chosen)
    messages.add_message(request, *wording.decided_many(done, left, gone, refused=refusing))
    return redirect("bookings:queue")


@login_required
@never_cache
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All that was asked of my schools, newest first."""
    asked = BookingRequest.objects.filter(school__in=my_schools(request)).with_summary().newest_first()
    page = Paginator(asked, LIST_PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "bookings/school_requests.html", {"page": page})


@login_required
@never_cache
@require_safe
def moves(request: HttpRequest) -> HttpResponse:
    """All accepted dates that their organisation wishes to move, the longest waiting first."""
    schools = my_schools(request)
    page = Paginator(wishes_to(schools), LIST_PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "wishes": shown_wishes(list(page)), "schools": schools}
    return render(request, "bookings/moves.html", context)


def my_schools(request: HttpRequest) -> list[School]:
    """The schools this person decides for; 404 for people who decide for none."""
    schools = list(decided_schools(request.user))
    if not schools:
        raise Http404
    return schools


def _waiting(requests: list[BookingRequest]) -> list[Waiting]:
    """The requests of a page with their objections: as many statements for one as for many."""
    pending = {asked.pk: _pending(asked) for asked in requests}
    everything = [one for asked in requests for one in problems.asked_of(asked, pending[asked.pk])]
    found = iter(problems.for_dates(everything, now=timezone.now(), suggest=False))
    insured, times_here = _insured(requests), _times_here(requests)
    return [
        Waiting(
            asked,
            lines_of_stored(pending[asked.pk], [next(found) for _date in pending[asked.pk]]),
            is_insured=asked.organisation_id in insured,
            times_here=times_here[asked.organisation_id, asked.school_id],
        )
        for asked in requests
    ]


def _pending(asked: BookingRequest) -> list[Occurrence]:
    return [date for date in asked.occurrences.all() if date.state == OccurrenceState.PENDING]


def _insured(requests: Collection[BookingRequest]) -> set[int]:
    """Organisations whose certificate covers today."""
    today = timezone.localdate()
    certificates = Document.objects.insurance().filter(
        organisation__in={asked.organisation_id for asked in requests}
    )
    return {certificate.organisation_id for certificate in certificates if certificate.covers(today)}


def _times_here(requests: Collection[BookingRequest]) -> dict[tuple[int, int], int]:
    rows = (
        Occurrence.objects.in_state(*HOSTED)
        .filter(
            request__organisation__in={asked.organisation_id for asked in requests},
            request__school__in={asked.school_id for asked in requests},
            end_at__lt=timezone.now(),
        )
        .order_by()
        .values_list("request__organisation_id", "request__school_id")
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[int, int], int] = defaultdict(int)
    found.update({(organisation, school): n for organisation, school, n in rows})
    return found


# -- the verbs ----------------------------------------------------------------------------------


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
