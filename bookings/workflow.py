"""The life of a request: one verb a function, and the only place where a state changes.

Each verb checks the transition, changes states, takes or frees claims, writes the journal and
queues the mail, in one transaction. Who may call a verb is decided in `policies`, before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.accounts.models import Organisation
from shareloc.web import formats
from venues.models import School, Space
from venues.periods import Period

from . import claiming, notifications, problems
from .models import BookingRequest, Claim, Journal, Occurrence, OccurrenceEquipment, OccurrenceSpace
from .problems import Asked, Line, Problem, asked_of
from .states import OPEN, UNDECIDED, OccurrenceState, RequestState, Verb

# How often a verb starts again when somebody else's claim came in between.
ATTEMPTS = 3
# PostgreSQL's code for "you and another waited for each other" (SQLSTATE deadlock_detected).
DEADLOCK = "40P01"


class WorkflowError(Exception):
    """A verb that the state of things forbids. `code` is stable, `message` is French."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Transition(NamedTuple):
    """From which states a verb takes a request's dates, and to which."""

    requests: Collection[str]
    dates: Collection[str]
    to: str


TRANSITIONS: dict[Verb, Transition] = {
    Verb.APPROVE: Transition(UNDECIDED, {OccurrenceState.PENDING}, OccurrenceState.APPROVED),
    Verb.REFUSE: Transition(UNDECIDED, OPEN, OccurrenceState.REFUSED),
    Verb.WITHDRAW: Transition(UNDECIDED, OPEN, OccurrenceState.WITHDRAWN),
    Verb.CANCEL: Transition(
        {RequestState.DECIDED, *UNDECIDED}, {OccurrenceState.APPROVED}, OccurrenceState.CANCELLED
    ),
}


@dataclass(frozen=True)
class DraftDate:
    """One date somebody wants to ask for."""

    period: Period
    spaces: tuple[Space, ...] = ()
    equipment: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A request before it is sent. All spaces and equipment are of one school."""

    organisation: Organisation
    purpose: str
    attendees: int
    dates: Sequence[DraftDate]
    message: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    rule: str = ""
    idempotency_key: str = ""

    def asked(self, *, at: dt.datetime) -> list[Asked]:
        """The dates as objections see them, were they sent at that moment."""
        return [
            Asked(date.period, date.spaces, self.organisation, self.attendees, at, date.equipment)
            for date in self.dates
        ]


@dataclass(frozen=True)
class Outcome:
    """What a verb did: the dates it moved, and those it left with the objections to each."""

    request: BookingRequest
    done: list[Occurrence]
    left: list[tuple[Occurrence, list[Problem]]] = field(default_factory=list)


# -- verbs --------------------------------------------------------------------------------------


def submit(draft: Draft, *, by: Any, at: dt.datetime | None = None) -> BookingRequest:
    """Store the request with all its dates, problems or not; the same idempotency key gives the same request."""
    at = at or timezone.now()
    school = _only_school(draft)
    _refuse_seconds(draft)
    try:
        with transaction.atomic():
            return _sent_before(draft, by) or _store(draft, school, by=by, at=at)
    except IntegrityError:
        # The same form sent twice at the same instant: the other one got there first.
        if sent := _sent_before(draft, by):
            return sent
        raise


def approve(
    request: BookingRequest,
    *,
    by: Any,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Approve every free date, or the chosen ones; the rest is left pending, with its objections.

    A chosen date is approved in spite of objections that a manager may pass over. Raises
    WorkflowError `already_decided`, `unknown_dates` or `nothing_free`.
    """

    def act(locked: _Locked) -> Outcome:
        return _approve(locked, by=by, chosen=occurrences)

    return _retrying(lambda: _do(Verb.APPROVE, request, act, occurrences=occurrences, at=at))


def refuse(
    request: BookingRequest,
    *,
    by: Any,
    reason: str,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Refuse all undecided dates, or the chosen ones, with the reason shown to the organisation."""
    return _end(Verb.REFUSE, request, by=by, reason=reason, occurrences=occurrences, at=at)


def withdraw(request: BookingRequest, *, by: Any, reason: str = "", at: dt.datetime | None = None) -> Outcome:
    """The organisation takes back the dates not yet decided."""
    return _end(Verb.WITHDRAW, request, by=by, reason=reason, occurrences=None, at=at)


def cancel(
    request: BookingRequest,
    *,
    by: Any,
    reason: str,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Either side gives up approved dates to come: their claims are freed at once."""
    return _end(Verb.CANCEL, request, by=by, reason=reason, occurrences=occurrences, at=at)


def allowed(request: BookingRequest, occurrences: Iterable[Occurrence], verb: Verb) -> list[Occurrence]:
    """The dates of a loaded request that `verb` could move now."""
    return _movable(request, list(occurrences), TRANSITIONS[verb], verb, timezone.now())


# -- submitting ---------------------------------------------------------------------------------


def _only_school(draft: Draft) -> School:
    """The one school a draft speaks of."""
    schools = {space.school for date in draft.dates for space in date.spaces}
    schools |= {line.pool.school for date in draft.dates for line in date.equipment}
    if not schools:
        raise WorkflowError("nothing_asked", _("Choisissez une salle ou du matériel, et au moins une date."))
    if len(schools) > 1:
        raise WorkflowError(
            "several_schools", _("Une demande porte sur un seul lycée : faites-en une par lycée.")
        )
    return schools.pop()


def _refuse_seconds(draft: Draft) -> None:
    """Periods are whole minutes: claims keep no more, and the database refuses them."""
    if any(moment.second or moment.microsecond for date in draft.dates for moment in date.period):
        raise WorkflowError("seconds", _("Les heures se donnent à la minute près, sans secondes."))


def _sent_before(draft: Draft, by: Any) -> BookingRequest | None:
    if not draft.idempotency_key:
        return None
    return BookingRequest.objects.filter(created_by=by, idempotency_key=draft.idempotency_key).first()


def _store(draft: Draft, school: School, *, by: Any, at: dt.datetime) -> BookingRequest:
    request = BookingRequest.objects.create(
        organisation=draft.organisation,
        school=school,
        created_by=by,
        purpose=draft.purpose,
        attendees=draft.attendees,
        message=draft.message,
        contact_name=draft.contact_name,
        contact_phone=draft.contact_phone,
        rule=draft.rule,
        idempotency_key=draft.idempotency_key,
        submitted_at=at,
        answer_due_on=timezone.localdate(at) + dt.timedelta(days=school.answer_days),
    )
    stored = _store_dates(request, draft.dates, at=at)
    _write(Verb.SUBMIT, request, by=by, at=at, occurrences=stored)
    return request


def _store_dates(request: BookingRequest, dates: Sequence[DraftDate], *, at: dt.datetime) -> list[Occurrence]:
    stored = Occurrence.objects.bulk_create(
        Occurrence(request=request, start_at=date.period.start, end_at=date.period.end, changed_at=at)
        for date in dates
    )
    OccurrenceSpace.objects.bulk_create(
        OccurrenceSpace(occurrence=occurrence, space=space)
        for occurrence, date in zip(stored, dates, strict=True)
        for space in date.spaces
    )
    OccurrenceEquipment.objects.bulk_create(
        OccurrenceEquipment(occurrence=occurrence, pool=line.pool, quantity=line.quantity)
        for occurrence, date in zip(stored, dates, strict=True)
        for line in date.equipment
    )
    return stored


# -- deciding -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Locked:
    """A request and its dates, locked until the transaction ends; `dates` are those the verb may move."""

    request: BookingRequest
    all_dates: list[Occurrence]
    dates: list[Occurrence]
    at: dt.datetime


def _do(
    verb: Verb,
    request: BookingRequest,
    act: Callable[[_Locked], Outcome],
    *,
    occurrences: Collection[int] | None,
    at: dt.datetime | None,
) -> Outcome:
    at = at or timezone.now()
    with transaction.atomic():
        all_dates = _lock(request)
        fresh = all_dates[0].request if all_dates else request
        _refuse_unknown(all_dates, occurrences)
        movable = _movable(fresh, all_dates, TRANSITIONS[verb], verb, at)
        chosen = movable if occurrences is None else [date for date in movable if date.pk in set(occurrences)]
        if not chosen:
            raise _too_late(fresh, verb)
        outcome = act(_Locked(fresh, all_dates, chosen, at))
        outcome.left.extend(_passed_over(all_dates, chosen, occurrences))
        return outcome


def _lock(request: BookingRequest) -> list[Occurrence]:
    """The request's dates, with everything a decision needs, locked with the request itself."""
    return list(
        Occurrence.objects.filter(request_id=request.pk)
        .select_related("request__organisation", "request__school", "request__created_by")
        .prefetch_related(
            Prefetch("spaces", Space.objects.select_related("school")),
            Prefetch("equipment", OccurrenceEquipment.objects.select_related("pool__kind")),
        )
        .order_by("pk")
        .select_for_update(of=("self", "request"))
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


def _movable(
    request: BookingRequest, dates: list[Occurrence], rule: Transition, verb: Verb, at: dt.datetime
) -> list[Occurrence]:
    if request.state not in rule.requests:
        return []
    movable = [date for date in dates if date.state in rule.dates]
    if verb == Verb.CANCEL:
        movable = [date for date in movable if date.start_at > at]
    return movable


def _too_late(request: BookingRequest, verb: Verb) -> WorkflowError:
    """Why nothing is left to decide: who did what, and when."""
    line = request.journal.exclude(verb=Verb.SUBMIT).select_related("actor").order_by("at", "pk").last()
    if line is None:
        return WorkflowError("nothing_to_do", _("Aucune date de cette demande ne s’y prête."))
    code = "already_decided" if verb in (Verb.APPROVE, Verb.REFUSE) else "forbidden_now"
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


def _approve(locked: _Locked, *, by: Any, chosen: Collection[int] | None) -> Outcome:
    asked = asked_of(locked.request, locked.dates)
    units = claiming.lock_units(locked.dates)
    known = problems.read(asked, now=locked.at, suggest=False, rivals=False)
    picker = claiming.Picker(units, known.stock)
    objections = problems.judge(asked, known)
    done: list[Occurrence] = []
    left: list[tuple[Occurrence, list[Problem]]] = []
    for date, wanted, found in zip(locked.dates, asked, objections, strict=True):
        against = [p for p in found if p.is_blocker and not (chosen is not None and p.overridable)]
        against = against or picker.take(date, wanted)
        if against:
            left.append((date, against))
        else:
            done.append(date)
    if not done:
        raise WorkflowError("nothing_free", _nothing_free(left))
    Claim.objects.bulk_create(picker.claims)
    overridden = {
        date.pk: [p.code for p in found if p.is_blocker]
        for date, found in zip(locked.dates, objections, strict=True)
        if date in done and any(p.is_blocker for p in found)
    }
    _move(locked, done, OccurrenceState.APPROVED, reason="")
    _write(
        Verb.APPROVE,
        locked.request,
        by=by,
        at=locked.at,
        occurrences=done,
        left=[date.pk for date, _why in left],
        overridden=overridden,
    )
    return Outcome(locked.request, done, left)


def _nothing_free(left: list[tuple[Occurrence, list[Problem]]]) -> str:
    first = left[0][1][0].message
    return _("Aucune de ces dates n’est libre. %(why)s") % {"why": first}


def _end(
    verb: Verb,
    request: BookingRequest,
    *,
    by: Any,
    reason: str,
    occurrences: Collection[int] | None,
    at: dt.datetime | None,
) -> Outcome:
    """Refuse, withdraw and cancel: move the dates, free their claims, say why."""

    def act(locked: _Locked) -> Outcome:
        Claim.objects.filter(occurrence__in=locked.dates).delete()
        _move(locked, locked.dates, TRANSITIONS[verb].to, reason=reason)
        _write(verb, locked.request, by=by, at=locked.at, occurrences=locked.dates, reason=reason)
        return Outcome(locked.request, locked.dates)

    return _do(verb, request, act, occurrences=occurrences, at=at)


def _move(locked: _Locked, dates: list[Occurrence], state: str, *, reason: str) -> None:
    """Give these dates their new state, and the request the one that follows from all of them."""
    Occurrence.objects.filter(pk__in=[date.pk for date in dates]).update(
        state=state, reason=reason, changed_at=locked.at, sequence=F("sequence") + 1
    )
    for date in dates:
        date.state, date.reason, date.changed_at, date.sequence = state, reason, locked.at, date.sequence + 1
    new_state = _state_of({date.state for date in locked.all_dates}, locked.request.state)
    if new_state != locked.request.state:
        locked.request.state = new_state
        locked.request.decided_at = locked.at
    locked.request.save(update_fields=["state", "decided_at", "changed_at"])


def _state_of(dates: set[str], current: str) -> str:
    """The state of a request whose dates have these states."""
    if dates & OPEN:
        return current
    if dates == {OccurrenceState.WITHDRAWN}:
        return RequestState.WITHDRAWN
    return RequestState.DECIDED


# -- the journal --------------------------------------------------------------------------------


def _write(
    verb: Verb,
    request: BookingRequest,
    *,
    by: Any,
    at: dt.datetime,
    occurrences: Iterable[Occurrence],
    reason: str = "",
    **data: Any,
) -> None:
    """One line of the journal, and the task that sends the mail it calls for."""
    line = Journal.objects.create(
        request=request,
        verb=verb,
        actor=by,
        at=at,
        reason=reason,
        data={"occurrences": [date.pk for date in occurrences], **data},
    )
    notifications.queue(line)


def _retrying(verb: Callable[[], Outcome]) -> Outcome:
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
