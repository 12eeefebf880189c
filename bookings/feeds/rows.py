"""Which dates a calendar holds, as plain rows: cheap to load and to digest, whatever is made of them.

The number of statements does not depend on the number of dates.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q

from shareloc.accounts.models import Organisation
from shareloc.web import formats
from venues.models import School
from venues.periods import Period

from ..models import CalendarToken, Occurrence, OccurrenceEquipment


class Room(NamedTuple):
    """A space of a date."""

    pk: int
    name: str
    location: str
    published: bool
    changed_at: dt.datetime


class Place(NamedTuple):
    """A school, as far as calendars speak of it."""

    name: str
    address: str
    point: tuple[float, float] | None
    contact: str
    changed_at: dt.datetime


class Date(NamedTuple):
    """The columns of a date, its request and its organisation; the order is that of COLUMNS."""

    pk: int
    uid: uuid.UUID
    start_at: dt.datetime
    end_at: dt.datetime
    state: str
    reason: str
    sequence: int
    changed_at: dt.datetime
    reference: str
    purpose: str
    attendees: int
    contact_name: str
    contact_phone: str
    request_changed_at: dt.datetime
    organisation: str
    organisation_phone: str
    organisation_email: str
    organisation_changed_at: dt.datetime
    school_id: int


COLUMNS = (
    *("pk", "uid", "start_at", "end_at", "state", "reason", "sequence", "changed_at"),
    *(
        f"request__{name}"
        for name in ("reference", "purpose", "attendees", "contact_name", "contact_phone", "changed_at")
    ),
    *(f"request__organisation__{name}" for name in ("name", "phone", "email", "changed_at")),
    "request__school_id",
)


class Row(NamedTuple):
    """Everything a calendar may say of one date. `equipment`: what and how many, in words."""

    date: Date
    place: Place
    rooms: tuple[Room, ...]
    equipment: tuple[str, ...]

    @property
    def changed_at(self) -> dt.datetime:
        """When anything that is said to those concerned last changed."""
        date = self.date
        return max(self.place_changed_at, date.request_changed_at, date.organisation_changed_at)

    @property
    def place_changed_at(self) -> dt.datetime:
        """The same, for what is said to strangers."""
        return max(self.date.changed_at, self.place.changed_at, *(room.changed_at for room in self.rooms))


def load(token: CalendarToken, window: Period) -> list[Row]:
    """The dates of this calendar that overlap the window, in whatever state, in order of time."""
    return of(Occurrence.objects.overlapping(window).filter(_concerning(token)))


def of(dates: Any) -> list[Row]:
    """These dates as rows, in order of time: four statements whatever their number."""
    found = [Date(*values) for values in dates.order_by("start_at", "pk").values_list(*COLUMNS)]
    places = _places({date.school_id for date in found})
    rooms, equipment = _rooms(dates), _equipment(dates)
    return [
        Row(date, places[date.school_id], tuple(rooms[date.pk]), tuple(equipment[date.pk])) for date in found
    ]


def digest(*parts: object) -> str:
    """A name for these values, the same only for the same: 128 bits in hexadecimal.

    Rows come from the database in UTC, so equal moments print alike.
    """
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _concerning(token: CalendarToken) -> Q:
    if token.space_id is not None:
        return Q(pk__in=_sharing_units_with(token.space_id))
    if token.school_id is not None:
        return Q(request__school=token.school_id)
    return Q(request__organisation__in=Organisation.objects.of(token.user)) | Q(
        request__school__in=School.objects.run_by(token.user)
    )


def _sharing_units_with(space_id: int) -> Any:
    """Dates in that space, and in those it cannot be used beside: the halves of a gymnasium and the whole."""
    links = Occurrence.spaces.through.objects
    return links.filter(space__space_units__unit__space_units__space=space_id).values("occurrence")


def _places(ids: Iterable[int]) -> dict[int, Place]:
    return {school.pk: _place(school) for school in School.objects.filter(pk__in=ids)}


def _place(school: School) -> Place:
    contact = (school.lending_contact or school.name, school.phone, school.email)
    return Place(
        school.name,
        school.full_address,
        school.point,
        ", ".join(part for part in contact if part),
        school.changed_at,
    )


def _rooms(dates: Any) -> dict[int, list[Room]]:
    rooms: dict[int, list[Room]] = defaultdict(list)
    columns = (f"space__{name}" for name in Room._fields)
    links = Occurrence.spaces.through.objects.filter(occurrence__in=dates.values("pk"))
    for pk, *values in links.order_by("space__name", "space_id").values_list("occurrence_id", *columns):
        rooms[pk].append(Room(*values))
    return rooms


def _equipment(dates: Any) -> dict[int, list[str]]:
    equipment: dict[int, list[str]] = defaultdict(list)
    lines = OccurrenceEquipment.objects.filter(occurrence__in=dates.values("pk")).order_by("pk")
    columns = ("occurrence_id", "quantity", "pool__kind__name", "pool__description")
    for pk, quantity, kind, description in lines.values_list(*columns):
        equipment[pk].append(formats.counted(quantity, f"{kind} ({description})" if description else kind))
    return equipment
