"""The search for the same hours on many days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

import django_filters as filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import search
from ..moments import Weekday, numbers
from ..recurrence import Weekly
from ..series import is_off
from .fields import ManyFilter, WholeFilter
from .shared import PLACE, FromDayForm, SharedFilter

MOST_WEEKS_BETWEEN = 8


class SeriesFilterForm(FromDayForm):
    """What the filters say together; `series` is what they ask of the search."""

    field_order = (*PLACE, "weekdays", "start", "end", "first", "until", "every", "skip_holidays")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, until = cleaned.get("first") or timezone.localdate(), cleaned.get("until")
        self.check_to_come("first", first)
        if until is not None and until < first:
            self._refuse("until", _("Le dernier jour vient avant le premier."), "before")
        elif until is not None:
            self.check_to_come("until", until)
        if not self.errors:
            days = list(islice(_days(cleaned, first), settings.REQUEST_MAX_DATES + 1))
            self._check_number(len(days))
            cleaned["series"] = search.Series(tuple(days), cleaned["start"], cleaned["end"])
        return cleaned

    def _check_number(self, dates: int) -> None:
        if dates > settings.REQUEST_MAX_DATES:
            self._refuse(
                "until",
                _("Demandez %(most)s dates au plus : finissez plus tôt, ou cherchez moins de jours."),
                "too_many",
                most=settings.REQUEST_MAX_DATES,
            )
        if not dates:
            self._refuse("until", _("Aucune date ne tombe dans ces jours : finissez plus tard."), "no_date")

    def _refuse(self, name: str, message: Any, code: str, **params: Any) -> None:
        self.add_error(name, ValidationError(message, code=code, params=params))


def _days(cleaned: dict[str, Any], first: dt.date) -> Iterator[dt.date]:
    weekly = Weekly(first, cleaned["until"], numbers(cleaned["weekdays"]), cleaned["every"] or 1)
    return weekly.days(skip=is_off if cleaned["skip_holidays"] else None)


class SeriesFilter(SharedFilter):
    """Which days of the week, from when to when, how often; then where and what kind."""

    weekdays = ManyFilter(choices=Weekday.choices, label=_("Jours de la semaine"), required=True)
    start = filters.TimeFilter(label=_("De"), required=True, help_text=_("HH:MM, heure de Paris"))
    end = filters.TimeFilter(
        label=_("À"), required=True, help_text=_("HH:MM ; avant l’heure de début : le lendemain")
    )
    first = filters.DateFilter(label=_("À partir du"), help_text=_("À défaut aujourd’hui."))
    until = filters.DateFilter(label=_("Jusqu’au"), required=True, help_text=_("Ce jour compris."))
    every = WholeFilter(
        label=_("Toutes les … semaines"),
        min_value=1,
        max_value=MOST_WEEKS_BETWEEN,
        help_text=_("De 1, à défaut, à 8 semaines."),
    )
    skip_holidays = filters.BooleanFilter(
        label=_("Sauter les vacances scolaires et les jours fériés"),
        help_text=_("Vacances de la zone du lycée."),
    )

    class Meta(SharedFilter.Meta):
        form = SeriesFilterForm

    @property
    def series(self) -> search.Series:
        """What the valid form asks for."""
        asked: search.Series = self.form.cleaned_data["series"]
        return asked

    def results(self, *, now: dt.datetime) -> search.SeriesResults:
        return search.SeriesResults(self.place, self.wanted, self.series, now=now)
