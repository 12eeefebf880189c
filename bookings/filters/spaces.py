"""The search at a date."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues import local_time

from .. import search
from .fields import QuantitiesFilter
from .shared import PLACE, SharedFilter

# The most days one search looks over.
MAX_DAYS = 31
# Of the fields, whichever class declares them; alerts keep questions spelled in it.
ORDER = (*PLACE, "date", "until", "start", "end", "capacity", "kind", "features", "equipment")
# On the page, number inputs, one a kind of equipment, stand for `equipment=slug:quantity`.
QUANTITY = "materiel-"


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
        if not self.errors.keys() & {"date", "until"}:
            self._check_clock(date, until or date, cleaned)
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

    def _check_clock(self, date: dt.date, last: dt.date, cleaned: dict[str, Any]) -> None:
        """Refuse an hour that the clocks skip; an end before the start is on the next day, as `When` has it."""
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and last == date and end <= start:
            last += dt.timedelta(days=1)
        for name, day, time in (("start", date, start), ("end", last, end)):
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


class SpaceFilter(SharedFilter):
    """Where, when, how many, with what: checked here, answered by `search`."""

    date = filters.DateFilter(label=_("Jour"))
    until = filters.DateFilter(label=_("Jusqu’au jour"))
    start = filters.TimeFilter(label=_("De"), help_text=_("HH:MM, heure de Paris"))
    end = filters.TimeFilter(label=_("À"), help_text=_("HH:MM ; avant l’heure de début : le lendemain"))
    equipment = QuantitiesFilter(label=_("Matériel"), help_text=_("identifiant ou identifiant:quantité"))

    class Meta(SharedFilter.Meta):
        form = SpaceFilterForm

    def get_form_class(self) -> Any:
        """The form, knowing the equipment there is."""
        known = self

        class Form(super().get_form_class()):  # type: ignore[misc]
            field_order = ORDER

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.fields["equipment"].known = lambda: {slug for slug, _name in known.vocabulary.equipment}

        return Form

    def question(self) -> search.Question:
        """What the valid form asks of the search."""
        asked = self.form.cleaned_data
        when = None
        if asked["date"]:
            when = search.When(asked["date"], asked["until"], asked["start"], asked["end"])
        return search.Question(self.place, when, self.wanted, asked["equipment"])

    def results(
        self, *, now: dt.datetime, features: bool = True, known: search.Results | None = None
    ) -> search.Results:
        return search.Results(self.question(), now=now, features=features, known=known)

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
