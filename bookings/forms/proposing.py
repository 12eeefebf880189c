"""Another place for a date: when, in which spaces, with a word to the other side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues.local_time import instant
from venues.models import Space

from ..models import Occurrence
from ..problems import Line
from ..workflow import DraftDate
from .dates import DateForm, DayField


class PlaceForm(DateForm):
    """The day and hours of a date, and its spaces; first as they are now. Its equipment goes with it."""

    spaces = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Salles"),
    )
    message = forms.CharField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("Message")
    )

    def __init__(self, *args: Any, date: Occurrence, choices: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = _as_it_is(date)
        self.date, self.rooms = date, {space.pk: space for space in choices}
        spaces = self.fields["spaces"]
        assert isinstance(spaces, forms.TypedMultipleChoiceField)
        spaces.choices = [(pk, space.name) for pk, space in self.rooms.items()]
        spaces.required = not date.equipment.all()
        spaces.error_messages["required"] = _("Cochez au moins une salle.")

    @property
    def place(self) -> DraftDate:
        """What a valid form describes."""
        said = self.cleaned_data
        lines = tuple(Line(line.pool, line.quantity) for line in self.date.equipment.all())
        return DraftDate(said["period"], tuple(self.rooms[pk] for pk in said["spaces"]), lines)


class OfferForm(PlaceForm):
    """The school's offer, and how long it holds the room."""

    expires_on = DayField(label=_("Gardée jusqu’au"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expires_on"] = timezone.localdate() + dt.timedelta(days=settings.OFFER_DAYS)

    @property
    def expires_at(self) -> dt.datetime | None:
        """The end of that day."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        return instant(day + dt.timedelta(days=1), timezone.get_default_timezone())


def _as_it_is(date: Occurrence) -> dict[str, Any]:
    start, end = timezone.localtime(date.start_at), timezone.localtime(date.end_at)
    same_night = end - start < dt.timedelta(days=1)
    return {
        "day": start.date(),
        "start": start.time(),
        "end": end.time(),
        "until": None if same_night else end.date(),
        "spaces": [space.pk for space in date.spaces.all()],
    }
