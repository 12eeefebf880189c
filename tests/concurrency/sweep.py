"""An independent look at what was promised: no query, no constraint, only rows and a sort."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from bookings.models import Claim, Occurrence
from venues.models import Space, Unit


class Taken(NamedTuple):
    unit: int
    start: dt.datetime
    end: dt.datetime
    occurrence: int


def overlapping(rows: Iterable[Taken]) -> list[tuple[Taken, Taken]]:
    """Every row that begins before an earlier one of its unit has ended, with that one."""
    found = []
    last: dict[int, Taken] = {}
    for row in sorted(rows):
        before = last.setdefault(row.unit, row)
        if before is not row and row.start < before.end:
            found.append((before, row))
        last[row.unit] = max(before, row, key=attrgetter("end"))
    return found


def claims() -> list[Taken]:
    return [
        Taken(*row) for row in Claim.objects.values_list("unit_id", "start_at", "end_at", "occurrence_id")
    ]


def doubles() -> list[tuple[Taken, Taken]]:
    """Pairs of claims that hold one unit at one time."""
    return overlapping(claims())


def assert_all_is_well() -> None:
    """No unit is held twice; approved dates hold what they asked for, the others nothing."""
    assert doubles() == []
    held = defaultdict(set)
    for claim in claims():
        held[claim.occurrence].add(claim)
    pool_of = dict(Unit.objects.filter(pool__isnull=False).values_list("pk", "pool_id"))
    approved = Occurrence.objects.filter(state=Occurrence.State.APPROVED)
    for date in approved.prefetch_related("spaces__units", "equipment"):
        mine = held.pop(date.pk, set())
        assert {claim for claim in mine if claim.unit not in pool_of} == rooms(date)
        things = [claim for claim in mine if claim.unit in pool_of]
        assert Counter(pool_of[claim.unit] for claim in things) == asked_of_pools(date)
        assert all(claim.start <= date.start_at and claim.end >= date.end_at for claim in things)
    assert not held, "claims of dates that are not approved"
    assert_no_pool_is_overdrawn()


def rooms(date: Occurrence) -> set[Taken]:
    """The units of a date's spaces, each with the widest buffers of the spaces that share it."""
    starts: dict[int, list[dt.datetime]] = defaultdict(list)
    ends: dict[int, list[dt.datetime]] = defaultdict(list)
    for space in date.spaces.all():
        for unit in space.units.all():
            starts[unit.pk].append(date.start_at - minutes(space, "setup"))
            ends[unit.pk].append(date.end_at + minutes(space, "cleanup"))
    return {Taken(unit, min(starts[unit]), max(ends[unit]), date.pk) for unit in starts}


def minutes(space: Space, which: str) -> dt.timedelta:
    return dt.timedelta(minutes=getattr(space, f"{which}_minutes"))


def asked_of_pools(date: Occurrence) -> Counter[int]:
    return Counter({line.pool_id: line.quantity for line in date.equipment.all()})


def assert_no_pool_is_overdrawn() -> None:
    """At no moment are more of a pool promised than it has, counted from what was asked."""
    changes: dict[int, list[tuple[dt.datetime, int]]] = defaultdict(list)
    for date in Occurrence.objects.filter(state=Occurrence.State.APPROVED).prefetch_related("equipment"):
        for pool, quantity in asked_of_pools(date).items():
            changes[pool] += [(date.start_at, quantity), (date.end_at, -quantity)]
    sizes = Counter(Unit.objects.filter(retired_at=None, pool__in=changes).values_list("pool_id", flat=True))
    for pool, of_pool in changes.items():
        out = 0
        for _moment, change in sorted(of_pool):
            out += change
            assert 0 <= out <= sizes[pool]
