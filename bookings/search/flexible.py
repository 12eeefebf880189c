"""Any slot of some length in some parts of the week: nearest spaces first, as far as a page needs.

"Two hours, weekday evenings or Saturdays, within 20 km, in the next 8 weeks". Spaces are looked at a few
at a time in the order of distance, until the page is full: a page costs the same at any radius.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeVar

from venues.gazetteer import Answer
from venues.models import Space
from venues.opening import Hours
from venues.periods import Period, minus, within

from .. import availability
from ..availability import SpaceTime, first_slot
from .candidates import Condition, wanted
from .days import Candidate, candidates
from .places import Where, where
from .question import Flexible, Place, Point, Wanted

# How many slots of a space are named.
SLOTS = 3
# How many schools, then spaces, are looked at first; each further look takes in twice as many.
FIRST_SCHOOLS, FIRST_SPACES = 2, 24
# A page looks at so many spaces at most, then says how far it came.
MOST_SPACES = 2_000


@dataclass(frozen=True)
class Offer:
    """A space with its first slots, in order; at least one."""

    space: Space
    distance_km: float | None
    slots: list[Period]


@dataclass(frozen=True)
class Page:
    """Offers, and where the next page begins (None: nothing is left). `looked_at` spaces were tried."""

    offers: list[Offer]
    following: int | None
    looked_at: int


T = TypeVar("T")
Slots = tuple[Candidate, list[Period]]


class FlexibleResults:
    """The spaces with a slot, nearest first (`by_date`: earliest slot first), a page at a time.

    Equipment is not asked about here.
    """

    def __init__(
        self,
        place: Place,
        kind: Wanted,
        asked: Flexible,
        *,
        now: dt.datetime,
        by_date: bool = False,
        features: bool = True,
    ) -> None:
        self.place, self.kind, self.asked, self.now, self.by_date = place, kind, asked, now, by_date
        # Whether what is fixed in each space is told.
        self._with_features = features
        # What each grid of hours opens of the time asked.
        self._opened: dict[tuple[Hours, Period], list[Period]] = {}

    def page(self, after: int = 0, *, size: int) -> Page:
        """The offers from position `after` on: of the spaces nearest first, or of the offers by date."""
        found, following, looked_at = self.find(after, size=size)
        details = Space.objects.listed(features=self._with_features)
        loaded = details.order_by().in_bulk([candidate.pk for candidate, _slots in found])
        offers = [
            Offer(loaded[one.pk], self._where.schools[one.school_id], slots)
            for one, slots in found
            if one.pk in loaded
        ]
        return Page(offers, following, looked_at)

    def find(self, after: int = 0, *, size: int) -> tuple[list[Slots], int | None, int]:
        """What `page` shows, before it is loaded: spaces with slots, the next position, how many were tried."""
        return self._by_date(after, size) if self.by_date else self._by_distance(after, size)

    @property
    def centre(self) -> Point | None:
        return self._where.centre

    @property
    def answer(self) -> Answer | None:
        """What the place that was named was taken for."""
        return self._where.answer

    @cached_property
    def _where(self) -> Where:
        return where(self.place)

    # -- order ----------------------------------------------------------------------------------

    def _by_distance(self, after: int, size: int) -> tuple[list[Slots], int | None, int]:
        found: list[Slots] = []
        position = after
        for batch in _growing(self._candidates(after), first=max(FIRST_SPACES, size)):
            for one, slots in self._slots(batch):
                position += 1
                if slots:
                    found.append((one, slots))
                if len(found) == size:
                    return found, position, position - after
            if position - after >= MOST_SPACES:
                return found, position, position - after
        return found, None, position - after

    def _by_date(self, after: int, size: int) -> tuple[list[Slots], int | None, int]:
        everything = list(self._candidates(0))
        found = [
            (one, slots)
            for batch in _growing(iter(everything), first=500, most=500)
            for one, slots in self._slots(batch)
            if slots
        ]
        found.sort(key=lambda item: item[1][0].start)  # stable: by distance at the same moment
        following = after + size
        return found[after:following], following if following < len(found) else None, len(everything)

    def _candidates(self, after: int) -> Iterator[Candidate]:
        """The spaces whose rules admit such a slot, nearest school first, from position `after` on."""
        condition = self._condition()
        schools = list(self._where.schools)

        def in_order() -> Iterator[Candidate]:
            for batch in _growing(iter(schools), first=FIRST_SCHOOLS):
                yield from candidates(batch, condition)

        return islice(in_order(), after, None)

    def _condition(self) -> Condition:
        condition = wanted(self.kind)
        condition.add(
            "space.min_minutes <= %(minutes)s AND space.max_minutes >= %(minutes)s",
            minutes=self.asked.minutes,
        )
        return condition

    # -- slots ----------------------------------------------------------------------------------

    def _slots(self, batch: Sequence[Candidate]) -> Iterator[Slots]:
        """The first slots of each: one statement for all of them."""
        times = availability.load(batch, self.asked.span)
        for one in batch:
            yield one, list(islice(self._of(one, times[one.pk]), SLOTS))

    def _of(self, one: Candidate, time: SpaceTime) -> Iterator[Period]:
        """One slot in each stretch of the time asked, from the space's notice to its horizon."""
        earliest = self.now + dt.timedelta(hours=one.notice_hours)
        latest = self.now + dt.timedelta(days=one.horizon_days)
        ends = [block.end for block in time.blocks]
        for opened in self._open(time.hours, earliest):
            free = minus([opened], _touching(opened, time.blocks, ends)) if ends else [opened]
            slot = first_slot(free, minutes=self.asked.minutes, step=one.step_minutes, earliest=earliest)
            if slot and slot.start > latest:
                return
            if slot:
                yield slot

    def _open(self, hours: Hours, earliest: dt.datetime) -> Iterator[Period]:
        """What these hours open of the time asked; worked out as far as somebody goes, once for all."""
        for bounds in self.asked.bounds:
            if bounds.end > earliest:
                if (hours, bounds) not in self._opened:
                    self._opened[hours, bounds] = within(hours.around(bounds), bounds)
                yield from self._opened[hours, bounds]


def _touching(period: Period, blocks: list[Period], ends: list[dt.datetime]) -> list[Period]:
    """The blocks, disjoint and in order, that overlap the period."""
    first = bisect_right(ends, period.start)
    last = first
    while last < len(blocks) and blocks[last].start < period.end:
        last += 1
    return blocks[first:last]


def _growing(items: Iterator[T], *, first: int, most: int = 1_000) -> Iterator[list[T]]:
    """The items in batches, each twice as large as the one before."""
    size = first
    while batch := list(islice(items, size)):
        yield batch
        size = min(2 * size, most)
