"""Offers that ran out: lapsed by the clock, or by whoever needs what they hold."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from .. import equipment
from ..models import Claim, Occurrence, Proposal
from ..problems import Asked
from ..states import OccurrenceState, Verb
from .acting import Locked, close_proposals, end_locked, lock, write
from .transitions import movable


def lapse_in_the_way(locked: Locked, wanted: Sequence[Asked]) -> None:
    """Free what expired offers hold where these dates want to be. Call it with the units locked.

    A request that somebody else is at stays as it is: waiting for it with units in hand could
    deadlock.
    """
    for request_id, dates in _in_the_way(wanted, locked.at).items():
        own = request_id == locked.request.pk
        lapse_offers(locked.all_dates if own else lock(request_id, skip=True), dates, at=locked.at)


def _in_the_way(wanted: Sequence[Asked], at: dt.datetime) -> dict[int, set[int]]:
    """Request → its dates that hold something wanted for an offer that ran out."""
    spaces = {space.pk for asked in wanted for space in asked.spaces}
    pools = {line.pool.pk for asked in wanted for line in asked.equipment}
    held = [equipment.claim_period(asked.period, asked.spaces) for asked in wanted]
    rows = (
        Claim.objects.filter(Q(unit__spaces__in=spaces) | Q(unit__pool__in=pools))
        .filter(
            start_at__lt=max(period.end for period in held),
            end_at__gt=min(period.start for period in held),
            occurrence__state=OccurrenceState.OFFERED,
            occurrence__proposals__outcome="",
            occurrence__proposals__expires_at__lte=at,
        )
        .order_by()
        .values_list("occurrence__request_id", "occurrence_id")
        .distinct()
    )
    found: dict[int, set[int]] = defaultdict(set)
    for request_id, date_id in rows:
        found[request_id].add(date_id)
    return found


def lapse_offers(all_dates: list[Occurrence], ids: Collection[int], *, at: dt.datetime) -> list[Occurrence]:
    """Lapse the offers of these dates of one locked request, if they still ran out; returns which."""
    if not all_dates:
        return []
    request = all_dates[0].request
    due = _run_out(ids, Proposal.Side.SCHOOL, at)
    dates = [date for date in movable(request, all_dates, Verb.LAPSE, at) if date.pk in due]
    if dates:
        locked = Locked(request, all_dates, dates, at)
        end_locked(Verb.LAPSE, locked, by=None, proposals=Proposal.Outcome.LAPSED)
    return dates


def lapse_moves(all_dates: list[Occurrence], *, at: dt.datetime) -> list[Occurrence]:
    """Close the wishes to move of one locked request that nobody answered in time; returns the dates."""
    due = _run_out({date.pk for date in all_dates}, Proposal.Side.ORGANISATION, at)
    dates = [date for date in all_dates if date.pk in due]
    if dates:
        close_proposals(dates, Proposal.Outcome.LAPSED, at=at)
        write(Verb.LAPSE, dates[0].request, by=None, at=at, occurrences=dates, moves=True)
    return dates


def _run_out(ids: Iterable[int], side: str, at: dt.datetime) -> set[int]:
    due = Proposal.objects.open().filter(occurrence__in=list(ids), side=side, expires_at__lte=at)
    return set(due.values_list("occurrence_id", flat=True))
