"""How many spaces are free in each of several periods: the statements of one search for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

from venues.periods import Period

from ..availability import MINUTE
from .days import Candidate
from .question import Question, with_longest_buffers
from .results import Results
from .series import bits, free_among


class TimesResults(Results):
    """Counts for each period, whatever time the question itself asks for.

    What is counted is what the search at that period finds.
    """

    def __init__(
        self, question: Question, periods: Iterable[Period], *, now: dt.datetime, known: Results | None = None
    ) -> None:
        super().__init__(question, now=now, known=known)
        self._periods = sorted(set(periods))

    @cached_property
    def counts(self) -> dict[Period, int]:
        """How many spaces are free all through each period."""
        free = [
            days & ~self._short(one) for one, days in free_among(self._spaces, self._periods, now=self.now)
        ]
        return {period: sum(days >> n & 1 for days in free) for n, period in enumerate(self._periods)}

    def _short(self, one: Candidate) -> int:
        """The periods, as bits, in which its school lacks the equipment asked for, buffers counted."""
        gaps = self._lacking.get(one.school_id, ())
        if not gaps:
            return 0
        before, after = one.setup_minutes * MINUTE, one.cleanup_minutes * MINUTE
        held = (period.widened(before, after) for period in self._periods)
        return bits(any(period.overlaps(gap) for gap in gaps) for period in held)

    @property
    def _equipment_span(self) -> Period:
        return with_longest_buffers(
            Period(self._periods[0].start, max(period.end for period in self._periods))
        )
