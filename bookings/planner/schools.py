"""The days of a whole lycée: its rooms, each with its days.

The public sees of the proposed rooms what is free and what is taken. Those who may know names see all
rooms, who comes, what is asked for, and the school's own lessons, outside the lending hours too.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Page
from django.utils import timezone

from shareloc.web.paging import numbered
from venues.models import BusyTime, School, Space
from venues.periods import Period, minus, within

from .. import availability, policies
from ..availability import SpaceTime
from ..models import Occurrence
from ..states import PLANNED, OccurrenceState
from ..week import FREE, TAKEN, Day, LocalDays, Stretch, days_of, empty_days, is_ending, monday_of

# Beside FREE and TAKEN, for those who may know: a date proposed instead and held for its organisation,
# a date asked for and not decided, the school's own use, and what is held by set-up and clean-up alone.
HELD, PENDING, LESSON, BUFFER = "held", "pending", "lesson", "buffer"
STATES: dict[str, str] = {OccurrenceState.PENDING: PENDING, OccurrenceState.OFFERED: HELD}
# What a month tells of a day, in this order.
TALLIED = (TAKEN, HELD, PENDING, LESSON, FREE)
WEEK = 7
DAY = dt.timedelta(days=1)


class Told(NamedTuple):
    """Who comes, or the school's own reason; `place`: the part or whole it is in, where that is another room.

    `block`: the row of the school's own use.
    """

    purpose: str
    organisation: str = ""
    reference: str = ""
    place: str = ""
    block: int | None = None


class Use(NamedTuple):
    """What a room is used or asked for."""

    period: Period
    state: str
    told: Told


class Tally(NamedTuple):
    """How often a day of a room has a state; `goes_on`: only what began on a day before."""

    state: str
    times: int
    goes_on: bool


@dataclass(frozen=True)
class Row:
    """A room and its days."""

    space: Space
    days: list[Day]

    @property
    def tallies(self) -> Iterator[tuple[Day, list[Tally]]]:
        """Each day in a few marks, for a month."""
        return ((day, _tallies(day)) for day in self.days)


def _tallies(day: Day) -> list[Tally]:
    """What there is, the weightiest first; set-up and clean-up go without saying."""
    by_state: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in day.stretches:
        by_state[stretch.state].append(stretch)
    return [
        Tally(state, len(found), all(stretch.since for stretch in found))
        for state in TALLIED
        if (found := by_state.get(state))
    ]


@dataclass(frozen=True)
class SchoolWeek:
    """Rooms and days. `tells`: whether it says who; `page`: the rooms of this page of all that were asked for."""

    school: School
    dates: list[dt.date]
    page: Page[Any]
    rows: list[Row]
    tells: bool

    @property
    def monday(self) -> dt.date:
        return self.dates[0] - dt.timedelta(days=self.dates[0].weekday())

    @property
    def first(self) -> dt.date:
        return self.dates[0]

    @property
    def last(self) -> dt.date:
        return self.dates[-1]

    @property
    def previous(self) -> dt.date:
        return self.first - dt.timedelta(days=len(self.dates))

    @property
    def following(self) -> dt.date:
        return self.last + dt.timedelta(days=1)

    @property
    def eve(self) -> dt.date:
        """The day before: of the month before, where these are the days of a month."""
        return self.first - DAY

    def has_more(self, now: dt.datetime) -> bool:
        """Whether anything is left of it."""
        days = (day for row in self.rows for day in row.days)
        return any(stretch.period.end > now for day in days for stretch in day.stretches)

    @property
    def heads(self) -> list[Day]:
        """The days as such: their dates, holidays, and which is today."""
        return self.rows[0].days if self.rows else [Day(date) for date in self.dates]


def week_of_school(
    school: School,
    first: dt.date,
    *,
    viewer: Any,
    now: dt.datetime,
    days: int = WEEK,
    kind: str = "",
    page: int | str | None = 1,
) -> SchoolWeek:
    """`days` days from `first` on: as many statements for one room as for a page of them."""
    local = LocalDays(first, days)
    return _read(school, local, viewer=viewer, now=now, kind=kind, page=page).shown(local)


def coming_week(
    school: School, *, viewer: Any, now: dt.datetime, kind: str = "", page: int | str | None = 1
) -> SchoolWeek:
    """This week, or the next one where this one is ending and nothing is left of it."""
    today = timezone.localdate(now)
    monday = monday_of("", today=today)
    if not is_ending(today):
        return week_of_school(school, monday, viewer=viewer, now=now, kind=kind, page=page)
    both = _read(school, LocalDays(monday, 2 * WEEK), viewer=viewer, now=now, kind=kind, page=page)
    days, following = LocalDays(monday, WEEK), LocalDays(monday + WEEK * DAY, WEEK)
    # Most week ends nothing is open any more, and the days need not be gone through to know it.
    if both.may_have_more(days.span) and (this := both.shown(days)).has_more(now):
        return this
    return both.shown(following)


@dataclass(frozen=True)
class _Read:
    """What is known of a page of rooms over some days; `uses` by room, where names may be told."""

    school: School
    page: Page[Any]
    times: dict[int, SpaceTime]
    uses: dict[int, list[Use]]
    tells: bool
    now: dt.datetime

    def may_have_more(self, span: Period) -> bool:
        """Whether anything is open or used from now to the end of the span, closures not looked at."""
        left = Period(self.now, span.end)
        opened = (period for time in self.times.values() for period in time.open)
        used = (use.period for uses in self.uses.values() for use in uses)
        return any(period.overlaps(left) for period in chain(opened, used))

    def shown(self, local: LocalDays) -> SchoolWeek:
        """These of the days."""
        rows = [Row(space, self._days(space, local)) for space in self.page]
        return SchoolWeek(self.school, local.dates, self.page, rows, self.tells)

    def _days(self, space: Space, local: LocalDays) -> list[Day]:
        time = self.times[space.pk]
        if self.tells:
            return _told_days(time, self.uses[space.pk], local, now=self.now)
        return days_of(space, time, local, now=self.now)


def _read(
    school: School, local: LocalDays, *, viewer: Any, now: dt.datetime, kind: str, page: int | str | None
) -> _Read:
    tells = policies.sees_names_in(viewer, school)
    rooms = rooms_of(school, tells=tells, kind=kind)
    shown = numbered(rooms, settings.PLANNER_PAGE_SIZE, page)
    spaces = list(shown)
    times = availability.load(spaces, local.span) if spaces else {}
    uses = _uses(school, times, local, now=now) if tells else {}
    return _Read(school, shown, times, uses, tells, now)


def rooms_of(school: School, *, tells: bool, kind: str = "") -> Any:
    """The rooms of a planner: those proposed to the public, or all of them."""
    spaces = Space.objects.for_school(school) if tells else Space.objects.published().for_school(school)
    if kind:
        spaces = spaces.filter(kind=kind)
    return spaces.order_by("kind", "name", "pk")


def _told_days(time: SpaceTime, uses: Sequence[Use], local: LocalDays, *, now: dt.datetime) -> list[Day]:
    """What is free from now on, every use before and after, and what is left of the open time."""
    days = empty_days(time, local, now=now)
    held = [use.period for use in uses if use.state != PENDING]
    closed = [closure.period for closure in time.closures]
    to_come = Period(max(now, local.span.start), local.span.end)
    rest = within(minus(time.taken, [*held, *closed]), to_come) if time.taken else []
    plain = chain(
        ((period, FREE, None) for period in within(time.free, to_come)),
        ((period, BUFFER, None) for period in rest),
        uses,
    )
    for period, state, told in plain:
        for number, part, whole in local.parts([period]):
            days[number].stretches.append(Stretch(part, state, whole=whole, told=told))
    for day in days:
        day.stretches.sort(key=lambda stretch: stretch.period)
    return days


# -- who and what -------------------------------------------------------------------------------


def _uses(
    school: School, times: dict[int, SpaceTime], local: LocalDays, *, now: dt.datetime
) -> dict[int, list[Use]]:
    """By room, felt by every room that shares a unit: two statements."""
    uses: dict[int, list[Use]] = defaultdict(list)
    if times:
        for space_id, use in chain(_dates(school, times, local, now=now), _lessons(times, local)):
            uses[space_id].append(use)
    return uses


def _dates(
    school: School, times: dict[int, SpaceTime], local: LocalDays, *, now: dt.datetime
) -> Iterable[tuple[int, Use]]:
    """Dates promised, proposed, asked for, or gone by."""
    rows = (
        Occurrence.objects.in_state(*PLANNED)
        .filter(pk__in=_ids(school, times, local, now=now))
        .order_by()
        .values_list(
            "spaces__units__spaces",
            "spaces__pk",
            "spaces__name",
            "pk",
            "start_at",
            "end_at",
            "state",
            "request__purpose",
            "request__organisation__name",
            "request__reference",
        )
        .distinct()
    )
    found: dict[tuple[int, int], Use] = {}
    for space_id, own, name, date, start, end, state, purpose, who, reference in rows:
        if space_id in times and (own == space_id or (space_id, date) not in found):
            place = "" if own == space_id else name
            found[space_id, date] = Use(
                Period(start, end), STATES.get(state, TAKEN), Told(purpose, who, reference, place)
            )
    return ((space_id, use) for (space_id, _date), use in found.items())


def _ids(school: School, times: dict[int, SpaceTime], local: LocalDays, *, now: dt.datetime) -> Any:
    """Which dates: those with claims, those asked for; and those gone by, whose claims may be gone too."""
    ids = {held.occurrence_id for time in times.values() for held in time.held}
    here = Occurrence.objects.filter(request__school=school).order_by()
    held = Occurrence.objects.filter(pk__in=ids).order_by().values("pk")
    asked = here.in_state(OccurrenceState.PENDING).overlapping(local.span).values("pk")
    if local.span.start >= now:
        return held.union(asked)
    return held.union(asked, here.during(local.span).values("pk"))


def _lessons(times: dict[int, SpaceTime], local: LocalDays) -> Iterable[tuple[int, Use]]:
    """The school's own use. Its reason is private: it stays with those who may know names."""
    span = local.span
    lessons = (
        BusyTime.objects.filter(
            space__units__spaces__in=list(times), start_at__lt=span.end, end_at__gt=span.start
        )
        .order_by()
        .values_list("space__units__spaces", "space", "space__name", "pk", "start_at", "end_at", "reason")
    )
    # As for dates: the few long ones apart. Each is said once, however many units it is felt through.
    short = lessons.filter(start_at__gt=span.start - DAY)
    rows = short.union(lessons.filter(is_long__in=[True]))
    found: dict[tuple[int, Period, str], Use] = {}
    for space_id, own, name, pk, start, end, reason in rows:
        period = Period(start, end)
        # What is written of a whole and of its halves too is said once in each.
        if own == space_id or (space_id, period, reason) not in found:
            told = Told(reason, place="" if own == space_id else name, block=pk)
            found[space_id, period, reason] = Use(period, LESSON, told)
    return ((space_id, use) for (space_id, _period, _reason), use in found.items())
