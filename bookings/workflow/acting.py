"""What every verb does: lock, check the table, move the dates, write the journal, queue the mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.web import formats
from venues.models import Space

from .. import followers, notifications
from ..models import BookingRequest, Claim, Journal, Occurrence, OccurrenceEquipment, Proposal
from ..problems import Problem
from ..states import UNDECIDED, RequestState, Verb
from .transitions import TRANSITIONS, kept_by_equipment, movable, state_of

# How often a verb starts again when somebody else's claim came in between.
ATTEMPTS = 3
# PostgreSQL's code for "you and another waited for each other" (SQLSTATE deadlock_detected).
DEADLOCK = "40P01"
# The columns of a request that follow from its state, and what was frozen on the way.
SETTLED = [
    "state", "decided_at", "information_asked_at", "paused_days", "answer_due_on", "deposit", "changed_at",
]  # fmt: skip
# What a decision reads of a date.
DETAILS = (
    Prefetch("spaces", Space.objects.select_related("school")),
    Prefetch("equipment", OccurrenceEquipment.objects.select_related("pool__kind")),
)
# Verbs after which somebody else's being second is told as a decision already made.
DECISIONS = frozenset({Verb.APPROVE, Verb.REFUSE, Verb.OFFER, Verb.APPROVE_MOVE, Verb.REFUSE_MOVE})
# What happens to a request without deciding anything: never the answer to "who was first?".
ASIDE = (
    *(Verb.SUBMIT, Verb.MESSAGE, Verb.REMIND, Verb.ESCALATE, Verb.BLOCK),
    *(Verb.PREPARE, Verb.ARRIVE, Verb.REPORT, Verb.REVIEW, Verb.HAND_OVER, Verb.TAKE_BACK),
    *(Verb.DRAW_UP, Verb.SIGN),
)


class WorkflowError(Exception):
    """A verb that the state of things forbids. `code` is stable, `message` is French."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Outcome:
    """What a verb did: the dates it moved, and those it left with the objections to each."""

    request: BookingRequest
    done: list[Occurrence]
    left: list[tuple[Occurrence, list[Problem]]] = field(default_factory=list)


@dataclass(frozen=True)
class Locked:
    """A request and its dates, locked until the transaction ends; `dates` are those the verb may move."""

    request: BookingRequest
    all_dates: list[Occurrence]
    dates: list[Occurrence]
    at: dt.datetime


def do(
    verb: Verb,
    request: BookingRequest,
    act: Callable[[Locked], Outcome],
    *,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Lock the request, let `act` do the verb to the dates it may move, in one transaction."""
    at = at or timezone.now()
    with transaction.atomic():
        all_dates = lock(request.pk)
        fresh = all_dates[0].request if all_dates else request
        _refuse_unknown(all_dates, occurrences)
        chosen = _chosen(movable(fresh, all_dates, verb, at), occurrences)
        kept = _chosen(kept_by_equipment(fresh, all_dates, verb, at), occurrences)
        if not chosen:
            raise equipment_out() if kept else too_late(fresh, verb)
        outcome = act(Locked(fresh, all_dates, chosen, at))
        outcome.left.extend((date, [Problem("equipment_out", equipment_out().message)]) for date in kept)
        outcome.left.extend(_passed_over(all_dates, [*chosen, *kept], occurrences))
        return outcome


def _chosen(dates: list[Occurrence], occurrences: Collection[int] | None) -> list[Occurrence]:
    return dates if occurrences is None else [date for date in dates if date.pk in set(occurrences)]


def lock(request_id: int, *, skip: bool = False) -> list[Occurrence]:
    """The request's dates, with everything a decision needs, locked with the request itself.

    `skip`: none at all if somebody else is at it (PostgreSQL; on SQLite the transaction is the lock).
    """
    return list(
        Occurrence.objects.filter(request_id=request_id)
        .select_related("request__organisation", "request__school", "request__created_by")
        .prefetch_related(*DETAILS)
        .order_by("pk")
        .select_for_update(of=("self", "request"), skip_locked=skip)
    )


def _passed_over(
    dates: list[Occurrence], moved: list[Occurrence], chosen: Collection[int] | None
) -> list[tuple[Occurrence, list[Problem]]]:
    """The chosen dates that somebody had already decided: said, never dropped in silence."""
    missed = set(chosen or ()) - {date.pk for date in moved}
    return [
        (
            date,
            [
                Problem(
                    "already_decided",
                    _("Date déjà décidée : %(state)s.") % {"state": date.get_state_display()},
                )
            ],
        )
        for date in dates
        if date.pk in missed
    ]


def _refuse_unknown(dates: list[Occurrence], chosen: Collection[int] | None) -> None:
    if chosen is not None and not set(chosen) <= {date.pk for date in dates}:
        raise WorkflowError(
            "unknown_dates", _("Certaines de ces dates ne font pas partie de la demande : rechargez la page.")
        )


def equipment_out() -> WorkflowError:
    """Why a date stays what it is while somebody has what was lent for it."""
    return WorkflowError(
        "equipment_out",
        _(
            "Le matériel remis pour cette date n’est pas encore rendu : dès que le lycée a noté son retour, "
            "elle peut être annulée ou changée."
        ),
    )


def too_late(request: BookingRequest, verb: Verb) -> WorkflowError:
    """Why nothing is left to decide: who did what, and when."""
    if TRANSITIONS[verb].during is not None:
        return WorkflowError(
            "not_now", _("Cela ne se dit pas, ou plus, ou pas encore, de cette date : voyez où elle en est.")
        )
    lines = request.journal.exclude(verb__in=ASIDE).select_related("actor")
    line = lines.order_by("at", "pk").last()
    if line is None:
        return WorkflowError("nothing_to_do", _("Aucune date de cette demande ne s’y prête."))
    code = "already_decided" if verb in DECISIONS else "forbidden_now"
    return WorkflowError(
        code,
        _("%(what)s par %(who)s le %(day)s à %(hour)s : il n’y a plus rien à faire ici.")
        % {
            "what": line.get_verb_display(),
            "who": line.who,
            "day": formats.day(line.at),
            "hour": formats.hour(line.at),
        },
    )


# -- moving -------------------------------------------------------------------------------------


def end(
    verb: Verb,
    request: BookingRequest,
    *,
    by: Any,
    reason: str = "",
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
    proposals: str = Proposal.Outcome.DROPPED,
) -> Outcome:
    """Refuse, withdraw, cancel, decline: move the dates, free their claims, say why."""

    def act(locked: Locked) -> Outcome:
        return end_locked(verb, locked, by=by, reason=reason, proposals=proposals)

    return do(verb, request, act, occurrences=occurrences, at=at)


def end_locked(
    verb: Verb,
    locked: Locked,
    *,
    by: Any,
    reason: str = "",
    proposals: str = Proposal.Outcome.DROPPED,
    **data: Any,
) -> Outcome:
    """`end` for dates already locked; `data` goes into the journal."""
    free(locked.dates)
    close_proposals(locked.dates, proposals, at=locked.at)
    move(locked, locked.dates, TRANSITIONS[verb].to, reason=reason)
    write(verb, locked.request, by=by, at=locked.at, occurrences=locked.dates, reason=reason, **data)
    return Outcome(locked.request, locked.dates)


def free(dates: Iterable[Occurrence]) -> None:
    """Give up what these dates hold."""
    Claim.objects.filter(occurrence__in=list(dates)).delete()


def close_proposals(dates: Iterable[Occurrence], outcome: str, *, at: dt.datetime) -> None:
    """What was proposed for these dates is answered, or has no object any more."""
    Proposal.objects.open().filter(occurrence__in=list(dates)).update(outcome=outcome, closed_at=at)


def move(locked: Locked, dates: list[Occurrence], state: str, *, reason: str = "") -> None:
    """Give these dates their new state, and the request the one that follows from all of them."""
    Occurrence.objects.filter(pk__in=[date.pk for date in dates]).update(
        state=state,
        reason=reason,
        changed_at=locked.at,
        blocked_at=None,
        prepared_at=None,
        sequence=F("sequence") + 1,
    )
    for date in dates:
        date.state, date.reason, date.changed_at, date.sequence = state, reason, locked.at, date.sequence + 1
    settle(locked, state_of({date.state for date in locked.all_dates}, locked.request.state))


def settle(locked: Locked, state: str) -> None:
    """Give the request this state; the clock of the promised answer stops and runs with it."""
    request = locked.request
    if state != request.state:
        if state == RequestState.INFORMATION_ASKED:
            request.information_asked_at = locked.at
        elif request.information_asked_at:
            _restart_clock(request, locked.at)
        # The answer counts, not what happens to its dates afterwards.
        if request.state in UNDECIDED and state not in UNDECIDED:
            request.decided_at = locked.at
        request.state = state
    request.save(update_fields=SETTLED)


def _restart_clock(request: BookingRequest, at: dt.datetime) -> None:
    """The days that began while the school waited do not count."""
    days = (timezone.localdate(at) - timezone.localdate(request.information_asked_at)).days
    request.paused_days += days
    request.answer_due_on += dt.timedelta(days=days)
    request.information_asked_at = None


# -- the journal --------------------------------------------------------------------------------


def write(
    verb: Verb,
    request: BookingRequest,
    *,
    by: Any,
    at: dt.datetime,
    occurrences: Iterable[Occurrence],
    reason: str = "",
    **data: Any,
) -> None:
    """One line of the journal, and the tasks that follow from it: the mail it calls for, an agreement."""
    line = Journal.objects.create(
        request=request,
        verb=verb,
        actor=by,
        at=at,
        reason=reason,
        data={"occurrences": [date.pk for date in occurrences], **data},
    )
    notifications.queue(line)
    followers.queue(line)


# -- taking claims ------------------------------------------------------------------------------


def retrying(verb: Callable[[], Outcome]) -> Outcome:
    """Run a verb that takes claims; start again if the database refused them after all.

    Only writers that bypass the verbs' locks (a shell, raw SQL) or a deadlock lead here.
    """
    for _attempt in range(ATTEMPTS):
        try:
            return verb()
        except IntegrityError as error:
            if not _is_overlap(error):
                raise
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != DEADLOCK:
                raise
    raise WorkflowError("taken", _("La salle vient d’être prise à ces heures : rechargez la page."))


def _is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused a claim because of another one, not because of its form."""
    return "claim_no_overlap" in str(error) and "claim_no_overlap_form" not in str(error)
