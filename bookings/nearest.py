"""What is nearest to a question that finds nothing or little: counted, each a change of one thing.

The same hours another day, other hours that day, a wider circle, fewer people, one filter less. Each
count is a search, and there are at most MOST_SEARCHES of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.http import QueryDict
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shareloc.web import formats
from venues.filters import MAX_KM
from venues.models import Space

from .filters import QUANTITY, SpaceFilter
from .search import Question, Results, When

# Under so many rooms found, the ways out are shown too.
FEW = 3
MOST_WAYS = 6
MOST_SEARCHES = 12
CIRCLES = (10, 20, 50)
DAY, HOUR, RADIUS, CAPACITY, WITHOUT = "day", "hour", "radius", "capacity", "without"
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


def ways(filters: SpaceFilter, *, now: dt.datetime, than: int = 0) -> list[Way]:
    """The ways out of a valid question that find more rooms than `than`, best first, at most MOST_WAYS."""
    return list(islice(_Ways(filters, now=now, than=than).all(), MOST_WAYS))


class _Ways:
    """Looks for ways out one by one; whoever has enough stops asking, and the rest is never searched."""

    def __init__(self, filters: SpaceFilter, *, now: dt.datetime, than: int) -> None:
        self.filters, self.now, self.than = filters, now, than
        self.question: Question = filters.question()
        self.left = MOST_SEARCHES
        # Most ways leave the place as it is: its schools are looked for once.
        self.known = filters.results(now=now, features=False)

    def all(self) -> Iterator[Way]:
        if when := self.question.when:
            yield from islice(self._days(when), 3)
            yield from islice(self._hours(when), 2)
        yield from islice(self._circles(), 2)
        yield from self._fewer_people()
        yield from self._without()

    # -- searching ------------------------------------------------------------------------------

    def _with(self, **changed: object) -> QueryDict:
        query = self.filters.query.copy()
        for name, value in {"page": None, **changed}.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return query

    def _found(self, query: QueryDict) -> Results | None:
        """What this question finds; None for one that makes no sense, or once the searches are used up."""
        if not self.left:
            return None
        self.left -= 1
        asked = self.filters.again(query)
        return asked.results(now=self.now, features=False, known=self.known) if asked.is_valid() else None

    def _way(self, kind: str, label: str, query: QueryDict) -> Iterator[Way]:
        found = self._found(query)
        if found is not None and len(found) > self.than:
            yield Way(kind, label, len(found), query.urlencode())

    # -- when -----------------------------------------------------------------------------------

    def _days(self, when: When) -> Iterator[Way]:
        """The same hours on other days of that week, the nearest first; else a week later."""
        of_week = [way for days in self._nearest_days(when) for way in self._day(when, days)]
        yield from of_week or self._day(when, 7)

    def _nearest_days(self, when: When) -> list[int]:
        """How far the four nearest other days of that week are, those gone left out."""
        monday, today = -when.date.weekday(), timezone.localdate(self.now)
        to_come = [
            days for days in range(monday, monday + 7) if days and when.date + dt.timedelta(days) >= today
        ]
        return sorted(to_come, key=lambda days: (abs(days), -days))[:4]

    def _day(self, when: When, days: int) -> Iterator[Way]:
        date, until = when.date + dt.timedelta(days), when.until and when.until + dt.timedelta(days)
        yield from self._way(DAY, _day_label(date, until, days), self._with(date=date, until=until))

    def _hours(self, when: When) -> Iterator[Way]:
        """As long, an hour or two sooner or later that day; else any hour."""
        if not (when.start or when.end):
            return
        anytime = list(self._way(HOUR, _("À une autre heure"), self._with(start=None, end=None)))
        if anytime and when.fixed and when.last == when.date:
            shifted = list(islice(self._shifted(when), 2))
            yield from shifted or anytime
        else:
            yield from anytime

    def _shifted(self, when: When) -> Iterator[Way]:
        assert when.start and when.end
        for minutes in (60, -60):
            start, end = _moved(when.date, when.start, minutes), _moved(when.date, when.end, minutes)
            if start.date() == when.date and end.date() == when.date and start.time() < end.time():
                label = _("À %(hour)s") % {"hour": formats.hour(start.time())}
                changed = {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
                yield from self._way(HOUR, label, self._with(**changed))

    # -- where ----------------------------------------------------------------------------------

    def _circles(self) -> Iterator[Way]:
        """The two next circles that find more; the whole region where none does."""
        place = self.question.place
        if not (place.text or place.near) or (place.within_km is None and not place.text):
            return
        everywhere = list(self._way(RADIUS, _("Dans toute la région"), self._with(within_km=MAX_KM)))
        if not everywhere:
            return
        found: list[Way] = []
        for km in [km for km in CIRCLES if km > (place.within_km or 0)][:2]:
            label = _("À moins de %(km)s km") % {"km": km}
            found += self._way(RADIUS, label, self._with(within_km=km))
        # A circle that finds no more than the one inside it is no way out.
        counts = [way.count for way in found]
        yield from [way for way in found if counts.index(way.count) == found.index(way)] or everywhere

    # -- what -----------------------------------------------------------------------------------

    def _fewer_people(self) -> Iterator[Way]:
        """The largest rooms there are for the rest of the question."""
        if not (wanted := self.filters.form.cleaned_data["capacity"]):
            return
        query = self._with(capacity=None)
        found = self._found(query)
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
        for label, query in filters[: self.left - 1 if len(filters) > 1 else 1]:
            for way in self._way(WITHOUT, label, query):
                found += 1
                yield way
        if len(filters) > 1 and not found:
            yield from self._way(WITHOUT, _("Sans ces filtres"), self._bare())

    def _filters(self) -> Iterator[tuple[str, QueryDict]]:
        """(what is left out, the question without it) for every filter in use."""
        cleaned, vocabulary = self.filters.form.cleaned_data, self.filters.vocabulary
        if cleaned["school"]:
            yield _("Dans tous les lycées"), self._with(school=None)
        if cleaned["kind"]:
            yield _("Tous types de salle"), self._with(kind=None)
        names = dict(vocabulary.features)
        for slug in cleaned["features"]:
            yield _("Sans « %(name)s »") % {"name": names[slug]}, self._less("features", slug)
        names = dict(vocabulary.equipment)
        for slug in cleaned["equipment"]:
            yield _("Sans « %(name)s »") % {"name": names[slug]}, self._less("equipment", slug)
        if cleaned["step_free"]:
            yield _("Même avec des marches"), self._with(step_free=None)
        if cleaned["free_of_charge"]:
            yield _("Même payantes"), self._with(free_of_charge=None)

    def _less(self, name: str, slug: str) -> QueryDict:
        """The question without one of several values, however they were written."""
        query = self._with(**{QUANTITY + slug: None})
        values = [part.strip() for value in query.getlist(name) for part in value.split(",")]
        query.setlist(name, [value for value in values if value.partition(":")[0] != slug])
        return query

    def _bare(self) -> QueryDict:
        names = ("school", "kind", "features", "equipment", "step_free", "free_of_charge")
        quantities = [name for name in self.filters.query if name.startswith(QUANTITY)]
        return self._with(**dict.fromkeys([*names, *quantities]))


def _moved(day: dt.date, time: dt.time, minutes: int) -> dt.datetime:
    return dt.datetime.combine(day, time) + dt.timedelta(minutes=minutes)


def _day_label(date: dt.date, until: dt.date | None, days: int) -> str:
    """`Mercredi`, for a day of the same week; else the whole date."""
    if until and until != date:
        between = {"first": formats.day(date), "last": formats.day(until)}
        return _("Du %(first)s au %(last)s") % between
    return capfirst(formats.words().weekdays[date.weekday()] if abs(days) < 7 else formats.day(date))
