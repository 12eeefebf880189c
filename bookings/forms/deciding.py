"""The forms of a decision: which dates, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shareloc.web import formats

from ..models import Occurrence


class ChosenDatesForm(forms.Form):
    """Some of a request's dates."""

    dates = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label=_("Dates"),
        error_messages={"required": _("Cochez au moins une date.")},
    )

    def __init__(self, *args: Any, offered: Iterable[Occurrence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered)

    def offer(self, dates: Iterable[Occurrence]) -> None:
        """Which dates there are to choose from."""
        chosen = self.fields["dates"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)
        chosen.choices = [(str(date.pk), formats.period(date.start_at, date.end_at)) for date in dates]


class ReasonForm(ChosenDatesForm):
    """Some of a request's dates, and the reason the other side will read."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Motif"),
        error_messages={"required": _("Écrivez le motif : il sera transmis tel quel.")},
    )
