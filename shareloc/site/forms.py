"""The search form of the home page, which the search page reads; and the form for remarks."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from shareloc.web.widgets import day_input
from venues.widgets import PlaceInput

from .models import Feedback

RADII = (2, 5, 10, 20, 50)


def _half_hours() -> list[tuple[str, str]]:
    times = [dt.time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)]
    return [("", "—"), *((f"{time:%H:%M}", f"{time:%H:%M}") for time in times)]


class HomeSearchForm(forms.Form):
    """Sent with GET to /salles/: q, within_km, date, start, end, capacity."""

    q = forms.CharField(
        label=_("Où ?"),
        required=False,
        widget=PlaceInput({"placeholder": _("Commune, lycée, adresse")}),
    )
    within_km = forms.ChoiceField(
        label=_("Rayon"), required=False, initial="10", choices=[(str(km), f"{km} km") for km in RADII]
    )
    date = forms.DateField(label=_("Quel jour ?"), required=False, widget=day_input())
    start = forms.TimeField(label=_("De"), required=False, widget=forms.Select(choices=_half_hours()))
    end = forms.TimeField(label=_("À"), required=False, widget=forms.Select(choices=_half_hours()))
    capacity = forms.IntegerField(
        label=_("Personnes"),
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class FeedbackForm(forms.ModelForm):
    """A remark about a page. `subject` is a trap: nobody sees it, programs fill it in."""

    subject = forms.CharField(label=_("Laissez ce champ vide"), required=False)

    class Meta:
        model = Feedback
        fields = ("page", "message", "email")
        labels = {
            "page": _("Page concernée"),
            "message": _("Votre remarque"),
            "email": _("Votre adresse électronique"),
        }
        help_texts = {
            "message": _(
                "Ce qui vous a gêné, ce qui manque, ce qui est faux. N’écrivez rien de confidentiel."
            ),
            "email": _("Seulement si vous souhaitez une réponse."),
        }
        error_messages = {"message": {"required": _("Écrivez votre remarque.")}}
        widgets = {
            "message": forms.Textarea(attrs={"rows": 6}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("subject"))
