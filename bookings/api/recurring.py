"""A series as the API is asked for it, and the dates it means."""

from __future__ import annotations

import datetime as dt
from typing import Any, NoReturn

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from shareloc.web import formats

from ..moments import Weekday, numbers
from ..recurrence import Weekly
from ..series import Recurrence

MOST_WEEKS_BETWEEN = 8
MAX_AHEAD = dt.timedelta(days=3 * 366)


class ClockTimeField(serializers.TimeField):
    """An hour of the clock, on a whole minute."""

    default_error_messages = {"whole_minute": _("Donnez l’heure à la minute, sans secondes.")}

    def to_internal_value(self, value: Any) -> dt.time:
        time: dt.time = super().to_internal_value(value)
        if time.second or time.microsecond or time.tzinfo:
            self.fail("whole_minute")
        return time


class RecurrenceSerializer(serializers.Serializer[Any]):
    """The same hours on the days of a rule (RFC 5545), Paris time."""

    frequency = serializers.ChoiceField(
        choices=["weekly"], required=False, default="weekly", help_text="`weekly`, la seule."
    )
    interval = serializers.IntegerField(
        min_value=1,
        max_value=MOST_WEEKS_BETWEEN,
        required=False,
        default=1,
        help_text="Toutes les … semaines.",
    )
    weekdays: Any = serializers.ListSerializer(
        child=serializers.ChoiceField(choices=Weekday.choices),
        allow_empty=False,
        max_length=7,
        help_text="Jours de la semaine.",
    )
    first = serializers.DateField(required=False, help_text="À partir de ce jour ; à défaut aujourd’hui.")
    until = serializers.DateField(help_text="Jusqu’à ce jour compris.")
    start_time = ClockTimeField(help_text="HH:MM, heure de Paris.")
    end_time = ClockTimeField(help_text="HH:MM ; au plus tard au début : le lendemain.")
    skip_holidays = serializers.BooleanField(
        required=False, default=False, help_text="Sauter les vacances scolaires de la zone."
    )
    skip_public_holidays = serializers.BooleanField(
        required=False, default=False, help_text="Sauter les jours fériés."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        today = timezone.localdate()
        first, until = attrs.get("first", today), attrs["until"]
        if until < first:
            _refuse("until", "before", _("Le dernier jour vient avant le premier."))
        if until > today + MAX_AHEAD:
            _refuse("until", "too_far", _("Ce jour est à plus de trois ans."))
        if first < today - dt.timedelta(days=366):
            _refuse("first", "too_old", _("Ce jour est passé depuis plus d’un an."))
        weekly = Weekly(first, until, numbers(attrs["weekdays"]), attrs["interval"])
        asked = Recurrence(
            weekly,
            attrs["start_time"],
            attrs["end_time"],
            attrs["skip_holidays"],
            attrs["skip_public_holidays"],
        )
        return {"rule": weekly.text, "dates": _dates(asked)}


def _dates(asked: Recurrence) -> list[dict[str, dt.datetime]]:
    """The dates of a series as they would be sent one by one."""
    most = settings.REQUEST_MAX_DATES
    days = asked.days(most + 1)
    if len(days) > most:
        _refuse("until", "too_many", _("Demandez %(most)s dates au plus.") % {"most": most})
    if not days:
        _refuse("until", "no_date", _("Aucune date ne tombe dans ces jours."))
    found = []
    for day in days:
        period = asked.on(day)
        if period is None:
            said = _("Le %(day)s, une de ces heures n’existe pas : les pendules passent de 2 h à 3 h.")
            _refuse("start_time", "nonexistent_time", said % {"day": formats.day(day)})
        start, end = (bound.astimezone(dt.UTC) for bound in period)
        found.append({"start": start, "end": end})
    return found


def _refuse(field: str, code: str, message: Any) -> NoReturn:
    raise ValidationError({field: [ErrorDetail(str(message), code)]})
