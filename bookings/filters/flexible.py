"""The search for any slot of some length at some moments of the week."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import search
from ..moments import Moment, Weekday, parts
from .fields import ManyFilter, WholeFilter
from .shared import PLACE, FromDayForm, SharedFilter

DEFAULT_MINUTES, LEAST_MINUTES, MOST_MINUTES = 120, 30, 12 * 60
DEFAULT_WEEKS, MOST_WEEKS = 8, 26
# How far one may page through the rooms.
FARTHEST = 1_000_000
ORDERS = [("distance", _("Les plus proches d’abord")), ("date", _("Les dates les plus proches d’abord"))]


class FlexibleFilterForm(FromDayForm):
    """What the filters say together; `flexible` is what they ask of the search."""

    field_order = (*PLACE, "minutes", "moments", "weekdays", "start", "end", "first", "weeks")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("first") or timezone.localdate()
        self.check_to_come("first", first)
        if not self.errors:
            cleaned["flexible"] = _flexible(cleaned, first)
            self._check_fits(cleaned["flexible"])
        return cleaned

    def _check_fits(self, asked: search.Flexible) -> None:
        """Refuse a length that no moment asked for has."""
        longest = max((period.length for period in asked.bounds), default=dt.timedelta())
        if longest < dt.timedelta(minutes=asked.minutes):
            self.add_error(
                "minutes",
                ValidationError(
                    _(
                        "Aucun des moments choisis ne dure si longtemps : réduisez la durée ou choisissez "
                        "d’autres moments."
                    ),
                    code="does_not_fit",
                ),
            )


def _flexible(cleaned: dict[str, Any], first: dt.date) -> search.Flexible:
    names = ("moments", "weekdays", "start", "end")
    weeks = cleaned["weeks"] or DEFAULT_WEEKS
    return search.Flexible(
        minutes=cleaned["minutes"] or DEFAULT_MINUTES,
        parts=parts(*(cleaned[name] for name in names)),
        first=first,
        last=first + dt.timedelta(weeks=weeks),
    )


class FlexibleFilter(SharedFilter):
    """How long, at which moments, in which weeks; then where and what kind."""

    minutes = WholeFilter(
        label=_("Durée (minutes)"),
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        help_text=_("De 30 minutes à 12 heures ; à défaut 120."),
    )
    moments = ManyFilter(
        choices=Moment.choices,
        label=_("Moments"),
        help_text=_("L’un ou l’autre ; ni moment, ni jour, ni heure : toute la semaine."),
    )
    weekdays = ManyFilter(
        choices=Weekday.choices,
        label=_("Jours de la semaine"),
        help_text=_("En plus des moments, avec `start` et `end` ; à défaut tous."),
    )
    start = filters.TimeFilter(label=_("De"), help_text=_("HH:MM, heure de Paris"))
    end = filters.TimeFilter(label=_("À"), help_text=_("HH:MM ; avant l’heure de début : le lendemain"))
    first = filters.DateFilter(label=_("À partir du"), help_text=_("À défaut aujourd’hui."))
    weeks = WholeFilter(
        label=_("Semaines"),
        min_value=1,
        max_value=MOST_WEEKS,
        help_text=_("Sur combien de semaines ; à défaut 8."),
    )
    order = filters.ChoiceFilter(
        choices=ORDERS,
        label=_("Ordre"),
        empty_label=None,
        help_text=_("`distance`, à défaut, ou `date` de la première période."),
    )
    after = WholeFilter(
        label=_("Suite"),
        min_value=0,
        max_value=FARTHEST,
        help_text=_("Où la page commence : ce que dit `next`."),
    )

    class Meta(SharedFilter.Meta):
        form = FlexibleFilterForm

    @property
    def flexible(self) -> search.Flexible:
        """What the valid form asks for."""
        asked: search.Flexible = self.form.cleaned_data["flexible"]
        return asked

    @property
    def by_date(self) -> bool:
        return bool(self.form.cleaned_data["order"] == "date")

    @property
    def position(self) -> int:
        """Where the page begins."""
        return int(self.form.cleaned_data["after"] or 0)

    def results(self, *, now: dt.datetime, features: bool = True) -> search.FlexibleResults:
        return search.FlexibleResults(
            self.place, self.wanted, self.flexible, now=now, by_date=self.by_date, features=features
        )
