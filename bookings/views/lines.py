"""One date with its objections, as every page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from venues.periods import Period

from ..models import Occurrence
from ..problems import Problem


@dataclass
class Line:
    """A date, stored or not, and what stands against it."""

    period: Period
    problems: list[Problem] = field(default_factory=list)
    occurrence: Occurrence | None = None
    # Its checkbox, where dates are chosen.
    option: Any = None

    @property
    def is_blocked(self) -> bool:
        return any(problem.is_blocker for problem in self.problems)

    @property
    def is_stuck(self) -> bool:
        """Whether even the school's manager cannot accept it as it is."""
        return any(problem.is_blocker and not problem.overridable for problem in self.problems)

    @property
    def is_free(self) -> bool:
        return not self.is_blocked


def lines_of(periods: Sequence[Period], found: Sequence[list[Problem]]) -> list[Line]:
    """Dates not stored yet."""
    return [Line(period, against) for period, against in zip(periods, found, strict=True)]


def lines_of_stored(dates: Sequence[Occurrence], found: Sequence[list[Problem]]) -> list[Line]:
    return [Line(date.period, against, date) for date, against in zip(dates, found, strict=True)]
