"""Another date from the school: offered, accepted, declined. Held by claims until it runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shareloc.web import formats

from .. import blocks, pricing
from ..models import BookingRequest, Proposal
from ..states import OccurrenceState, Verb
from .acting import Locked, Outcome, WorkflowError, close_proposals, do, end, move, retrying, write
from .drafts import DraftDate
from .placing import check_place, propose, take


def offer(
    request: BookingRequest,
    *,
    by: Any,
    occurrence: int,
    to: DraftDate,
    message: str = "",
    expires_at: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Offer another time or space for a date, and hold it until `expires_at` (OFFER_DAYS unless told).

    The offer never outlives the beginning of what it offers. Rules of the school do not stand against
    it, other claims and safety do: WorkflowError `not_free`.
    """

    def act(locked: Locked) -> Outcome:
        check_place(to, locked.request.school, locked.at)
        (date,) = locked.dates
        was_promised = date.state == OccurrenceState.APPROVED
        close_proposals([date], Proposal.Outcome.DROPPED, at=locked.at)
        until = _until(to, expires_at, locked.at)
        proposal = propose(
            date, to, side=Proposal.Side.SCHOOL, by=by, message=message, at=locked.at, expires_at=until
        )
        overridden = take(locked, date, to)
        move(locked, [date], OccurrenceState.OFFERED)
        write(
            Verb.OFFER,
            locked.request,
            by=by,
            at=locked.at,
            occurrences=[date],
            reason=message,
            proposal=proposal.pk,
            was_promised=was_promised,
            overridden={date.pk: overridden} if overridden else {},
        )
        return Outcome(locked.request, [date])

    return retrying(lambda: do(Verb.OFFER, request, act, occurrences=[occurrence], at=at))


def _until(to: DraftDate, expires_at: dt.datetime | None, at: dt.datetime) -> dt.datetime:
    until = expires_at or at + dt.timedelta(days=settings.OFFER_DAYS)
    if until <= at:
        raise WorkflowError("already_expired", _("L’échéance de la proposition est déjà passée."))
    return min(until, to.period.start)


def accept_offer(
    request: BookingRequest,
    *,
    by: Any,
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """The organisation takes what the school offers: all open offers, or those of the chosen dates.

    Raises WorkflowError `offer_expired` when one of them ran out, `not_free` when the school needs the room
    itself by now.
    """

    def act(locked: Locked) -> Outcome:
        _refuse_expired(locked)
        _refuse_blocked(locked)
        close_proposals(locked.dates, Proposal.Outcome.ACCEPTED, at=locked.at)
        pricing.freeze(locked.request, locked.dates)
        move(locked, locked.dates, OccurrenceState.APPROVED)
        write(Verb.ACCEPT_OFFER, locked.request, by=by, at=locked.at, occurrences=locked.dates)
        return Outcome(locked.request, locked.dates)

    return do(Verb.ACCEPT_OFFER, request, act, occurrences=occurrences, at=at)


def _refuse_expired(locked: Locked) -> None:
    """Whoever needs the rooms of an offer that ran out may have them: it cannot be accepted any more."""
    run_out = Proposal.objects.open().filter(occurrence__in=locked.dates, expires_at__lte=locked.at).first()
    if run_out:
        raise WorkflowError(
            "offer_expired",
            _("Cette proposition était valable jusqu’au %(moment)s : faites une nouvelle demande.")
            % {"moment": formats.until(run_out.expires_at)},
        )


def _refuse_blocked(locked: Locked) -> None:
    """The school took its room back since it offered it: nobody is to rely on it."""
    touched = blocks.touched(at=locked.at, of=[locked.request.pk]) & {date.pk for date in locked.dates}
    if touched and touched - blocks.agreed_in_spite(touched, [locked.request.pk]):
        raise WorkflowError(
            "not_free",
            _(
                "Le lycée a besoin de cette salle entre-temps : elle ne peut plus être acceptée. Écrivez-lui, "
                "ou déclinez la proposition."
            ),
        )


def decline_offer(
    request: BookingRequest,
    *,
    by: Any,
    reason: str = "",
    occurrences: Collection[int] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """The organisation does not want what the school offers: what was held is free again."""
    return end(
        Verb.DECLINE_OFFER,
        request,
        by=by,
        reason=reason,
        occurrences=occurrences,
        at=at,
        proposals=Proposal.Outcome.DECLINED,
    )
