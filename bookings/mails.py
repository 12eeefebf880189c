"""What the mails about a request say: the facts their templates show, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from shareloc.web import formats, mail
from venues.models import Space
from venues.policies import can_decide_for

from . import invitations, news, pricing, problems
from .models import BookingRequest, Delivery, Journal, Occurrence
from .problems import Problem, asked_of
from .states import OccurrenceState, Verb

BY_SCHOOL = frozenset(
    {
        Verb.APPROVE,
        Verb.REFUSE,
        Verb.OFFER,
        Verb.ASK_INFORMATION,
        Verb.APPROVE_MOVE,
        Verb.REFUSE_MOVE,
    }
)
# So many dates are spelled out; the page has them all.
MOST_DATES = 30


@dataclass(frozen=True)
class Line:
    """One date, as a mail shows it."""

    when: str
    # Spaces and equipment.
    what: str
    problems: list[Problem]

    @property
    def is_free(self) -> bool:
        return not any(problem.is_blocker for problem in self.problems)


@dataclass(frozen=True)
class Dates:
    """Some dates of a request. `what` is said once where it is the same for all of them."""

    lines: list[Line]

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def free(self) -> int:
        return sum(line.is_free for line in self.lines)

    @property
    def shown(self) -> list[Line]:
        return self.lines[:MOST_DATES]

    @property
    def more(self) -> int:
        return max(0, self.count - MOST_DATES)

    @property
    def what(self) -> str:
        different = {line.what for line in self.lines}
        return different.pop() if len(different) == 1 else ""


def message(delivery: Delivery, line: Journal) -> EmailMultiAlternatives:
    """The mail of that delivery, not yet sent."""
    shared = delivery.template in news.WORDS
    built = mail.build(
        "bookings/mail/news" if shared else f"bookings/mail/{delivery.template}",
        to=[delivery.recipient.email],
        context=context(delivery, line) | (_news(delivery, line) if shared else {}),
        headers=_headers(delivery, line.request),
    )
    if invitation := invitations.of(delivery, line):
        built.add_calendar(
            invitation.body, method=invitation.method, filename=f"{line.request.reference}.ics"
        )
    return built


def _news(delivery: Delivery, line: Journal) -> dict[str, Any]:
    """The words of a shorter mail; some lead to a page of their own."""
    said = news.news(delivery.template, line)
    if line.verb == Verb.REPORT:
        # A colleague of who reported it is told too, and needs the other side's address, not their own.
        said = replace(said, contact="school" if _is_member(delivery, line.request) else "organisation")
    return {"news": said} | ({"url": settings.SITE_URL + said.path} if said.path else {})


def _headers(delivery: Delivery, request: BookingRequest) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        # The same mail sent again after a crash carries the same identity.
        "Message-ID": f"<{delivery.template}.{delivery.pk}.{request.reference}@{host}>",
        # One thread a request in the reader's mailbox.
        "References": f"<{request.reference}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if answers_to := _answers_to(delivery, request):
        headers["Reply-To"] = answers_to
    return headers


def _answers_to(delivery: Delivery, request: BookingRequest) -> str:
    """The other side's address: people answer mails, whatever their sender is called."""
    if _is_member(delivery, request):
        return request.school.email
    return request.created_by.email if request.created_by else request.organisation.email


def _is_member(delivery: Delivery, request: BookingRequest) -> bool:
    return request.organisation.memberships.filter(user=delivery.recipient).exists()


def by_school(line: Journal) -> bool:
    """Whether the school did it, and not the organisation."""
    if line.verb in BY_SCHOOL:
        return True
    return (
        line.verb == Verb.CANCEL
        and line.actor is not None
        and can_decide_for(line.actor, line.request.school)
    )


# -- what templates get -------------------------------------------------------------------------


def context(delivery: Delivery, line: Journal) -> dict[str, Any]:
    """The facts of one mail; `asked` is the request."""
    asked = line.request
    return {
        "person": delivery.recipient,
        "line": line,
        "asked": asked,
        "school": asked.school,
        "organisation": asked.organisation,
        "dates": _dates(asked, pk__in=line.data["occurrences"]),
        "money": pricing.agreed(asked, asked.occurrences.filter(pk__in=line.data["occurrences"])),
        "undecided": _dates(asked, state=OccurrenceState.PENDING),
        "by_school": by_school(line),
        "answer_due": formats.day(asked.answer_due_on),
        "url": settings.SITE_URL + asked.get_absolute_url(),
        "search_url": settings.SITE_URL + _search_again(asked, line),
    }


def _dates(request: BookingRequest, **which: Any) -> Dates:
    """Dates with the objections that the request's page shows too; those decided have none."""
    found = list(
        request.occurrences.filter(**which)
        .prefetch_related(Prefetch("spaces", Space.objects.select_related("school")), "equipment__pool__kind")
        .order_by("start_at", "pk")
    )
    pending = [date for date in found if date.state == OccurrenceState.PENDING]
    against = problems.for_dates(asked_of(request, pending), now=timezone.now())
    by_date = dict(zip((date.pk for date in pending), against, strict=True))
    return Dates([_line(date, by_date.get(date.pk, [])) for date in found])


def _line(date: Occurrence, against: list[Problem]) -> Line:
    what = [space.name for space in date.spaces.all()]
    what += [str(line) for line in date.equipment.all()]
    return Line(formats.period(date.start_at, date.end_at), ", ".join(what), against)


def _search_again(request: BookingRequest, line: Journal) -> str:
    """The search for what was asked: near that school, for as many people, at the first date's hours."""
    wanted: dict[str, Any] = {"capacity": request.attendees}
    if request.school.point:
        wanted["near"] = ",".join(map(str, request.school.point))
    first = request.occurrences.filter(pk__in=line.data["occurrences"]).order_by("start_at", "pk").first()
    if first and first.start_at > timezone.now():
        wanted |= _at(first)
    return f"{reverse('bookings:search')}?{urlencode(wanted, safe=',:')}"


def _at(date: Occurrence) -> dict[str, str]:
    """The filters of a period: hours for one of less than a day, days for a longer one."""
    start, end = (timezone.localtime(moment) for moment in (date.start_at, date.end_at))
    if end - start < dt.timedelta(days=1):
        return {"date": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    return {"date": f"{start:%Y-%m-%d}", "until": f"{end:%Y-%m-%d}"}
