"""A day and hours to check in one space, by GET: what links from the search carry, or what is typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shareloc.web.widgets import day_input
from venues.models import Space
from venues.periods import Period

from ..filters import SpaceFilterForm, refusals
from ..search import When
from .searching import LABELS, MISSING_HOURS, ClockField

# The button's name. Without it half a time is no mistake: a link from a search may carry a day alone.
PRESSED = "verifier"
# Whoever walks through weeks and months keeps the time looked for, and has it checked once.
WALKING = ("semaine", "mois")


class CheckForm(SpaceFilterForm):
    """One time in one space."""

    date = forms.DateField(label=LABELS["date"], required=False, widget=day_input())
    start = ClockField(label=LABELS["start"], required=False)
    end = ClockField(label=LABELS["end"], required=False)
    until = forms.DateField(label=_("Jusqu’au"), required=False, widget=day_input())

    def __init__(self, space: Space, query: QueryDict) -> None:
        self.was_pressed = PRESSED in query
        is_whole = all(query.get(name) for name in ("date", "start", "end"))
        is_walking = any(name in query for name in WALKING)
        given = query if self.was_pressed or (is_whole and not is_walking) else None
        self.space = space
        super().__init__(given, initial=query.dict(), auto_id="verifier_%s", use_required_attribute=False)
        # The search may ask for several days at any hour; a room lent by the hour is asked for within a day.
        if space.max_minutes <= 24 * 60:
            del self.fields["until"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        missing = {
            "date": _("Indiquez le jour."),
            **MISSING_HOURS,
        }
        for name, message in missing.items():
            if self.was_pressed and cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, ValidationError(message, code="required"))
        return cleaned

    @property
    def period(self) -> Period | None:
        """The time to check; None where none, half of one or an impossible one is given."""
        return self._when.fixed if self._when else None

    @property
    def swapped(self) -> Period | None:
        """The hours that were meant, where the end comes before the start and no such night may be asked for."""
        when, most = self._when, dt.timedelta(minutes=self.space.max_minutes)
        meant = when.swapped if when else None
        if not (when and meant) or when.bounds.length <= most or any(refusals(meant)):
            return None
        return meant.fixed if meant.bounds.length <= most else None

    @cached_property
    def _when(self) -> When | None:
        if not self.is_valid():
            return None
        cleaned = self.cleaned_data
        return When(cleaned["date"], cleaned.get("until"), cleaned["start"], cleaned["end"])
