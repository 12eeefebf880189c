"""What the Région wants to see: an evening, lines of the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shareloc.web.widgets import clock_input, day_input

from ..states import Verb
from ..week import FARTHEST

# No journal reaches further either way; nearer the ends of the calendar no instant can be made of a day.
A_YEAR_OF_OURS = [
    MinValueValidator(dt.date(2000, 1, 1), _("Vérifiez l’année.")),
    MaxValueValidator(dt.date(2999, 12, 31), _("Vérifiez l’année.")),
]


class EveningForm(forms.Form):
    """Today's evening unless another is asked for. `departments`: code → name."""

    date = forms.DateField(label=_("Jour"), widget=day_input(), required=False)
    a_partir = forms.TimeField(label=_("À partir de"), widget=clock_input(), required=False)
    departement = forms.ChoiceField(label=_("Département"), required=False)
    q = forms.CharField(
        label=_("Lycée, salle, organisme ou activité"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, asked: Mapping[str, Any], *, departments: Mapping[str, str]) -> None:
        usual = {"date": timezone.localdate().isoformat(), "a_partir": f"{settings.EVENING_FROM:%H:%M}"}
        super().__init__({**usual, **{name: value for name, value in asked.items() if value}})
        choices = [("", _("Tous")), *((code, name or code) for code, name in departments.items())]
        self.fields["departement"].choices = choices  # type: ignore[attr-defined]

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        if abs(day - timezone.localdate()) > FARTHEST:
            raise ValidationError(_("Ce jour est trop lointain : restez dans les trois ans."), code="too_far")
        return day


class JournalForm(forms.Form):
    """Which lines of the journal: a lycée, what was done, between two days."""

    lycee = forms.CharField(
        label=_("Lycée ou commune"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    fait = forms.ChoiceField(label=_("Fait"), choices=[("", _("Tous")), *Verb.choices], required=False)
    du = forms.DateField(label=_("Du"), widget=day_input(), required=False, validators=A_YEAR_OF_OURS)
    au = forms.DateField(label=_("Au"), widget=day_input(), required=False, validators=A_YEAR_OF_OURS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("du"), cleaned.get("au")
        if first and last and last < first:
            self.add_error("au", ValidationError(_("Ce jour vient avant le premier."), code="before"))
        return cleaned
