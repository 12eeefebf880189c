"""The school's decision, and what either side gives up: approve, refuse, withdraw, cancel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import ngettext

from .. import claiming, pricing, problems
from ..models import BookingRequest, Claim, Occurrence
from ..problems import Problem, asked_of
from ..states import OccurrenceState, Verb
from .acting import Locked, Outcome, WorkflowError, do, end, move, retrying, write
from .lapsing import lapse_in_the_way


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

    def act(locked: Locked) -> Outcome:
        return _approve(locked, by=by, chosen=occurrences)

    return retrying(lambda: do(Verb.APPROVE, request, act, occurrences=occurrences, at=at))


def refuse(
    request: BookingRequest,
    *,
    by: Any,
    reason: str,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Refuse all undecided dates, or the chosen ones, with the reason shown to the organisation."""
    return end(Verb.REFUSE, request, by=by, reason=reason, occurrences=occurrences, at=at)


def withdraw(request: BookingRequest, *, by: Any, reason: str = "", at: dt.datetime | None = None) -> Outcome:
    """The organisation takes back the dates not yet decided."""
    return end(Verb.WITHDRAW, request, by=by, reason=reason, at=at)


def cancel(
    request: BookingRequest,
    *,
    by: Any,
    reason: str,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Either side gives up approved dates to come: their claims are freed at once."""
    return end(Verb.CANCEL, request, by=by, reason=reason, occurrences=occurrences, at=at)


def _approve(locked: Locked, *, by: Any, chosen: Collection[int] | None) -> Outcome:
    asked = asked_of(locked.request, locked.dates)
    units = claiming.lock_units(asked)
    lapse_in_the_way(locked, asked)
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
        raise WorkflowError("nothing_free", _nothing_accepted(left))
    Claim.objects.bulk_create(picker.claims)
    pricing.freeze(locked.request, done)
    overridden = {
        date.pk: [p.code for p in found if p.is_blocker]
        for date, found in zip(locked.dates, objections, strict=True)
        if date in done and any(p.is_blocker for p in found)
    }
    move(locked, done, OccurrenceState.APPROVED)
    write(
        Verb.APPROVE,
        locked.request,
        by=by,
        at=locked.at,
        occurrences=done,
        left=[date.pk for date, _why in left],
        overridden=overridden,
    )
    return Outcome(locked.request, done, left)


def _nothing_accepted(left: list[tuple[Occurrence, list[Problem]]]) -> str:
    said = ngettext(
        "Cette date n’a pas pu être acceptée. %(why)s",
        "Aucune de ces dates n’a pu être acceptée. %(why)s",
        len(left),
    )
    return said % {"why": left[0][1][0].message}
