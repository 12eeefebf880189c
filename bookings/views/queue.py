"""What waits for a decision at my schools, and deciding many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shareloc.web.paging import page_of
from venues.models import School, Space
from venues.periods import Period
from venues.policies import decided_schools

from .. import bulk, concerns, history, problems, wording
from ..blocks import blocked_dates
from ..forms import RefusalReasonForm
from ..models import Agreement, BookingRequest, Occurrence, OccurrenceEquipment, Proposal
from ..states import OccurrenceState
from .lines import Line, lines_of_stored
from .proposals import know_schools, shown_wishes, wanted_by, wishes_to, with_objections

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 10
LIST_PAGE_SIZE = 20
# The queue's page has fewer; whoever sends more has made the form up.
MOST_AT_ONCE = 50
# How many conflicts and how many wishes to move the queue shows; their pages have them all.
MOST_BLOCKED = 5
MOST_WISHES = 5
# How many agreements to sign: the next ones come as these are signed.
MOST_TO_SIGN = 5


@dataclass
class Waiting:
    """A request in the queue (`with_insurance`), with what a decision needs to know."""

    asked: BookingRequest
    lines: list[Line]
    # How many dates this organisation already had in this school.
    times_here: int

    @cached_property
    def spaces(self) -> list[Space]:
        """The rooms asked for, each once."""
        rooms = {
            space.pk: space
            for line in self.lines
            if line.occurrence
            for space in line.occurrence.spaces.all()
        }
        return list(rooms.values())

    @cached_property
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

    @cached_property
    def worries(self) -> list[str]:
        """What stands against its dates, each thing once."""
        return list(dict.fromkeys(problem.message for line in self.lines for problem in line.problems))

    @cached_property
    def blocked(self) -> int:
        return sum(line.is_blocked for line in self.lines)

    @cached_property
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
    waiting = BookingRequest.objects.awaiting().filter(school__in=schools)
    waiting = waiting.with_plain_dates().with_insurance(timezone.localdate()).oldest_first()
    page = page_of(waiting, PAGE_SIZE, request)
    known = {school.pk: school for school in schools}
    for asked in page:
        asked.know_school(known[asked.school_id])
    wishes, wishes_count = _first(wishes_to(schools), MOST_WISHES)
    know_schools(wishes, schools)
    blocked, blocked_count = _first(blocked_dates(schools), MOST_BLOCKED)
    to_sign, to_sign_count = _first(_to_sign(request.user), MOST_TO_SIGN)
    context = {
        "schools": schools,
        "page": page,
        **_judged(list(page), wishes),
        "wishes_count": wishes_count,
        "blocked": blocked,
        "blocked_count": blocked_count,
        "to_sign": to_sign,
        "to_sign_count": to_sign_count,
        "why": why or RefusalReasonForm(reasons=_reasons(schools)),
        "ticked": ticked,
        "problem": problem,
        "has_errors": bool(problem),
    }
    return render(request, "bookings/queue.html", context)


def _to_sign(user: Any) -> QuerySet[Agreement]:
    """The agreements this person may sign for a school and that wait for it, the oldest first."""
    waiting = concerns.to_sign(user).select_related("request__organisation", "request__school")
    return waiting.order_by("generated_at", "pk")


def _first(rows: QuerySet[Row], most: int) -> tuple[list[Row], int]:
    """The first of them, and how many there are."""
    first = list(rows[:most])
    return first, len(first) if len(first) < most else rows.count()


def _judged(requests: list[BookingRequest], wishes: list[Proposal]) -> dict[str, Any]:
    """`waiting` and `wishes`, each with its objections: as many statements for one as for many of both."""
    pending = {asked.pk: _pending(asked) for asked in requests}
    asked_for = [one for asked in requests for one in problems.asked_of(asked, pending[asked.pk])]
    wanted = wanted_by(wishes)
    here, there = problems.for_groups([asked_for, wanted], now=timezone.now(), suggest=False)
    found, times_here = iter(here), history.times_here(requests)
    waiting = [
        Waiting(
            asked,
            lines_of_stored(pending[asked.pk], [next(found) for _date in pending[asked.pk]]),
            times_here=times_here.get((asked.organisation_id, asked.school_id), 0),
        )
        for asked in requests
    ]
    return {"waiting": waiting, "wishes": with_objections(wishes, wanted, there)}


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
    page = page_of(asked, LIST_PAGE_SIZE, request)
    return render(request, "bookings/school_requests.html", {"page": page})


@login_required
@never_cache
@require_safe
def moves(request: HttpRequest) -> HttpResponse:
    """All accepted dates that their organisation wishes to move, the longest waiting first."""
    schools = my_schools(request)
    page = page_of(wishes_to(schools), LIST_PAGE_SIZE, request)
    know_schools(page, schools)
    context = {"page": page, "wishes": shown_wishes(list(page)), "schools": schools}
    return render(request, "bookings/moves.html", context)


def my_schools(request: HttpRequest) -> list[School]:
    """The schools this person decides for; 404 for people who decide for none."""
    schools = list(decided_schools(request.user))
    if not schools:
        raise Http404
    return schools


def _pending(asked: BookingRequest) -> list[Occurrence]:
    return [date for date in asked.occurrences.all() if date.state == OccurrenceState.PENDING]
