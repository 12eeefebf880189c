"""How many spaces are free at the same clock times on each day of a week: a few statements for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from django.utils import timezone

from venues.local_time import minutes_into_day
from venues.periods import Period

from .. import availability
from ..availability import MINUTE, SpaceTime
from .candidates import wanted
from .days import Candidate, candidates
from .question import Part, Question, When
from .results import Results

WEEK = 7
# So many spaces are looked at, nearest first: beyond, the counts are of these.
MOST_SPACES = 500


class WeekResults(Results):
    """Counts for the week from `monday` on, at each of these parts of the day; `question.when` does not matter.

    What is counted is what the search at that period finds.
    """

    def __init__(
        self, question: Question, monday: dt.date, parts: Sequence[Part], *, now: dt.datetime
    ) -> None:
        self.days = [monday + dt.timedelta(days=n) for n in range(WEEK)]
        super().__init__(replace(question, when=When(monday, self.days[-1])), now=now)
        self.parts = parts

    @cached_property
    def counts(self) -> list[list[int]]:
        """For each part, how many spaces are free on each day."""
        return [[self._free_at(part.on(day)) for day in self.days] for part in self.parts]

    @property
    def is_cut_short(self) -> bool:
        return len(self._candidates) > MOST_SPACES

    def _free_at(self, period: Period) -> int:
        # Many spaces have the same hours: each kind is asked once.
        opened = {hours: hours.covers(period) for hours in {time.hours for _one, time in self._rooms}}
        return sum(
            1
            for one, time in self._rooms
            if opened[time.hours] and self._admits(one, period) and not time.is_blocked(period)
        )

    def _admits(self, one: Candidate, period: Period) -> bool:
        """Whether the space's own rules do."""
        ahead = period.start - self.now
        clock = minutes_into_day(period.start, timezone.get_default_timezone())
        return (
            one.min_minutes <= period.length / MINUTE <= one.max_minutes
            and clock % one.step_minutes == 0
            and dt.timedelta(hours=one.notice_hours) <= ahead <= dt.timedelta(days=one.horizon_days)
        )

    @cached_property
    def _candidates(self) -> list[Candidate]:
        schools = self._able
        return candidates(schools, wanted(self.question.wanted)) if schools else []

    @cached_property
    def _rooms(self) -> list[tuple[Candidate, SpaceTime]]:
        rooms = self._candidates[:MOST_SPACES]
        times = availability.load(rooms, self._span)
        for one in rooms:
            times[one.pk].busy += self._lacking.get(one.school_id, ())
        return [(one, times[one.pk]) for one in rooms]

    @property
    def _span(self) -> Period:
        """The week, and as far as its last part goes on into the next."""
        assert self.question.when
        span = self.question.when.span
        return Period(span.start, max(span.end, *(part.on(self.days[-1]).end for part in self.parts)))
