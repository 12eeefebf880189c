"""Another place for a date: what stands against it, and putting the date there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from venues.models import School

from .. import claiming, problems
from ..models import (
    Claim,
    Occurrence,
    OccurrenceEquipment,
    OccurrenceSpace,
    Proposal,
    ProposalSpace,
)
from ..problems import Asked, Line
from .acting import DETAILS, Locked, WorkflowError, equipment_out
from .drafts import DraftDate
from .lapsing import lapse_in_the_way


def check_place(to: DraftDate, school: School, at: dt.datetime) -> None:
    """Raise WorkflowError for a place that can be nobody's: nothing, elsewhere, past, backwards, with seconds."""
    if not to.spaces and not to.equipment:
        raise WorkflowError("nothing_asked", _("Choisissez une salle ou du matériel."))
    schools = {space.school_id for space in to.spaces} | {line.pool.school_id for line in to.equipment}
    if schools != {school.pk}:
        raise WorkflowError(
            "several_schools", _("Une demande porte sur un seul lycée : choisissez-y la salle.")
        )
    if any(moment.second or moment.microsecond for moment in to.period):
        raise WorkflowError("seconds", _("Les heures se donnent à la minute près, sans secondes."))
    if to.period.start <= at:
        raise WorkflowError("past", _("Cette date est passée : choisissez-en une à venir."))


def asked_there(locked: Locked, date: Occurrence, to: DraftDate) -> Asked:
    """The date as objections would see it in that place."""
    request = locked.request
    return Asked(
        period=to.period,
        spaces=to.spaces,
        organisation=request.organisation,
        attendees=request.attendees,
        sent_at=request.submitted_at,
        equipment=to.equipment,
        request_id=request.pk,
        occurrence_id=date.pk,
    )


def take(locked: Locked, date: Occurrence, to: DraftDate) -> list[str]:
    """Put the date in that place with claims of its own; the codes of the rules the school passed over.

    What it held before is given up. Raises WorkflowError `not_free` when something stands against
    it that nobody may pass over, `equipment_out` when it leaves behind what was handed over.
    """
    refuse_leaving_behind(date, to)
    asked = asked_there(locked, date, to)
    units = claiming.lock_units([asked])
    lapse_in_the_way(locked, [asked])
    known = problems.read([asked], now=locked.at, suggest=False, rivals=False)
    (found,) = problems.judge([asked], known)
    picker = claiming.Picker(units, known.stock)
    against = [p for p in found if p.is_blocker and not p.overridable] or picker.take(date, asked)
    if against:
        raise WorkflowError("not_free", against[0].message)
    Claim.objects.filter(occurrence=date).delete()
    Claim.objects.bulk_create(picker.claims)
    _put(date, to)
    return [p.code for p in found if p.is_blocker]


def _put(date: Occurrence, to: DraftDate) -> None:
    """The date's own period, spaces and equipment become those of its new place."""
    date.start_at, date.end_at = to.period
    date.save(update_fields=["start_at", "end_at"])
    OccurrenceSpace.objects.filter(occurrence=date).exclude(space__in=to.spaces).delete()
    OccurrenceSpace.objects.bulk_create(
        (OccurrenceSpace(occurrence=date, space=space) for space in to.spaces), ignore_conflicts=True
    )
    _put_equipment(date, to)
    date.__dict__["_prefetched_objects_cache"].clear()
    prefetch_related_objects([date], *DETAILS)


def _put_equipment(date: Occurrence, to: DraftDate) -> None:
    """What is out stays as it was handed over; the rest is to be handed over for the new place."""
    out = {line.pool_id for line in date.equipment.all() if line.is_out}
    OccurrenceEquipment.objects.filter(occurrence=date).exclude(pool__in=out).delete()
    OccurrenceEquipment.objects.bulk_create(
        OccurrenceEquipment(occurrence=date, pool=line.pool, quantity=line.quantity)
        for line in to.equipment
        if line.pool.pk not in out
    )


def refuse_leaving_behind(date: Occurrence, to: DraftDate) -> None:
    """Raise WorkflowError where the place has not exactly what was handed over and is not back."""
    wanted = {line.pool.pk: line.quantity for line in to.equipment}
    if any(line.is_out and wanted.get(line.pool_id) != line.quantity for line in date.equipment.all()):
        raise equipment_out()


def propose(
    date: Occurrence,
    to: DraftDate,
    *,
    side: str,
    by: Any,
    message: str,
    at: dt.datetime,
    expires_at: dt.datetime,
) -> Proposal:
    """Write down a proposal, with what the date is before it."""
    proposal = Proposal.objects.create(
        occurrence=date,
        side=side,
        start_at=to.period.start,
        end_at=to.period.end,
        equipment={str(line.pool.pk): line.quantity for line in to.equipment},
        was=as_it_is(date),
        message=message,
        made_by=by,
        made_at=at,
        expires_at=expires_at,
    )
    ProposalSpace.objects.bulk_create(ProposalSpace(proposal=proposal, space=space) for space in to.spaces)
    return proposal


def as_it_is(date: Occurrence) -> dict[str, Any]:
    """A locked date in plain values: when, and its spaces and equipment in words."""
    return {
        "start": date.start_at.isoformat(),
        "end": date.end_at.isoformat(),
        "spaces": [space.name for space in date.spaces.all()],
        "equipment": _words(date.equipment.all()),
    }


def _words(lines: Iterable[OccurrenceEquipment]) -> list[str]:
    return [f"{line.quantity}\u00a0× {line.pool}" for line in lines]


def place_of(proposal: Proposal, pools: dict[int, Any]) -> DraftDate:
    """Where an open proposal would put its date; `pools` by id."""
    lines = tuple(Line(pools[int(pk)], quantity) for pk, quantity in proposal.equipment.items())
    return DraftDate(proposal.period, tuple(proposal.spaces.select_related("school")), lines)
