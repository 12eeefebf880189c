"""Columns of our own: a clock time that SQL can count with, and whether a period is long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_time
from django.utils.translation import gettext_lazy as _


class ClockField(models.Field):
    """A clock time to the minute, stored as minutes after midnight so that SQL can add to it."""

    description = _("Heure")

    def get_internal_type(self) -> str:
        return "PositiveSmallIntegerField"

    def to_python(self, value: Any) -> dt.time | None:
        if value is None or isinstance(value, dt.time):
            return value
        parsed = parse_time(value) if isinstance(value, str) else None
        if parsed is None:
            raise ValidationError(_("Écrivez l’heure ainsi : 18:30."), code="invalid")
        return parsed

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> dt.time | None:
        return None if value is None else dt.time(*divmod(value, 60))

    def get_prep_value(self, value: Any) -> int | None:
        time = self.to_python(super().get_prep_value(value))
        return None if time is None else time.hour * 60 + time.minute

    def value_to_string(self, obj: models.Model) -> str:
        value: Any = self.value_from_object(obj)
        return "" if value is None else value.isoformat("minutes")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.TimeField, **kwargs})


class LongerThanADay(models.Func):
    """Whether the second of two instants is over 24 hours after the first.

    Whoever looks for what overlaps an evening needs to look back a day only, but for the few long
    periods: without this, every period since the beginning may still be going on.
    """

    output_field = models.BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Formatted twice before SQLite sees it: here, and when the column is written.
        template = "(strftime('%%%%s', %(expressions)s) > 86400)"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=") - strftime('%%s', ", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s > interval '24 hours')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


def is_long(start: str, end: str) -> models.GeneratedField:
    """A column that the database itself keeps: whether `[start, end)` is longer than a day."""
    return models.GeneratedField(
        expression=LongerThanADay(models.F(end), models.F(start)),
        output_field=models.BooleanField(),
        db_persist=True,
    )
