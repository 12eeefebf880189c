"""Equipment handed over and taken back by the school's people, with what is missing or damaged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from shareloc.web import formats

from ..models import BookingRequest, Occurrence, OccurrenceEquipment
from ..states import HOSTED, Verb
from .acting import Locked, Outcome, WorkflowError, do, write
from .visiting import when


class Returned(NamedTuple):
    """How many of a pool came back, how many of those damaged, and in what state, in words."""

    quantity: int
    damaged: int = 0
    condition: str = ""


def hand_over(request: BookingRequest, *, by: Any, occurrence: int, at: dt.datetime | None = None) -> Outcome:
    """The organisation takes away all the equipment of a date. Nothing left: WorkflowError `nothing_to_do`."""

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        lines = [line for line in _sorted(date) if line.collected_at is None and line.returned_at is None]
        if not lines:
            raise WorkflowError("nothing_to_do", _("Il n’y a plus de matériel à remettre pour cette date."))
        for line in lines:
            line.collected_at = locked.at
        OccurrenceEquipment.objects.bulk_update(lines, ["collected_at"])
        return _told(Verb.HAND_OVER, locked, by, lines)

    return do(Verb.HAND_OVER, request, act, occurrences=[occurrence], at=at)


def take_back(
    request: BookingRequest,
    *,
    by: Any,
    occurrence: int,
    returned: Mapping[int, Returned],
    at: dt.datetime | None = None,
) -> Outcome:
    """What came back of a date's equipment, by pool, whatever became of the date; a pool comes back once.

    Raises WorkflowError `nothing_to_do` where none of these is out, `quantity` for more than was lent.
    """

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        lines = [line for line in returnable(date, locked.at) if line.pool_id in returned]
        if not lines or len(lines) != len(returned):
            raise WorkflowError("nothing_to_do", _("Ce matériel est déjà rendu, ou n’est pas de cette date."))
        for line in lines:
            _take_back(line, returned[line.pool_id], locked.at)
        OccurrenceEquipment.objects.bulk_update(
            lines, ["returned_at", "returned_quantity", "damaged_quantity", "condition"]
        )
        return _told(Verb.TAKE_BACK, locked, by, lines, reason=_conditions(lines))

    return do(Verb.TAKE_BACK, request, act, occurrences=[occurrence], at=at)


def _take_back(line: OccurrenceEquipment, back: Returned, at: dt.datetime) -> None:
    if not 0 <= back.damaged <= back.quantity <= line.quantity:
        raise WorkflowError(
            "quantity",
            _("%(pool)s : %(lent)s prêtés ; il n’en revient pas plus, et les abîmés en font partie.")
            % {"pool": line.pool, "lent": line.quantity},
        )
    line.returned_at, line.returned_quantity = at, back.quantity
    line.damaged_quantity, line.condition = back.damaged, back.condition


def returnable(date: Occurrence, at: dt.datetime) -> list[OccurrenceEquipment]:
    """What may come back: what is out and, once the date has begun, what nobody noted as handed over."""
    begun = date.state in HOSTED and date.start_at <= at
    return [line for line in _sorted(date) if line.is_out or (begun and line.returned_at is None)]


def _sorted(date: Occurrence) -> list[OccurrenceEquipment]:
    return sorted(date.equipment.all(), key=lambda line: line.pk)


def _conditions(lines: list[OccurrenceEquipment]) -> str:
    return f"{formats.NO_BREAK}; ".join(line.condition for line in lines if line.condition)[:500]


def _told(
    verb: Verb, locked: Locked, by: Any, lines: list[OccurrenceEquipment], *, reason: str = ""
) -> Outcome:
    """Written with the names of things: the journal reads the same when they are called otherwise."""
    write(
        verb,
        locked.request,
        by=by,
        at=locked.at,
        occurrences=locked.dates,
        reason=reason,
        **when(locked),
        equipment=[
            {
                "name": str(line.pool),
                "quantity": line.quantity,
                "returned": line.returned_quantity,
                "damaged": line.damaged_quantity,
            }
            for line in lines
        ],
    )
    return Outcome(locked.request, locked.dates)
