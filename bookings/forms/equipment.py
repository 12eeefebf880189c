"""Equipment without a room: looked for, and asked for in one piece, an hour or several days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues import vocabulary
from venues.filters import MAX_KM
from venues.local_time import instant
from venues.models import EquipmentPool, School
from venues.periods import Period
from venues.widgets import PlaceInput

from ..lendable import Wanted
from ..search import Place
from ..workflow import Draft, DraftDate
from .asking import QuantitiesForm, quantity_of
from .dates import DateForm, DayField
from .searching import DEFAULT_RADIUS, RADII, ClockField
from .steps import StepForms, WhoForm

# The longest time equipment is looked for or asked for at once, in days.
MAX_DAYS = 62
MOST = 10_000


class EquipmentSearchForm(forms.Form):
    """Which equipment, how many, where, and for which time."""

    q = forms.CharField(max_length=100, required=False, label=_("Où"), widget=PlaceInput())
    within_km = forms.IntegerField(
        min_value=0,
        max_value=MAX_KM,
        required=False,
        label=_("Rayon"),
        widget=forms.Select(
            choices=[("", _("Ce lieu")), *((str(km), f"{km}\N{NO-BREAK SPACE}km") for km in RADII)]
        ),
    )
    kind = forms.ChoiceField(required=False, label=_("Matériel"))
    quantity = forms.IntegerField(min_value=1, max_value=MOST, required=False, label=_("Combien"))
    date = DayField(label=_("Premier jour"), required=False)
    start = ClockField(label=_("De"), required=False)
    until = DayField(label=_("Dernier jour"), required=False)
    end = ClockField(label=_("À"), required=False)
    school = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        sent = data.copy()
        sent.setdefault("within_km", DEFAULT_RADIUS)
        super().__init__(sent, auto_id="id_%s")
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("Tout")), *vocabulary.load().equipment]
        self.fields["quantity"].widget.attrs["inputmode"] = "numeric"

    def clean_school(self) -> str:
        return str(self.cleaned_data["school"]).replace("\0", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["period"] = self._period(cleaned)
        return cleaned

    def _period(self, said: dict[str, Any]) -> Period | None:
        """From a clock time to one; whole days where they are left out."""
        first, last = said["date"], said["until"] or said["date"]
        if first is None:
            for name in ("start", "until", "end"):
                if said[name] is not None:
                    self.add_error("date", ValidationError(_("Indiquez aussi le jour."), code="required"))
                    return None
            return None
        tz = timezone.get_default_timezone()
        since = instant(first, tz, _minutes(said["start"]))
        end = said["end"]
        until = instant(last, tz, _minutes(end)) if end else instant(last + dt.timedelta(days=1), tz)
        if end and until <= since and said["until"] is None:
            until = instant(last + dt.timedelta(days=1), tz, _minutes(end))
        if until <= since or (last - first).days > MAX_DAYS:
            self.add_error(
                "until",
                ValidationError(_("Le dernier jour suit le premier, de deux mois au plus."), code="before"),
            )
            return None
        return Period(since, until)

    @property
    def wanted(self) -> Wanted:
        """What the valid form asks for."""
        said = self.cleaned_data
        within = said["within_km"]
        place = Place(said["q"], None, None if within is None else float(within)) if said["q"] else Place()
        return Wanted(place, said["kind"], said["quantity"] or 1, said["school"], said["period"])

    @property
    def asked(self) -> dict[str, str]:
        """The time asked for, in the words of the request form's address."""
        return {name: self.data[name] for name in ("date", "start", "until", "end") if self.data.get(name)}


def _minutes(time: dt.time | None) -> int:
    return time.hour * 60 + time.minute if time else 0


# Fields of the date, and what they are called in the address that leads to the form.
FIRST_DATE = {"day": "date", "start": "start", "end": "end", "until": "until"}


class EquipmentAskForms(StepForms):
    """A request for equipment alone, filled from what was sent so far; carried from step to step in the form itself."""

    def __init__(self, school: School, user: Any, raw: QueryDict | None, *, first: Mapping[str, str]) -> None:
        self.school, self.first = school, first
        judged = raw is not None and raw.get("action") != "edit"
        super().__init__(user, raw if raw is not None else QueryDict(mutable=True), judged=judged)

    @cached_property
    def who(self) -> WhoForm:
        form = super().who
        _for_equipment(form)
        return form

    @cached_property
    def date(self) -> DateForm:
        if self.judged:
            return DateForm(self.raw)
        typed = {name: self.first.get(key, "") for name, key in FIRST_DATE.items()}
        return DateForm(initial={**typed, **self.raw.dict()})

    @cached_property
    def quantities(self) -> QuantitiesForm:
        owned = EquipmentPool.objects.published().of_school(self.school)
        pools = [pool for pool in owned.select_related("school") if quantity_of(pool)]
        return QuantitiesForm(
            self.raw if self.judged else None, initial={**self.first, **self.raw.dict()}, pools=pools
        )

    def is_valid(self) -> bool:
        wrong = [form for form in self.forms if not form.is_valid()]
        if self.judged and not self.quantities.errors and not self.quantities.lines():
            self.quantities.add_error(None, _("Écrivez au moins une quantité."))
            return False
        return not wrong

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [self.date, self.quantities, self.who]

    def draft(self) -> Draft:
        """What valid forms ask for."""
        date = DraftDate(self.date.cleaned_data["period"], (), self.quantities.lines())
        return self.draft_of(self.school.uai, [date])


def _for_equipment(form: WhoForm) -> None:
    """The same questions, of people who take things away."""
    fields = form.fields
    fields["purpose"].help_text = _("En quelques mots : fête de quartier, tournoi, exposition…")
    fields["purpose"].error_messages["required"] = _("Dites à quoi le matériel servira.")
    fields["contact_name"].label = _("Qui vient le chercher")
    fields["contact_name"].help_text = _("La personne qui prend le matériel et le rapporte.")
    fields["message"].help_text = _("Ce qui aide à décider : transport, heure de passage, lieu d’usage…")
