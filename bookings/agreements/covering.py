"""What an agreement is about: the promised dates of a request, and a digest that changes with them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from hashlib import sha256

from django.db.models import Prefetch

from venues.models import Space

from ..models import Occurrence, OccurrenceEquipment
from ..states import AGREED


def promised(request_id: int) -> list[Occurrence]:
    """The dates an agreement is about, with rooms and equipment, in order of time."""
    return list(
        Occurrence.objects.filter(request=request_id)
        .in_state(*AGREED)
        .prefetch_related(
            Prefetch("spaces", Space.objects.order_by("name", "pk")),
            Prefetch("equipment", OccurrenceEquipment.objects.select_related("pool__kind").order_by("pk")),
        )
        .order_by("start_at", "pk")
    )


def agreed(dates: Iterable[Occurrence]) -> list[Occurrence]:
    """Those of a request's loaded dates that an agreement is about."""
    return [date for date in dates if date.state in AGREED]


def digest_of(dates: Iterable[Occurrence]) -> str:
    """SHA-256 of when and what with: the same for the same dates, in whatever order they come."""
    about = sorted(
        [
            _moment(date.start_at),
            _moment(date.end_at),
            sorted(space.pk for space in date.spaces.all()),
            sorted([line.pool_id, line.quantity] for line in date.equipment.all()),
        ]
        for date in dates
    )
    return sha256(json.dumps(about).encode()).hexdigest()


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
