"""Days on which any free period will do: the first slot of every space, worked out without a query a space."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from venues import sql
from venues.periods import Period, within

from .. import availability
from ..availability import first_slot
from .candidates import Condition, Found
from .question import When


class Candidate(NamedTuple):
    """A space that may do, with what decides whether it is free."""

    pk: int
    school_id: int
    setup_minutes: int
    cleanup_minutes: int
    min_minutes: int
    max_minutes: int
    step_minutes: int
    notice_hours: int
    horizon_days: int


COLUMNS = ", ".join(f"space.{name}" for name in ("id", *Candidate._fields[1:]))


def candidates(schools: Iterable[int], condition: Condition) -> list[Candidate]:
    """The spaces that meet a condition, school by school in the order given, then by name."""
    order = list(schools)
    statement = f"""
SELECT {COLUMNS} FROM venues_space space
 WHERE {sql.among("space.school_id", "schools")} AND {condition.where}
 ORDER BY space.name, space.id"""
    rows = sql.rows(statement, {**condition.params, "schools": sql.ids(order)})
    rank = {school: n for n, school in enumerate(order)}
    return sorted((Candidate(*row) for row in rows), key=lambda one: rank[one.school_id])


class Days:
    """The spaces with a free slot of their minimum duration in the time asked: one statement.

    `lacking` says when a school lacks the equipment asked for. Counted and sliced like a list.
    """

    def __init__(
        self,
        when: When,
        spaces: list[Candidate],
        *,
        lacking: dict[int, list[Period]],
        now: dt.datetime,
    ) -> None:
        self._when, self._now, self._lacking = when, now, lacking
        self._candidates = spaces
        self.times = availability.load(self._candidates, when.span)
        self._add_shortages()
        # Many spaces have the same hours and the same rules, and nothing on those days.
        self._undisturbed: dict[tuple[object, ...], Period | None] = {}

    def _add_shortages(self) -> None:
        for one in self._candidates:
            self.times[one.pk].busy += self._lacking.get(one.school_id, ())

    @cached_property
    def slots(self) -> dict[int, Period]:
        """The first slot of each space that has one, in order."""
        found = ((one.pk, self._first(one)) for one in self._candidates)
        return {pk: slot for pk, slot in found if slot is not None}

    @cached_property
    def _found(self) -> list[Found]:
        return [(one.pk, one.school_id) for one in self._candidates if one.pk in self.slots]

    @property
    def by_school(self) -> dict[int, int]:
        """How many are found in each school, in order."""
        return dict(Counter(school for _pk, school in self._found))

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, page: slice) -> list[Found]:
        return self._found[page]

    def _first(self, one: Candidate) -> Period | None:
        time = self.times[one.pk]
        if not time.is_undisturbed:
            return self._first_in(one, time.free)
        key = (time.hours, one.min_minutes, one.step_minutes, one.notice_hours, one.horizon_days)
        if key not in self._undisturbed:
            self._undisturbed[key] = self._first_in(one, time.free)
        return self._undisturbed[key]

    def _first_in(self, one: Candidate, free: list[Period]) -> Period | None:
        slot = first_slot(
            within(free, self._when.bounds),
            minutes=one.min_minutes,
            step=one.step_minutes,
            earliest=self._now + dt.timedelta(hours=one.notice_hours),
        )
        latest = self._now + dt.timedelta(days=one.horizon_days)
        return slot if slot and slot.start <= latest else None
