"""The same hours on many days: on how many of them each space is free, best first.

"Every Tuesday from 18:00 to 20:00 until June". One statement finds who is taken on which day; hours are
judged once for all days that look alike to them. Days are bits of a number: what is free is what is left.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from venues import sql
from venues.gazetteer import Answer
from venues.local_time import days, instant, minutes_into_day
from venues.models import Space
from venues.opening import Hours, closed_days
from venues.periods import Period

from .. import availability
from ..availability import MINUTE, ONE_DAY, Owner, zone_holiday
from .candidates import wanted
from .days import Candidate, candidates
from .places import Where, where
from .question import Place, Point, Series, Wanted

# Windows last a week at most: so far back the season of a day may matter to a later one.
A_WEEK = 7


@dataclass(frozen=True)
class Regular:
    """A space with the days on which it is free, in order."""

    space: Space
    distance_km: float | None
    days: list[dt.date]
    out_of: int


class SeriesResults:
    """The spaces free on some of the days: most days first, then nearest. Counted and sliced like a list."""

    def __init__(self, place: Place, kind: Wanted, asked: Series, *, now: dt.datetime) -> None:
        self.place, self.kind, self.asked, self.now = place, kind, asked, now

    def __len__(self) -> int:
        return len(self.found)

    def count(self) -> int:
        return len(self.found)

    def __getitem__(self, page: slice) -> list[Regular]:
        found = self.found[page]
        loaded = Space.objects.listed().order_by().in_bulk([one.pk for one, _free in found])
        return [
            Regular(
                loaded[one.pk],
                self._where.schools[one.school_id],
                [day for n, day in enumerate(self.asked.days) if free >> n & 1],
                len(self.asked.days),
            )
            for one, free in found
            if one.pk in loaded
        ]

    @property
    def centre(self) -> Point | None:
        return self._where.centre

    @property
    def answer(self) -> Answer | None:
        """What the place that was named was taken for."""
        return self._where.answer

    @cached_property
    def found(self) -> list[tuple[Candidate, int]]:
        """Every space free on one day at least, with its days as bits, in order."""
        free = free_on(self._where.schools, self.kind, self.asked.periods, now=self.now)
        # Stable: at one number of days by distance, then by school and name.
        return sorted(free, key=lambda item: -item[1].bit_count())

    @cached_property
    def _where(self) -> Where:
        return where(self.place)


def free_on(
    schools: Iterable[int], kind: Wanted, periods: Sequence[Period], *, now: dt.datetime
) -> list[tuple[Candidate, int]]:
    """Every space of these schools free in one of these periods at least, with those periods as bits.

    Periods come in order; spaces as their schools do, then by name. Two statements.
    """
    return free_among(_candidates(schools, kind, periods), periods, now=now)


def free_among(
    spaces: list[Candidate], periods: Sequence[Period], *, now: dt.datetime
) -> list[tuple[Candidate, int]]:
    """The same of spaces that were read already: one statement."""
    if not spaces or not periods:
        return []
    shut, rules = Shut(spaces, list(periods)), _Rules(periods, now)
    free = [(one, rules.admit(one) & shut.open(one) & ~shut.taken[one.pk]) for one in spaces]
    return [item for item in free if item[1]]


def _candidates(schools: Iterable[int], kind: Wanted, periods: Sequence[Period]) -> list[Candidate]:
    """Spaces whose rules admit the length of one of these periods."""
    condition = wanted(kind)
    lengths = [period.length / MINUTE for period in periods]
    condition.add(
        "space.min_minutes <= %(longest)s AND space.max_minutes >= %(shortest)s",
        longest=max(lengths, default=0),
        shortest=min(lengths, default=0),
    )
    return candidates(schools, condition)


class _Rules:
    """Which periods the spaces' own rules admit: many spaces have the same rules."""

    def __init__(self, periods: Sequence[Period], now: dt.datetime) -> None:
        self._periods, self._now = periods, now
        self._admitted: dict[tuple[int, ...], int] = {}

    def admit(self, one: Candidate) -> int:
        key = one[4:]
        if key not in self._admitted:
            self._admitted[key] = bits(self._admits(one, period) for period in self._periods)
        return self._admitted[key]

    def _admits(self, one: Candidate, period: Period) -> bool:
        ahead, minutes = period.start - self._now, period.length / MINUTE
        clock = minutes_into_day(period.start, timezone.get_default_timezone())
        return (
            one.min_minutes <= minutes <= one.max_minutes
            and clock % one.step_minutes == 0
            and dt.timedelta(hours=one.notice_hours) <= ahead <= one.horizon_days * ONE_DAY
        )


def bits(answers: Iterable[bool]) -> int:
    """The answers as the bits of a number, the first one lowest."""
    return sum(1 << n for n, answer in enumerate(answers) if answer)


# -- what keeps spaces from being lent ----------------------------------------------------------

# One column layout, told apart by the first. The days asked are rows; what the index is asked for has the
# longest buffers of the spaces concerned, then each space has its own. The few long periods are apart.
FACTS = """
WITH asked AS MATERIALIZED ({asked})
SELECT 'window', school_id, space_id, weekday, starts_at, minutes, season, valid_from, valid_until
  FROM venues_openinghours WHERE {school_among}
UNION ALL
SELECT DISTINCT 'closure', closure.school_id, touched.space_id, 0, 0, 0, '', first_on, last_on
  FROM venues_closure closure
  LEFT JOIN venues_spaceunit own ON own.space_id = closure.space_id
  LEFT JOIN venues_spaceunit touched ON touched.unit_id = own.unit_id
 WHERE first_on <= %(last_day)s AND last_on >= %(first_day)s AND closure.{school_among}
UNION ALL
SELECT 'taken', 0, su.space_id, asked.n, 0, 0, '', CAST(NULL AS date), CAST(NULL AS date)
  FROM asked CROSS JOIN bookings_claim taken CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE taken.{school_among} AND taken.is_long = false
   AND taken.start_at > asked.day_before AND taken.start_at < asked.latest AND taken.end_at > asked.earliest
   AND su.unit_id = taken.unit_id AND space.id = su.space_id AND {near}
UNION ALL
SELECT 'taken', 0, su.space_id, asked.n, 0, 0, '', CAST(NULL AS date), CAST(NULL AS date)
  FROM bookings_claim taken CROSS JOIN asked CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE +taken.{school_among} AND taken.is_long
   AND taken.start_at < asked.latest AND taken.end_at > asked.earliest
   AND su.unit_id = taken.unit_id AND space.id = su.space_id AND {near}
UNION ALL
SELECT 'taken', 0, su.space_id, asked.n, 0, 0, '', CAST(NULL AS date), CAST(NULL AS date)
  FROM asked CROSS JOIN venues_busytime taken CROSS JOIN venues_spaceunit own
       CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE taken.{school_among} AND taken.is_long = false
   AND taken.start_at > asked.day_before AND taken.start_at < asked.latest AND taken.end_at > asked.earliest
   AND own.space_id = taken.space_id AND su.unit_id = own.unit_id AND space.id = su.space_id AND {near}
UNION ALL
SELECT 'taken', 0, su.space_id, asked.n, 0, 0, '', CAST(NULL AS date), CAST(NULL AS date)
  FROM venues_busytime taken CROSS JOIN asked CROSS JOIN venues_spaceunit own
       CROSS JOIN venues_spaceunit su CROSS JOIN venues_space space
 WHERE +taken.{school_among} AND taken.is_long
   AND taken.start_at < asked.latest AND taken.end_at > asked.earliest
   AND own.space_id = taken.space_id AND su.unit_id = own.unit_id AND space.id = su.space_id AND {near}
"""


class Shut:
    """Which of the periods each space cannot have, whatever its own rules: one statement."""

    def __init__(self, spaces: list[Candidate], periods: list[Period]) -> None:
        self.periods = periods
        self.looks = Looks(periods)
        # By space, the days on which a lesson or a claim lies in the way.
        self.taken: dict[int, int] = defaultdict(int)
        self._closed: dict[Owner, int] = defaultdict(int)
        self._grids: dict[Owner, Hours] = {}
        self._open: dict[Hours, int] = {}
        self._read(spaces)

    def open(self, one: Candidate) -> int:
        """The days on which the space is open all through the period and not closed."""
        ours: Owner = (None, one.pk)
        school: Owner = (one.school_id, None)
        hours = self._grids.get(ours) or self._grids.get(school)
        if hours is None:
            return 0
        if hours not in self._open:
            self._open[hours] = bits(self.looks.covered_by(hours))
        return self._open[hours] & ~(self._closed[school] | self._closed[ours])

    def _read(self, spaces: list[Candidate]) -> None:
        windows = defaultdict(list)
        for what, school, space, n, *window in _rows(spaces, self.periods):
            owner = (school, None) if space is None else (None, space)
            if what == "taken":
                self.taken[space] |= 1 << n
            elif what == "window":
                windows[owner].append(availability.window((n, *window)))
            else:
                self._closed[owner] |= self._closure(*window[-2:])
        self._grids = {owner: availability.grid(rows) for owner, rows in windows.items()}

    def _closure(self, first_on: object, last_on: object) -> int:
        first, last = (dt.date.fromisoformat(str(day)) for day in (first_on, last_on))
        closed = closed_days(first, last, timezone.get_default_timezone())
        return bits(period.overlaps(closed) for period in self.periods)


class Looks:
    """What hours can tell of each period: periods that look alike are covered alike.

    They do where weekday, clock, length and seasons are the same, unless the clocks change on the way or a
    window has dates of its own.
    """

    def __init__(self, periods: list[Period]) -> None:
        self._periods = periods
        tz = timezone.get_default_timezone()
        self._touched = [days(period.start, period.end, tz) for period in periods]
        self._clocks = [(minutes_into_day(period.start, tz), period.length) for period in periods]
        self._seasons = [self._seasons_of(touched) for touched in self._touched]
        self._even = [self._is_even(touched, tz) for touched in self._touched]

    def covered_by(self, hours: Hours) -> Iterator[bool]:
        """For each period whether these hours are open all through it."""
        dated = any(window.valid_from or window.valid_until for window in hours.windows)
        known: dict[object, bool] = {}
        for n, period in enumerate(self._periods):
            if dated or not self._even[n]:
                yield hours.covers(period)
                continue
            weekday, seasons = self._touched[n][0].weekday(), self._seasons[n][A_WEEK - hours.reach :]
            look = (weekday, self._clocks[n], seasons)
            if look not in known:
                known[look] = hours.covers(period)
            yield known[look]

    @staticmethod
    def _seasons_of(touched: list[dt.date]) -> tuple[bool, ...]:
        before = (touched[0] - n * ONE_DAY for n in range(A_WEEK, 0, -1))
        return tuple(zone_holiday(day) for day in (*before, *touched))

    @staticmethod
    def _is_even(touched: list[dt.date], tz: dt.tzinfo) -> bool:
        """Whether every day from a week before to the end has 24 hours."""
        first, after = touched[0] - A_WEEK * ONE_DAY, touched[-1] + ONE_DAY
        return instant(after, tz) - instant(first, tz) == after - first


def _rows(spaces: list[Candidate], periods: list[Period]) -> list[sql.Row]:
    tz = timezone.get_default_timezone()
    setup = max(one.setup_minutes for one in spaces) * MINUTE
    cleanup = max(one.cleanup_minutes for one in spaces) * MINUTE
    near = (
        f"taken.start_at < {sql.plus('asked.closes', 'space.cleanup_minutes')}"
        f" AND taken.end_at > {sql.plus('asked.opens', '-space.setup_minutes')}"
    )
    asked = [
        (period.start, period.end, period.start - setup - ONE_DAY, period.start - setup, period.end + cleanup)
        for period in periods
    ]
    touched = days(periods[0].start, max(period.end for period in periods), tz)
    names = ("opens", "closes", "day_before", "earliest", "latest")
    table, params = sql.table_of_moments(names, asked)
    return sql.rows(
        FACTS.format(asked=table, school_among=sql.among("school_id", "schools"), near=near),
        {
            **params,
            "schools": sql.ids({one.school_id for one in spaces}),
            "first_day": sql.day(touched[0]),
            "last_day": sql.day(touched[-1]),
        },
    )
