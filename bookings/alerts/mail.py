"""The mail of an alert: the rooms found, each with a link that starts the request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from shareloc.web import formats, mail
from venues.models import Space

from .. import links
from ..models import Alert
from ..search import Hit
from . import questions
from .keeping import stop_address

# So many rooms are named; the search's page has them all.
MOST_ROOMS = 5


@dataclass(frozen=True)
class Room:
    """A room found: what decides, and where it is asked for."""

    space: Space
    distance: str
    # When it is free; empty where no day was asked.
    when: str
    url: str


@dataclass(frozen=True)
class Found:
    """What the question finds now."""

    count: int
    rooms: list[Room]

    @property
    def more(self) -> int:
        return self.count - len(self.rooms)


def found_by(alert: Alert, *, now: dt.datetime) -> Found:
    """The first rooms that answer the question now, and how many there are."""
    filters = questions.asked_by(alert.query)
    if not filters.is_valid():
        return Found(0, [])
    results = filters.results(now=now, features=False)
    asked = {"capacity": filters.form.cleaned_data["capacity"]}
    return Found(len(results), [_room(hit, asked) for hit in results[:MOST_ROOMS]])


def _room(hit: Hit, asked: dict[str, Any]) -> Room:
    address = links.ask(hit.space, hit.slot, asked) if hit.slot else hit.space.get_absolute_url()
    return Room(
        space=hit.space,
        distance="" if hit.distance_km is None else formats.km(hit.distance_km),
        when=formats.period(*hit.slot) if hit.slot else "",
        url=settings.SITE_URL + address,
    )


def message(alert: Alert, found: Found) -> EmailMultiAlternatives:
    """The mail, not yet sent. The same one sent again after a crash carries the same identity."""
    stop_url = settings.SITE_URL + stop_address(alert.user)
    return mail.build(
        "bookings/mail/alert",
        to=[alert.user.email],
        context={
            "person": alert.user,
            "alert": alert,
            "found": found,
            "url": f"{settings.SITE_URL}{reverse('bookings:search')}?{alert.query}",
            "alerts_url": settings.SITE_URL + reverse("bookings:alerts"),
            "stop_url": stop_url,
        },
        headers={
            "Message-ID": f"<alert.{alert.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            # RFC 8058: the reader's mail program may stop them by a button of its own.
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
