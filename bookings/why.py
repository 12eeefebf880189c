"""Why a space is not free at a time, and when it is: the objections of time alone, whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from venues.models import Space
from venues.periods import Period

from . import availability
from .availability import SpaceTime
from .problems import Problem, later, timing


@dataclass(frozen=True)
class Answer:
    """What stands against a period in a space, and what could be asked for instead."""

    space: Space
    period: Period
    problems: list[Problem] = field(default_factory=list)
    # The same clock hours on the first later day on which they are free.
    next_free: Period | None = None
    # As long, that very day, beginning as near as possible to the time wanted.
    same_day: Period | None = None

    @property
    def is_free(self) -> bool:
        return not any(problem.is_blocker for problem in self.problems)


def not_free(space: Space, period: Period, *, now: dt.datetime) -> Answer:
    """Why this space is not free then: one statement."""
    return of_spaces([space], period, now=now)[0]


def of_spaces(spaces: Sequence[Space], period: Period, *, now: dt.datetime) -> list[Answer]:
    """The same for several spaces, loaded with their school: one statement, whatever their number."""
    if not spaces:
        return []
    times = availability.load(spaces, _span(period, now))
    return [_answer(space, period, times[space.pk], now=now) for space in spaces]


def _span(period: Period, now: dt.datetime) -> Period:
    """The day of the period, and the days after it or after today on which it may be free."""
    return Period(period.start - later.ONE_DAY, max(period.end, now + period.length) + timing.LOOK_AHEAD)


def _answer(space: Space, period: Period, time: SpaceTime, *, now: dt.datetime) -> Answer:
    problems = list(_against(space, period, time, now=now))
    if not any(problem.is_blocker for problem in problems):
        return Answer(space, period, problems)
    return Answer(
        space,
        period,
        problems,
        next_free=later.same_hours(time, space, period, sent_at=now),
        same_day=later.nearest_start(time, space, period, sent_at=now),
    )


def _against(space: Space, period: Period, time: SpaceTime, *, now: dt.datetime) -> Iterator[Problem]:
    if period.start <= now:
        yield Problem("past", _("Cette date est passée."))
    if not space.is_public:
        yield Problem("unavailable", _("%(space)s n’est plus proposée au prêt.") % {"space": space})
    yield from timing.of_rules(period, space, sent_at=now)
    yield from timing.of_time(period, space, time, sent_at=now)
