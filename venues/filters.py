"""Filters that speak of places, and those of the list of schools."""

from __future__ import annotations

import math
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import gazetteer
from .models import Commune, School
from .nearby import SchoolsAround
from .places import fold

MAX_KM = 500


class PointField(forms.CharField):
    """`latitude,longitude` in degrees."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            latitude, longitude = (float(part) for part in text.split(","))
        except ValueError:
            raise ValidationError(
                _("Donnez latitude et longitude, par exemple 50.63,3.06."), code="point"
            ) from None
        if not (
            math.isfinite(latitude)
            and abs(latitude) <= 90
            and math.isfinite(longitude)
            and abs(longitude) <= 180
        ):
            raise ValidationError(
                _("Cette position n’existe pas : latitude de -90 à 90, longitude de -180 à 180."),
                code="point",
            )
        return latitude, longitude


class PointFilter(filters.Filter):
    field_class = PointField


class PlaceFilter(filters.FilterSet):
    """What somebody types of a place."""

    # More than the page offers, but never a list of everything.
    MOST = 20

    q = filters.CharFilter(
        method="later",
        label=_("Texte"),
        max_length=100,
        help_text=_("Début ou nom d’une commune, d’un code postal, d’un lycée ; deux signes au moins."),
    )

    class Meta:
        model = Commune
        fields: list[str] = []

    def results(self, **_unused: Any) -> list[gazetteer.Suggestion]:
        return gazetteer.suggest(self.form.cleaned_data["q"], limit=self.MOST)

    def later(self, communes: Any, name: str, value: Any) -> Any:
        return communes


class SchoolFilterForm(forms.Form):
    """What the filters say together."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("within_km") is not None and not cleaned.get("near") and "near" not in self.errors:
            self.add_error(
                "near",
                ValidationError(_("Un rayon se compte autour d’un point : donnez-le."), code="required"),
            )
        return cleaned


class SchoolFilter(filters.FilterSet):
    """Where a school is and what it is called; `near` orders by distance."""

    department = filters.CharFilter(
        method="in_department", label=_("Département"), max_length=3, help_text=_("Code du département : 59.")
    )
    commune = filters.CharFilter(
        method="in_commune",
        label=_("Commune"),
        max_length=100,
        help_text=_("Nom entier de la commune, sans regarder aux accents ni aux majuscules."),
    )
    q = filters.CharFilter(
        method="named_like",
        label=_("Mots"),
        max_length=100,
        help_text=_("Mots du nom, de la commune ou du code postal."),
    )
    near = PointFilter(
        method="later",
        label=_("Autour du point"),
        help_text=_("latitude,longitude en degrés : les plus proches d’abord."),
    )
    within_km = filters.NumberFilter(
        method="later",
        label=_("Rayon (km)"),
        min_value=0,
        max_value=MAX_KM,
        help_text=_("Autour du point `near`."),
    )

    class Meta:
        model = School
        form = SchoolFilterForm
        fields: list[str] = []

    def results(self, **_unused: Any) -> Any:
        """The schools in order, sliced and counted like a list."""
        near, within_km = self.form.cleaned_data["near"], self.form.cleaned_data["within_km"]
        if near is None:
            return self.qs.order_by("commune", "name", "pk")
        return SchoolsAround(self.qs, near, within_km=None if within_km is None else float(within_km))

    # -- filters --------------------------------------------------------------------------------

    def later(self, schools: Any, name: str, value: Any) -> Any:
        return schools

    def in_department(self, schools: Any, name: str, value: str) -> Any:
        """`59`, and `059` as some files write it."""
        code = value.upper()
        return schools.filter(
            department=code[1:] if len(code) == 3 and code.startswith("0") else code.zfill(2)
        )

    def in_commune(self, schools: Any, name: str, value: str) -> Any:
        wanted = fold(value)
        spelled = School.objects.order_by().values_list("commune", flat=True).distinct()
        return schools.filter(commune__in=[commune for commune in spelled if fold(commune) == wanted])

    def named_like(self, schools: Any, name: str, value: str) -> Any:
        return schools.named_like(value)
