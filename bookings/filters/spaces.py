"""The search at a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

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
        when = search.When(date, until, cleaned.get("start"), cleaned.get("end"))
        for name, error in refusals(when):
            self.add_error(name, error)
        return cleaned


def refusals(when: search.When) -> Iterator[tuple[str, ValidationError]]:
    """(field, why) for what no search can be asked of a time: days gone or too far, hours that no clock shows.

    Hours are judged only of days that can be: none exist at the ends of the calendar.
    """
    of_days = list(_refused_days(when))
    yield from of_days or _refused_hours(when)


def _refused_days(when: search.When) -> Iterator[tuple[str, ValidationError]]:
    today = timezone.localdate()
    if when.date < today:
        yield "date", ValidationError(_("Ce jour est passé : choisissez-en un à venir."), code="past")
    if when.date > today + dt.timedelta(days=3 * 366):
        yield (
            "date",
            ValidationError(_("Ce jour est trop lointain : cherchez dans les trois ans."), code="too_far"),
        )
    if when.last < when.date:
        yield "until", ValidationError(_("Le dernier jour vient avant le premier."), code="before")
    elif (when.last - when.date).days >= MAX_DAYS:
        text = _("Cherchez sur %(days)s jours au plus.")
        yield "until", ValidationError(text, code="too_long", params={"days": MAX_DAYS})


def _refused_hours(when: search.When) -> Iterator[tuple[str, ValidationError]]:
    """An end before the start of one day is on the next, as `When` has it."""
    last = when.last
    if when.start and when.end and last == when.date and when.end <= when.start:
        last += dt.timedelta(days=1)
    for name, day, time in (("start", when.date, when.start), ("end", last, when.end)):
        if time and not local_time.exists(dt.datetime.combine(day, time), timezone.get_default_timezone()):
            text = _("Cette heure n’existe pas ce jour-là : les pendules passent de 2 h à 3 h.")
            yield name, ValidationError(text, code="nonexistent_time")


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

    def results(self, *, now: dt.datetime, features: bool = True) -> search.Results:
        return search.Results(self.question(), now=now, features=features)

    @property
    def query(self) -> QueryDict:
        """What was sent."""
        assert isinstance(self.data, QueryDict)
        return self.data
