"""Which spaces are free: a few small statements and a set difference, never a loop of queries.

Candidates are filtered in SQL (`filters.SpaceFilter`); hours, closures, lessons and claims of the
days asked are read once each; what is free follows without the database; a page is then loaded.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from venues import geo
from venues.local_time import aligned, days, instant
from venues.models import BusyTime, Closure, OpeningHours, School, Space
from venues.opening import Window, blocked, closed_days, open_periods
from venues.periods import Period, minus, within

from . import equipment
from .availability import MINUTE, Owner, first_slot, hours_by_owner, zone_holiday
from .models import Claim

Point = tuple[float, float]
DAY = 24 * 60


@dataclass(frozen=True)
class Place:
    """Where: a point, a circle around it, or schools whose name or commune is like `text`."""

    text: str = ""
    near: Point | None = None
    within_km: float | None = None


@dataclass(frozen=True)
class When:
    """Which local days (both included) and clock times; both times given make one fixed period."""

    date: dt.date
    until: dt.date | None = None
    start: dt.time | None = None
    end: dt.time | None = None

    @property
    def last(self) -> dt.date:
        return self.until or self.date

    @cached_property
    def bounds(self) -> Period:
        """The time in which a free period is looked for."""
        tz = timezone.get_default_timezone()
        opens = instant(self.date, tz, _minutes(self.start) if self.start else 0)
        if self.end is None:
            return Period(opens, instant(self.last, tz, DAY))
        closes = instant(self.last, tz, _minutes(self.end))
        if closes <= opens:
            closes = instant(self.last, tz, DAY + _minutes(self.end))
        return Period(opens, closes)

    @property
    def fixed(self) -> Period | None:
        """The one period wanted, or None where any free one will do."""
        return self.bounds if self.start and self.end else None

    @cached_property
    def span(self) -> Period:
        """The whole days concerned: what is shown as free that day."""
        tz = timezone.get_default_timezone()
        return Period(instant(self.date, tz), max(self.bounds.end, instant(self.last, tz, DAY)))


@dataclass(frozen=True)
class Question:
    """What somebody looks for, beside the filters already in the queryset."""

    place: Place = Place()
    when: When | None = None
    # kind slug → quantity
    equipment: Mapping[str, int] = field(default_factory=dict)


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
    latitude: float | None
    longitude: float | None
    # Whether it has hours of its own, even if none of them is for these days.
    own_hours: bool


COLUMNS = (*Candidate._fields[:-3], "school__latitude", "school__longitude", "own_hours")


class Found(NamedTuple):
    """A candidate that is free, not yet loaded."""

    candidate: Candidate
    distance_km: float | None
    slot: Period | None


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

    Ordered by distance where there is a centre, else by commune, school and name.
    """

    def __init__(self, spaces: QuerySet[Space], question: Question, *, now: dt.datetime) -> None:
        self.question, self.now = question, now
        self._spaces = spaces

    def __len__(self) -> int:
        return len(self._found)

    def count(self) -> int:
        return len(self._found)

    def __getitem__(self, wanted: slice) -> list[Hit]:
        return self._load(self._found[wanted])

    @cached_property
    def centre(self) -> Point | None:
        """Where distances are counted from."""
        place = self.question.place
        if place.near or not (place.text and place.within_km is not None):
            return place.near
        return centre_of(School.objects.open().named_like(place.text))

    @cached_property
    def _found(self) -> list[Found]:
        return self._free(self._with_distance(self._candidates()))

    # -- where ----------------------------------------------------------------------------------

    def _candidates(self) -> list[Candidate]:
        place, spaces = self.question.place, self._spaces
        if place.text and place.within_km is None:
            spaces = spaces.filter(school__in=School.objects.open().named_like(place.text))
        elif place.within_km is not None:
            if self.centre is None:
                return []
            box = geo.bounding_box(self.centre, place.within_km)
            spaces = spaces.filter(
                school__latitude__range=(box.south, box.north), school__longitude__range=(box.west, box.east)
            )
        spaces = self._that_may_be_asked(spaces)
        own_hours = Exists(OpeningHours.objects.filter(space=OuterRef("pk")))
        ordered = spaces.annotate(own_hours=own_hours).order_by(
            "school__commune", "school__name", "name", "pk"
        )
        return [Candidate(*row) for row in ordered.values_list(*COLUMNS)]

    def _that_may_be_asked(self, spaces: QuerySet[Space]) -> QuerySet[Space]:
        """Spaces whose rules admit the period wanted."""
        when = self.question.when
        if when is None or when.fixed is None:
            return spaces
        minutes = when.fixed.length / MINUTE
        ahead = when.fixed.start - self.now
        return spaces.filter(
            min_minutes__lte=minutes,
            max_minutes__gte=minutes,
            notice_hours__lte=ahead / dt.timedelta(hours=1),
            horizon_days__gte=ahead / dt.timedelta(days=1),
        )

    def _with_distance(self, candidates: list[Candidate]) -> list[tuple[Candidate, float | None]]:
        centre = self.centre
        if centre is None:
            return [(candidate, None) for candidate in candidates]
        distances = _distances(candidates, centre)
        within_km = self.question.place.within_km
        near = [(candidate, distances[candidate.school_id]) for candidate in candidates]
        if within_km is not None:
            near = [(c, km) for c, km in near if km is not None and km <= within_km]
        # Stable: spaces of one school stay in order; schools without a position come last.
        return sorted(near, key=lambda row: (row[1] is None, row[1] or 0, row[0].school_id))

    # -- when and with what ---------------------------------------------------------------------

    def _free(self, found: list[tuple[Candidate, float | None]]) -> list[Found]:
        wanted = self.question.equipment
        lacking: dict[int, list[Period]] = {}
        if wanted and found:
            schools = {candidate.school_id for candidate, _km in found}
            lacking = equipment.lacking(wanted, schools, self._span)
            found = [row for row in found if row[0].school_id in lacking]
        if self.question.when is None:
            return [Found(candidate, km, None) for candidate, km in found]
        self._days.lacking = lacking
        slots = (Found(candidate, km, self._days.slot(candidate)) for candidate, km in found)
        return [one for one in slots if one.slot is not None]

    @property
    def _span(self) -> Period:
        """The days over which equipment must last: an instant from now where none was asked."""
        if self.question.when is None:
            return Period(self.now, self.now)
        return with_longest_buffers(self.question.when.span)

    @cached_property
    def _days(self) -> Days:
        assert self.question.when is not None
        return Days(self.question.when, now=self.now)

    # -- the page -------------------------------------------------------------------------------

    def _load(self, found: list[Found]) -> list[Hit]:
        loaded = Space.objects.with_page_details().in_bulk([one.candidate.pk for one in found])
        return [
            Hit(
                loaded[one.candidate.pk],
                one.distance_km,
                one.slot,
                self._days.free(one.candidate) if one.slot else [],
            )
            for one in found
            if one.candidate.pk in loaded
        ]


class Days:
    """Everything about the days of a question, for every space of the region: four statements."""

    def __init__(self, when: When, *, now: dt.datetime) -> None:
        self.when, self.now = when, now
        self.tz = timezone.get_default_timezone()
        # When a school lacks the equipment asked for, by school.
        self.lacking: dict[int, list[Period]] = {}
        self._shared: dict[Owner, list[Period]] = {}

    def slot(self, candidate: Candidate) -> Period | None:
        """The period wanted if it is free, else the first free one of the space's minimum duration."""
        if self.when.fixed is None:
            return self._first(candidate)
        return self.when.fixed if self._is_free(candidate, self.when.fixed) else None

    def free(self, candidate: Candidate) -> list[Period]:
        """What can be asked of this space on these days."""
        blocks = self._blocks(candidate)
        if not blocks:
            return self._open(candidate)
        return minus(self._open(candidate), blocks)

    def _first(self, candidate: Candidate) -> Period | None:
        earliest = self.now + dt.timedelta(hours=candidate.notice_hours)
        latest = self.now + dt.timedelta(days=candidate.horizon_days)
        slot = first_slot(
            within(self.free(candidate), self.when.bounds),
            minutes=candidate.min_minutes,
            step=candidate.step_minutes,
            earliest=earliest,
        )
        return slot if slot and slot.start <= latest else None

    def _is_free(self, candidate: Candidate, period: Period) -> bool:
        return (
            aligned(period.start, candidate.step_minutes, self.tz) == period.start
            and any(window.covers(period) for window in self._open(candidate))
            and not any(block.overlaps(period) for block in self._blocks(candidate))
        )

    def _open(self, candidate: Candidate) -> list[Period]:
        """Opening hours less the school's closures, worked out once for all who share them."""
        key = (None, candidate.pk) if candidate.own_hours else (candidate.school_id, None)
        if key not in self._shared:
            windows = self._hours.get(key, [])
            opened = open_periods(windows, self._started, is_holiday=zone_holiday, tz=self.tz)
            closed = self._closures.get((candidate.school_id, None), [])
            self._shared[key] = minus(within(opened, self.when.span), closed)
        return self._shared[key]

    def _blocks(self, candidate: Candidate) -> list[Period]:
        """Closures of the space itself, and what is busy, widened by the space's own buffers."""
        closed = self._closures.get((None, candidate.pk), [])
        busy = self._busy.get(candidate.pk, []) + self.lacking.get(candidate.school_id, [])
        if not busy:
            return closed
        setup, cleanup = candidate.setup_minutes * MINUTE, candidate.cleanup_minutes * MINUTE
        return [*closed, *blocked(busy, setup=setup, cleanup=cleanup)]

    @cached_property
    def _started(self) -> list[dt.date]:
        """The days on which a window may start and still be open in the span (up to a week before)."""
        return days(self.when.span.start - dt.timedelta(days=7), self.when.span.end, self.tz)

    @cached_property
    def _hours(self) -> dict[Owner, list[Window]]:
        """The windows that may open on these days."""
        seasons = {"always", *("holidays" if zone_holiday(day) else "term" for day in self._started)}
        return hours_by_owner(
            OpeningHours.objects.filter(
                Q(valid_from__isnull=True) | Q(valid_from__lte=self._started[-1]),
                Q(valid_until__isnull=True) | Q(valid_until__gte=self._started[0]),
                season__in=seasons,
            )
        )

    @cached_property
    def _closures(self) -> dict[Owner, list[Period]]:
        local = days(self.when.span.start, self.when.span.end, self.tz)
        rows = (
            Closure.objects.filter(first_on__lte=local[-1], last_on__gte=local[0])
            .values_list("school_id", "space_id", "space__units__spaces", "first_on", "last_on")
            .distinct()
        )
        found: dict[Owner, list[Period]] = defaultdict(list)
        for school_id, space_id, touched, first_on, last_on in rows:
            key = (school_id, None) if space_id is None else (None, touched)
            found[key].append(closed_days(first_on, last_on, self.tz))
        return found

    @cached_property
    def _busy(self) -> dict[int, list[Period]]:
        """Lessons and claims by space, felt through shared units."""
        span = with_longest_buffers(self.when.span)
        then = {"start_at__lt": span.end, "end_at__gt": span.start}
        lessons = BusyTime.objects.filter(**then).order_by()
        claims = Claim.objects.filter(unit__pool__isnull=True, **then).order_by()
        rows = lessons.values_list("space__units__spaces", "start_at", "end_at").union(
            claims.values_list("unit__spaces", "start_at", "end_at")
        )
        found: dict[int, list[Period]] = defaultdict(list)
        for space_id, start, end in rows:
            found[space_id].append(Period(start, end))
        return found


def with_longest_buffers(span: Period) -> Period:
    """`span` and a day on both sides, the longest set-up and clean-up a space can have."""
    return span.widened(dt.timedelta(minutes=DAY), dt.timedelta(minutes=DAY))


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _distances(candidates: Iterable[Candidate], centre: Point) -> dict[int, float | None]:
    """Kilometres from `centre` to each school, worked out once a school."""
    found: dict[int, float | None] = {}
    for candidate in candidates:
        if candidate.school_id not in found:
            here = candidate.latitude, candidate.longitude
            found[candidate.school_id] = (
                None if None in here else geo.distance_km(centre, here)  # type: ignore[arg-type]
            )
    return found


def centre_of(schools: QuerySet[School]) -> Point | None:
    """The middle of these schools: one statement; None if none has a position."""
    points = [
        (lat, lon)
        for lat, lon in schools.values_list("latitude", "longitude")
        if lat is not None and lon is not None
    ]
    if not points:
        return None
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)
