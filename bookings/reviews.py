"""What organisations said of a room after they were there: their words, their kind and the month, never a name."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from venues.models import Space

from .models import Visit
from .states import OccurrenceState

# The latest so many are shown.
SHOWN = 5


class Review(NamedTuple):
    """`month` is its first day."""

    comment: str
    satisfaction: int | None
    who: str
    month: dt.date


def of_space(space: Space) -> list[Review]:
    """The latest words on dates that took place, newest first: one statement."""
    said = (
        Visit.objects.filter(occurrence__spaces=space, occurrence__state=OccurrenceState.TOOK_PLACE)
        .exclude(comment="")
        .select_related("occurrence__request__organisation")
        .order_by("-occurrence__start_at", "-pk")
    )
    return [_review(visit) for visit in said[:SHOWN]]


def _review(visit: Visit) -> Review:
    date = visit.occurrence
    kind = date.request.organisation.get_kind_display()
    return Review(visit.comment, visit.satisfaction, kind, timezone.localdate(date.start_at).replace(day=1))
