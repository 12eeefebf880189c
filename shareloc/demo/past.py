"""Dates of the demonstration that are over, and what was said of them: through the usual verbs, in their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import F
from django.utils import timezone

from bookings import agreements, workflow
from bookings.models import Agreement, BookingRequest, Journal, Message, Signature
from bookings.sending import GIVE_UP_AFTER
from bookings.workflow import Answers, DraftDate, due
from shareloc.accounts.models import User
from venues.models import School
from venues.periods import Period

from .accounts import Accounts
from .nights import DAY, Nights
from .requests import Asker, ask, askers, lent

MINUTE = dt.timedelta(minutes=1)
NEXT_MORNING = dt.timedelta(hours=14)
# Long before its date a request was sent, and accepted.
SENT, ACCEPTED = 14 * DAY, 10 * DAY


def create(accounts: Accounts, school: School) -> list[BookingRequest]:
    """One date well spoken of, one with a problem, one nobody came to, one to speak of, one loan not brought back."""
    nights = Nights(school, timezone.now().replace(second=0, microsecond=0))
    own, choir, judo, theatre, *_others = askers(accounts)
    return [
        _praised(nights, own, accounts),
        _damaged(nights, judo, accounts),
        _missed(nights, theatre, accounts),
        _not_brought_back(nights, choir, accounts),
        _just_over(nights, own, accounts),
    ]


def told_in_their_time() -> None:
    """What happened longer ago than mails are tried needs none: whoever it concerned knows."""
    long_ago = Journal.objects.filter(notified_at=None, at__lt=timezone.now() - GIVE_UP_AFTER)
    long_ago.update(notified_at=F("at"))


def promised(
    asker: Asker,
    purpose: str,
    attendees: int,
    dates: Sequence[DraftDate],
    *,
    by: User,
    sent: dt.datetime,
    accepted: dt.datetime,
) -> BookingRequest:
    """Sent, accepted whole, and its agreement drawn up.

    Date by date: a manager may pass over the hours of the school, or a certificate that is missing.
    """
    asked = ask(asker, purpose, attendees, dates, at=sent)
    everything = list(asked.occurrences.values_list("pk", flat=True))
    workflow.approve(asked, by=by, occurrences=everything, at=accepted)
    agreements.draw_up(asked.pk, at=accepted + MINUTE)
    return asked


def sign(asked: BookingRequest, asker: Asker, accounts: Accounts, *, at: dt.datetime) -> None:
    """The organisation, then a day later the head; the Région signed once for all."""
    agreement = Agreement.objects.get(request=asked)
    for side, person, capacity, when in (
        (Signature.Side.ORGANISATION, asker.member, "présidence fictive", at),
        (Signature.Side.SCHOOL, accounts.head, "direction fictive", at + DAY),
    ):
        agreements.sign(agreement, side=side, by=person, name=person.name, capacity=capacity, at=when)


def _promised(
    asker: Asker, purpose: str, attendees: int, date: DraftDate, accounts: Accounts
) -> BookingRequest:
    """Accepted and signed long before."""
    sent, accepted = date.period.start - SENT, date.period.start - ACCEPTED
    asked = promised(asker, purpose, attendees, [date], by=accounts.manager, sent=sent, accepted=accepted)
    sign(asked, asker, accounts, at=accepted + DAY)
    return asked


def _praised(nights: Nights, own: Asker, accounts: Accounts) -> BookingRequest:
    room = nights.space("classroom", 2)
    date = DraftDate(nights.free(room, -9), (room,))
    asked = _promised(own, "Réunion des bénévoles", 14, date, accounts)
    key, (start, end) = asked.occurrences.get().pk, date.period
    workflow.arrive(asked, by=own.member, occurrence=key, at=start - 5 * MINUTE)
    due.take_place(at=end + MINUTE)
    answers = Answers(
        satisfaction=5,
        left_clean=True,
        left_whole=True,
        left_closed=True,
        comment="Salle prête à l’heure, merci à la loge. Avis fictif.",
    )
    workflow.review(asked, by=own.member, occurrence=key, answers=answers, at=end + NEXT_MORNING)
    return asked


def _damaged(nights: Nights, judo: Asker, accounts: Accounts) -> BookingRequest:
    gymnasium = next(space for space in nights.spaces if space.name.endswith("moitié sud"))
    date = DraftDate(nights.free(gymnasium, -6), (gymnasium,))
    asked = _promised(judo, "Passage de grades", 26, date, accounts)
    due.take_place(at=date.period.end + MINUTE)
    workflow.report(
        asked,
        by=accounts.manager,
        side=Message.Side.SCHOOL,
        occurrence=asked.occurrences.get().pk,
        text="Une lampe des vestiaires est cassée : dites-nous ce qui s’est passé. Incident fictif.",
        at=date.period.end + NEXT_MORNING,
    )
    return asked


def _missed(nights: Nights, theatre: Asker, accounts: Accounts) -> BookingRequest:
    room = nights.space("classroom", 4)
    date = DraftDate(nights.free(room, -4), (room,))
    asked = _promised(theatre, "Lecture à voix haute", 16, date, accounts)
    due.take_place(at=date.period.end + MINUTE)
    workflow.no_show(
        asked,
        by=accounts.manager,
        occurrence=asked.occurrences.get().pk,
        reason="Personne ne s’est présenté à la loge.",
        at=date.period.end + NEXT_MORNING,
    )
    return asked


def _not_brought_back(nights: Nights, choir: Asker, accounts: Accounts) -> BookingRequest:
    period = Period(nights.at(-5, 17), nights.at(-2, 12))
    date = DraftDate(period, equipment=(lent(nights.spaces[0].school, "barnums", 1),))
    asked = _promised(choir, "Kermesse de la chorale", 60, date, accounts)
    workflow.hand_over(asked, by=accounts.manager, occurrence=asked.occurrences.get().pk, at=period.start)
    due.take_place(at=period.end + MINUTE)
    return asked


def _just_over(nights: Nights, own: Asker, accounts: Accounts) -> BookingRequest:
    room = nights.space("classroom", 5)
    date = DraftDate(nights.free(room, -1), (room,))
    asked = _promised(own, "Permanence d’accueil", 8, date, accounts)
    due.take_place(at=date.period.end + MINUTE)
    return asked
