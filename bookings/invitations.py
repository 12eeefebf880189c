"""Invitations that go with mails: dates that enter the asker's own calendar, and leave it again."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings

from .feeds import ical, loading
from .models import Delivery, Journal, Occurrence
from .models.request import OccurrenceQuerySet
from .states import OccurrenceState, Verb

# Mails that promise dates to the organisation, and those that take promised ones back.
PROMISING = frozenset({"approved", "offer_taken", "move_approved"})
TAKING_BACK = frozenset({"cancelled", "offer"})


class Invitation(NamedTuple):
    """An iCalendar body and its METHOD."""

    method: str
    body: bytes


def of(delivery: Delivery, line: Journal) -> Invitation | None:
    """What this mail puts into its reader's calendar or takes out of it; nothing for the school's people."""
    if not line.request.organisation.memberships.filter(user=delivery.recipient).exists():
        return None
    if delivery.template in PROMISING:
        return _invitation("REQUEST", delivery, line, _dates(line).in_state(OccurrenceState.APPROVED))
    if delivery.template in TAKING_BACK and _were_promised(line):
        return _invitation("CANCEL", delivery, line, _dates(line).exclude(state=OccurrenceState.APPROVED))
    return None


def _were_promised(line: Journal) -> bool:
    return line.verb == Verb.CANCEL or bool(line.data.get("was_promised"))


def _dates(line: Journal) -> OccurrenceQuerySet:
    return Occurrence.objects.filter(pk__in=line.data["occurrences"])


def _invitation(
    method: str, delivery: Delivery, line: Journal, dates: OccurrenceQuerySet
) -> Invitation | None:
    entries = loading.entries(dates, base=settings.SITE_URL)
    if not entries:
        return None
    organizer = ical.Person(line.request.school.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    attendee = ical.Person(delivery.recipient.get_full_name(), delivery.recipient.email)
    if method == "CANCEL":
        entries = [_ended(entry) for entry in entries]
    return Invitation(method, ical.invitation(entries, method=method, organizer=organizer, attendee=attendee))


def _ended(entry: ical.Entry) -> ical.Entry:
    return replace(entry, status="CANCELLED")
