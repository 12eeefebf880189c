"""What concerns somebody at once, in a few numbers: what waits for them, and what comes next."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Exists, Func, IntegerField, QuerySet, Subquery
from django.utils import timezone

from shareloc.accounts.models import Organisation, User
from venues.models import School
from venues.policies import decided_schools

from . import awaited, lodge, policies, region
from .blocks import blocked_dates
from .models import Agreement, BookingRequest, Occurrence, Proposal
from .models.agreement import AgreementQuerySet
from .states import OccurrenceState


class ToDecide(NamedTuple):
    """What waits for somebody who decides for schools, each as a number."""

    # Requests, and those of them whose promised answer is overdue.
    waiting: int
    late: int
    # Promised dates that the school's own use or a closure lies over.
    blocked: int
    # Accepted dates that their organisation wishes to move.
    wishes: int
    # Agreements to sign in a school's name, by those who may.
    to_sign: int
    # Whether any of the schools published something to be asked for.
    lends: bool


def to_decide(user: Any) -> ToDecide:
    """What waits for this person to decide in all their schools: one statement."""
    schools = decided_schools(user).order_by().values("pk")
    waiting = BookingRequest.objects.awaiting().filter(school__in=schools)
    wishes = Proposal.objects.wished(at=timezone.now())
    found = User.objects.filter(pk=user.pk).values(
        waiting=_number(waiting),
        late=_number(waiting.filter(answer_due_on__lt=timezone.localdate())),
        blocked=_number(blocked_dates(schools)),
        wishes=_number(wishes.filter(occurrence__request__school__in=schools)),
        to_sign=_number(to_sign(user)),
        lends=Exists(decided_schools(user).lending()),
    )
    return ToDecide(**found.get())


def _number(rows: QuerySet[Any]) -> Subquery:
    """How many rows, as part of another statement."""
    count = Func("pk", function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().values(how_many=count))


def to_sign(user: Any) -> AgreementQuerySet:
    """The agreements that wait for this person's signature in a school's name."""
    schools = policies.signed_schools(user).order_by().values("pk")
    return Agreement.objects.waiting_for_school().filter(request__school__in=schools)


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
