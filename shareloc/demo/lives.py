"""Requests in the midst of their lives: tonight's, those under way with the manager, those nobody answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from bookings import agreements, workflow
from bookings.models import BookingRequest, Message
from bookings.recurrence import Weekly
from bookings.workflow import DraftDate
from shareloc.accounts.models import User
from venues.models import School
from venues.periods import Period

from .accounts import Accounts
from .nights import DAY, Nights
from .past import promised, sign
from .requests import Asker, ask, askers, lent

MINUTE = dt.timedelta(minutes=1)
# How many dates the series has, and of how many the manager was sure.
SERIES, SURE = 6, 4
# What waits for an answer, each at a lycée of its own, and sent how many days ago.
LEFT_WAITING = (("Concert d’élèves", 9), ("Démonstration de judo", 11))


def create(accounts: Accounts, school: School) -> list[BookingRequest]:
    """At the manager's lycée, then at others."""
    nights = Nights(school, timezone.now().replace(second=0, microsecond=0))
    own, choir, judo, theatre, photo, firm = askers(accounts)
    return [
        _signed_tonight(nights, own, accounts),
        _tonight(nights, choir, by=accounts.manager),
        _lent_today(nights, own, by=accounts.manager),
        _series(nights, own, by=accounts.manager),
        _offered(nights, own, by=accounts.manager),
        _questioned(nights, own, by=accounts.manager),
        _to_be_moved(nights, choir, by=accounts.manager),
        _priced(nights, firm, by=accounts.manager),
        _equipment_asked(nights, theatre),
        _new_here(nights, photo),
        *_unanswered((choir, judo), school, nights.now),
    ]


# -- today --------------------------------------------------------------------------------------


def _signed_tonight(nights: Nights, own: Asker, accounts: Accounts) -> BookingRequest:
    room = nights.space("classroom", 6)
    chairs = lent(room.school, "chaises", 20)
    date = DraftDate(nights.on(0), (room,), (chairs,))
    asked = _sent_six_days_ago(nights, own, "Atelier d’écriture", 18, date, by=accounts.manager)
    sign(asked, own, accounts, at=nights.now - 3 * DAY)
    return asked


def _tonight(nights: Nights, choir: Asker, *, by: User) -> BookingRequest:
    library = nights.space("library")
    date = DraftDate(nights.on(0), (library,))
    return _sent_six_days_ago(nights, choir, "Écoute d’enregistrements", 22, date, by=by)


def _lent_today(nights: Nights, own: Asker, *, by: User) -> BookingRequest:
    """Out since yesterday, to be brought back tomorrow."""
    period = Period(nights.at(-1, 17), nights.at(1, 12))
    panels = lent(nights.spaces[0].school, "grilles-exposition", 4)
    date = DraftDate(period, equipment=(panels,))
    asked = _sent_six_days_ago(nights, own, "Exposition de l’année", 40, date, by=by)
    workflow.hand_over(asked, by=by, occurrence=asked.occurrences.get().pk, at=period.start)
    return asked


def _sent_six_days_ago(
    nights: Nights, asker: Asker, purpose: str, attendees: int, date: DraftDate, *, by: User
) -> BookingRequest:
    """And accepted two days later."""
    return promised(
        asker, purpose, attendees, [date], by=by, sent=nights.now - 6 * DAY, accepted=nights.now - 4 * DAY
    )  # fmt: skip


# -- under way ----------------------------------------------------------------------------------


def _series(nights: Nights, own: Asker, *, by: User) -> BookingRequest:
    """Every week; the manager is not sure of the last dates yet, and says so."""
    room = nights.space("classroom", 1)
    dates = [DraftDate(evening, (room,)) for evening in nights.weekly(room, 8, SERIES)]
    first, last = (timezone.localdate(dates[at].period.start) for at in (0, -1))
    asked = ask(
        own, "Club d’échecs", 14, dates, at=nights.now - 6 * DAY, rule=Weekly(first, last).text
    )  # fmt: skip
    sure = asked.occurrences.order_by("start_at").values_list("pk", flat=True)[:SURE]
    workflow.approve(asked, by=by, occurrences=list(sure), at=nights.now - 3 * DAY)
    agreements.draw_up(asked.pk, at=nights.now - 3 * DAY + MINUTE)
    _say(asked, Message.Side.SCHOOL, by, "Les dernières dates dépendent des conseils de classe.", nights, 3)
    _say(asked, Message.Side.ORGANISATION, own.member, "Merci, nous attendrons votre réponse.", nights, 2)
    return asked


def _say(asked: BookingRequest, side: str, by: User, text: str, nights: Nights, days_ago: int) -> None:
    at = nights.now - days_ago * DAY + 2 * MINUTE
    workflow.write_message(asked, by=by, side=side, text=f"{text} (Message fictif.)", at=at)


def _offered(nights: Nights, own: Asker, *, by: User) -> BookingRequest:
    """The hall was asked for; the manager offers the canteen, and holds it for some days more."""
    hall, canteen = nights.space("hall"), nights.space("canteen")
    wanted = nights.free(hall, 10)
    asked = ask(own, "Repas de quartier", 40, [DraftDate(wanted, (hall,))], at=nights.now - 3 * DAY)
    workflow.offer(
        asked,
        by=by,
        occurrence=asked.occurrences.get().pk,
        to=DraftDate(wanted, (canteen,)),
        message="La salle polyvalente sert à des examens ce soir-là : prenez le restaurant. (Message fictif.)",
        at=nights.now - DAY,
    )
    return asked


def _questioned(nights: Nights, own: Asker, *, by: User) -> BookingRequest:
    ground = nights.space("sports_ground")
    date = DraftDate(nights.free(ground, 12), (ground,))
    asked = ask(own, "Tournoi de pétanque", 30, [date], at=nights.now - 4 * DAY)
    question = "Combien de véhicules viendront, et qui ouvre le portail ? (Question fictive.)"
    workflow.ask_information(asked, by=by, text=question, at=nights.now - 2 * DAY)
    return asked


def _to_be_moved(nights: Nights, choir: Asker, *, by: User) -> BookingRequest:
    room = nights.space("laboratory")
    first, then = nights.free(room, 9), nights.free(room, 17)
    asked = _sent_six_days_ago(nights, choir, "Réunion de bureau", 12, DraftDate(first, (room,)), by=by)
    workflow.ask_move(
        asked,
        by=choir.member,
        occurrence=asked.occurrences.get().pk,
        to=DraftDate(then, (room,)),
        message="Notre trésorerie n’est pas là ce soir-là. (Message fictif.)",
        at=nights.now - DAY,
    )
    return asked


def _priced(nights: Nights, firm: Asker, *, by: User) -> BookingRequest:
    """Half-days are what a firm pays for here."""
    amphitheatre = nights.space("amphitheatre")
    date = DraftDate(nights.free(amphitheatre, 14), (amphitheatre,))
    return _sent_six_days_ago(nights, firm, "Réunion publique d’information", 60, date, by=by)


# -- waiting ------------------------------------------------------------------------------------


def _equipment_asked(nights: Nights, theatre: Asker) -> BookingRequest:
    school = nights.spaces[0].school
    wanted = (lent(school, "tables", 6), lent(school, "bancs", 4))
    date = DraftDate(Period(nights.at(10, 17), nights.at(12, 12)), equipment=wanted)
    return ask(theatre, "Repas de troupe en plein air", 40, [date], at=nights.now - 2 * DAY)


def _new_here(nights: Nights, photo: Asker) -> BookingRequest:
    """From an organisation nobody verified yet, whose certificate runs out soon."""
    room = nights.space("classroom", 3)
    date = DraftDate(nights.free(room, 13), (room,))
    return ask(photo, "Initiation à la photographie", 15, [date], at=nights.now - DAY)


def _unanswered(
    organisations: tuple[Asker, ...], school: School, now: dt.datetime
) -> Iterator[BookingRequest]:
    """At other lycées, for longer than the Région lets pass."""
    lending = School.objects.open().exclude(spaces=None)
    others = lending.exclude(pk=school.pk).order_by("uai")[: len(LEFT_WAITING)]
    for asker, other, (purpose, days) in zip(organisations, others, LEFT_WAITING, strict=False):
        nights = Nights(other, now)
        room = nights.spaces[0]
        date = DraftDate(nights.free(room, 13), (room,))
        yield ask(asker, purpose, min(20, room.capacity), [date], at=now - days * DAY)
