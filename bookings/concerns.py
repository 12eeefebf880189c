"""What concerns somebody at once, in a few numbers: what waits for them, and what comes next."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from shareloc.accounts.models import Organisation
from venues.models import School
from venues.policies import decided_schools

from . import awaited, lodge, region
from .models import BookingRequest, Occurrence
from .states import OccurrenceState


class ToDecide(NamedTuple):
    """Requests that wait for a decision, and those of them whose promised answer is overdue."""

    waiting: int
    late: int


def to_decide(user: Any) -> ToDecide:
    """What waits for this person to decide in all their schools: one statement."""
    late = Q(answer_due_on__lt=timezone.localdate())
    waiting = BookingRequest.objects.awaiting().filter(school__in=decided_schools(user).values("pk"))
    found = waiting.aggregate(waiting=Count("pk"), late=Count("pk", filter=late))
    return ToDecide(**found)


def to_answer(user: Any) -> int:
    """How many requests of this person's organisations wait for an answer or a signature of theirs: one statement."""
    asked = BookingRequest.objects.filter(organisation__in=Organisation.objects.of(user).values("pk"))
    return awaited.only(asked).count()


def next_date(user: Any, *, at: dt.datetime) -> Occurrence | None:
    """The next date promised to one of this person's organisations, or the one that goes on: one statement."""
    mine = Occurrence.objects.in_state(OccurrenceState.APPROVED).filter(
        request__organisation__in=Organisation.objects.of(user).values("pk"), end_at__gt=at
    )
    return mine.select_related("request__school").order_by("start_at", "pk").first()


def guests_today(user: Any) -> int:
    """How many dates the schools this person works in host today, a lodge's day: one statement."""
    return lodge.hosted(School.objects.run_by(user).order_by().values("pk"), lodge.today()).count()


class ToFollow(NamedTuple):
    """What the Région sees to: requests left without an answer for too long, organisations to verify."""

    unanswered: int
    unverified: int


def to_follow(*, at: dt.datetime) -> ToFollow:
    """Two statements."""
    return ToFollow(region.unanswered(at=at).count(), region.organisations(verified=False).count())
