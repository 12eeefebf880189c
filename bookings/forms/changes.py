"""What was changed of single dates of a request: left out, other hours, other spaces.

Each is known by the key of its date, so that editing the series keeps what was changed of the dates it still has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues.models import Space
from venues.periods import Period

from ..series import period_asked
from ..week import FARTHEST
from .dates import MAX_DAYS, DateForm

MINUTES = "%Y-%m-%dT%H:%M"
# Names of the fields: one of the first with many values, one of the others a date.
DROP, AT, IN = "drop", "at-", "in-"
# What the page of the dates sends: which it shows, and which of them are ticked.
LISTED, KEPT = "listed", "keep"


@dataclass(frozen=True)
class AskedDate:
    """One date as it stands: what the series says of it, and what was made of it."""

    key: str
    planned: Period
    period: Period
    spaces: tuple[Space, ...]
    is_dropped: bool = False
    is_swapped: bool = False

    @property
    def is_moved(self) -> bool:
        return self.period != self.planned


def is_change(name: str) -> bool:
    """Whether a field says what was changed of single dates."""
    return name in (DROP, LISTED, KEPT) or name.startswith((AT, IN))


class Changes:
    """The changes of single dates, as the fields of a form carry them."""

    def __init__(self, raw: QueryDict) -> None:
        self.dropped = set(raw.getlist(DROP))
        if LISTED in raw:
            listed = set(str(raw[LISTED]).split())
            self.dropped = (self.dropped - listed) | (listed - set(raw.getlist(KEPT)))
        self.moved = {
            name.removeprefix(AT): period
            for name in raw
            if name.startswith(AT) and (period := read_period(str(raw[name])))
        }
        self.swapped = {
            name.removeprefix(IN): ids
            for name in raw
            if name.startswith(IN) and (ids := tuple(read_ids(str(raw[name]))))
        }

    def written_into(self, raw: QueryDict) -> QueryDict:
        """The fields with these changes in place of those they had."""
        changed = raw.copy()
        for name in filter(is_change, raw):
            del changed[name]
        if self.dropped:
            changed.setlist(DROP, sorted(self.dropped))
        for key, period in self.moved.items():
            changed[AT + key] = write_period(period)
        for key, ids in self.swapped.items():
            changed[IN + key] = ",".join(map(str, ids))
        return changed

    def forget(self, key: str) -> None:
        """Back to what the series says of that date."""
        self.dropped.discard(key)
        self.moved.pop(key, None)
        self.swapped.pop(key, None)

    def rename(self, old: str, new: str) -> None:
        """A picked date begins at another time: what else was changed of it goes with it."""
        if old in self.swapped:
            self.swapped[new] = self.swapped.pop(old)
        self.dropped.discard(old)


def write_period(period: Period) -> str:
    """`2026-11-12T18:00/2026-11-12T20:00`, local time."""
    return "/".join(f"{timezone.localtime(bound):{MINUTES}}" for bound in period)


def read_period(text: str) -> Period | None:
    """What `write_period` wrote; None for anything else, or what could not be asked for."""
    try:
        start, end = (dt.datetime.fromisoformat(part) for part in text.split("/"))
    except ValueError:
        return None
    if any(bound.tzinfo or bound.second or bound.microsecond for bound in (start, end)):
        return None
    today = timezone.localdate()
    if start.date() < today or end.date() > today + FARTHEST:
        return None
    if not start < end <= start + dt.timedelta(days=MAX_DAYS):
        return None
    return period_asked(start.date(), start.time(), end.time(), end.date())


def read_ids(text: str) -> Iterable[int]:
    """`12,14` → 12, 14; what is no number is passed over."""
    return (
        int(part)
        for part in text.split(",")[: settings.REQUEST_MAX_DATES]
        if part.isdecimal() and len(part) < 19
    )


class OneDateForm(DateForm):
    """The day, hours and spaces of one date of a series."""

    spaces = forms.TypedMultipleChoiceField(
        label=_("Salles"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une salle.")},
    )

    def __init__(self, *args: Any, rooms: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "change", **kwargs})
        spaces = self.fields["spaces"]
        assert isinstance(spaces, forms.TypedMultipleChoiceField)
        spaces.choices = [(room.pk, room.name) for room in rooms]


def as_fields(period: Period) -> dict[str, str]:
    """A period as the fields of a DateForm; its last day only where hours alone would not say it."""
    start, end = (timezone.localtime(bound) for bound in period)
    plain = period_asked(start.date(), start.time(), end.time())
    return {
        "day": f"{start:%Y-%m-%d}",
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "until": "" if plain == period else f"{end:%Y-%m-%d}",
    }
