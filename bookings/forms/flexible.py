"""The search at certain moments as its page shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shareloc.web import formats

from ..filters import FlexibleFilter
from ..filters.flexible import DEFAULT_MINUTES, DEFAULT_WEEKS
from ..moments import Moment
from .searching import OnPage, offered, typed

LENGTHS = (30, 60, 90, 120, 150, 180, 240, 300, 360, 480, 600, 720)
WEEKS = (1, 2, 4, 8, 12, 26)
MOMENTS = ("moments", "weekdays", "start", "end")
# What most associations look for, until somebody chooses.
USUAL = (Moment.EVENINGS, Moment.SATURDAYS)


class FlexiblePageFilter(OnPage, FlexibleFilter):
    """Two hours of an evening or a Saturday until one says otherwise; then what was ticked, if anything."""

    def readable(self, data: QueryDict) -> QueryDict:
        wanted = super().readable(data)
        if "minutes" not in data:
            wanted["minutes"] = str(DEFAULT_MINUTES)
            if not any(name in data for name in MOMENTS):
                wanted.setlist("moments", [str(moment) for moment in USUAL])
        wanted.setdefault("weeks", str(DEFAULT_WEEKS))
        return wanted

    def dress(self, form: forms.Form) -> None:
        super().dress(form)
        fields = form.fields
        fields["minutes"].label, fields["weeks"].label = _("Durée"), _("Pendant")
        fields["moments"].label, fields["weekdays"].label = _("Quand"), _("Ces jours-là")
        fields["minutes"].widget = forms.Select(choices=offered(_lengths(), typed(form, "minutes")))
        fields["weeks"].widget = forms.Select(choices=offered(_weeks(), typed(form, "weeks")))
        fields["order"].widget = fields["after"].widget = forms.HiddenInput()

    @property
    def own_moment(self) -> bool:
        """Whether days or hours are chosen freely, or wrongly."""
        names = ("weekdays", "start", "end")
        return any(self.form[name].value() or self.form[name].errors for name in names)


def _lengths() -> list[tuple[str, Any]]:
    return [(str(minutes), formats.duration(minutes)) for minutes in LENGTHS]


def _weeks() -> list[tuple[str, Any]]:
    return [
        (str(weeks), ngettext("%(n)s semaine", "%(n)s semaines", weeks) % {"n": weeks}) for weeks in WEEKS
    ]
