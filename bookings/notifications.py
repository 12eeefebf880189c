"""Mail that follows from the journal: who is told what, sent by a task, none lost and none twice.

A verb writes its journal line and this task's row in one transaction. The task writes a Delivery
for each recipient before it sends, marks it when the mail server took it, and comes back later
for what it could not send. `unsent` finds lines whose task died with its worker.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task

from shareloc.accounts.models import Membership, User
from shareloc.web import mail
from venues.models import SchoolRole

from .models import BookingRequest, Delivery, Journal, Occurrence
from .states import Verb

logger = logging.getLogger(__name__)

# Longer than the mail server's time-out: a worker still alive has finished by then.
LEASE = dt.timedelta(minutes=5)
# Waiting times between attempts: minutes first, then hours, for two days in all.
RETRIES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440)]


def queue(line: Journal) -> None:
    """Ask for the mails of a journal line, in the caller's transaction."""
    notify.enqueue(line.pk, 0)


@task()
def notify(line_id: int, attempt: int) -> None:
    """Send what a journal line calls for; what fails is tried again later."""
    line = Journal.objects.select_related("request__organisation", "request__school", "actor").get(pk=line_id)
    for delivery in _deliveries(line):
        if not _send(delivery, line):
            _again_later(line_id, attempt)
            return
    Journal.objects.filter(pk=line_id).update(notified_at=timezone.now())


def unsent(*, before: dt.datetime) -> QuerySet[Journal]:
    """Journal lines older than `before` whose mails have not all left."""
    return Journal.objects.filter(notified_at__isnull=True, at__lt=before).order_by("pk")


def _again_later(line_id: int, attempt: int) -> None:
    if attempt < len(RETRIES):
        notify.using(run_after=timezone.now() + RETRIES[attempt]).enqueue(line_id, attempt + 1)
    else:
        logger.error("mails of journal line %s given up after %s attempts", line_id, attempt)


# -- who is told --------------------------------------------------------------------------------


def recipients(line: Journal) -> list[tuple[User, str]]:
    """(person, template) for each mail of a journal line; a person is told once."""
    told: dict[int, tuple[User, str]] = {}
    for person, template in _everybody(line):
        told.setdefault(person.pk, (person, template))
    return list(told.values())


def _everybody(line: Journal) -> Iterable[tuple[User, str]]:
    request = line.request
    if line.verb == Verb.SUBMIT:
        yield from ((person, "submitted") for person in _organisation(request, first=request.created_by_id))
        yield from ((person, "to_decide") for person in _school(request))
    elif line.verb in (Verb.APPROVE, Verb.REFUSE):
        template = "approved" if line.verb == Verb.APPROVE else "refused"
        yield from ((person, template) for person in _organisation(request, first=request.created_by_id))
    else:
        template = "withdrawn" if line.verb == Verb.WITHDRAW else "cancelled"
        others = [*_organisation(request, first=request.created_by_id), *_school(request)]
        yield from ((person, template) for person in others if person.pk != line.actor_id)


def _organisation(request: BookingRequest, *, first: int | None) -> list[User]:
    """Who asked, or the organisation's administrators where that account is gone."""
    members = User.objects.filter(is_active=True, memberships__organisation=request.organisation_id)
    asker = members.filter(pk=first).first()
    return [asker] if asker else list(members.filter(memberships__role=Membership.Role.ADMIN).distinct())


def _school(request: BookingRequest) -> list[User]:
    return list(
        User.objects.filter(
            is_active=True,
            school_roles__school=request.school_id,
            school_roles__role__in=SchoolRole.DECIDING,
        )
        .distinct()
        .order_by("pk")
    )


# -- sending ------------------------------------------------------------------------------------


def _deliveries(line: Journal) -> list[Delivery]:
    """The mails of this line not yet sent, their rows written first."""
    Delivery.objects.bulk_create(
        (
            Delivery(journal=line, recipient=person, template=template)
            for person, template in recipients(line)
        ),
        ignore_conflicts=True,
    )
    return list(line.deliveries.filter(sent_at__isnull=True).select_related("recipient").order_by("pk"))


def _send(delivery: Delivery, line: Journal) -> bool:
    """Send one mail, unless another worker is at it; False when the mail server would not take it."""
    if not _lease(delivery):
        return True
    try:
        _message(delivery, line).send()
    except OSError as error:  # refused connections, time-outs and every smtplib error
        logger.warning("mail %s not sent: %s", delivery.pk, error)
        _mark(delivery, leased_until=None)
        return False
    _mark(delivery, sent_at=timezone.now())
    return True


def _lease(delivery: Delivery) -> bool:
    """Make this mail ours for a while: one UPDATE, so that no lock is held while the mail server talks."""
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    mine = Delivery.objects.filter(free, pk=delivery.pk, sent_at__isnull=True).update(leased_until=now + LEASE)
    return bool(mine)


def _mark(delivery: Delivery, **fields: Any) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(**fields)


def _message(delivery: Delivery, line: Journal) -> Any:
    return mail.build(
        f"bookings/mail/{delivery.template}",
        to=[delivery.recipient.email],
        context=_context(delivery, line),
        headers={
            # The same mail sent again after a crash carries the same identity.
            "Message-ID": f"<{delivery.template}.{delivery.pk}.{line.request.reference}@shareloc>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _context(delivery: Delivery, line: Journal) -> dict[str, Any]:
    dates = list(
        Occurrence.objects.filter(pk__in=line.data["occurrences"])
        .prefetch_related("spaces", "equipment__pool__kind")
        .order_by("start_at", "pk")
    )
    return {
        "person": delivery.recipient,
        "line": line,
        "request": line.request,
        "school": line.request.school,
        "organisation": line.request.organisation,
        "dates": dates,
        "left": Occurrence.objects.filter(pk__in=line.data.get("left", [])).order_by("start_at", "pk"),
    }
