"""Requests in every state for the demonstration, made through the same verbs as everybody's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from bookings import workflow
from bookings.availability import first_slot, load
from bookings.models import BookingRequest
from bookings.problems import Line
from bookings.workflow import Draft, DraftDate
from shareloc.accounts.models import Organisation, User
from venues.models import EquipmentPool, School, Space
from venues.periods import Period, shifted

from .accounts import CONTACT, PHONE, Accounts

DAY = dt.timedelta(days=1)
# The weeks the demonstration keeps free for whoever tries it begin later.
FIRST_DAY, LAST_DAY = 8, 19


class Asker(NamedTuple):
    """An organisation, and its member who asks."""

    organisation: Organisation
    member: User


def askers(accounts: Accounts) -> list[Asker]:
    """The organisations, in their order, each with its member."""
    return [Asker(one, one.members.get()) for one in accounts.organisations]


class Diary:
    """Finds free evenings at one school, and remembers which it gave."""

    def __init__(self, school: School, now: dt.datetime) -> None:
        self.now = now
        self.spaces = list(Space.objects.filter(school=school).select_related("school").order_by("pk"))
        span = Period(now + FIRST_DAY * DAY, now + LAST_DAY * DAY)
        self.times = load(self.spaces, span)
        self.given: dict[int, dt.datetime] = {}

    def space(self, kind: str) -> Space:
        return next(space for space in self.spaces if space.kind == kind)

    def dates(self, space: Space, count: int, *, equipment: Sequence[Line] = ()) -> list[DraftDate]:
        """The next `count` free slots of two hours, on different days."""
        found = []
        for _ in range(count):
            slot = first_slot(
                self.times[space.pk].free,
                minutes=120,
                step=space.step_minutes,
                earliest=self.given.get(space.pk),
            )
            if slot is None:
                break
            self.given[space.pk] = shifted(slot.start, dt.timedelta(hours=15))
            found.append(DraftDate(slot, (space,), tuple(equipment)))
        return found


def create(accounts: Accounts, school: School) -> list[BookingRequest]:
    """A queue for the manager to decide, and requests already decided, withdrawn and cancelled."""
    now = timezone.now().replace(second=0, microsecond=0)
    diary = Diary(school, now)
    own, choir, judo, theatre, *_others = askers(accounts)
    return [
        *_waiting(diary, own, choir, judo, theatre),
        *_decided(diary, own, choir, theatre, manager=accounts.manager),
    ]


def _waiting(diary: Diary, own: Asker, choir: Asker, judo: Asker, theatre: Asker) -> list[BookingRequest]:
    hall, classroom = diary.space("hall"), diary.space("classroom")
    contested = diary.dates(hall, 1)
    gymnasium = next(space for space in diary.spaces if space.name.endswith("moitié nord"))
    return [
        _ask(diary, judo, "Entraînement des débutants", 24, diary.dates(gymnasium, 3), days_ago=5),
        _ask(diary, choir, "Répétition de la chorale", 40, contested, days_ago=4),
        _ask(diary, own, "Assemblée générale", 45, contested, days_ago=3),
        _ask(diary, theatre, "Lecture publique", 18, diary.dates(classroom, 1), days_ago=2),
        _ask(diary, own, "Cours de français", 12, diary.dates(classroom, 2), days_ago=1),
    ]


def _decided(
    diary: Diary, own: Asker, choir: Asker, theatre: Asker, *, manager: User
) -> list[BookingRequest]:
    amphitheatre, library = diary.space("amphitheatre"), diary.space("library")
    computers, canteen = diary.space("computer_room"), diary.space("canteen")
    concert = _ask(diary, choir, "Concert", 80, diary.dates(amphitheatre, 2), days_ago=6)
    workflow.approve(concert, by=manager, at=diary.now - 2 * DAY)
    course = diary.dates(computers, 3, equipment=[lent(computers.school, "chaises", 10)])
    approved = _ask(diary, own, "Initiation à l’informatique", 12, course, days_ago=6)
    workflow.approve(approved, by=manager, at=diary.now - 3 * DAY)
    refused = _ask(diary, theatre, "Repas de troupe", 60, diary.dates(canteen, 1), days_ago=6)
    workflow.refuse(
        refused, by=manager, at=diary.now - 4 * DAY, reason="Le personnel de cuisine n’est pas disponible."
    )
    withdrawn = _ask(diary, own, "Atelier de lecture", 15, diary.dates(library, 1), days_ago=6)
    workflow.withdraw(withdrawn, by=own.member, at=diary.now - 5 * DAY)
    cancelled = _ask(diary, choir, "Auditions", 20, diary.dates(library, 1), days_ago=6)
    workflow.approve(cancelled, by=manager, at=diary.now - 5 * DAY)
    workflow.cancel(
        cancelled,
        by=choir.member,
        at=diary.now - 4 * DAY,
        reason="La date ne convient plus au chef de chœur.",
    )
    return [concert, approved, refused, withdrawn, cancelled]


def lent(school: School, kind: str, quantity: int) -> Line:
    """So many of what the school lends of that kind."""
    pools = EquipmentPool.objects.select_related("kind", "school")
    return Line(pools.get(school=school, kind__slug=kind), quantity)


def _ask(
    diary: Diary, asker: Asker, purpose: str, attendees: int, dates: Sequence[DraftDate], *, days_ago: int
) -> BookingRequest:
    return ask(asker, purpose, attendees, dates, at=diary.now - days_ago * DAY)


def ask(
    asker: Asker,
    purpose: str,
    attendees: int,
    dates: Sequence[DraftDate],
    *,
    at: dt.datetime,
    rule: str = "",
) -> BookingRequest:
    """Send a request, made up and said to be."""
    draft = Draft(
        asker.organisation,
        purpose,
        attendees,
        dates,
        message="Demande fictive, donnée de démonstration.",
        contact_name=CONTACT,
        contact_phone=PHONE,
        rule=rule,
    )
    return workflow.submit(draft, by=asker.member, at=at)
