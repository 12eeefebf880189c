"""Certificates that run out: their organisation is told a month before, once; what is long past is forgotten.

`run_due` calls these. A certificate is marked, the mails' rows are written and their tasks queued in one
transaction; the task sends as `sending` does, and `requeue_lost` finds what died with its worker.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from shareloc.accounts.documents import is_followed
from shareloc.accounts.models import Document, Membership, User
from shareloc.web import mail

from . import sending
from .audience import is_muted
from .models import BookingRequest, ExpiryNotice
from .sending import GIVE_UP_AFTER, LOST_AFTER

DAY = dt.timedelta(days=1)
TEMPLATE = "expiring"


def remind(*, at: dt.datetime | None = None) -> int:
    """Tell organisations of certificates that run out within DOCUMENT_REMINDER_DAYS; returns how many."""
    at = at or timezone.now()
    today = timezone.localdate(at)
    near = Document.objects.insurance().filter(
        reminded_at=None, valid_until__range=(today, today + settings.DOCUMENT_REMINDER_DAYS * DAY)
    )
    return sum(_remind(pk, at) for pk in near.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(document_id: int, at: dt.datetime) -> int:
    """One that another follows without a gap is left alone: the other may yet be taken off."""
    waiting = Document.objects.insurance().filter(pk=document_id, reminded_at=None)
    document = waiting.select_for_update(skip_locked=True).first()
    if document is None or is_followed(document):
        return 0
    Document.objects.filter(pk=document.pk).update(reminded_at=at)
    people = [person for person in _told(document) if not is_muted(person, TEMPLATE)]
    notices = ExpiryNotice.objects.bulk_create(
        ExpiryNotice(document=document, recipient=person, created_at=at) for person in people
    )
    for notice in notices:
        tell.enqueue(notice.pk, 0)
    return 1


def _told(document: Document) -> list[User]:
    """The organisation's administrators and the member who deposited it; all members where there are neither."""
    members = Membership.objects.filter(organisation=document.organisation_id)
    caring = members.filter(Q(role=Membership.Role.ADMIN) | Q(user=document.created_by_id))
    people = sending.reachable().filter(memberships__in=caring)
    return list(people) or list(sending.reachable().filter(memberships__in=members))


# -- the mail -----------------------------------------------------------------------------------


@task()
def tell(notice_id: int, attempt: int) -> None:
    """Send one notice; what could not go is tried later."""
    waiting = _unsent(at=timezone.now()).select_related("document__organisation", "recipient")
    notice = waiting.filter(pk=notice_id).first()
    if notice is None or _is_settled(notice):
        return
    send = partial(sending.send_once, notice, partial(message, notice))
    if sending.done_or_later(send, tell, notice_id, attempt):
        # Refused for good as well as sent: nobody tries again.
        ExpiryNotice.objects.filter(pk=notice_id, sent_at=None).delete()


def _is_settled(notice: ExpiryNotice) -> bool:
    """Replaced before the mail could leave, or its reader cannot be reached any more: then it is dropped."""
    document = notice.document
    reachable = sending.reachable().filter(pk=notice.recipient_id).exists()
    if reachable and document.removed_at is None and not is_followed(document):
        return False
    notice.delete()
    return True


def message(notice: ExpiryNotice) -> EmailMultiAlternatives:
    """The mail, not yet sent. The same one sent again after a crash carries the same identity."""
    document = notice.document
    page = reverse("accounts:document_new", args=[document.organisation_id, "assurance"])
    return mail.build(
        f"bookings/mail/{TEMPLATE}",
        to=[notice.recipient.email],
        context={
            "person": notice.recipient,
            "document": document,
            "organisation": document.organisation,
            "url": settings.SITE_URL + page,
            "choice_url": settings.SITE_URL + reverse("bookings:mail_choice"),
        },
        headers={
            "Message-ID": f"<{TEMPLATE}.{notice.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )


# -- what was left behind -----------------------------------------------------------------------


def _unsent(*, at: dt.datetime) -> QuerySet[ExpiryNotice]:
    """Notices of the last week that have not left."""
    return ExpiryNotice.objects.filter(created_at__gt=at - GIVE_UP_AFTER, sent_at=None).order_by("pk")


def requeue_lost(*, at: dt.datetime | None = None) -> int:
    """Queue again the notices whose task died or failed; returns how many."""
    at = at or timezone.now()
    return sending.requeue(_unsent(at=at).filter(created_at__lt=at - LOST_AFTER), tell, at=at)


def forget_old(*, at: dt.datetime | None = None) -> int:
    """Erase, files and all, what ran out or was taken off DOCUMENT_KEEP_DAYS ago; at once what no school relied on."""
    at = at or timezone.now()
    before = at - settings.DOCUMENT_KEEP_DAYS * DAY
    relied_on = BookingRequest.objects.filter(
        organisation=OuterRef("organisation"),
        occurrences__end_at__gte=OuterRef("created_at"),
        submitted_at__lte=OuterRef("removed_at"),
    )
    over = Q(valid_until__lt=timezone.localdate(before)) | Q(removed_at__lt=before)
    unread = Q(removed_at__isnull=False) & ~Exists(relied_on)
    _count, by_model = Document.objects.filter(over | unread).delete()
    return by_model.get("accounts.Document", 0)
