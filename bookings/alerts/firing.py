"""Asking the kept questions again, and telling whoever waits: one mail an alert, none lost, none twice.

`run_due` calls `fire_due`: it asks each question once for all who wait for it, the one asked longest
ago first, as long as the run may last. What finds something is marked and its mails are queued in
one transaction; the task sends them as `sending` does.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django_tasks import task

from .. import sending
from ..models import Alert
from ..models.alert import AlertQuerySet
from ..sending import GIVE_UP_AFTER, LOST_AFTER
from . import mail, questions

logger = logging.getLogger(__name__)

# So many different questions a run at most.
BATCH = 500


def fire_due(*, at: dt.datetime | None = None) -> int:
    """Ask the questions that wait; returns how many alerts found something. Two runs at once fire each once."""
    at = at or timezone.now()
    until = time.monotonic() + settings.ALERT_SECONDS
    fired = 0
    for query in _waiting(at):
        if time.monotonic() > until:
            break
        fired += _ask_again(query, at)
    return fired


def _waiting(at: dt.datetime) -> list[str]:
    """The different questions: those never asked, then the one asked longest ago first."""
    asked = Alert.objects.active(at=at).values("query").annotate(last=Min("checked_at"))
    return list(
        asked.order_by(F("last").asc(nulls_first=True), "query").values_list("query", flat=True)[:BATCH]
    )


def _ask_again(query: str, at: dt.datetime) -> int:
    try:
        found = _finds(query, at)
    except Exception:
        # One question that cannot be asked must not keep the others from being.
        logger.exception("alert: %s", query)
        found = False
    if found:
        return _fire(query, at)
    Alert.objects.active(at=at).filter(query=query).update(checked_at=at)
    return 0


def _finds(query: str, at: dt.datetime) -> bool:
    filters = questions.asked_by(query)
    return filters.is_valid() and len(filters.results(now=at, features=False)) > 0


@transaction.atomic
def _fire(query: str, at: dt.datetime) -> int:
    """Mark all who wait for this question, and queue a mail for each."""
    due = Alert.objects.active(at=at).filter(query=query).select_for_update().order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    Alert.objects.filter(pk__in=ids).update(fired_at=at, checked_at=at)
    for alert_id in ids:
        tell.enqueue(alert_id, 0)
    return len(ids)


# -- the mail -----------------------------------------------------------------------------------


@task()
def tell(alert_id: int, attempt: int) -> None:
    """Send the mail of an alert that found something; what could not go is tried later."""
    alert = _untold(at=timezone.now()).filter(pk=alert_id).select_related("user").first()
    if alert is None:
        return
    sending.done_or_later(partial(_tell, alert), tell, alert_id, attempt)


def _tell(alert: Alert) -> bool:
    """Whether nothing more is to be done about this mail."""
    if not sending.reachable().filter(pk=alert.user_id).exists():
        return _give_up(alert)
    found = mail.found_by(alert, now=timezone.now())
    if not found.rooms:
        return _watch_again(alert)
    done = sending.send_once(alert, lambda: mail.message(alert, found))
    if done:
        # Refused for good as well as sent: nobody tries again.
        Alert.objects.filter(pk=alert.pk, sent_at__isnull=True).update(revoked_at=timezone.now())
    return done


def _watch_again(alert: Alert) -> bool:
    """Taken again before the mail could leave: nothing to tell, so the alert goes on watching."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=timezone.now())
    return bool(Alert.objects.filter(free, pk=alert.pk, sent_at__isnull=True).update(fired_at=None))


def _give_up(alert: Alert) -> bool:
    Alert.objects.filter(pk=alert.pk).update(revoked_at=timezone.now())
    return True


# -- what was left behind -----------------------------------------------------------------------


def _untold(*, at: dt.datetime) -> AlertQuerySet:
    """Alerts that found something within the last week and whose mail has not left."""
    return Alert.objects.filter(
        fired_at__gt=at - GIVE_UP_AFTER, sent_at__isnull=True, revoked_at__isnull=True
    ).order_by("pk")


def requeue_lost(*, at: dt.datetime | None = None) -> int:
    """Queue again the mails whose task died or failed; returns how many."""
    at = at or timezone.now()
    return sending.requeue(_untold(at=at).filter(fired_at__lt=at - LOST_AFTER), tell, at=at)


def forget_old(*, at: dt.datetime | None = None) -> int:
    """Erase alerts that ended more than ALERT_DAYS ago: nobody needs to know any more who looked for what."""
    at = at or timezone.now()
    before = at - dt.timedelta(days=settings.ALERT_DAYS)
    ended = (
        Q(fired_at__lt=before) | Q(revoked_at__lt=before) | Q(fired_at__isnull=True, expires_at__lt=before)
    )
    count, _by_model = Alert.objects.filter(ended).delete()
    return count
