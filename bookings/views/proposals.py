"""Open proposals of a request, as its page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from shareloc.web import formats
from venues.models import EquipmentPool

from .. import problems
from ..models import BookingRequest, Occurrence, Proposal
from ..problems import Asked, Line, Problem


@dataclass(frozen=True)
class Shown:
    """A proposal, its date, and what stands against a wish to move."""

    proposal: Proposal
    date: Occurrence
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_offer(self) -> bool:
        return self.proposal.side == Proposal.Side.SCHOOL

    @property
    def has_run_out(self) -> bool:
        return self.proposal.expires_at <= timezone.now()

    @property
    def is_stuck(self) -> bool:
        """Whether the school could not agree to it even if it passed over its own rules."""
        return any(problem.is_blocker and not problem.overridable for problem in self.problems)

    @property
    def was(self) -> str:
        """What the date was before: when and where."""
        was = self.proposal.was
        start, end = (dt.datetime.fromisoformat(was[name]) for name in ("start", "end"))
        return ", ".join([formats.period(start, end), *was["spaces"]])


def proposals_of(asked: BookingRequest, dates: Sequence[Occurrence]) -> list[Shown]:
    """What nobody has answered yet, in order of the dates: two statements, more where a move is wished."""
    by_pk = {date.pk: date for date in dates}
    found = list(Proposal.objects.open().filter(occurrence__in=by_pk).prefetch_related("spaces__school"))
    found.sort(key=lambda proposal: (proposal.start_at, proposal.pk))
    against = _against(asked, [p for p in found if p.side == Proposal.Side.ORGANISATION])
    return [Shown(p, by_pk[p.occurrence_id], against.get(p.pk, [])) for p in found]


def _against(asked: BookingRequest, wishes: list[Proposal]) -> dict[int, list[Problem]]:
    """What stands against each wish to move, were the school to agree now."""
    pools = EquipmentPool.objects.select_related("kind").in_bulk(
        {int(pk) for wish in wishes for pk in wish.equipment}
    )
    wanted = [
        Asked(
            period=wish.period,
            spaces=tuple(wish.spaces.all()),
            organisation=asked.organisation,
            attendees=asked.attendees,
            sent_at=asked.submitted_at,
            equipment=tuple(Line(pools[int(pk)], quantity) for pk, quantity in wish.equipment.items()),
            request_id=asked.pk,
            occurrence_id=wish.occurrence_id,
        )
        for wish in wishes
    ]
    found = problems.for_dates(wanted, now=timezone.now(), suggest=False)
    return {wish.pk: objections for wish, objections in zip(wishes, found, strict=True)}
