"""The spaces of some schools that are of the kind wanted: a condition in SQL, counted by school, paged.

Whatever else keeps a space out (hours, claims) is given as ids, so that one statement counts them all
by school and another names only those of the page's schools, in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from venues import sql

from .question import Wanted

# (space, school) of a space that is found, not yet loaded.
Found = tuple[int, int]


@dataclass
class Condition:
    """What SQL asks of `space` (venues_space), as terms joined by AND, and their parameters.

    The schools looked at are `schools`, which the statement that uses the condition gives.
    """

    terms: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)
    # Whether it is known beforehand that no space meets it.
    is_void: bool = False

    def add(self, term: str, **params: Any) -> None:
        self.terms.append(term)
        self.params |= params

    @property
    def where(self) -> str:
        return "\n   AND ".join(self.terms)


def wanted(asked: Wanted) -> Condition:
    """Published spaces of the kind asked for, of whatever school."""
    found = Condition(["space.published = true"])
    if asked.capacity:
        found.add("space.capacity >= %(capacity)s", capacity=asked.capacity)
    if asked.kinds:
        found.add(sql.one_of("space.kind", "kinds"), kinds=sql.ids(asked.kinds))
    if asked.step_free:
        found.add("space.step_free = true")
    if asked.free_of_charge:
        found.add("space.hourly_rate = 0")
    if asked.school:
        found.add(
            "space.school_id = (SELECT id FROM venues_school WHERE uai = %(uai)s)", uai=asked.school.upper()
        )
    for n, slug in enumerate(sorted(set(asked.features))):
        found.add(
            "EXISTS (SELECT 1 FROM venues_space_features has WHERE has.space_id = space.id"
            f" AND has.feature_id = (SELECT id FROM venues_feature WHERE slug = %(feature{n})s))",
            **{f"feature{n}": slug},
        )
    return found


class Candidates:
    """The spaces that meet a condition, school by school in the order of `schools`, then by name."""

    def __init__(self, schools: Collection[int], condition: Condition) -> None:
        self._condition = condition
        self._counts = self._count(schools)
        self._schools = [school for school in schools if school in self._counts]
        # How many are found in all schools up to each.
        self._up_to = list(accumulate(self._counts[school] for school in self._schools))

    @property
    def by_school(self) -> dict[int, int]:
        """How many are found in each school, in order."""
        return {school: self._counts[school] for school in self._schools}

    def __len__(self) -> int:
        return self._up_to[-1] if self._up_to else 0

    def __getitem__(self, page: slice) -> list[Found]:
        """The spaces of a page; only those of its schools are named."""
        first, last, _step = page.indices(len(self))
        here = [
            (school, up_to)
            for school, up_to in zip(self._schools, self._up_to, strict=True)
            if up_to > first and up_to - self._counts[school] < last
        ]
        if not here:
            return []
        skipped = here[0][1] - self._counts[here[0][0]]
        named = self._named([school for school, _up_to in here])
        return named[first - skipped : last - skipped]

    def _count(self, schools: Iterable[int]) -> dict[int, int]:
        if self._condition.is_void:
            return {}
        statement = f"""
SELECT space.school_id, count(*) FROM venues_space space
 WHERE {sql.among("space.school_id", "schools")} AND {self._condition.where}
 GROUP BY space.school_id"""
        return dict(sql.rows(statement, {**self._condition.params, "schools": sql.ids(schools)}))

    def _named(self, schools: list[int]) -> list[Found]:
        statement = f"""
SELECT space.id, space.school_id FROM venues_space space
 WHERE {sql.among("space.school_id", "schools")} AND {self._condition.where}
 ORDER BY space.name, space.id"""
        found = sql.rows(statement, {**self._condition.params, "schools": sql.ids(schools)})
        rank = {school: n for n, school in enumerate(schools)}
        return sorted(found, key=lambda one: rank[one[1]])
