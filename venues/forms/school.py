"""Closures, rules and people of a school."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shareloc.web.widgets import day_input

from ..models import Closure, School, SchoolRole, Space
from .controls import OfSchoolForm

# Beyond, sums of dates would leave the calendar.
FARTHEST = dt.timedelta(days=10 * 365)


class ClosureForm(OfSchoolForm):
    """Days without loans; a last day left empty is the first one."""

    class Meta:
        model = Closure
        fields = ["space", "first_on", "last_on", "reason"]
        labels = {"space": _("Où"), "first_on": _("Premier jour"), "last_on": _("Dernier jour (inclus)")}
        help_texts = {"space": "", "last_on": _("Vide : un seul jour.")}
        widgets = {"first_on": day_input(), "last_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spaces: Any = self.fields["space"]
        spaces.queryset = Space.objects.filter(school=self.instance.school_id).order_by("name")
        spaces.empty_label = _("Tout le lycée")
        self.fields["last_on"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        farthest = timezone.localdate() + FARTHEST
        for name in ("first_on", "last_on"):
            if (day := cleaned.get(name)) and day > farthest:
                self.add_error(name, _("Ce jour est trop lointain : restez dans les dix ans."))
        if first and not last and "last_on" not in self.errors:
            cleaned["last_on"] = first
        elif first and last and last < first:
            self.add_error("last_on", _("Ce jour est avant le premier : corrigez l’un des deux."))
        return cleaned


class RulesForm(forms.ModelForm):
    """What a school promises, tells and asks of those it lends to."""

    answer_days = forms.IntegerField(
        label=_("Réponse promise sous (jours)"),
        min_value=1,
        max_value=90,
        help_text=_("Affichée sur chaque demande."),
    )

    class Meta:
        model = School
        fields = [
            "answer_days", "lending_contact", "access_notes", "emergency_instructions", "refusal_reasons", "board_decided_on",
            "agreement_clauses",
        ]  # fmt: skip
        widgets = {
            "access_notes": forms.Textarea(attrs={"rows": 4}),
            "emergency_instructions": forms.Textarea(attrs={"rows": 4}),
            "refusal_reasons": forms.Textarea(attrs={"rows": 4}),
            "agreement_clauses": forms.Textarea(attrs={"rows": 6}),
            "board_decided_on": day_input(),
        }

    def save(self, commit: bool = True) -> School:
        """These columns alone: the annuaire may be writing the others."""
        self.instance.save(update_fields=[*self.fields, "changed_at"])
        return self.instance


class PersonForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique"),
        help_text=_("Celle du compte Shareloc de cette personne."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=SchoolRole.Role.choices)
