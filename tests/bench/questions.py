"""What the bench asks: random questions, the same ones in the same order in each run, and their checks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import availability, planner, recurrence, search
from tests.bench.truth import Truth
from tests.factories import PARIS
from venues.local_time import instant
from venues.models import Feature, School, Space
from venues.periods import Period, covered

NOW = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
FIRST_DAY = dt.date(2026, 10, 5)
PAGE = 20
DATES = 40
# How many of the spaces of an answer, and of those left out, are compared one by one where all would take hours.
CHECKED = 10


@dataclass(frozen=True)
class Work:
    """One kind of question: what it asks and how its answer is checked. `target`: at most, in floors."""

    name: str
    ask: Callable[[], Any]
    check: Callable[[Any], None]
    target: float


class Questions:
    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.truth = Truth()
        self.ids = [space.pk for space in self.truth.spaces]
        self.points = [school.point for school in School.objects.order_by("pk")]
        self.features = list(Feature.objects.values_list("slug", flat=True))

    @property
    def works(self) -> list[Work]:
        return [
            Work("search, circle 10–50 km, 0–2 features", self.circle, self.check_results, 1.5),
            Work("search, whole region", self.region, self.check_results, 5),
            Work("flexible search, first page by distance", self.flexible, self.check_flexible, 2.5),
            Work(f"weekly series of {DATES} dates within 20 km", self.series, self.check_series, 6),
            Work("month of a space", self.month, self.check_month, 1.5),
            Work("week of a lycée, 36 rooms", self.week, self.check_week, 4),
            Work(f"checking {DATES} dates of one request", self.dates, self.check_dates, 1),
        ]

    def floor(self) -> None:
        """Twenty given rooms with school and features, through the ORM."""
        found = Space.objects.with_page_details().in_bulk(self.chance.sample(self.ids, PAGE))
        for space in found.values():
            assert space.school.name and all(feature.slug for feature in space.features.all())

    # -- at a time ------------------------------------------------------------------------------

    def circle(self) -> search.Results:
        km = self.chance.choice([10, 20, 30, 50])
        features = self.chance.sample(self.features, self.chance.randrange(3))
        place = search.Place(near=self.chance.choice(self.points), within_km=km)
        return self._results(place, search.Wanted(features=tuple(features)))

    def region(self) -> search.Results:
        return self._results(search.Place(), search.Wanted())

    def _results(self, place: search.Place, wanted: search.Wanted) -> search.Results:
        start = self.chance.choice([17, 18, 19, 20])
        hours = dt.time(start), dt.time(start + self.chance.choice([1, 2]))
        question = search.Question(place, search.When(self._day(), None, *hours), wanted)
        results = search.Results(question, now=NOW)
        # What a page needs: the exact total and its own ids.
        assert len(results.ids(slice(0, PAGE))) == min(PAGE, len(results))
        return results

    def check_results(self, results: search.Results) -> None:
        question = results.question
        place, when = question.place, question.when
        schools = self.truth.within(place.near, place.within_km) if place.near else self.truth.schools
        expected = self.truth.free(schools, when.fixed, features=question.wanted.features)
        assert len(results) == len(expected), (len(results), len(expected), question)
        assert set(results.ids()) == set(expected)
        if not place.near:
            assert results.ids(slice(0, PAGE)) == expected[:PAGE]

    # -- any time -------------------------------------------------------------------------------

    def flexible(self) -> tuple[search.FlexibleResults, list[Any]]:
        evenings = search.Part(frozenset(range(5)), dt.time(17), dt.time(22))
        saturdays = search.Part(frozenset({5}), dt.time(9), dt.time(20))
        first = self._day()
        asked = search.Flexible(120, (evenings, saturdays), first, first + dt.timedelta(days=55))
        place = search.Place(
            near=self.chance.choice(self.points), within_km=self.chance.choice([10, 20, 50, 500])
        )
        found = search.FlexibleResults(place, search.Wanted(), asked, now=NOW)
        return found, found.find(size=PAGE)[0]

    def check_flexible(self, answer: tuple[search.FlexibleResults, list[Any]]) -> None:
        found, page = answer
        nearest = self.truth.within(found.place.near, found.place.within_km)[0]
        assert page[0][0].school_id in {nearest.pk, *self._same_place(nearest)}
        for candidate, slots in self.chance.sample(page, min(CHECKED, len(page))):
            assert slots[0] == self._first(candidate.pk, found.asked)

    def _same_place(self, school: School) -> list[int]:
        return [other.pk for other in self.truth.schools if other.point == school.point]

    def _first(self, pk: int, asked: search.Flexible) -> Period:
        """The first slot on the half hour, looked for step by step."""
        space = next(space for space in self.truth.spaces if space.pk == pk)
        length = dt.timedelta(minutes=asked.minutes)
        for bounds in asked.bounds:
            taken = self.truth.taken(bounds)
            start = bounds.start
            while start + length <= bounds.end:
                slot = Period(start, start + length)
                if self.truth.is_free(space, slot, taken):
                    return slot
                start += dt.timedelta(minutes=space.step_minutes)
        raise AssertionError(f"no slot for {pk}")

    # -- series ---------------------------------------------------------------------------------

    def series(self) -> search.SeriesResults:
        found = search.SeriesResults(
            search.Place(near=self.chance.choice(self.points), within_km=20),
            search.Wanted(),
            search.Series(self._weekly(), dt.time(18), dt.time(20)),
            now=NOW,
        )
        assert found.found
        return found

    def check_series(self, results: search.SeriesResults) -> None:
        schools = self.truth.within(results.place.near, results.place.within_km)
        expected: dict[int, int] = {}
        for n, period in enumerate(results.asked.periods):
            if period.start - NOW > dt.timedelta(days=548):
                continue
            for pk in self.truth.free(schools, period):
                expected[pk] = expected.get(pk, 0) | 1 << n
        assert {candidate.pk: free for candidate, free in results.found} == expected

    def _weekly(self) -> tuple[dt.date, ...]:
        # No room of the bench is lent on a Sunday.
        first = FIRST_DAY + dt.timedelta(weeks=self.chance.randrange(28), days=self.chance.randrange(6))
        return tuple(recurrence.Weekly(first, first + dt.timedelta(weeks=DATES - 1)).days())

    # -- planner --------------------------------------------------------------------------------

    def month(self) -> Any:
        day = self._day().replace(day=1)
        space = Space.objects.get(pk=self.chance.choice(self.ids))
        return space, day, planner.month(space, day, now=NOW)

    def check_month(self, answer: Any) -> None:
        space, day, month = answer
        assert len(month.days) >= 28
        self._check_stretches([space], instant(day, PARIS), 28)

    def week(self) -> Any:
        school = self.chance.choice(self.truth.schools)
        monday = self._day()
        monday -= dt.timedelta(days=monday.weekday())
        return school, monday, planner.week_of_school(school, monday, viewer=AnonymousUser(), now=NOW)

    def check_week(self, answer: Any) -> None:
        school, monday, _week = answer
        self._check_stretches(self.truth.by_school[school.pk][:CHECKED], instant(monday, PARIS), 7)

    def _check_stretches(self, spaces: list[Space], first: dt.datetime, days: int) -> None:
        """Free time as availability tells it, which both pages show, hour by hour."""
        span = Period(first, first + dt.timedelta(days=days))
        times, taken = availability.load(spaces, span), self.truth.taken(span)
        for space in spaces:
            hour = first
            while hour + dt.timedelta(hours=1) <= span.end:
                slot = Period(hour, hour + dt.timedelta(hours=1))
                assert covered(times[space.pk].free, slot) == self.truth.is_free(space, slot, taken)
                hour += dt.timedelta(hours=1)

    # -- one request ----------------------------------------------------------------------------

    def dates(self) -> Any:
        """Which of forty dates of one space are free: everything read at once, judged without the database."""
        pk = self.chance.choice(self.ids)
        space = space_of(pk, self.truth)
        periods = search.Series(self._weekly(), dt.time(18), dt.time(20)).periods
        time = availability.load([space], Period(periods[0].start, periods[-1].end))[pk]
        return space, periods, [time.is_free(period) for period in periods]

    def check_dates(self, answer: Any) -> None:
        space, periods, free = answer
        for period, said in zip(periods, free, strict=True):
            assert said == self.truth.is_free(space, period, self.truth.taken(period))

    def _day(self) -> dt.date:
        return FIRST_DAY + dt.timedelta(days=self.chance.randrange(300))


def space_of(pk: int, truth: Truth) -> Space:
    return next(space for space in truth.spaces if space.pk == pk)


def statements_of(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)
