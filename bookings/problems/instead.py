"""When a date that cannot be as asked could be after all, where time is all that stands against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from venues.periods import Period

from .asked import Asked
from .check import judge, read


def next_free(asked: Asked, *, now: dt.datetime) -> Period | None:
    """The first later day with the same hours free, as the objections say; None where more stands against it.

    Read in the statements of the objections: the other days are loaded with them.
    """
    known = read([asked], now=now, suggest=True, rivals=False)
    (problems,) = judge([asked], known)
    later = {problem.next_free for problem in problems if problem.is_blocker and problem.next_free}
    for period in sorted(later):
        (against,) = judge([replace(asked, period=period)], known)
        if not any(problem.is_blocker for problem in against):
            return period
    return None
