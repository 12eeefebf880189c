"""The filters of the search, one set for the page and the API."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any, Self

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from venues import local_time, vocabulary
from venues.filters import MAX_KM, PointFilter
from venues.models import Space

from . import search

# The most days one search looks over.
MAX_DAYS = 31
# On the page, number inputs, one a kind of equipment, stand for `equipment=slug:quantity`.
QUANTITY = "materiel-"


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


class SpaceFilterForm(forms.Form):
    """What the filters say together."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        date, until = cleaned.get("date"), cleaned.get("until")
        if date is None:
            for name in ("start", "end", "until"):
                if cleaned.get(name) is not None and "date" not in self.errors:
                    self.add_error("date", ValidationError(_("Indiquez aussi le jour."), code="required"))
                    break
            return cleaned
        self._check_days(date, until)
        self._check_clock(date, cleaned)
        return cleaned

    def _check_days(self, date: dt.date, until: dt.date | None) -> None:
        today = timezone.localdate()
        if date < today:
            self.add_error(
                "date", ValidationError(_("Ce jour est passé : choisissez-en un à venir."), code="past")
            )
        if date > today + dt.timedelta(days=3 * 366):
            self.add_error(
                "date",
                ValidationError(
                    _("Ce jour est trop lointain : cherchez dans les trois ans."), code="too_far"
                ),
            )
        if until is None:
            return
        if until < date:
            self.add_error(
                "until", ValidationError(_("Le dernier jour vient avant le premier."), code="before")
            )
        elif (until - date).days >= MAX_DAYS:
            self.add_error(
                "until",
                ValidationError(
                    _("Cherchez sur %(days)s jours au plus."), code="too_long", params={"days": MAX_DAYS}
                ),
            )

    def _check_clock(self, date: dt.date, cleaned: dict[str, Any]) -> None:
        for name, day in (("start", date), ("end", cleaned.get("until") or date)):
            time = cleaned.get(name)
            if time and not local_time.exists(
                dt.datetime.combine(day, time), timezone.get_default_timezone()
            ):
                self.add_error(
                    name,
                    ValidationError(
                        _("Cette heure n’existe pas ce jour-là : les pendules passent de 2 h à 3 h."),
                        code="nonexistent_time",
                    ),
                )


class SpaceFilter(filters.FilterSet):
    """Where, when, how many, with what: checked here, answered by `search`."""

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
    date = filters.DateFilter(label=_("Jour"))
    until = filters.DateFilter(label=_("Jusqu’au jour"))
    start = filters.TimeFilter(label=_("De"), help_text=_("HH:MM, heure de Paris"))
    end = filters.TimeFilter(label=_("À"), help_text=_("HH:MM ; avant l’heure de début : le lendemain"))
    capacity = filters.NumberFilter(
        label=_("Personnes, au moins"),
        min_value=0,
        max_value=100_000,
    )
    kind = ManyFilter(choices=Space.Kind.choices, label=_("Type de salle"))
    features = ManyFilter(label=_("Aménagements"), choices=[])
    equipment = QuantitiesFilter(label=_("Matériel"), help_text=_("identifiant ou identifiant:quantité"))
    step_free = filters.BooleanFilter(label=_("Accessible de plain-pied"))
    free_of_charge = filters.BooleanFilter(label=_("Gratuit"))
    school = filters.CharFilter(label=_("UAI du lycée"), max_length=8)

    class Meta:
        model = Space
        form = SpaceFilterForm
        fields: list[str] = []

    @cached_property
    def vocabulary(self) -> vocabulary.Vocabulary:
        return vocabulary.load()

    def get_form_class(self) -> Any:
        """The form, knowing the features and equipment there are."""
        found = self.vocabulary

        class Form(super().get_form_class()):  # type: ignore[misc]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.fields["features"].choices = found.features
                self.fields["equipment"].known = lambda: {slug for slug, _name in found.equipment}

        return Form

    def question(self) -> search.Question:
        """What the valid form asks of the search."""
        asked = self.form.cleaned_data
        when = None
        if asked["date"]:
            when = search.When(asked["date"], asked["until"], asked["start"], asked["end"])
        within_km = asked["within_km"]
        place = search.Place(asked["q"], asked["near"], None if within_km is None else float(within_km))
        return search.Question(place, when, self._wanted(asked), asked["equipment"])

    def _wanted(self, asked: dict[str, Any]) -> search.Wanted:
        return search.Wanted(
            capacity=math.ceil(asked["capacity"] or 0),
            kinds=tuple(asked["kind"]),
            features=tuple(asked["features"]),
            step_free=bool(asked["step_free"]),
            free_of_charge=bool(asked["free_of_charge"]),
            school=asked["school"],
        )

    def results(self, *, now: dt.datetime, features: bool = True) -> search.Results:
        return search.Results(self.question(), now=now, features=features)

    @property
    def query(self) -> QueryDict:
        """What was sent."""
        assert isinstance(self.data, QueryDict)
        return self.data

    def again(self, query: QueryDict) -> Self:
        """The same filters, asked something else; the vocabulary is not read again."""
        other = self._asking(query)
        other.vocabulary = self.vocabulary
        return other

    def _asking(self, query: QueryDict) -> Self:
        return type(self)(query, queryset=self.queryset)
