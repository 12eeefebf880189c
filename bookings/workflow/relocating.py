"""An approved date elsewhere, at the organisation's wish: asked, then agreed to or not by the school."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from venues.models import EquipmentPool

from .. import pricing
from ..models import BookingRequest, Occurrence, Proposal
from ..states import OccurrenceState, Verb
from .acting import Locked, Outcome, WorkflowError, close_proposals, do, move, retrying, write
from .drafts import DraftDate
from .placing import check_place, place_of, propose, refuse_leaving_behind, take


def ask_move(
    request: BookingRequest,
    *,
    by: Any,
    occurrence: int,
    to: DraftDate,
    message: str = "",
    at: dt.datetime | None = None,
) -> Outcome:
    """Ask the school to move an approved date. It stays where it is, claims and all, until the school agrees.

    Asking again replaces what was asked before. What was handed over moves along: WorkflowError
    `equipment_out` for a place without it.
    """

    def act(locked: Locked) -> Outcome:
        check_place(to, locked.request.school, locked.at)
        (date,) = locked.dates
        refuse_leaving_behind(date, to)
        close_proposals([date], Proposal.Outcome.DROPPED, at=locked.at)
        proposal = propose(
            date,
            to,
            side=Proposal.Side.ORGANISATION,
            by=by,
            message=message,
            at=locked.at,
            expires_at=min(date.start_at, to.period.start),
        )
        write(
            Verb.ASK_MOVE, locked.request, by=by, at=locked.at, occurrences=[date],
            reason=message, proposal=proposal.pk,
        )  # fmt: skip
        return Outcome(locked.request, [date])

    return do(Verb.ASK_MOVE, request, act, occurrences=[occurrence], at=at)


def approve_move(
    request: BookingRequest, *, by: Any, occurrence: int, at: dt.datetime | None = None
) -> Outcome:
    """Move the date where the organisation wished: its old claims go, new ones come, its calendars follow."""

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        proposal = _wish(date, locked.at)
        pools = EquipmentPool.objects.select_related("kind").in_bulk([int(pk) for pk in proposal.equipment])
        overridden = take(locked, date, place_of(proposal, pools))
        close_proposals([date], Proposal.Outcome.ACCEPTED, at=locked.at)
        pricing.freeze(locked.request, [date])
        move(locked, [date], OccurrenceState.APPROVED)
        write(
            Verb.APPROVE_MOVE, locked.request, by=by, at=locked.at, occurrences=[date],
            proposal=proposal.pk, overridden={date.pk: overridden} if overridden else {},
        )  # fmt: skip
        return Outcome(locked.request, [date])

    return retrying(lambda: do(Verb.APPROVE_MOVE, request, act, occurrences=[occurrence], at=at))


def refuse_move(
    request: BookingRequest, *, by: Any, occurrence: int, reason: str, at: dt.datetime | None = None
) -> Outcome:
    """The date stays where it is."""

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        proposal = _wish(date, None)
        close_proposals([date], Proposal.Outcome.DECLINED, at=locked.at)
        write(
            Verb.REFUSE_MOVE, locked.request, by=by, at=locked.at, occurrences=[date],
            reason=reason, proposal=proposal.pk,
        )  # fmt: skip
        return Outcome(locked.request, [date])

    return do(Verb.REFUSE_MOVE, request, act, occurrences=[occurrence], at=at)


def _wish(date: Occurrence, at: dt.datetime | None) -> Proposal:
    """The open wish to move this date, not run out at that moment."""
    wish = Proposal.objects.open().filter(occurrence=date, side=Proposal.Side.ORGANISATION).first()
    if wish is None or (at is not None and wish.expires_at <= at):
        raise WorkflowError("nothing_to_do", _("Aucun déplacement n’est demandé pour cette date."))
    return wish
