"""What the Région follows: requests without an answer, lycées that sleep, organisations to verify, the journal.

Each is a queryset: pages count, filter and page them in SQL. Who may look is `policies.follows_everything`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import (
    Count,
    Exists,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from shareloc.accounts.models import Document, Organisation
from venues.local_time import instant
from venues.models import School, Space
from venues.places import fold

from .answers import waits_since
from .models import BookingRequest, Journal
from .states import Verb

DAY = dt.timedelta(days=1)


# -- requests without an answer -----------------------------------------------------------------


def unanswered(*, at: dt.datetime) -> QuerySet[BookingRequest]:
    """Requests that have waited for longer than ESCALATION_DAYS, days in which the school waited aside."""
    reminders = Journal.objects.filter(request=OuterRef("pk"), verb=Verb.REMIND).order_by()
    return (
        BookingRequest.objects.awaiting()
        .alias(counts_from=waits_since())
        .filter(counts_from__lte=at - settings.ESCALATION_DAYS * DAY)
        .with_summary()
        .annotate(reminded_at=Subquery(reminders.values("request").annotate(last=Max("at")).values("last")))
        .oldest_first()
    )


# -- lycées -------------------------------------------------------------------------------------


class Schools(NamedTuple):
    """How many lycées there are, offer a room, were asked for one, and sleep."""

    all: int
    lending: int
    asked: int
    dormant: int


def schools() -> Schools:
    lending, asked = Q(lends=True), Q(was_asked=True)
    found = _schools().aggregate(
        all=Count("pk"),
        lending=Count("pk", filter=lending),
        asked=Count("pk", filter=asked),
        dormant=Count("pk", filter=~lending | ~asked),
    )
    return Schools(**found)


def dormant(*, department: str = "", lends: bool | None = None) -> Any:
    """Open lycées that offer no room, or were never asked for one; `lends` keeps one of the two kinds."""
    found = _schools().filter(Q(lends=False) | Q(was_asked=False))
    if department:
        found = found.filter(department=department)
    if lends is not None:
        found = found.filter(lends=lends)
    return found.order_by("department", "commune", "name", "pk")


def _schools() -> Any:
    return School.objects.open().annotate(
        lends=Exists(Space.objects.published().filter(school=OuterRef("pk")).order_by()),
        was_asked=Exists(BookingRequest.objects.filter(school=OuterRef("pk")).order_by()),
    )


# -- organisations ------------------------------------------------------------------------------


def organisations(*, verified: bool | None = None, text: str = "") -> QuerySet[Organisation]:
    """With their documents and how often they asked; the one that waits longest first. Every word of `text` is found."""
    found = Organisation.objects.all()
    if verified is not None:
        found = found.filter(verified_at__isnull=not verified)
    # A number is written in groups by those who copy it from a letterhead.
    number = "".join(text.split())
    for word in [number] if number.isdecimal() else text.split():
        found = found.filter(
            Q(name__icontains=word) | Q(rna__iexact=word) | Q(siret__startswith=word) | Q(email__iexact=word)
        )
    return (
        found.select_related("verified_by")
        .annotate(asked=Count("requests"))
        .prefetch_related(Prefetch("documents", Document.objects.on_file()))
        .order_by("created_at", "pk")
    )


# -- the journal --------------------------------------------------------------------------------


def journal(
    *, text: str = "", verb: str = "", first: dt.date | None = None, last: dt.date | None = None
) -> QuerySet[Journal]:
    """Every line of the journal, newest first, of the lycées `text` names, on these days (both included)."""
    lines = Journal.objects.select_related("request__school", "request__organisation", "actor")
    if fold(text):
        lines = lines.filter(request__school__in=School.objects.named_like(text))
    if verb:
        lines = lines.filter(verb=verb)
    tz = timezone.get_default_timezone()
    if first:
        lines = lines.filter(at__gte=instant(first, tz))
    if last:
        lines = lines.filter(at__lt=instant(last + DAY, tz))
    # By key, which follows time closely and needs no index of its own.
    return lines.order_by("-pk")
