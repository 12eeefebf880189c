"""The answer: how many spaces, which ones on this page, and when each is free."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from venues.models import OpeningHours, Space
from venues.periods import Period

from .. import equipment
from .days import Candidate, Days
from .moment import Moment
from .places import Schools, Where, where
from .question import Point, Question, with_longest_buffers

# (space, school) of a space that is free, not yet loaded.
Found = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """One space found, loaded for the page."""

    space: Space
    distance_km: float | None
    # The period wanted, or the first free one; None when no day was asked.
    slot: Period | None
    # What is free that day.
    free: list[Period]


class Results:
    """The spaces that answer a question, in order; sliced and counted like a list.

    Ordered by distance where there is a centre, else by commune; then by school and name.
    """

    def __init__(
        self, spaces: QuerySet[Space], question: Question, *, now: dt.datetime, features: bool = True
    ) -> None:
        self.question, self.now = question, now
        # Whether the page shows what is fixed in each space: a statement less where it does not.
        self._with_features = features
        self._spaces = spaces

    def __len__(self) -> int:
        return len(self.found)

    def count(self) -> int:
        return len(self.found)

    def __getitem__(self, wanted: slice) -> list[Hit]:
        return self._load(self.found[wanted])

    @cached_property
    def found(self) -> list[Found]:
        """Everything found, in order, nothing loaded."""
        if not self._schools:
            return []
        by_school: dict[int, list[Found]] = defaultdict(list)
        for one in self._free():
            by_school[one[1]].append(one)
        return [one for school in self._schools for one in by_school.get(school, ())]

    @cached_property
    def _where(self) -> Where:
        return where(self.question.place)

    @property
    def _schools(self) -> Schools:
        return self._where.schools

    @property
    def centre(self) -> Point | None:
        """Where distances are counted from."""
        return self._where.centre

    @property
    def _only(self) -> list[int] | None:
        """The schools to look into; None: all."""
        place = self.question.place
        return list(self._schools) if place.text or place.within_km is not None else None

    # -- when and with what ---------------------------------------------------------------------

    def _free(self) -> Iterable[Found]:
        if self._is_moment:
            return self._moment.free(self._spaces)
        candidates = self._candidates.values()
        lacking = self._lacking({candidate.school_id for candidate in candidates})
        able = [candidate for candidate in candidates if candidate.school_id in lacking]
        if self.question.when is not None:
            self._days.lacking = lacking
            able = [candidate for candidate in able if self._days.slot(candidate)]
        return [(candidate.pk, candidate.school_id) for candidate in able]

    @property
    def _is_moment(self) -> bool:
        """Whether one fixed period is asked, of spaces alone: equipment is short at times of its own."""
        when = self.question.when
        return when is not None and when.fixed is not None and not self.question.equipment

    @cached_property
    def _candidates(self) -> dict[int, Candidate]:
        """What could be free on the days asked, by school and name."""
        spaces = self._spaces if self._only is None else self._spaces.filter(school__in=self._only)
        own_hours = Exists(OpeningHours.objects.filter(space=OuterRef("pk")))
        ordered = spaces.annotate(own_hours=own_hours).order_by("school_id", "name", "pk")
        return {row[0]: Candidate(*row) for row in ordered.values_list(*Candidate._fields)}

    def _lacking(self, schools: set[int]) -> dict[int, list[Period]]:
        """When each school lacks the equipment asked for; schools that never have enough are left out."""
        if not self.question.equipment or not schools:
            return {school: [] for school in schools}
        when = self.question.when
        # An instant from now where no day was asked: what counts is what the school owns.
        span = with_longest_buffers(when.span) if when else Period(self.now, self.now)
        return equipment.lacking(self.question.equipment, schools, span)

    @cached_property
    def _moment(self) -> Moment:
        when = self.question.when
        assert when is not None and when.fixed is not None
        return Moment(when.fixed, when.span, now=self.now, schools=self._only)

    @cached_property
    def _days(self) -> Days:
        assert self.question.when is not None
        return Days(self.question.when, now=self.now)

    # -- the page -------------------------------------------------------------------------------

    def _load(self, page: list[Found]) -> list[Hit]:
        details = Space.objects.select_related("school")
        if self._with_features:
            details = Space.objects.with_page_details()
        loaded = details.in_bulk([pk for pk, _school in page])
        free = self._free_times(list(loaded.values()))
        return [
            Hit(loaded[pk], self._schools[school], self._slot(pk), free.get(pk, []))
            for pk, school in page
            if pk in loaded
        ]

    def _slot(self, pk: int) -> Period | None:
        """The period wanted, or the first free one; None when no day was asked."""
        when = self.question.when
        if when is None or self._is_moment:
            return when.fixed if when else None
        return self._days.slot(self._candidates[pk])

    def _free_times(self, spaces: list[Space]) -> dict[int, list[Period]]:
        """What is free of each space of the page on the days asked."""
        if self.question.when is None:
            return {}
        if self._is_moment:
            return self._moment.free_times(spaces)
        return {space.pk: self._days.free(self._candidates[space.pk]) for space in spaces}
