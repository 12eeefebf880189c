"""Mail that follows from the journal: who is told what, sent by a task, none lost and none twice.

A verb writes its journal line and this task's row in one transaction. The task writes a Delivery
for each recipient before it sends, marks it when the mail server took it, and comes back later
for what it could not send. A task that died with its worker is queued again by `requeue_lost`.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from . import mails, sending
from .audience import recipients
from .models import Delivery, Journal
from .sending import GIVE_UP_AFTER, LOST_AFTER

logger = logging.getLogger(__name__)


def queue(line: Journal) -> None:
    """Ask for the mails of a journal line, in the caller's transaction."""
    notify.enqueue(line.pk, 0)


@task()
def notify(line_id: int, attempt: int) -> None:
    """Send what a journal line calls for, after what its request still owes; the rest is tried later."""
    sending.done_or_later(partial(_send_in_order, _owing(line_id)), notify, line_id, attempt)


def _owing(line_id: int) -> QuerySet[Journal]:
    """This line and the earlier ones of its request, those whose mails have not all left."""
    return (
        Journal.objects.filter(request__journal=line_id, pk__lte=line_id, notified_at__isnull=True)
        .select_related("request__organisation", "request__school", "request__created_by", "actor")
        .order_by("pk")
    )


# -- tasks that are gone ------------------------------------------------------------------------


def unsent(*, before: dt.datetime) -> QuerySet[Journal]:
    """Journal lines older than `before` whose mails have not all left."""
    return Journal.objects.filter(notified_at__isnull=True, at__lt=before).order_by("pk")


def requeue_lost(*, at: dt.datetime | None = None) -> int:
    """Queue again the lines whose task died or failed; returns how many."""
    at = at or timezone.now()
    return sending.requeue(unsent(before=at - LOST_AFTER), notify, at=at)


def send_again(deliveries: QuerySet[Delivery]) -> int:
    """Try again to send those that have not left, refused ones too; returns how many that may be."""
    hopeful = deliveries.filter(sent_at__isnull=True, journal__at__gte=timezone.now() - GIVE_UP_AFTER)
    with transaction.atomic():
        line_ids = [line_id for _delivery, line_id in hopeful.order_by("pk").values_list("pk", "journal")]
        Journal.objects.filter(pk__in=line_ids).update(notified_at=None)
        for line_id in sorted(set(line_ids)):
            notify.enqueue(line_id, 0)
    return len(line_ids)


# -- sending ------------------------------------------------------------------------------------


def _send_in_order(lines: Iterable[Journal]) -> bool:
    """Send what these lines owe; who misses a mail gets no later one before it. Whether all is done."""
    behind: set[int] = set()
    for line in lines:
        late = {
            delivery.recipient_id
            for delivery in _deliveries(line)
            if delivery.recipient_id in behind
            or not sending.send_once(delivery, partial(mails.message, delivery, line))
        }
        if not late:
            Journal.objects.filter(pk=line.pk).update(notified_at=timezone.now())
        behind |= late
    return not behind


def _deliveries(line: Journal) -> list[Delivery]:
    """The mails of this line not yet sent, their rows written first; none of a line that is too old."""
    if line.at < timezone.now() - GIVE_UP_AFTER:
        logger.error("journal line %s: mails given up", line.pk)
        return []
    told = recipients(line)
    Delivery.objects.bulk_create(
        (Delivery(journal=line, recipient=person, template=template) for person, template in told),
        ignore_conflicts=True,
    )
    unsent_ones = line.deliveries.filter(sent_at__isnull=True, recipient__in=[person for person, _ in told])
    return list(unsent_ones.select_related("recipient").order_by("pk"))
