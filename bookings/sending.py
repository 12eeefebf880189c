"""Sending one mail once: a lease before, a mark after, and what an error of the mail server means."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shareloc.accounts.models import User

from .models.mailed import Mailed

logger = logging.getLogger(__name__)

# Longer than the mail server's time-out: a worker still alive has finished by then.
LEASE = dt.timedelta(minutes=5)
# A task neither waiting nor begun since then is gone.
LOST_AFTER = dt.timedelta(minutes=10)
# Minutes between attempts; the last one is repeated until GIVE_UP_AFTER.
WAITS = (1, 5, 15, 30, 60)
# What could not be said within a week is of no use any more.
GIVE_UP_AFTER = dt.timedelta(days=7)


class MailServerDown(Exception):
    """No mail can go now, whoever it is for."""


def reachable() -> QuerySet[User]:
    """People who can be written to: active, at an address they have proved to be theirs."""
    verified = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True
    )
    return User.objects.filter(Exists(verified), is_active=True).order_by("pk")


def send_once(row: Mailed, build: Callable[[], EmailMessage]) -> bool:
    """Send the mail of this row; whether nothing more is to be done about it. Raises MailServerDown."""
    if not _lease(row):
        return False
    try:
        build().send()
    except Exception as error:
        # Whatever it is, this mail is free to be tried again, and others are not held up by it.
        _mark(row, leased_until=None)
        return is_final(error, row)
    _mark(row, sent_at=timezone.now())
    return True


def done_or_later(send: Callable[[], bool], task: Any, pk: int, attempt: int) -> bool:
    """Whether `send` has nothing more to do; else its task of that row comes back later."""
    try:
        done = send()
    except MailServerDown as error:
        logger.warning("mail server: %s", error.__cause__)
        done = False
    if not done:
        task.using(run_after=next_attempt(attempt)).enqueue(pk, attempt + 1)
    return done


def next_attempt(attempt: int) -> dt.datetime:
    """When to try again after so many attempts."""
    return timezone.now() + dt.timedelta(minutes=WAITS[min(attempt, len(WAITS) - 1)])


def requeue(late: QuerySet[Any], task: Any, *, at: dt.datetime) -> int:
    """Queue again those of these rows whose task died or failed; returns how many. Two at once do it once."""
    with transaction.atomic():
        rows = set(late.select_for_update(skip_locked=True).values_list("pk", flat=True))
        lost = sorted(rows - alive(task, since=at - LOST_AFTER))
        for pk in lost:
            task.enqueue(pk, 0)
    return len(lost)


def alive(task: Any, *, since: dt.datetime) -> set[int]:
    """The rows that a task of this kind waits for or is at: its first argument."""
    working = Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.RUNNING, started_at__gte=since)
    tasks = DBTaskResult.objects.filter(working, task_path=task.module_path).order_by()
    return {given["args"][0] for given in tasks.values_list("args_kwargs", flat=True)}


def is_final(error: Exception, row: Mailed) -> bool:
    """Whether trying again is useless: only where the mail server will never take this one mail."""
    if codes := _about_this_mail(error):
        logger.warning("mail %s refused: %s", row.pk, error)
        return all(code >= 500 for code in codes)
    if isinstance(error, OSError):  # refused connections, time-outs, and every other error of smtplib
        raise MailServerDown from error
    logger.error("mail %s could not be written", row.pk, exc_info=error)
    return False


def _about_this_mail(error: Exception) -> list[int]:
    """What the mail server answered to this address or this content; nothing for other errors."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPDataError) else []


def _lease(row: Mailed) -> bool:
    """Make this mail ours for a while: one UPDATE, so that no lock is held while the mail server talks."""
    now = timezone.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    mine = _rows(row).filter(free, pk=row.pk, sent_at__isnull=True).update(leased_until=now + LEASE)
    return bool(mine)


def _mark(row: Mailed, **fields: Any) -> None:
    _rows(row).filter(pk=row.pk).update(**fields)


def _rows(row: Mailed) -> QuerySet[Any]:
    return type(row)._default_manager.all()
