"""The answer: how many spaces, which ones on this page, and when each is free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from venues.gazetteer import Answer
from venues.models import Space
from venues.periods import Period

from .. import availability, equipment
from ..availability import SpaceTime
from . import moment
from .candidates import Candidates, Condition, Found, wanted
from .days import Candidate, Days, candidates
from .places import Schools, Where, where
from .question import Point, Question, with_longest_buffers


@dataclass(frozen=True)
class Hit:
    """One space found, loaded for the page."""

    space: Space
    distance_km: float | None
    # The period wanted, or the first free one; None when no day was asked.
    slot: Period | None
    # What is free that day.
    free: list[Period]


class Ordered(Protocol):
    """Spaces found, in order, not loaded: counted and sliced."""

    def __len__(self) -> int: ...
    def __getitem__(self, page: slice, /) -> Sequence[Found]: ...


class Results:
    """The spaces that answer a question, in order; sliced and counted like a list.

    Ordered by distance where there is a centre, else by commune; then by school and name.
    """

    def __init__(
        self, question: Question, *, now: dt.datetime, features: bool = True, known: Results | None = None
    ) -> None:
        self.question, self.now = question, now
        # Another question: what its place was taken for, and its schools, are not looked for again.
        self._known = known
        # Whether what is fixed in each space is told.
        self._with_features = features

    def __len__(self) -> int:
        return len(self._ordered)

    def count(self) -> int:
        return len(self)

    def __getitem__(self, page: slice) -> list[Hit]:
        return self._load(self._ordered[page])

    def ids(self, page: slice = slice(None)) -> list[int]:
        """The spaces of a page, in order, nothing loaded."""
        return [pk for pk, _school in self._ordered[page]]

    @property
    def schools(self) -> list[tuple[int, float | None, int]]:
        """(school, kilometres, how many of its spaces) of all that are found, in order."""
        found = self._ordered.by_school if isinstance(self._ordered, Candidates | Days) else {}
        return [(school, self._where.schools[school], count) for school, count in found.items()]

    @property
    def centre(self) -> Point | None:
        """Where distances are counted from."""
        return self._where.centre

    @property
    def answer(self) -> Answer | None:
        """What the place that was named was taken for."""
        return self._where.answer

    @cached_property
    def _where(self) -> Where:
        place = self.question.place
        if self._known is None or self._known.question.place.text != place.text:
            return where(place)
        return self._known._where if self._known.question.place == place else where(place, self._known.answer)

    @cached_property
    def _ordered(self) -> Ordered:
        schools = self._able
        if not schools:
            return ()
        when = self.question.when
        if when is None:
            return Candidates(schools, wanted(self.question.wanted))
        if when.fixed is None:
            return Days(when, self._spaces, lacking=self._lacking, now=self.now)
        return self._at(when.fixed, schools, wanted(self.question.wanted))

    @cached_property
    def _spaces(self) -> list[Candidate]:
        """Every space of the kind wanted, whenever it is free: read once for all times one asks about."""
        known = self._known
        if known is not None and known.question == replace(self.question, when=known.question.when):
            return known._spaces
        return candidates(self._able, wanted(self.question.wanted))

    def _at(self, period: Period, schools: Schools, found: Condition) -> Candidates:
        moment.keep_out(found, period, schools=schools, now=self.now)
        moment.without_equipment(found, self._lacking, period)
        return Candidates(schools, found)

    # -- equipment ------------------------------------------------------------------------------

    @property
    def _able(self) -> Schools:
        """The schools of the place, in order, that own the equipment asked for."""
        schools = self._where.schools
        if not self.question.equipment:
            return schools
        return {school: km for school, km in schools.items() if school in self._lacking}

    @cached_property
    def _lacking(self) -> dict[int, list[Period]]:
        """When each school lacks the equipment asked for; schools that never have enough are left out."""
        schools: Collection[int] = set(self._where.schools)
        if not self.question.equipment or not schools:
            return {}
        return equipment.lacking(self.question.equipment, schools, self._equipment_span)

    @property
    def _equipment_span(self) -> Period:
        """An instant from now where no day was asked: what counts is what the school owns."""
        when = self.question.when
        return with_longest_buffers(when.span) if when else Period(self.now, self.now)

    # -- the page -------------------------------------------------------------------------------

    def _load(self, page: Sequence[Found]) -> list[Hit]:
        if not page:
            return []
        details = Space.objects.listed(features=self._with_features)
        loaded = details.order_by().in_bulk([pk for pk, _school in page])
        times = self._times(list(loaded.values()))
        return [
            Hit(loaded[pk], self._where.schools[school], self._slot(pk), times[pk].free if times else [])
            for pk, school in page
            if pk in loaded
        ]

    def _slot(self, pk: int) -> Period | None:
        """The period wanted, or the first free one; None when no day was asked."""
        if isinstance(self._ordered, Days):
            return self._ordered.slots[pk]
        return self.question.when.fixed if self.question.when else None

    def _times(self, spaces: list[Space]) -> dict[int, SpaceTime]:
        """When each space of the page is free on the days asked."""
        if self.question.when is None:
            return {}
        if isinstance(self._ordered, Days):
            return self._ordered.times
        return availability.load(spaces, self.question.when.span)
