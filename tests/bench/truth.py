"""The slow and obvious answer to a question over all rooms: facts in dictionaries, then quarter by quarter.

Shares nothing with the search but the pure reading of a window and the calendar of holidays.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from geopy.distance import great_circle

from bookings.models import Claim
from tests.factories import PARIS
from venues.models import BusyTime, Closure, OpeningHours, School, Space, SpaceUnit
from venues.periods import Period
from venues.school_calendar import is_holiday

QUARTER = dt.timedelta(minutes=15)
DAY = dt.timedelta(days=1)


class Truth:
    """What was true of every room, read once; claims and lessons are read for each span asked."""

    def __init__(self) -> None:
        self.schools = list(School.objects.order_by("commune", "name", "pk"))
        self.spaces = list(Space.objects.prefetch_related("features").order_by("name", "pk"))
        self.by_school: dict[int, list[Space]] = defaultdict(list)
        for space in self.spaces:
            self.by_school[space.school_id].append(space)
        self.units: dict[int, list[int]] = defaultdict(list)
        for space_id, unit_id in SpaceUnit.objects.values_list("space_id", "unit_id"):
            self.units[space_id].append(unit_id)
        self.hours: dict[tuple[str, int], list[OpeningHours]] = defaultdict(list)
        for row in OpeningHours.objects.all():
            owner = ("space", row.space_id) if row.space_id else ("school", row.school_id)
            self.hours[owner].append(row)
        self.closures: dict[int, list[Closure]] = defaultdict(list)
        for closure in Closure.objects.all():
            self.closures[closure.school_id].append(closure)

    def within(self, near: tuple[float, float], km: float) -> list[School]:
        """The schools of a circle, nearest first."""
        far = [(great_circle(near, school.point).km, school) for school in self.schools]
        return [school for distance, school in sorted(far, key=lambda pair: pair[0]) if distance <= km]

    def free(self, schools: list[School], period: Period, *, features: tuple[str, ...] = ()) -> list[int]:
        """The rooms of these schools that are free then, in order."""
        taken = self.taken(period)
        return [
            space.pk
            for school in schools
            for space in self.by_school[school.pk]
            if set(features) <= {feature.slug for feature in space.features.all()}
            and self.is_free(space, period, taken)
        ]

    def taken(self, span: Period) -> dict[int, list[Period]]:
        """Lessons and claims of the span and a day around it, by unit."""
        then = {"start_at__lt": span.end + DAY, "end_at__gt": span.start - DAY}
        found: dict[int, list[Period]] = defaultdict(list)
        for unit, start, end in Claim.objects.filter(**then).values_list("unit_id", "start_at", "end_at"):
            found[unit].append(Period(start, end))
        for space, start, end in BusyTime.objects.filter(**then).values_list(
            "space_id", "start_at", "end_at"
        ):
            for unit in self.units[space]:
                found[unit].append(Period(start, end))
        return found

    def is_free(self, space: Space, period: Period, taken: dict[int, list[Period]]) -> bool:
        before, after = (dt.timedelta(minutes=m) for m in (space.setup_minutes, space.cleanup_minutes))
        around = Period(period.start - before, period.end + after)
        return (
            not any(held.overlaps(around) for unit in self.units[space.pk] for held in taken.get(unit, ()))
            and all(self._is_open(space, moment) for moment in quarters(period))
            and not any(self._is_closed(space, moment) for moment in quarters(period))
        )

    def _is_open(self, space: Space, moment: dt.datetime) -> bool:
        rows = self.hours.get(("space", space.pk)) or self.hours.get(("school", space.school_id), [])
        local = moment.astimezone(PARIS)
        minute = local.hour * 60 + local.minute
        season = "holidays" if is_holiday(local.date(), "B") else "term"
        # The rooms of the bench close before midnight.
        return any(
            row.weekday == local.weekday()
            and row.season in ("always", season)
            and 0 <= minute - row.starts_at.hour * 60 - row.starts_at.minute < row.minutes
            for row in rows
        )

    def _is_closed(self, space: Space, moment: dt.datetime) -> bool:
        day = moment.astimezone(PARIS).date()
        return any(closure.first_on <= day <= closure.last_on for closure in self.closures[space.school_id])


def quarters(period: Period) -> Iterator[dt.datetime]:
    moment = period.start.astimezone(dt.UTC)
    while moment < period.end:
        yield moment
        moment += QUARTER
