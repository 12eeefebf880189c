"""One date as it is asked, whether it is stored yet or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shareloc.accounts.models import Organisation
from venues.models import EquipmentPool, Space
from venues.periods import Period

from ..models import BookingRequest, Occurrence


@dataclass(frozen=True)
class Line:
    """So many of a pool."""

    pool: EquipmentPool
    quantity: int


@dataclass(frozen=True)
class Asked:
    """What somebody wants on one date, and all that objections depend on."""

    period: Period
    spaces: tuple[Space, ...]
    organisation: Organisation
    attendees: int
    # When it was or would be sent: notice and horizon are judged from here.
    sent_at: dt.datetime
    equipment: tuple[Line, ...] = ()
    # The stored request and date, if any: they do not compete with themselves.
    request_id: int | None = None
    occurrence_id: int | None = None


def asked_of(request: BookingRequest, occurrences: list[Occurrence]) -> list[Asked]:
    """The stored dates of a request, loaded by `with_dates`, as they were asked."""
    return [
        Asked(
            period=occurrence.period,
            spaces=tuple(occurrence.spaces.all()),
            organisation=request.organisation,
            attendees=request.attendees,
            sent_at=request.submitted_at,
            equipment=tuple(Line(line.pool, line.quantity) for line in occurrence.equipment.all()),
            request_id=request.pk,
            occurrence_id=occurrence.pk,
        )
        for occurrence in occurrences
    ]
