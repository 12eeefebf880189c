"""Open proposals, as the page of their request and the queue show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from shareloc.web import formats
from venues.models import EquipmentPool, School, Space

from .. import problems
from ..models import BookingRequest, Occurrence, OccurrenceEquipment, Proposal
from ..problems import Asked, Line, Problem

# The rooms proposed, each with its lycée.
AT_SCHOOL = Prefetch("spaces", Space.objects.select_related("school"))


@dataclass(frozen=True)
class Shown:
    """A proposal, its date, the equipment it wants, and what stands against a wish to move."""

    proposal: Proposal
    date: Occurrence
    equipment: Iterable[Line | OccurrenceEquipment] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_offer(self) -> bool:
        return self.proposal.side == Proposal.Side.SCHOOL

    @property
    def has_run_out(self) -> bool:
        return self.proposal.expires_at <= timezone.now()

    @property
    def is_free(self) -> bool:
        return not any(problem.is_blocker for problem in self.problems)

    @property
    def is_stuck(self) -> bool:
        """Whether the school could not agree to it even if it passed over its own rules."""
        return any(problem.is_blocker and not problem.overridable for problem in self.problems)

    @property
    def was(self) -> str:
        """What the date was before: when, where, and with what."""
        was = self.proposal.was
        start, end = (dt.datetime.fromisoformat(was[name]) for name in ("start", "end"))
        return ", ".join([formats.period(start, end), *was["spaces"], *was["equipment"]])


def proposals_of(asked: BookingRequest, dates: Sequence[Occurrence]) -> list[Shown]:
    """What nobody has answered yet, in order of the dates: two statements, more where a move is wished."""
    by_pk = {date.pk: date for date in dates}
    found = list(Proposal.objects.open().filter(occurrence__in=by_pk).prefetch_related(AT_SCHOOL))
    for proposal in found:
        proposal.occurrence = by_pk[proposal.occurrence_id]
    offers = [proposal for proposal in found if proposal.side == Proposal.Side.SCHOOL]
    wishes = [proposal for proposal in found if proposal.side == Proposal.Side.ORGANISATION]
    shown = [Shown(p, p.occurrence, p.occurrence.equipment.all()) for p in offers] + shown_wishes(wishes)
    return sorted(shown, key=lambda one: (one.proposal.start_at, one.proposal.pk))


def wishes_to(schools: Collection[School]) -> QuerySet[Proposal]:
    """What organisations wish of these schools and may still be agreed to, the longest waiting first.

    Without the schools, which whoever asks has at hand (`know_schools`).
    """
    return (
        Proposal.objects.wished(at=timezone.now())
        .filter(occurrence__request__school__in=schools)
        .select_related("occurrence__request__organisation")
        .prefetch_related(Prefetch("spaces", Space.objects.order_by("name", "pk")))
        .order_by("made_at", "pk")
    )


def know_schools(wishes: Iterable[Proposal], schools: Iterable[School]) -> None:
    """Take these for the schools of the wishes and of the rooms wished for."""
    known = {school.pk: school for school in schools}
    for wish in wishes:
        school = known[wish.occurrence.request.school_id]
        wish.occurrence.request.school = school
        for space in wish.spaces.all():
            space.school = school


def shown_wishes(wishes: Sequence[Proposal]) -> list[Shown]:
    """These wishes, each with what stands against it were the school to agree now."""
    wanted = wanted_by(wishes)
    return with_objections(wishes, wanted, problems.for_dates(wanted, now=timezone.now(), suggest=False))


def wanted_by(wishes: Sequence[Proposal]) -> list[Asked]:
    """The dates as they would be."""
    pools = EquipmentPool.objects.select_related("kind").in_bulk(
        {int(pk) for wish in wishes for pk in wish.equipment}
    )
    return [_asked(wish, pools) for wish in wishes]


def with_objections(
    wishes: Sequence[Proposal], wanted: Sequence[Asked], found: Sequence[list[Problem]]
) -> list[Shown]:
    """Each wish with the date it wants and what was found against that."""
    return [
        Shown(wish, wish.occurrence, asked.equipment, against)
        for wish, asked, against in zip(wishes, wanted, found, strict=True)
    ]


def _asked(wish: Proposal, pools: dict[int, EquipmentPool]) -> Asked:
    """The date as it would be."""
    request = wish.occurrence.request
    return Asked(
        period=wish.period,
        spaces=tuple(wish.spaces.all()),
        organisation=request.organisation,
        attendees=request.attendees,
        sent_at=request.submitted_at,
        equipment=tuple(Line(pools[int(pk)], quantity) for pk, quantity in wish.equipment.items()),
        request_id=request.pk,
        occurrence_id=wish.occurrence_id,
    )
