"""What every search asks alike: where, and what kind of space."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import django_filters as filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shareloc.web import formats
from venues import vocabulary
from venues.filters import MAX_KM, PointFilter
from venues.models import Space

from .. import search
from .fields import ManyFilter

# What says where; it comes first in every form.
PLACE = ("q", "near", "within_km")
# What one search hands on to another.
SHARED = (*PLACE, "capacity", "kind", "features", "step_free", "free_of_charge", "school")


class SharedFilter(filters.FilterSet):
    """Where, how many, what kind: checked here, answered by `search`."""

    q = filters.CharFilter(
        label=_("Où"),
        max_length=100,
        help_text=_("Commune, code postal, lycée ou adresse ; une faute de frappe est pardonnée."),
    )
    near = PointFilter(label=_("Autour du point"), help_text=_("latitude,longitude en degrés"))
    within_km = filters.NumberFilter(
        label=_("Rayon (km)"),
        min_value=0,
        max_value=MAX_KM,
        help_text=_("Autour du lieu ou du point."),
    )
    capacity = filters.NumberFilter(
        label=_("Personnes, au moins"),
        min_value=1,
        max_value=100_000,
        error_messages={"min_value": _("Indiquez au moins 1 personne.")},
    )
    kind = ManyFilter(choices=Space.Kind.choices, label=_("Type de salle"))
    features = ManyFilter(label=_("Aménagements"), choices=[])
    step_free = filters.BooleanFilter(label=_("Accessible de plain-pied"))
    free_of_charge = filters.BooleanFilter(label=_("Gratuit"))
    school = filters.CharFilter(label=_("UAI du lycée"), max_length=8)

    class Meta:
        model = Space
        fields: list[str] = []

    @cached_property
    def vocabulary(self) -> vocabulary.Vocabulary:
        return vocabulary.load()

    def get_form_class(self) -> Any:
        """The form, knowing the features there are; they are read only where somebody looks at them."""
        known = self

        class Form(super().get_form_class()):  # type: ignore[misc]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.fields["features"].choices = lambda: known.vocabulary.features

        return Form

    @property
    def place(self) -> search.Place:
        """Where the valid form asks for."""
        asked = self.form.cleaned_data
        within_km = asked["within_km"]
        return search.Place(asked["q"], asked["near"], None if within_km is None else float(within_km))

    @property
    def wanted(self) -> search.Wanted:
        """What kind of space the valid form asks for."""
        asked = self.form.cleaned_data
        return search.Wanted(
            capacity=math.ceil(asked["capacity"] or 0),
            kinds=tuple(asked["kind"]),
            features=tuple(asked["features"]),
            step_free=bool(asked["step_free"]),
            free_of_charge=bool(asked["free_of_charge"]),
            school=asked["school"],
        )


class FromDayForm(forms.Form):
    """A form that asks about days from `first` on (today where it is left out)."""

    def check_to_come(self, name: str, day: dt.date) -> None:
        """Refuse a day that is past, or that no request may ask for yet."""
        today = timezone.localdate()
        if day < today:
            self.add_error(
                name, ValidationError(_("Ce jour est passé : choisissez-en un à venir."), code="past")
            )
        last = today + dt.timedelta(days=settings.REQUEST_HORIZON_DAYS)
        if day > last:
            self.add_error(
                name,
                ValidationError(
                    _("Ce jour est trop lointain : restez avant le %(last)s."),
                    code="too_far",
                    params={"last": formats.date(last + dt.timedelta(days=1))},
                ),
            )
