"""How soon schools answer: days waited, and the usual wait of a school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Func, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from .models import BookingRequest

DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
# What answers before that were like says little of today's people; what few were says nothing.
RECENT = 365 * DAY
LEAST_ANSWERS = 5


class DaysLater(Func):
    """A moment so many days later. Django multiplies no days of a column on SQLite; this is what it adds them with."""

    output_field = DateTimeField()
    template = "(%(expressions)s)"
    arg_joiner = " + interval '1 day' * "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = f"django_format_dtdelta('+', %(expressions)s * {DAY // MICROSECOND})"
        return self.as_sql(compiler, connection, template=template, arg_joiner=", ", **context)


def waits_since() -> DaysLater:
    """From when on a request's waiting counts: the days in which the school waited itself come off."""
    return DaysLater("submitted_at", "paused_days")


def usual_days(schools: Collection[int], *, now: dt.datetime | None = None) -> dict[int, int]:
    """In how many days, begun ones counted, half of the year's answers of each school came: one statement.

    Schools with fewer than LEAST_ANSWERS answers are left out.
    """
    recent = (now or timezone.now()) - RECENT
    took = ExpressionWrapper(F("decided_at") - waits_since(), DurationField())
    answered = (
        BookingRequest.objects.filter(school__in=schools, decided_at__gte=recent)
        .order_by()
        .annotate(took=took)
        .annotate(
            place=Window(RowNumber(), partition_by="school", order_by=["took", "pk"]),
            answers=Window(Count("pk"), partition_by="school"),
        )
        .filter(answers__gte=LEAST_ANSWERS, place=(F("answers") + 1) / 2)
    )
    return {school: max(0, -(-took // DAY)) for school, took in answered.values_list("school", "took")}
