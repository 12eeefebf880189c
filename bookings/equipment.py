"""How many of a pool are free for a period: one answer for search, problems and approval."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from venues import sql
from venues.models import Space
from venues.periods import Period, minus, union

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Stock:
    """The units of some pools and what is held of them over a span."""

    # pool → its units that are not retired, in id order
    units: dict[int, list[int]]
    # pool → (unit, period, occurrence)
    held: dict[int, list[tuple[int, Period, int]]]
    # pool → (school, slug of its kind)
    where: dict[int, tuple[int, str]]

    def free(self, pool_id: int, period: Period, *, ignoring: Collection[int] = ()) -> int:
        """How many units of the pool are free throughout `period`."""
        return self.quantity(pool_id) - len(self.held_units(pool_id, period, ignoring=ignoring))

    def quantity(self, pool_id: int) -> int:
        return len(self.units.get(pool_id, ()))

    def held_units(self, pool_id: int, period: Period, *, ignoring: Collection[int] = ()) -> set[int]:
        """The units of the pool that a claim of another date holds at some moment of `period`."""
        return {
            unit
            for unit, held, occurrence in self.held.get(pool_id, ())
            if occurrence not in ignoring and held.overlaps(period)
        }

    def shortage(self, pool_id: int, quantity: int) -> list[Period]:
        """When fewer than `quantity` of the pool are free, for a pool that owns that many."""
        spare = self.quantity(pool_id) - quantity
        changes = sorted(
            change
            for _unit, period, _occurrence in self.held.get(pool_id, ())
            for change in ((period.start, 1), (period.end, -1))
        )
        short: list[Period] = []
        out, since = 0, None
        for moment, change in changes:
            out += change
            if out > spare and since is None:
                since = moment
            elif out <= spare and since is not None:
                short.append(Period(since, moment))
                since = None
        return union(short)


# Every unit of the pools meant, with what holds it then; a unit that nothing holds once, with nothing.
STOCK = """
SELECT unit.pool_id, pool.school_id, kind.slug, unit.id, held.start_at, held.end_at, held.occurrence_id
  FROM venues_equipmentpool pool
  JOIN venues_equipmentkind kind ON kind.id = pool.kind_id
  JOIN venues_unit unit ON unit.pool_id = pool.id AND unit.retired_at IS NULL
  LEFT JOIN bookings_claim held ON held.unit_id = unit.id AND held.start_at < %(end)s AND held.end_at > %(start)s
 WHERE {which}
"""


def _load(which: str, params: dict[str, Any], span: Period) -> Stock:
    """What is left over `span` of the pools that the condition names: one statement."""
    moments = {"start": sql.moment(span.start), "end": sql.moment(span.end)}
    all_units: dict[int, set[int]] = defaultdict(set)
    held: dict[int, list[tuple[int, Period, int]]] = defaultdict(list)
    where: dict[int, tuple[int, str]] = {}
    for pool_id, school_id, kind, unit_id, start, end, occurrence_id in sql.rows(
        STOCK.format(which=which), {**params, **moments}
    ):
        where[pool_id] = school_id, kind
        all_units[pool_id].add(unit_id)
        if start is not None:
            held[pool_id].append((unit_id, Period(sql.as_moment(start), sql.as_moment(end)), occurrence_id))
    return Stock({pool: sorted(found) for pool, found in all_units.items()}, held, where)


def of_pools(pools: Collection[int], span: Period) -> Stock:
    """What is left over `span` of these pools: one statement, none without pools."""
    return (
        _load(sql.among("pool.id", "pools"), {"pools": sql.ids(pools)}, span) if pools else Stock({}, {}, {})
    )


def claim_period(period: Period, spaces: Iterable[Space]) -> Period:
    """How long equipment is held for a date: as long as the longest-held of the spaces it goes to."""
    rooms = list(spaces)
    return period.widened(
        max((space.setup_minutes for space in rooms), default=0) * MINUTE,
        max((space.cleanup_minutes for space in rooms), default=0) * MINUTE,
    )


def lacking(wanted: Mapping[str, int], schools: Collection[int], span: Period) -> dict[int, list[Period]]:
    """For each school that owns enough of every kind in one pool: when it lacks some. One statement."""
    owned = f"{sql.one_of('kind.slug', 'kinds')} AND pool.published = true AND {sql.among('pool.school_id', 'schools')}"
    stock = _load(owned, {"kinds": sql.ids(wanted), "schools": sql.ids(schools)}, span)
    able: dict[tuple[int, str], list[list[Period]]] = defaultdict(list)
    for pool_id, (school_id, kind) in stock.where.items():
        if stock.quantity(pool_id) >= wanted[kind]:
            able[school_id, kind].append(stock.shortage(pool_id, wanted[kind]))
    return {
        school_id: [gap for kind in wanted for gap in _common(able[school_id, kind])]
        for school_id in schools
        if all((school_id, kind) in able for kind in wanted)
    }


def _common(gaps: list[list[Period]]) -> list[Period]:
    """The time that lies in a gap of every list: while one pool can lend, the school can."""
    shared = gaps[0]
    for other in gaps[1:]:
        shared = minus(shared, minus(shared, other))
    return shared
