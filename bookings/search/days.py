"""Days on which any free period will do: the first slot of every space, without a query a space."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from venues.local_time import aligned, days
from venues.models import BusyTime, Closure, OpeningHours
from venues.opening import Window, blocked, closed_days, open_periods
from venues.periods import Period, minus, within

from ..availability import MINUTE, Owner, first_slot, hours_by_owner, zone_holiday
from ..models import Claim
from .question import When, with_longest_buffers


class Candidate(NamedTuple):
    """A space that may do, with what decides whether it is free."""

    pk: int
    school_id: int
    setup_minutes: int
    cleanup_minutes: int
    min_minutes: int
    max_minutes: int
    step_minutes: int
    notice_hours: int
    horizon_days: int
    # Whether it has hours of its own, even if none of them is for these days.
    own_hours: bool


class Days:
    """Everything about the days of a question, for every space of the region: four statements."""

    def __init__(self, when: When, *, now: dt.datetime) -> None:
        self.when, self.now = when, now
        self.tz = timezone.get_default_timezone()
        # When a school lacks the equipment asked for, by school.
        self.lacking: dict[int, list[Period]] = {}
        self._shared: dict[Owner, list[Period]] = {}

    def slot(self, candidate: Candidate) -> Period | None:
        """The period wanted if it is free, else the first free one of the space's minimum duration."""
        if self.when.fixed is None:
            return self._first(candidate)
        return self.when.fixed if self._is_free(candidate, self.when.fixed) else None

    def free(self, candidate: Candidate) -> list[Period]:
        """What can be asked of this space on these days."""
        blocks = self._blocks(candidate)
        if not blocks:
            return self._open(candidate)
        return minus(self._open(candidate), blocks)

    def _first(self, candidate: Candidate) -> Period | None:
        earliest = self.now + dt.timedelta(hours=candidate.notice_hours)
        latest = self.now + dt.timedelta(days=candidate.horizon_days)
        slot = first_slot(
            within(self.free(candidate), self.when.bounds),
            minutes=candidate.min_minutes,
            step=candidate.step_minutes,
            earliest=earliest,
        )
        return slot if slot and slot.start <= latest else None

    def _is_free(self, candidate: Candidate, period: Period) -> bool:
        return (
            aligned(period.start, candidate.step_minutes, self.tz) == period.start
            and any(window.covers(period) for window in self._open(candidate))
            and not any(block.overlaps(period) for block in self._blocks(candidate))
        )

    def _open(self, candidate: Candidate) -> list[Period]:
        """Opening hours less the school's closures, worked out once for all who share them."""
        key = (None, candidate.pk) if candidate.own_hours else (candidate.school_id, None)
        if key not in self._shared:
            windows = self._hours.get(key, [])
            opened = open_periods(windows, self._started, is_holiday=zone_holiday, tz=self.tz)
            closed = self._closures.get((candidate.school_id, None), [])
            self._shared[key] = minus(within(opened, self.when.span), closed)
        return self._shared[key]

    def _blocks(self, candidate: Candidate) -> list[Period]:
        """Closures of the space itself, and what is busy, widened by the space's own buffers."""
        closed = self._closures.get((None, candidate.pk), [])
        busy = self._busy.get(candidate.pk, []) + self.lacking.get(candidate.school_id, [])
        if not busy:
            return closed
        setup, cleanup = candidate.setup_minutes * MINUTE, candidate.cleanup_minutes * MINUTE
        return [*closed, *blocked(busy, setup=setup, cleanup=cleanup)]

    @cached_property
    def _started(self) -> list[dt.date]:
        """The days on which a window may start and still be open in the span (up to a week before)."""
        return days(self.when.span.start - dt.timedelta(days=7), self.when.span.end, self.tz)

    @cached_property
    def _hours(self) -> dict[Owner, list[Window]]:
        """The windows that may open on these days."""
        seasons = {"always", *("holidays" if zone_holiday(day) else "term" for day in self._started)}
        return hours_by_owner(
            OpeningHours.objects.filter(
                Q(valid_from__isnull=True) | Q(valid_from__lte=self._started[-1]),
                Q(valid_until__isnull=True) | Q(valid_until__gte=self._started[0]),
                season__in=seasons,
            )
        )

    @cached_property
    def _closures(self) -> dict[Owner, list[Period]]:
        local = days(self.when.span.start, self.when.span.end, self.tz)
        rows = (
            Closure.objects.filter(first_on__lte=local[-1], last_on__gte=local[0])
            .values_list("school_id", "space_id", "space__units__spaces", "first_on", "last_on")
            .distinct()
        )
        found: dict[Owner, list[Period]] = defaultdict(list)
        for school_id, space_id, touched, first_on, last_on in rows:
            key = (school_id, None) if space_id is None else (None, touched)
            found[key].append(closed_days(first_on, last_on, self.tz))
        return found

    @cached_property
    def _busy(self) -> dict[int, list[Period]]:
        """Lessons and claims by space, felt through shared units."""
        span = with_longest_buffers(self.when.span)
        then = {"start_at__lt": span.end, "end_at__gt": span.start}
        lessons = BusyTime.objects.filter(**then).order_by()
        claims = Claim.objects.filter(unit__pool__isnull=True, **then).order_by()
        rows = lessons.values_list("space__units__spaces", "start_at", "end_at").union(
            claims.values_list("unit__spaces", "start_at", "end_at")
        )
        found: dict[int, list[Period]] = defaultdict(list)
        for space_id, start, end in rows:
            found[space_id].append(Period(start, end))
        return found
