"""What a manager looks at before accepting: who else wants the room, and the week around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from venues.models import Space

from .. import week
from ..models import BookingRequest, Occurrence
from ..states import OccurrenceState
from ..week import Week
from .lines import Line

# So many are listed; a popular room on many dates has more.
MOST = 20


@dataclass(frozen=True)
class WeekAround:
    """The week of a space around a date."""

    space: Space
    week: Week


def rivals_of(asked: BookingRequest, lines: Sequence[Line]) -> list[Occurrence]:
    """Dates of other requests, not decided yet, at the same time on the same units: one statement at most."""
    if not any(map(_may_have_rivals, lines)):
        return []
    dates = [line.occurrence for line in lines if line.occurrence]
    same_time = Q()
    for date in dates:
        same_time |= Q(start_at__lt=date.end_at, end_at__gt=date.start_at)
    spaces = {space.pk for date in dates for space in date.spaces.all()}
    if not spaces:
        return []
    found = (
        Occurrence.objects.in_state(OccurrenceState.PENDING)
        .filter(same_time, spaces__units__spaces__in=spaces)
        .exclude(request=asked)
        .select_related("request__organisation")
        .order_by("start_at", "pk")
        .distinct()
    )
    return list(found[:MOST])


def _may_have_rivals(line: Line) -> bool:
    """Whether others may ask for the same: of a pending date, its objections tell."""
    told = {problem.code for problem in line.problems}
    is_pending = line.occurrence is not None and line.occurrence.state == OccurrenceState.PENDING
    return not is_pending or not told.isdisjoint({"competing", "repeat"})


def week_around(dates: Sequence[Occurrence]) -> WeekAround | None:
    """The week of the first date in its first space: three statements."""
    if not dates or not dates[0].spaces.all():
        return None
    now = timezone.now()
    day = timezone.localdate(dates[0].start_at)
    space = dates[0].spaces.all()[0]
    monday = week.monday_of(day.isoformat(), today=timezone.localdate(now))
    return WeekAround(space, week.of(space, monday, now=now))
