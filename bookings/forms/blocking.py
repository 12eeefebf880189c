"""Blocking rooms: which, when, how often, why; changing that; and the word of excuse to whom it touches."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues.models import Space
from venues.periods import Period

from ..blocking import Plan, at_other_hours, period_on
from ..moments import Weekday, numbers
from ..recurrence import Weekly
from ..series import is_off
from ..week import FARTHEST
from .dates import TOO_FAR, DateForm, DayField


class RoomsForm(DateForm):
    """A date, rooms of one school, and a reason nobody else reads."""

    spaces = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        label=_("Salles"),
        error_messages={"required": _("Cochez au moins une salle.")},
    )
    reason = forms.CharField(
        max_length=200,
        required=False,
        label=_("Motif"),
        help_text=_("Privé : seules les personnes du lycée et la Région le lisent."),
    )

    def __init__(self, *args: Any, rooms: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms = {space.pk: space for space in rooms}
        spaces = self.fields["spaces"]
        assert isinstance(spaces, forms.TypedMultipleChoiceField)
        spaces.choices = [(pk, space.name) for pk, space in self.rooms.items()]

    @property
    def chosen(self) -> list[Space]:
        return [self.rooms[pk] for pk in self.cleaned_data["spaces"]]


class BlockForm(RoomsForm):
    """A date, or every week until a day."""

    weekdays = forms.MultipleChoiceField(
        choices=Weekday.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Les jours"),
        help_text=_("Sans rien cocher : le même jour de la semaine."),
    )
    every = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(1, _("Toutes les semaines")), (2, _("Une semaine sur deux"))],
        label=_("Rythme"),
    )
    repeat_until = DayField(label=_("Chaque semaine jusqu’au"), required=False)
    skip_holidays = forms.BooleanField(
        required=False, initial=True, label=_("Sauter les vacances scolaires et les jours fériés")
    )
    # The same form sent twice blocks once.
    series = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["periods"] = self._periods()
        return cleaned

    @property
    def plan(self) -> Plan:
        """What a valid form describes."""
        return Plan(self.chosen, self.cleaned_data["periods"], self.cleaned_data["reason"])

    @property
    def key(self) -> uuid.UUID:
        """The same form with the same content is one block; going back and changing it makes another."""
        rooms = [space.pk for space in self.chosen]
        content = json.dumps([rooms, self.cleaned_data["periods"], self.cleaned_data["reason"]], default=str)
        return uuid.uuid5(self.cleaned_data["series"], content)

    def _periods(self) -> list[Period]:
        """The date, or those of the series."""
        said = self.cleaned_data
        if said["repeat_until"] is None:
            if said["weekdays"]:
                self._refuse("repeat_until", _("Indiquez jusqu’à quand bloquer ces jours."), "no_end")
            return [said["period"]]
        if said["repeat_until"] < said["day"]:
            self._refuse("repeat_until", _("Le dernier jour vient avant le premier."), "before")
            return []
        most = settings.BLOCK_MAX_DATES
        days = list(islice(self._days(), most + 1))
        if len(days) > most:
            self._refuse("repeat_until", _("Bloquez %(most)s dates au plus : finissez plus tôt."), "too_many")
        periods = [period for day in days if (period := self._on(day))]
        if not periods:
            self._refuse("repeat_until", _("Aucune date ne tombe dans ces jours."), "no_date")
        return periods

    def _days(self) -> Iterator[dt.date]:
        said = self.cleaned_data
        weekly = Weekly(said["day"], said["repeat_until"], numbers(said["weekdays"]), said["every"] or 1)
        return weekly.days(skip=is_off if said["skip_holidays"] else None)

    def _on(self, day: dt.date) -> Period | None:
        said = self.cleaned_data
        last = day + (said["until"] - said["day"]) if said["until"] else None
        return period_on(day, said["start"], said["end"], last=last)

    def _refuse(self, name: str, message: Any, code: str) -> None:
        self.add_error(name, ValidationError(message, code, {"most": settings.BLOCK_MAX_DATES}))


class AnyDayField(DayField):
    """Gone days too: a block of several days may have begun."""

    def check(self, day: dt.date) -> None:
        if abs(day - timezone.localdate()) > FARTHEST:
            raise ValidationError(TOO_FAR, code="too_far")


class ChangeDateForm(RoomsForm):
    """Another time, other rooms or another reason for one date."""

    day = AnyDayField(label=_("Jour"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        period = cleaned.get("period")
        if period and period.end <= timezone.now():
            self.add_error("day", ValidationError(_("Ces heures sont passées."), "past"))
        return cleaned

    def moved(self, period: Period) -> Period | None:
        found: Period = self.cleaned_data["period"]
        return found


class ChangeSeriesForm(RoomsForm):
    """Other hours, rooms or reason for all dates of a series: each keeps its day."""

    day = None  # type: ignore[assignment]
    until = None  # type: ignore[assignment]

    def moved(self, period: Period) -> Period | None:
        return at_other_hours(period, self.cleaned_data["start"], self.cleaned_data["end"])


class ExcuseForm(forms.Form):
    """What the organisations of cancelled dates read."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Mot d’excuse"),
        initial=_(
            "Le lycée a besoin de la salle ce jour-là et vous prie de l’excuser. Écrivez-nous : nous cherchons une autre date avec vous."
        ),
        error_messages={"required": _("Écrivez un mot d’excuse : il sera transmis tel quel.")},
    )
