"""What could be asked for in place of the dates of a request that are taken: another hour, space or lycée.

All dates are looked at together: the number of statements does not grow with theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from venues.models import School, Space, SpaceUnit
from venues.periods import Period

from . import search
from .problems import Asked, Known, Problem, later
from .search import Place, Wanted

# What another hour or place may cure.
OF_TIME = frozenset({"taken", "buffer", "lesson", "closure", "holiday", "out_of_hours"})
MOST_SPACES, MOST_SCHOOLS = 2, 2
AROUND_KM = 20


@dataclass(frozen=True)
class Swap:
    """Another space of the same school in place of one of a date's; `spaces` are then all of them."""

    space: Space
    spaces: tuple[Space, ...]


@dataclass(frozen=True)
class Nearby:
    """Another lycée with a space of the same kind that is free then."""

    school: School
    distance_km: float


@dataclass
class Instead:
    """What one date could be instead, best first."""

    time: Period | None = None
    swaps: list[Swap] = field(default_factory=list)
    schools: list[Nearby] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.time or self.swaps or self.schools)


def of_dates(dates: Sequence[Asked], found: Sequence[Sequence[Problem]], known: Known) -> list[Instead]:
    """For each date of one request, what is free instead; nothing where time is not what is wrong.

    `known` is what the objections were judged by. At most eight statements whatever the number of dates.
    """
    instead = [Instead() for _date in dates]
    taken = [
        n
        for n, problems in enumerate(found)
        if dates[n].spaces and dates[n].period.start > known.now and any(p.code in OF_TIME for p in problems)
    ]
    if taken:
        taken.sort(key=lambda n: dates[n].period)
        _Elsewhere(dates, taken, known).into(instead)
    return instead


class _Elsewhere:
    """Looks for the free alternatives of the dates `taken`, given by position and in order of time."""

    def __init__(self, dates: Sequence[Asked], taken: list[int], known: Known) -> None:
        self.dates, self.taken, self.known = dates, taken, known
        self.periods = [dates[n].period for n in taken]
        self.school = dates[taken[0]].spaces[0].school

    def into(self, instead: list[Instead]) -> None:
        self._times(instead)
        self._swaps(instead)
        self._schools(instead)

    # -- the same day ---------------------------------------------------------------------------

    def _times(self, instead: list[Instead]) -> None:
        for n in self.taken:
            instead[n].time = next(self._hours(n), None)

    def _hours(self, n: int) -> Iterator[Period]:
        """Other hours that day in which all spaces of the date are free, and no other date touches it.

        None where they are too small together: no hour cures that.
        """
        asked = self.dates[n]
        if asked.attendees > _holding(asked.spaces):
            return
        first, *others = asked.spaces
        times, sent_at = self.known.times, asked.sent_at
        for period in later.nearest_starts(times[first.pk], first, asked.period, sent_at=sent_at):
            fits = all(later.may_be(times[one.pk], one, period, sent_at=sent_at) for one in others)
            if fits and not self._touches_another(n, period):
                yield period

    def _touches_another(self, n: int, period: Period) -> bool:
        return any(
            m != n and other.period.start <= period.end and period.start <= other.period.end
            for m, other in enumerate(self.dates)
        )

    # -- another space of the school ------------------------------------------------------------

    def _swaps(self, instead: list[Instead]) -> None:
        """For a date of which one space is not free: another one in its place."""
        free = search.free_on([self.school.pk], Wanted(), self.periods, now=self.known.now)
        rooms = self._suitable([one.pk for one, _bits in free])
        bits = {one.pk: days for one, days in free}
        units = self._units(rooms)
        for position, n in enumerate(self.taken):
            here = [space for space in rooms if bits[space.pk] >> position & 1]
            instead[n].swaps = list(islice(self._in_place(self.dates[n], here, units), MOST_SPACES))

    def _suitable(self, ids: list[int]) -> list[Space]:
        """The spaces of these that this organisation may ask for, in order of name."""
        spaces = Space.objects.filter(pk__in=ids).select_related("school").order_by("name", "pk")
        organisation = self.dates[0].organisation
        return [
            space
            for space in spaces
            if (not space.open_to or organisation.kind in space.open_to)
            and (organisation.is_verified or not space.needs_verified)
        ]

    def _units(self, rooms: list[Space]) -> dict[int, frozenset[int]]:
        """What the rooms are made of, where one has to go with others of its date."""
        several = any(len(self.dates[n].spaces) > 1 for n in self.taken)
        return SpaceUnit.objects.by_space(room.pk for room in rooms) if several else {}

    def _in_place(self, asked: Asked, rooms: list[Space], units: dict[int, frozenset[int]]) -> Iterator[Swap]:
        shut = [space for space in asked.spaces if not self._is_free(space, asked)]
        if len(shut) != 1:
            return
        kept = tuple(space for space in asked.spaces if space != shut[0])
        held = frozenset(unit for space in kept for unit in self.known.units[space.pk])
        least = _least(asked, shut[0], kept)
        # Like the one that is taken first; then by size, the smallest that will do.
        for room in sorted(rooms, key=lambda room: (room.kind != shut[0].kind, room.capacity)):
            is_part = bool(held) and not held.isdisjoint(units[room.pk])
            if room not in asked.spaces and not is_part and room.capacity >= least:
                yield Swap(room, (*kept, room))

    def _is_free(self, space: Space, asked: Asked) -> bool:
        return later.may_be(self.known.times[space.pk], space, asked.period, sent_at=asked.sent_at)

    # -- another lycée --------------------------------------------------------------------------

    def _schools(self, instead: list[Instead]) -> None:
        """The nearest lycées that have a space of the kind of the date's first one."""
        school = self.school
        if school.latitude is None or school.longitude is None:
            return
        around = search.around(Place(near=(school.latitude, school.longitude), within_km=AROUND_KM))
        first = self.dates[self.taken[0]]
        wanted = Wanted(capacity=first.attendees, kinds=(first.spaces[0].kind,))
        others = [pk for pk in around if pk != school.pk]
        free: dict[int, int] = {}
        for one, bits in search.free_on(others, wanted, self.periods, now=self.known.now) if others else ():
            free[one.school_id] = free.get(one.school_id, 0) | bits
        near = {
            n: list(islice((pk for pk, bits in free.items() if bits >> position & 1), MOST_SCHOOLS))
            for position, n in enumerate(self.taken)
        }
        named = School.objects.in_bulk({pk for schools in near.values() for pk in schools})
        for n, schools in near.items():
            instead[n].schools = [Nearby(named[pk], around[pk] or 0) for pk in schools]


def _holding(spaces: Iterable[Space]) -> int:
    """How many people these spaces hold together."""
    return sum(space.capacity for space in spaces)


def _least(asked: Asked, shut: Space, kept: tuple[Space, ...]) -> int:
    """How many a space in place of `shut` must hold: all who come, with those kept; beside them, no fewer than it did."""
    together = asked.attendees - _holding(kept)
    return max(together, min(asked.attendees, shut.capacity))
