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
from venues.periods import Period

from ..models import Occurrence
from ..workflow import DraftDate
from .asking import QuantitiesForm
from .dates import DateForm, DayField


class PlaceForm(QuantitiesForm, DateForm):
    """The day and hours of a date, its spaces and equipment; first as they are now, or at another time (`at`)."""

    spaces = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Salles"),
    )
    message = forms.CharField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=_("Message")
    )

    def __init__(
        self,
        *args: Any,
        date: Occurrence,
        choices: Iterable[Space],
        at: Period | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = _as_it_is(date, at or date.period)
        self.date, self.rooms = date, {space.pk: space for space in choices}
        spaces = self.fields["spaces"]
        assert isinstance(spaces, forms.TypedMultipleChoiceField)
        spaces.choices = [(pk, space.name) for pk, space in self.rooms.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned["spaces"] and not self.lines():
            message = (
                _("Écrivez au moins une quantité.") if not self.rooms else _("Cochez au moins une salle.")
            )
            self.add_error("spaces" if self.rooms else None, message)
        return cleaned

    @property
    def quantities(self) -> list[forms.BoundField]:
        """The fields of the equipment, in the order shown."""
        return [self[f"pool-{pool.pk}"] for pool in self.pools]

    @property
    def place(self) -> DraftDate:
        """What a valid form describes."""
        said = self.cleaned_data
        return DraftDate(said["period"], tuple(self.rooms[pk] for pk in said["spaces"]), self.lines())


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


def _as_it_is(date: Occurrence, at: Period) -> dict[str, Any]:
    start, end = timezone.localtime(at.start), timezone.localtime(at.end)
    same_night = end - start < dt.timedelta(days=1)
    return {
        "day": start.date(),
        "start": start.time(),
        "end": end.time(),
        "until": None if same_night else end.date(),
        "spaces": [space.pk for space in date.spaces.all()],
        **{f"pool-{line.pool_id}": line.quantity for line in date.equipment.all()},
    }
