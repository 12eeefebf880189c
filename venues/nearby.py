"""Schools around a point, nearest first: sorted without loading them, then loaded by the page."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from . import geo
from .models import School


class Near(NamedTuple):
    """A school and how far it is; None where its position is unknown."""

    school: School
    distance_km: float | None


class SchoolsAround:
    """The schools of a queryset by distance from `centre`; those without a position come last.

    `within_km` keeps a circle, and leaves out schools without a position.
    """

    def __init__(
        self, schools: QuerySet[School], centre: geo.Point, *, within_km: float | None = None
    ) -> None:
        self._schools, self._centre, self._within_km = schools, centre, within_km

    def count(self) -> int:
        return len(self._sorted)

    def __len__(self) -> int:
        return len(self._sorted)

    def __getitem__(self, wanted: slice) -> list[Near]:
        rows = self._sorted[wanted]
        loaded = School.objects.in_bulk([pk for pk, _km in rows])
        return [Near(loaded[pk], km) for pk, km in rows if pk in loaded]

    @cached_property
    def _sorted(self) -> list[tuple[int, float | None]]:
        rows = self._candidates().order_by("commune", "name", "pk").values_list("pk", "latitude", "longitude")
        measured = [(pk, self._distance(latitude, longitude)) for pk, latitude, longitude in rows]
        if self._within_km is not None:
            measured = [(pk, km) for pk, km in measured if km is not None and km <= self._within_km]
        return sorted(measured, key=lambda row: (row[1] is None, row[1] or 0))

    def _candidates(self) -> QuerySet[School]:
        if self._within_km is None:
            return self._schools
        box = geo.bounding_box(self._centre, self._within_km)
        return self._schools.filter(
            latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
        )

    def _distance(self, latitude: float | None, longitude: float | None) -> float | None:
        if latitude is None or longitude is None:
            return None
        return geo.distance_km(self._centre, (latitude, longitude))
