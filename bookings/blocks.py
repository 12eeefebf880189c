"""Promised and offered dates that the school's own use or a closure lies over: found here, never called from venues."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from venues.models import BusyTime, Closure, School, Space
from venues.opening import closed_days
from venues.periods import Period, union

from .models import Claim, Journal, Occurrence
from .states import HOLDING

MOMENT = dt.timedelta(microseconds=1)


def blocked_dates(schools: Collection[School]) -> QuerySet[Occurrence]:
    """The dates of these schools that `run_due` found touched, still to be moved or cancelled."""
    blocked = Occurrence.objects.in_state(*HOLDING).filter(
        blocked_at__isnull=False, request__school__in=schools, end_at__gt=timezone.now()
    )
    return _to_show(blocked)


def would_touch(spaces: Collection[Space], periods: Iterable[Period], *, at: dt.datetime) -> list[Occurrence]:
    """The dates to come that hold these rooms, or any that shares their units, and over which these periods would lie."""
    when = union(periods)
    if not when:
        return []
    claims = Claim.objects.filter(
        unit__spaces__in=[space.pk for space in spaces],
        occurrence__state__in=HOLDING,
        occurrence__start_at__gt=at,
        start_at__lt=when[-1].end,
        end_at__gt=when[0].start,
    )
    ends = [period.end for period in when]
    touched = {
        occurrence
        for occurrence, start, end in claims.order_by().values_list("occurrence_id", "start_at", "end_at")
        if (following := bisect_right(ends, start)) < len(when) and when[following].start < end
    }
    return list(_to_show(Occurrence.objects.filter(pk__in=touched)))


def _to_show(dates: QuerySet[Occurrence]) -> QuerySet[Occurrence]:
    return dates.select_related("request__organisation").prefetch_related("spaces").order_by("start_at", "pk")


def under(busy: QuerySet[BusyTime]) -> QuerySet[Occurrence]:
    """The dates of any state whose claims some of these rows lie over."""
    return Occurrence.objects.filter(pk__in=Claim.objects.filter(_lesson(busy)).values("occurrence"))


def in_closure(closure: Closure) -> QuerySet[Occurrence]:
    """The dates of any state on its days, at its school or in what shares the units of its space."""
    days = closed_days(closure.first_on, closure.last_on, timezone.get_default_timezone())
    dates = Occurrence.objects.filter(
        request__school=closure.school_id, start_at__lt=days.end, end_at__gt=days.start
    )
    if closure.space_id is None:
        return dates
    return dates.filter(pk__in=Claim.objects.filter(unit__spaces=closure.space_id).values("occurrence"))


def touched(*, at: dt.datetime, of: Collection[int] | None = None) -> set[int]:
    """Dates to come that hold a room which a lesson or a closure lies over; `of` these requests, or of all.

    Two statements, whatever their number.
    """
    to_come = Occurrence.objects.in_state(*HOLDING).filter(start_at__gt=at).order_by()
    if of is not None:
        to_come = to_come.filter(request__in=of)
    lessons = _lesson(BusyTime.objects.all())
    by_lesson = Claim.objects.filter(lessons, occurrence__in=to_come.values("pk")).order_by()
    by_closure = to_come.annotate(
        first_day=TruncDate("start_at"),
        last_day=TruncDate(ExpressionWrapper(F("end_at") - MOMENT, output_field=DateTimeField())),
    ).filter(_closure())
    return {*by_lesson.values_list("occurrence_id", flat=True), *by_closure.values_list("pk", flat=True)}


def _lesson(busy: QuerySet[BusyTime]) -> Any:
    """Whether some of these rows use the unit of a claim meanwhile; its buffers count."""
    return Exists(
        busy.filter(
            space__units=OuterRef("unit"), start_at__lt=OuterRef("end_at"), end_at__gt=OuterRef("start_at")
        )
    )


def _closure() -> Any:
    """Whether the date's school is closed on one of its days, or a space that shares its units."""
    of_school = Q(space__isnull=True, school=OuterRef("request__school"))
    of_space = Q(space__units__claims__occurrence=OuterRef("pk"))
    return Exists(
        Closure.objects.filter(
            of_school | of_space, first_on__lte=OuterRef("last_day"), last_on__gte=OuterRef("first_day")
        )
    )


def agreed_in_spite(dates: Collection[int], requests: Collection[int]) -> set[int]:
    """Those of these dates that the school promised although it was closed then: no surprise to it."""
    found: set[int] = set()
    lines = Journal.objects.filter(request__in=requests).order_by()
    for data in lines.values_list("data", flat=True):
        for pk, codes in data.get("overridden", {}).items():
            if int(pk) in dates and "closure" in codes:
                found.add(int(pk))
    return found
