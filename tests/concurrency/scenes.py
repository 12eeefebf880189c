"""Schools with something to fight for, and the pending requests of those who do."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from bookings.models import BookingRequest, Occurrence, OccurrenceEquipment
from shareloc.accounts.models import Organisation, User
from tests.factories import (
    PARIS,
    EquipmentPoolFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolRoleFactory,
    SpaceFactory,
    UserFactory,
    next_week,
    open_always,
)
from venues.models import EquipmentPool, School, Space
from venues.periods import Period

# So many asks fall upon the same days: several times what fits.
CROWD = 32


@dataclass(frozen=True)
class Date:
    """One date of an ask."""

    period: Period
    spaces: tuple[Space, ...] = ()
    equipment: dict[EquipmentPool, int] = field(default_factory=dict)


class Stage:
    """An open school with a manager and somebody who asks."""

    def __init__(self) -> None:
        self.school: School = SchoolFactory.create()
        open_always(self.school)
        self.manager: User = SchoolRoleFactory.create(school=self.school).user
        self.asker: User = UserFactory.create()
        self.organisation: Organisation = OrganisationFactory.create()

    def space(self, **values: object) -> Space:
        return SpaceFactory.create(school=self.school, **values)

    def ask(self, *dates: Date) -> int:
        """A pending request for these dates; its id."""
        return self.ask_all([dates])[0]

    def ask_all(self, asks: Iterable[Iterable[Date]]) -> list[int]:
        """Pending requests, stored in few statements; their ids in order."""
        asks = [list(dates) for dates in asks]
        now = timezone.now()
        requests = BookingRequest.objects.bulk_create(self._request(now) for _dates in asks)
        pairs = [(request, date) for request, dates in zip(requests, asks, strict=True) for date in dates]
        stored = Occurrence.objects.bulk_create(
            Occurrence(request=request, start_at=date.period.start, end_at=date.period.end, changed_at=now)
            for request, date in pairs
        )
        through = Occurrence.spaces.through
        rows = [(occurrence, date) for occurrence, (_request, date) in zip(stored, pairs, strict=True)]
        through.objects.bulk_create(
            through(occurrence_id=occurrence.pk, space_id=space.pk)
            for occurrence, date in rows
            for space in date.spaces
        )
        OccurrenceEquipment.objects.bulk_create(
            OccurrenceEquipment(occurrence=occurrence, pool=pool, quantity=quantity)
            for occurrence, date in rows
            for pool, quantity in date.equipment.items()
        )
        return [request.pk for request in requests]

    def _request(self, now: dt.datetime) -> BookingRequest:
        return BookingRequest(
            organisation=self.organisation,
            school=self.school,
            created_by=self.asker,
            purpose="Chorale",
            attendees=10,
            submitted_at=now,
            answer_due_on=now.date() + dt.timedelta(days=7),
        )


def on_day(n: int, *, hour: int = 18, minute: int = 0, length: int = 120) -> Period:
    """So many minutes on the n-th day from next week."""
    start = dt.datetime.combine(next_week().date() + dt.timedelta(days=n), dt.time(hour, minute), PARIS)
    return Period(start, start + dt.timedelta(minutes=length))


def somewhere(chance: random.Random, day: int) -> Period:
    """One to four hours of that day, between eight and midnight."""
    return on_day(
        day,
        hour=chance.randint(8, 19),
        minute=chance.choice((0, 30)),
        length=chance.choice((60, 90, 120, 240)),
    )


# --- Asks --------------------------------------------------------------------------------------
# Each takes a number of asks and gives them in an order in which neighbours compete.


def for_one_room(stage: Stage, count: int) -> list[list[Date]]:
    chance = random.Random(1)
    room = stage.space(setup_minutes=15, cleanup_minutes=30)
    return [[Date(somewhere(chance, n // CROWD), (room,))] for n in range(count)]


def for_series(stage: Stage, count: int) -> list[list[Date]]:
    """Four dates each, some of which the neighbours want too."""
    chance = random.Random(2)
    room = stage.space()
    return [
        [Date(somewhere(chance, 4 * (n // CROWD) + day), (room,)) for day in range(4)] for n in range(count)
    ]


def for_halves_and_whole(stage: Stage, count: int) -> list[list[Date]]:
    """A gymnasium in two halves: one half, the whole, or both halves named one by one."""
    chance = random.Random(3)
    left, right = stage.space(), stage.space(cleanup_minutes=15)
    parts = [*left.units.all(), *right.units.all()]
    whole = stage.space(units=parts, setup_minutes=30)
    choices = [(left,), (right,), (whole,), (left, right)]
    return [[Date(somewhere(chance, n // CROWD), chance.choice(choices))] for n in range(count)]


def for_equipment(stage: Stage, count: int) -> list[list[Date]]:
    """One to six of ten chairs, sometimes with a room, sometimes with projectors too."""
    chance = random.Random(4)
    chairs, projectors = (EquipmentPoolFactory.create(school=stage.school, quantity=n) for n in (10, 3))
    room = stage.space(setup_minutes=15)
    return [
        [
            Date(
                somewhere(chance, n // CROWD),
                chance.choice([(), (), (room,)]),
                chance.choice(
                    [{chairs: chance.randint(1, 6)}, {chairs: 2, projectors: chance.randint(1, 3)}]
                ),
            )
        ]
        for n in range(count)
    ]


SCENES = {
    "overlapping periods": for_one_room,
    "series": for_series,
    "halves and whole": for_halves_and_whole,
    "equipment": for_equipment,
}
