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


class RefusalReasonForm(forms.Form):
    """A reason from the school's list, or in one's own words, which win."""

    preset = forms.ChoiceField(required=False, label=_("Motif habituel"))
    reason = forms.CharField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("Motif")
    )

    def __init__(self, *args: Any, reasons: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset = self.fields["preset"]
        assert isinstance(preset, forms.ChoiceField)
        preset.choices = [("", _("– choisir, ou écrire ci-dessous –")), *((text, text) for text in reasons)]

    def clean(self) -> dict[str, Any]:
        """The words typed, or else the reason chosen."""
        cleaned = super().clean() or {}
        cleaned["reason"] = cleaned.get("reason") or cleaned.get("preset", "")
        if not cleaned["reason"] and "reason" not in self.errors:
            self.add_error("reason", _("Écrivez le motif : il sera transmis tel quel."))
        return cleaned


class RefusalForm(RefusalReasonForm, ChosenDatesForm):
    """Some of a request's dates, and why they are refused: on the page beside those to accept, by other ids."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="refuse_%s", **kwargs)


class TextForm(forms.Form):
    """What is said to the other side."""

    text = forms.CharField(
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Message"),
        error_messages={"required": _("Écrivez votre message.")},
    )
