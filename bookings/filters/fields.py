"""Filters of several choices and of whole numbers, and days that can be asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class ManyWidget(forms.SelectMultiple):
    """Reads `a=1&a=2` and `a=1,2` alike."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        raw = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [part.strip() for value in raw for part in str(value).split(",") if part.strip()]


class ManyFilter(filters.MultipleChoiceFilter):
    """Several choices, repeated or separated by commas."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=ManyWidget, **kwargs)


class QuantitiesField(forms.Field):
    """`slug` or `slug:quantity`, repeated or separated by commas → {slug: quantity}."""

    widget = ManyWidget
    known: Callable[[], set[str]] = staticmethod(lambda: set())

    def clean(self, value: Any) -> dict[str, int]:
        wanted: dict[str, int] = {}
        for item in value or []:
            slug, _colon, number = item.partition(":")
            if slug not in self.known():
                raise ValidationError(
                    _("Matériel inconnu : %(slug)s. Choisissez-le dans la liste."),
                    code="unknown",
                    params={"slug": slug[:50]},
                )
            wanted[slug] = _quantity(number or "1")
        return wanted


def _quantity(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 10_000 and len(text) < 6):
        raise ValidationError(_("La quantité va de 1 à 10 000."), code="quantity")
    return int(text)


class QuantitiesFilter(filters.Filter):
    field_class = QuantitiesField


class WholeFilter(filters.NumberFilter):
    """A number without decimals."""

    field_class = forms.IntegerField
