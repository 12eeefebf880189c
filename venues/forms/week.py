"""The week grid: lines of start and end, day by day, written down as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from shareloc.web.widgets import clock_input, day_input

from ..models import Season
from ..models.hours import WeeklyWindow
from ..opening import Window
from ..weekly import WEEK, end_of, minutes_between

DAYS = WeeklyWindow.Weekday
NUMBERS = {str(number): number for number in DAYS.values}
MOST_LINES = 150


def _ends() -> list[tuple[int | str, Any]]:
    """On which day a window may end, in the reader's language."""
    return [
        ("", _("le jour même, ou la nuit suivante")),
        (1, _("le lendemain")),
        *((n, _("%(n)s jours après") % {"n": n}) for n in range(2, 8)),
    ]


class LineForm(forms.Form):
    """One window of one day; a line without hours is none."""

    weekday = forms.TypedChoiceField(choices=DAYS.choices, coerce=int, widget=forms.HiddenInput)
    starts_at = forms.TimeField(label=_("Début"), required=False, widget=clock_input())
    ends_at = forms.TimeField(label=_("Fin"), required=False, widget=clock_input())
    season = forms.ChoiceField(label=_("Période"), choices=Season.choices, initial=Season.ALWAYS)
    days = forms.TypedChoiceField(
        label=_("La fin tombe"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=_ends,
    )
    valid_from = forms.DateField(label=_("À partir du"), required=False, widget=day_input())
    valid_until = forms.DateField(label=_("Jusqu’au (inclus)"), required=False, widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self._weekday()
        day = None if number is None else dict(DAYS.choices).get(number)
        for field in self.fields.values() if day else ():
            field.label = _("%(day)s, %(what)s") % {"day": day, "what": str(field.label).lower()}

    def _weekday(self) -> int | None:
        return NUMBERS.get(str(self["weekday"].value()))

    @property
    def has_more(self) -> bool:
        """Whether what is rarely needed is filled in, or wrong."""
        rare = ("days", "valid_from", "valid_until")
        return any(self[name].value() not in (None, "") or self[name].errors for name in rare)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if self.errors or self.is_empty:
            return cleaned
        for name, said in (
            ("starts_at", _("Écrivez l’heure de début, ou effacez aussi celle de fin.")),
            ("ends_at", _("Écrivez l’heure de fin, ou effacez aussi celle de début.")),
        ):
            if cleaned[name] is None:
                self.add_error(name, said)
        if not self.errors:
            self._check_order(cleaned)
        return cleaned

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        if not 0 < self._minutes() <= WEEK:
            self.add_error("days", _("Une plage dure une semaine au plus : corrigez le jour de la fin."))
        first, last = cleaned["valid_from"], cleaned["valid_until"]
        if first and last and last < first:
            self.add_error("valid_until", _("Cette date est avant la première : corrigez l’une des deux."))

    def _minutes(self) -> int:
        asked = self.cleaned_data
        return minutes_between(asked["starts_at"], asked["ends_at"], asked["days"])

    @property
    def is_empty(self) -> bool:
        return self.cleaned_data.get("starts_at") is None and self.cleaned_data.get("ends_at") is None

    @property
    def window(self) -> Window:
        said = self.cleaned_data
        return Window(
            said["weekday"],
            said["starts_at"].replace(second=0, microsecond=0),
            self._minutes(),
            said["season"],
            said["valid_from"],
            said["valid_until"],
        )


class Day(NamedTuple):
    """One row of the grid."""

    number: int
    name: str
    lines: list[LineForm]


class BaseWeek(BaseFormSet):
    def days(self) -> list[Day]:
        """The seven days with their lines."""
        return [
            Day(number, str(name), [form for form in self.forms if form._weekday() == number])
            for number, name in DAYS.choices
        ]

    def windows(self) -> list[Window]:
        """What was written, lines without hours left out."""
        return [form.window for form in self.forms if not form.is_empty]

    def with_line(self, weekday: int) -> BaseWeek:
        """As typed so far, with one more line on that day."""
        return grid([*self._typed(), _blank(weekday)])

    def with_copies(self, weekday: int, onto: Iterable[int]) -> BaseWeek:
        """As typed so far, that day's lines copied onto other days, whose own go."""
        typed, days = self._typed(), set(onto)
        source = [line for line in typed if str(line["weekday"]) == str(weekday)]
        kept = [line for line in typed if int(line["weekday"]) not in days]
        return grid([*kept, *({**line, "weekday": day} for day in sorted(days) for line in source)])

    def _typed(self) -> list[dict[str, Any]]:
        """What every line holds, right or wrong; lines of no day are left out."""
        return [
            {name: form[name].value() for name in form.fields}
            for form in self.forms
            if form._weekday() is not None
        ]


WeekFormSet: Any = forms.formset_factory(
    LineForm, formset=BaseWeek, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


def posted(data: Any) -> BaseWeek:
    week: BaseWeek = WeekFormSet(data, prefix="h")
    return week


def of_windows(windows: Iterable[Window]) -> BaseWeek:
    """The grid of what is, with a blank line on days that have none."""
    lines = [_line(window) for window in windows]
    empty = set(DAYS.values) - {line["weekday"] for line in lines}
    return grid([*lines, *map(_blank, sorted(empty))])


def grid(lines: list[dict[str, Any]]) -> BaseWeek:
    week: BaseWeek = WeekFormSet(initial=lines, prefix="h")
    return week


def _line(window: Window) -> dict[str, Any]:
    ends_at, days = end_of(window)
    return {
        "weekday": window.weekday,
        "starts_at": window.starts_at,
        "ends_at": ends_at,
        "season": window.season,
        "days": days,
        "valid_from": window.valid_from,
        "valid_until": window.valid_until,
    }


def _blank(weekday: int) -> dict[str, Any]:
    return {"weekday": weekday, "season": Season.ALWAYS}


def weekday_asked(text: str) -> int:
    """The day a button is about; ValidationError for what no button says."""
    if text not in NUMBERS:
        raise ValidationError(_("Ce jour n’existe pas."))
    return NUMBERS[text]
