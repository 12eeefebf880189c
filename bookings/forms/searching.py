"""The search's filters as a page shows them: same names and rules as the API's, in friendlier clothes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from venues.models import Space
from venues.widgets import PlaceInput

from ..filters import QUANTITY, SharedFilter, SpaceFilter
from ..search import Place

RADII = (5, 10, 20, 50)
DEFAULT_RADIUS = "10"

CLOCK_FORMATS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%Hh", "%H", "%H%M"]
LABELS = {
    "q": _("Où"),
    "within_km": _("Rayon"),
    "date": _("Jour"),
    "first": _("À partir du"),
    "until": _("Jusqu’au"),
    "start": _("De"),
    "end": _("À"),
    "capacity": _("Personnes"),
    "kind": _("Type de salle"),
    "features": _("Sur place, il faut"),
    "step_free": _("Accessible de plain-pied"),
    "free_of_charge": _("Gratuite"),
}
MORE = ("kind", "features", "step_free", "free_of_charge")


class DayInput(forms.DateInput):
    """A day, by the browser's calendar or typed."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """An hour, typed or chosen from `bookings/hours.html`: always 24 hours, whatever the browser's language."""

    input_type = "text"

    def __init__(self) -> None:
        attrs = {
            "list": "heures",
            "inputmode": "numeric",
            "autocomplete": "off",
            "placeholder": "hh:mm",
            "maxlength": 8,
        }
        super().__init__(attrs=attrs, format="%H:%M")


class ClockField(forms.TimeField):
    """`18:30`, `18h30`, `18h` or `1830`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=CLOCK_FORMATS,
            widget=ClockInput(),
            error_messages={
                "required": _("Indiquez l’heure."),
                "invalid": _("Écrivez l’heure sous la forme 18:30."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> dt.time | None:
        return super().to_python(value.lower().replace(" ", "") if isinstance(value, str) else value)


class OnPage(SharedFilter):
    """Filters on a page: a circle of 10 km unless told otherwise, none without a place."""

    # What stands under “Plus de filtres”.
    more: tuple[str, ...] = MORE

    def __init__(self, data: QueryDict) -> None:
        super().__init__(self.readable(data), queryset=Space.objects.published())

    def readable(self, data: QueryDict) -> QueryDict:
        """What the page's form sent, in the words of the filters."""
        wanted = data.copy()
        wanted.setdefault("within_km", DEFAULT_RADIUS)
        return wanted

    def get_form_class(self) -> Any:
        form_class, dress = super().get_form_class(), self.dress

        class Form(form_class):  # type: ignore[misc,valid-type]
            def __init__(form, *args: Any, **kwargs: Any) -> None:  # noqa: N805
                super().__init__(*args, **kwargs)
                dress(form)

        return Form

    def dress(self, form: forms.Form) -> None:
        _dress(form)

    @property
    def place(self) -> Place:
        """A radius without a place asks for nothing."""
        asked = super().place
        return asked if asked.text or asked.near else Place()

    @cached_property
    def more_used(self) -> int:
        """How many of the filters under “Plus de filtres” are in use."""
        return sum(1 for name in self.more if self.form[name].value() or self.form[name].errors)

    @cached_property
    def chosen(self) -> dict[str, int]:
        """How many kinds, features and kinds of equipment are asked for."""
        lists = self.form.fields.keys() & {"kind", "features", "equipment"}
        return {name: len(self.form[name].value() or ()) for name in lists}


class SearchPageFilter(OnPage, SpaceFilter):
    """The search at a date."""

    more = ("until", "equipment", *MORE)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self._sent = data

    @property
    def query(self) -> QueryDict:
        return self._sent

    def readable(self, data: QueryDict) -> QueryDict:
        wanted = super().readable(data)
        for name in data:
            quantity = str(data[name]).strip()
            if name.startswith(QUANTITY) and quantity and quantity != "0":
                wanted.appendlist("equipment", f"{name.removeprefix(QUANTITY)}:{quantity}")
        return wanted

    @cached_property
    def quantities(self) -> list[tuple[str, str, str]]:
        """(name of the input, kind of equipment, quantity typed) of every kind there is."""
        return [
            (QUANTITY + slug, name, self.data.get(QUANTITY + slug, ""))
            for slug, name in self.vocabulary.equipment
        ]


def _dress(form: forms.Form) -> None:
    fields = form.fields
    for name, field in fields.items():
        field.label = LABELS.get(name, field.label)
        field.help_text = ""
    fields["q"].widget = PlaceInput()
    fields["within_km"].widget = forms.Select(choices=_radii(typed(form, "within_km")))
    for name in fields.keys() & {"date", "first", "until"}:
        fields[name].widget = DayInput()
    for name in fields.keys() & {"start", "end"}:
        fields[name] = ClockField(label=LABELS[name], required=fields[name].required)
    fields["capacity"].widget.attrs.update({"inputmode": "numeric", "min": 1})
    for name in fields.keys() & {"kind", "features", "moments", "weekdays"}:
        chosen = fields[name]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.widget = forms.CheckboxSelectMultiple(choices=list(chosen.widget.choices))
    for name in fields.keys() & {"step_free", "free_of_charge", "skip_holidays"}:
        fields[name].widget = forms.CheckboxInput()


def typed(form: forms.Form, name: str) -> str:
    """What the field holds, as it was typed."""
    return str(form[name].value() or "")


def offered(choices: Iterable[tuple[str, Any]], chosen: str) -> list[tuple[str, Any]]:
    """The choices of a list, and what the address asks for if it is none of them."""
    known = list(choices)
    return known if not chosen or chosen in dict(known) else [*known, (chosen, chosen)]


def _radii(chosen: str) -> list[tuple[str, Any]]:
    """The circles offered, and the one asked for in the address."""
    offered = [(str(km), f"{km}\N{NO-BREAK SPACE}km") for km in RADII]
    if chosen and chosen not in dict(offered):
        offered.append((chosen, f"{chosen}\N{NO-BREAK SPACE}km"))
    return [("", _("Ce lieu")), *offered]
