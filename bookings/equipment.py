"""How many of a pool are free for a period: one answer for search, problems and approval."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from venues.models import EquipmentPool, Space
from venues.periods import Period

from .models import Claim

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Stock:
    """The quantities of some pools and what is held of them over a span."""

    quantities: dict[int, int]
    # pool → (unit, period, occurrence)
    held: dict[int, list[tuple[int, Period, int]]]

    def free(self, pool_id: int, period: Period, *, ignoring: Collection[int] = ()) -> int:
        """How many units of the pool are free throughout `period`."""
        return self.quantities.get(pool_id, 0) - len(self.held_units(pool_id, period, ignoring=ignoring))

    def held_units(self, pool_id: int, period: Period, *, ignoring: Collection[int] = ()) -> set[int]:
        """The units of the pool that a claim of another date holds at some moment of `period`."""
        return {
            unit
            for unit, held, occurrence in self.held.get(pool_id, ())
            if occurrence not in ignoring and held.overlaps(period)
        }


def load(pools: Collection[int], span: Period) -> Stock:
    """What is left of these pools over `span`: two statements, none without pools."""
    if not pools:
        return Stock({}, {})
    counted = EquipmentPool.objects.filter(pk__in=pools).annotate(
        n=Count("units", filter=Q(units__retired_at__isnull=True))
    )
    rows = (
        Claim.objects.overlapping(span)
        .filter(unit__pool__in=pools, unit__retired_at__isnull=True)
        .values_list("unit__pool_id", "unit_id", "start_at", "end_at", "occurrence_id")
    )
    held: dict[int, list[tuple[int, Period, int]]] = defaultdict(list)
    for pool_id, unit_id, start, end, occurrence_id in rows:
        held[pool_id].append((unit_id, Period(start, end), occurrence_id))
    return Stock(dict(counted.values_list("pk", "n")), held)


def claim_period(period: Period, spaces: Iterable[Space]) -> Period:
    """How long equipment is held for a date: as long as the longest-held of the spaces it goes to."""
    rooms = list(spaces)
    return period.widened(
        max((space.setup_minutes for space in rooms), default=0) * MINUTE,
        max((space.cleanup_minutes for space in rooms), default=0) * MINUTE,
    )
