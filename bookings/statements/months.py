"""The dates of a school in a month, with their totals from the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Prefetch, QuerySet, Sum
from django.utils import timezone

from venues.local_time import instant
from venues.models import School, Space
from venues.pricing import cents

from ..models import Occurrence
from ..states import HOSTED

ZERO = Decimal(0)
NOTHING = dt.timedelta()
SECOND = dt.timedelta(seconds=1)
LASTED = ExpressionWrapper(F("end_at") - F("start_at"), output_field=DurationField())
FIGURES = {
    "dates": Count("pk"),
    "organisations": Count("request__organisation", distinct=True),
    "lasted": Sum(LASTED),
    "price": Sum("price"),
    "value": Sum("value"),
}


@dataclass(frozen=True)
class Totals:
    """Sums over some dates; hours are elapsed time."""

    dates: int
    organisations: int
    hours: Decimal
    price: Decimal
    value: Decimal


@dataclass(frozen=True)
class Statement:
    """One school's month. Dates belong to the month in which they begin."""

    school: School
    month: dt.date

    @property
    def previous(self) -> dt.date:
        return (self.month - dt.timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> dt.date:
        return (self.month + dt.timedelta(days=31)).replace(day=1)

    @property
    def _dates(self) -> QuerySet[Occurrence]:
        tz = timezone.get_default_timezone()
        return Occurrence.objects.in_state(*HOSTED).filter(
            request__school=self.school,
            start_at__gte=instant(self.month, tz),
            start_at__lt=instant(self.following, tz),
        )

    @property
    def dates(self) -> QuerySet[Occurrence]:
        """What was promised or took place, in order: two statements."""
        spaces = Prefetch("spaces", Space.objects.order_by("name", "pk"))
        return (
            self._dates.select_related("request__organisation")
            .prefetch_related(spaces)
            .order_by("start_at", "pk")
        )

    @cached_property
    def totals(self) -> Totals:
        return _totals(self._dates.order_by().aggregate(**FIGURES))

    @cached_property
    def by_organisation(self) -> list[tuple[str, Totals]]:
        """(name, totals) of each organisation, by name: one statement."""
        rows = self._dates.order_by().values("request__organisation", "request__organisation__name")
        found: Any = rows.annotate(**FIGURES).order_by("request__organisation__name", "request__organisation")
        return [(row["request__organisation__name"], _totals(row)) for row in found]


def _totals(row: dict[str, Any]) -> Totals:
    return Totals(
        dates=row["dates"],
        organisations=row["organisations"],
        hours=elapsed_hours(row["lasted"] or NOTHING),
        price=cents(row["price"] or ZERO),
        value=cents(row["value"] or ZERO),
    )


def elapsed_hours(length: dt.timedelta) -> Decimal:
    """Elapsed hours, to the hundredth."""
    return cents(Decimal(length // SECOND) / 3600)


def month_of(text: str, *, today: dt.date) -> dt.date:
    """The first day of `2026-11`; of today's month for anything else."""
    try:
        found = dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
    except ValueError:
        return today.replace(day=1)
    return found if 1970 < found.year < 9000 else today.replace(day=1)


def of(school: School, month: dt.date) -> Statement:
    return Statement(school, month)
