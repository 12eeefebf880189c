"""An evening of all lycées: who is where. For the Région's eyes (`policies.sees_evenings`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from shareloc.accounts.models import Organisation
from venues.local_time import instant
from venues.models import School, Space
from venues.periods import Period
from venues.places import fold

from ..models import BookingRequest, Occurrence, OccurrenceSpace
from ..states import HOSTED

ORDER = (
    "request__school__department",
    "request__school__commune",
    "request__school__name",
    "request__school__uai",
    "start_at",
    "pk",
)


@dataclass(frozen=True)
class Hosted:
    """One date with its rooms. `spans_days`: whether its hours alone would not say when it is."""

    period: Period
    request: BookingRequest
    rooms: list[Space]
    spans_days: bool

    @property
    def school(self) -> School:
        return self.request.school

    @property
    def organisation(self) -> Organisation:
        return self.request.organisation


class Totals(NamedTuple):
    """Of the whole evening as filtered, not of one page. `people`: as announced, date by date."""

    dates: int
    schools: int
    organisations: int
    people: int


@dataclass(frozen=True)
class Evening:
    """What is hosted during `period`."""

    date: dt.date
    period: Period
    totals: Totals
    page: Page[Any]
    hosted: list[Hosted] = field(default_factory=list)

    @property
    def previous(self) -> dt.date:
        return self.date - dt.timedelta(days=1)

    @property
    def following(self) -> dt.date:
        return self.date + dt.timedelta(days=1)


def evening(
    date: dt.date,
    *,
    since: dt.time | None = None,
    department: str = "",
    text: str = "",
    page: int | str | None = 1,
) -> Evening:
    """What is going on at some time from `since` on, until the small hours: four statements.

    Stays of several nights are there each evening. Equipment lent without a room is not: nobody comes.
    """
    period = period_of(date, since or settings.EVENING_FROM)
    dates = _matching(_going_on(period), department, text)
    totals = _totals(dates)
    paginator = Paginator(
        dates.select_related("request__organisation", "request__school")
        .prefetch_related("spaces")
        .order_by(*ORDER),
        settings.EVENING_PAGE_SIZE,
    )
    # Known already.
    paginator.count = totals.dates
    shown = paginator.get_page(page)
    return Evening(date, period, totals, shown, list(_hosted(shown, date)))


def period_of(date: dt.date, since: dt.time) -> Period:
    """From that hour on, to the hour next morning at which a night is over."""
    tz = timezone.get_default_timezone()
    until = settings.EVENING_UNTIL
    return Period(
        instant(date, tz, since.hour * 60 + since.minute),
        instant(date + dt.timedelta(days=1), tz, until.hour * 60 + until.minute),
    )


def spans_days(period: Period, date: dt.date) -> bool:
    """Whether some of it lies on another day than this one."""
    first = timezone.localdate(period.start)
    last = timezone.localdate(period.end - dt.timedelta(microseconds=1))
    return not first == last == date


def _going_on(period: Period) -> Any:
    with_room = Exists(OccurrenceSpace.objects.filter(occurrence=OuterRef("pk")))
    return Occurrence.objects.in_state(*HOSTED).during(period).filter(with_room)


def _matching(dates: Any, department: str, text: str) -> Any:
    """Every word stands in the lycée, the organisation, the activity, the reference or a room."""
    if department:
        dates = dates.filter(request__school__department=department)
    for word in text.split():
        in_room = OccurrenceSpace.objects.filter(occurrence=OuterRef("pk"), space__name__icontains=word)
        found = Q(Exists(in_room)) | Q(request__purpose__icontains=word)
        found |= Q(request__organisation__name__icontains=word) | Q(request__reference__iexact=word)
        if folded := fold(word):
            found |= Q(request__school__search_text__contains=folded)
        dates = dates.filter(found)
    return dates


def _totals(dates: Any) -> Totals:
    found = dates.order_by().aggregate(
        dates=Count("pk"),
        schools=Count("request__school", distinct=True),
        organisations=Count("request__organisation", distinct=True),
        people=Sum("request__attendees", default=0),
    )
    return Totals(**found)


def _hosted(shown: Page[Any], date: dt.date) -> Iterator[Hosted]:
    for occurrence in shown:
        rooms = sorted(occurrence.spaces.all(), key=lambda space: (space.name, space.pk))
        yield Hosted(
            occurrence.period, occurrence.request, rooms, spans_days=spans_days(occurrence.period, date)
        )
