"""What lycées lend without a room: which pools, nearest first, and how many are free for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from venues.gazetteer import Answer
from venues.models import EquipmentPool
from venues.periods import Period

from . import equipment
from .search import Place
from .search.places import where


class Offered(NamedTuple):
    """A pool, how far its lycée is, how many there are, and how many of them are free all the time asked."""

    pool: EquipmentPool
    distance_km: float | None
    quantity: int
    free: int | None


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a kind, at least so many, for a while, in one lycée (`school`, its UAI) or around a place."""

    place: Place = field(default_factory=Place)
    kind: str = ""
    quantity: int = 1
    school: str = ""
    period: Period | None = None


class Lendable:
    """The pools that answer a question, nearest first; counts and slices itself, as a paginator needs."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted

    @cached_property
    def _where(self) -> tuple[dict[int, float | None], bool, Answer | None]:
        found = where(self.wanted.place)
        return found.schools, found.centre is not None, found.answer

    @property
    def by_distance(self) -> bool:
        return self._where[1]

    @property
    def answer(self) -> Answer | None:
        """What the place was taken for."""
        return self._where[2]

    @cached_property
    def _order(self) -> list[tuple[int, int]]:
        """(pool, school) of all that answer: schools in their order, then kinds in theirs."""
        rank = {school: n for n, school in enumerate(self._where[0])}
        pools = EquipmentPool.objects.published().with_at_least(self.wanted.quantity)
        if self.wanted.kind:
            pools = pools.filter(kind__slug=self.wanted.kind)
        if self.wanted.school:
            pools = pools.filter(school__uai=self.wanted.school.upper())
        rows = pools.order_by("kind__position", "kind__name", "pk").values_list("pk", "school_id")
        return sorted(
            ((pool, school) for pool, school in rows if school in rank), key=lambda row: rank[row[1]]
        )

    def count(self) -> int:
        return len(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, part: slice) -> list[Offered]:
        return list(self._offered(self._order[part]))

    def _offered(self, rows: list[tuple[int, int]]) -> Iterator[Offered]:
        ids = [pool for pool, _school in rows]
        pools = EquipmentPool.objects.select_related("kind", "school").with_quantity().in_bulk(ids)
        period = self.wanted.period
        stock = equipment.of_pools(ids, period) if period else None
        for pk, school in rows:
            pool = pools[pk]
            free = stock.free(pk, period) if stock and period else None
            yield Offered(pool, self._where[0][school], pool.quantity, free)  # type: ignore[attr-defined]
