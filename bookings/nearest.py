"""What is nearest to a question that finds nothing or little: counted, each a change of one thing.

The same hours another day, other hours that day, a wider circle, fewer people, one filter less. One search
counts all fixed times, one all circles; every other change is a search, and there are at most MOST_SEARCHES.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shareloc.web import formats
from venues.filters import MAX_KM
from venues.models import Space
from venues.periods import Period

from .filters import QUANTITY, SpaceFilter, refusals
from .search import Question, Results, TimesResults, Wanted, When

# Under so many rooms found, the ways out are shown too.
FEW = 3
MOST_WAYS = 6
MOST_SEARCHES = 12
CIRCLES = (10, 20, 50)
DAY, HOUR, RADIUS, CAPACITY, WITHOUT = "day", "hour", "radius", "capacity", "without"
# What says when in a question, by its name in an address too.
WHEN = ("date", "until", "start", "end")
KINDS = (DAY, HOUR, RADIUS, CAPACITY, WITHOUT)


@dataclass(frozen=True)
class Way:
    """One change to the question, and how many rooms it finds; `query` is the whole changed question."""

    kind: str
    label: str
    count: int
    query: str

    @property
    def text(self) -> str:
        """`Mercredi : 4 salles`."""
        said = ngettext("%(label)s : %(n)s salle", "%(label)s : %(n)s salles", self.count)
        return said % {"label": self.label, "n": formats.number(self.count)}

    @property
    def sentence(self) -> str:
        """`Mercredi, il y en a 4.`"""
        return _("%(label)s, il y en a %(n)s.") % {"label": self.label, "n": formats.number(self.count)}


def ways(filters: SpaceFilter, results: Results) -> list[Way]:
    """The ways out of a valid question that find more rooms than its `results`, best first, at most MOST_WAYS."""
    return list(islice(_Ways(filters, results).all(), MOST_WAYS))


class _Changed(NamedTuple):
    """The question with one change, and the same as an address asks it."""

    question: Question
    query: QueryDict


class _Ways:
    """Looks for ways out one by one; whoever has enough stops asking, and the rest is never searched."""

    def __init__(self, filters: SpaceFilter, results: Results) -> None:
        self.filters, self.results = filters, results
        self.question: Question = results.question
        self.left = MOST_SEARCHES

    def all(self) -> Iterator[Way]:
        if when := self.question.when:
            yield from self._swapped(when)
            yield from islice(self._days(when), 3)
            yield from islice(self._hours(when), 2)
        yield from islice(self._circles(), 2)
        yield from self._fewer_people()
        yield from self._without()

    # -- searching ------------------------------------------------------------------------------

    def _found(self, question: Question) -> Results | None:
        """What this question finds; None for one that makes no sense, or once the searches are used up."""
        if not self.left or (question.when and any(refusals(question.when))):
            return None
        self.left -= 1
        return Results(question, now=self.results.now, features=False, known=self.results)

    def _way(self, kind: str, label: str, changed: _Changed) -> Iterator[Way]:
        found = self._found(changed.question)
        if found is not None and len(found) > len(self.results):
            yield Way(kind, label, len(found), changed.query.urlencode())

    def _with(self, **changed: object) -> QueryDict:
        query = self.filters.query.copy()
        for name, value in {"page": None, **changed}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return query

    # -- when -----------------------------------------------------------------------------------

    def _swapped(self, when: When) -> Iterator[Way]:
        """Where nothing is free that long: the hours that were meant, if their end was given first."""
        if (meant := when.swapped) and not len(self.results):
            assert meant.start and meant.end
            between = {"start": formats.hour(meant.start), "end": formats.hour(meant.end)}
            yield from self._at_another_time(HOUR, capfirst(_("de %(start)s à %(end)s") % between), meant)

    def _days(self, when: When) -> Iterator[Way]:
        """The same hours on other days of that week, the nearest first; else a week later."""
        of_week = [way for days in self._nearest_days(when) for way in self._day(when, days)]
        yield from of_week or self._day(when, 7)

    def _nearest_days(self, when: When) -> list[int]:
        """How far the four nearest other days of that week are, those gone left out."""
        monday, today = -when.date.weekday(), timezone.localdate(self.results.now)
        to_come = [
            days for days in range(monday, monday + 7) if days and when.date + dt.timedelta(days) >= today
        ]
        return sorted(to_come, key=lambda days: (abs(days), -days))[:4]

    def _day(self, when: When, days: int) -> Iterator[Way]:
        moved = _on_another_day(when, days)
        yield from self._at_another_time(DAY, _day_label(moved, days), moved)

    def _hours(self, when: When) -> Iterator[Way]:
        """As long, an hour sooner or later that day; else any hour."""
        if not (when.start or when.end):
            return
        shifted = [way for moved in _shifted(when) for way in self._shift(moved)]
        any_hour = replace(when, start=None, end=None)
        yield from shifted or self._at_another_time(HOUR, _("À une autre heure"), any_hour)

    def _shift(self, moved: When) -> Iterator[Way]:
        assert moved.start
        yield from self._at_another_time(HOUR, _("À %(hour)s") % {"hour": formats.hour(moved.start)}, moved)

    def _at_another_time(self, kind: str, label: str, when: When) -> Iterator[Way]:
        changed = self._at(when)
        if when.fixed is None:
            yield from self._way(kind, label, changed)
        elif (count := self._counts.get(when.fixed, 0)) > len(self.results):
            yield Way(kind, label, count, changed.query.urlencode())

    def _at(self, when: When) -> _Changed:
        """The question at another time; in its address only what differs is written anew."""
        times = ((name, getattr(when, name), getattr(self.question.when, name)) for name in WHEN)
        written = {name: _written(time) for name, time, before in times if time != before}
        return _Changed(replace(self.question, when=when), self._with(**written))

    @cached_property
    def _counts(self) -> dict[Period, int]:
        """What is found in every fixed period that is tried: one search for them all."""
        when = self.question.when
        assert when
        days = (_on_another_day(when, days) for days in (*self._nearest_days(when), 7))
        times = [*days, *_shifted(when), when.swapped]
        periods = [time.fixed for time in times if time and time.fixed and not any(refusals(time))]
        self.left -= 1
        return TimesResults(self.question, periods, now=self.results.now, known=self.results).counts

    # -- where ----------------------------------------------------------------------------------

    def _within(self, km: int) -> _Changed:
        place = replace(self.question.place, within_km=float(km))
        return _Changed(replace(self.question, place=place), self._with(within_km=km))

    def _circles(self) -> Iterator[Way]:
        """The two next circles that find more; the whole region where none does. One search counts them all."""
        place = self.question.place
        if not (place.text or place.near) or (place.within_km is None and not place.text):
            return
        everywhere = self._found(self._within(MAX_KM).question)
        if everywhere is None or len(everywhere) <= len(self.results):
            return
        counts: dict[int, int] = {}
        for km in [km for km in CIRCLES if km > (place.within_km or 0)][:2]:
            count = sum(rooms for _school, far, rooms in everywhere.schools if far is not None and far <= km)
            # A circle that finds no more than the one inside it is no way out.
            if count > max([len(self.results), *counts.values()]):
                counts[km] = count
        for km, count in counts.items():
            label = _("À moins de %(km)s km") % {"km": km}
            yield Way(RADIUS, label, count, self._within(km).query.urlencode())
        if not counts:
            query = self._within(MAX_KM).query.urlencode()
            yield Way(RADIUS, _("Dans toute la région"), len(everywhere), query)

    # -- what -----------------------------------------------------------------------------------

    def _wanting(self, query: QueryDict, **changed: object) -> _Changed:
        """The question with another kind of space wanted."""
        wanted = replace(self.question.wanted, **changed)  # type: ignore[arg-type]
        return _Changed(replace(self.question, wanted=wanted), query)

    def _fewer_people(self) -> Iterator[Way]:
        """The largest rooms there are for the rest of the question."""
        if not (wanted := self.question.wanted.capacity):
            return
        found = self._found(self._wanting(self._with(capacity=None), capacity=0).question)
        if found is None:
            return
        smaller = Space.objects.filter(pk__in=found.ids(), capacity__lt=wanted).values_list(
            "capacity", flat=True
        )
        capacities = list(smaller.order_by("-capacity"))
        if capacities:
            largest = capacities[0]
            label = ngettext("Pour %(n)s personne", "Pour %(n)s personnes", largest)
            count = len(found) - len(capacities) + capacities.count(largest)
            query = self._with(capacity=largest)
            yield Way(CAPACITY, label % {"n": formats.number(largest)}, count, query.urlencode())

    def _without(self) -> Iterator[Way]:
        """Each filter taken off alone, or all of them where none alone is enough."""
        filters = list(self._filters())
        found = 0
        for label, changed in filters[: self.left - 1 if len(filters) > 1 else 1]:
            for way in self._way(WITHOUT, label, changed):
                found += 1
                yield way
        if len(filters) > 1 and not found:
            yield from self._way(WITHOUT, _("Sans ces filtres"), self._bare())

    def _filters(self) -> Iterator[tuple[str, _Changed]]:
        """(what is left out, the question without it) for every filter in use."""
        asked, vocabulary = self.question.wanted, self.filters.vocabulary
        if asked.school:
            yield _("Dans tous les lycées"), self._wanting(self._with(school=None), school="")
        if asked.kinds:
            yield _("Tous types de salle"), self._wanting(self._with(kind=None), kinds=())
        names = dict(vocabulary.features)
        for slug in asked.features:
            rest = tuple(other for other in asked.features if other != slug)
            label = _("Sans « %(name)s »") % {"name": names[slug]}
            yield label, self._wanting(self._less("features", slug), features=rest)
        names = dict(vocabulary.equipment)
        for slug in self.question.equipment:
            label = _("Sans « %(name)s »") % {"name": names[slug]}
            yield label, self._without_equipment(slug)
        if asked.step_free:
            yield _("Même avec des marches"), self._wanting(self._with(step_free=None), step_free=False)
        if asked.free_of_charge:
            yield (
                _("Même payantes"),
                self._wanting(self._with(free_of_charge=None), free_of_charge=False),
            )

    def _without_equipment(self, slug: str) -> _Changed:
        rest = {other: quantity for other, quantity in self.question.equipment.items() if other != slug}
        return _Changed(replace(self.question, equipment=rest), self._less("equipment", slug))

    def _less(self, name: str, slug: str) -> QueryDict:
        """The question without one of several values, however they were written."""
        query = self._with(**{QUANTITY + slug: None})
        values = [part.strip() for value in query.getlist(name) for part in value.split(",")]
        query.setlist(name, [value for value in values if value.partition(":")[0] != slug])
        return query

    def _bare(self) -> _Changed:
        names = ("school", "kind", "features", "equipment", "step_free", "free_of_charge")
        quantities = [name for name in self.filters.query if name.startswith(QUANTITY)]
        question = replace(self.question, wanted=Wanted(capacity=self.question.wanted.capacity), equipment={})
        return _Changed(question, self._with(**dict.fromkeys([*names, *quantities])))


def _on_another_day(when: When, days: int) -> When:
    by = dt.timedelta(days)
    return replace(when, date=when.date + by, until=when.until and when.until + by)


def _shifted(when: When) -> Iterator[When]:
    """As long, an hour later and an hour sooner, where that is still the same day."""
    if not (when.fixed and when.last == when.date):
        return
    assert when.start and when.end
    for minutes in (60, -60):
        start, end = _moved(when.date, when.start, minutes), _moved(when.date, when.end, minutes)
        if start.date() == when.date and end.date() == when.date and start.time() < end.time():
            yield replace(when, start=start.time(), end=end.time())


def _moved(day: dt.date, time: dt.time, minutes: int) -> dt.datetime:
    return dt.datetime.combine(day, time) + dt.timedelta(minutes=minutes)


def _written(time: dt.date | dt.time | None) -> str | None:
    """As an address says it."""
    if time is None:
        return None
    return f"{time:%H:%M}" if isinstance(time, dt.time) else str(time)


def _day_label(when: When, days: int) -> str:
    """`Mercredi`, for a day of the same week; else the whole date."""
    if when.last != when.date:
        between = {"first": formats.day(when.date), "last": formats.day(when.last)}
        return _("Du %(first)s au %(last)s") % between
    weekday = formats.words().weekdays[when.date.weekday()]
    return capfirst(weekday if abs(days) < 7 else formats.day(when.date))
