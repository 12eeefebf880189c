"""The forms of a request: who asks and what for, its dates, and equipment to go with the space.

Everything travels in the form itself from step to step: nothing is kept on the server before the
request is sent, so that two tabs, the back button and signing in half-way lose nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shareloc.web import formats
from venues.models import EquipmentPool, Space
from venues.periods import Period
from venues.templatetags.lending import pool_name

from ..problems import Line
from ..workflow import Draft, DraftDate
from .carrying import as_series
from .changes import AskedDate, Changes, as_fields, is_change
from .dates import DateForm, WeeklyForm, date_forms
from .steps import StepForms

# How dates are asked for: by a rule, or picked by hand.
WEEKLY, PICKED = "weekly", "picked"


class QuantitiesForm(forms.Form):
    """How many of each pool of the school's equipment."""

    def __init__(self, *args: Any, pools: Iterable[EquipmentPool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pools = list(pools)
        for pool in self.pools:
            self.fields[f"pool-{pool.pk}"] = _quantity_field(pool)

    def lines(self) -> tuple[Line, ...]:
        """What was asked, in the order shown."""
        wanted = ((pool, self.cleaned_data.get(f"pool-{pool.pk}")) for pool in self.pools)
        return tuple(Line(pool, quantity) for pool, quantity in wanted if quantity)


def quantity_of(pool: EquipmentPool) -> int:
    """How many there are, of a pool loaded `with_quantity`."""
    return int(pool.quantity)  # type: ignore[attr-defined]


def _quantity_field(pool: EquipmentPool) -> forms.IntegerField:
    owned = quantity_of(pool)
    too_many = gettext("%(pool)s : ce lycée en prête %(quantity)s au plus.") % {
        "pool": pool_name(pool),
        "quantity": owned,
    }
    field = forms.IntegerField(
        label=pool_name(pool),
        required=False,
        min_value=0,
        max_value=owned,
        error_messages={
            "max_value": too_many,
            "min_value": _("Écrivez une quantité, ou laissez vide."),
            "invalid": _("Écrivez la quantité en chiffres."),
        },
    )
    field.widget.attrs["inputmode"] = "numeric"
    return field


class RoomsForm(forms.Form):
    """Other spaces of the same lycée that go with the one asked for."""

    also = forms.TypedMultipleChoiceField(
        label=_("Ajouter une autre salle du lycée"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, rooms: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        also = self.fields["also"]
        assert isinstance(also, forms.TypedMultipleChoiceField)
        also.choices = [(room.pk, _room_label(room)) for room in rooms]


def _room_label(room: Space) -> str:
    places = ngettext("%(n)s place", "%(n)s places", room.capacity) % {"n": formats.number(room.capacity)}
    return f"{room.name} ({places})"


class AskForms(StepForms):
    """The whole of step 1, filled from what was sent so far.

    `raw` is what a browser sent, or nothing; it is judged only if `judged`: adding a row says nothing
    of the others. `first` is the address that led here: it may point at a date, or at a series.
    """

    def __init__(
        self,
        space: Space,
        user: Any,
        raw: QueryDict | None = None,
        *,
        judged: bool = False,
        first: QueryDict,
    ) -> None:
        self.space, self.first = space, first
        raw = raw if raw is not None else QueryDict(mutable=True)
        self.changes = Changes(raw)
        super().__init__(user, self.changes.written_into(raw), judged=judged)

    # -- the forms ------------------------------------------------------------------------------

    @property
    def is_weekly(self) -> bool:
        """Whether a rule is asked for, or hand-picked dates."""
        return self.raw["how"] == WEEKLY if "how" in self.raw else "weekdays" in self.first

    @cached_property
    def weekly(self) -> WeeklyForm:
        if self.judged and self.is_weekly:
            return WeeklyForm(self.raw, prefix="weekly")
        return WeeklyForm(prefix="weekly", initial=self._first_rule())

    @cached_property
    def dates(self) -> Any:
        forms_class = date_forms()
        if self.judged and not self.is_weekly:
            return forms_class(self.raw, prefix="dates", form_kwargs={"empty_permitted": False})
        return forms_class(prefix="dates", initial=self._rows())

    @cached_property
    def rooms(self) -> dict[int, Space]:
        """Every space of the school that may be asked for, the one asked for first."""
        lent = Space.objects.published().filter(school=self.space.school_id).order_by("name", "pk")
        for room in lent:
            room.school = self.space.school
        return {space.pk: space for space in [self.space, *lent]}

    @cached_property
    def also(self) -> RoomsForm:
        others = [room for room in self.rooms.values() if room.pk != self.space.pk]
        initial = {"also": self.raw.getlist("also")}
        return RoomsForm(self.raw if self.judged else None, initial=initial, rooms=others)

    @cached_property
    def quantities(self) -> QuantitiesForm:
        owned = EquipmentPool.objects.published().of_school(self.space.school_id)
        pools = [pool for pool in owned if quantity_of(pool)]
        return QuantitiesForm(self.raw if self.judged else None, initial=self.raw.dict(), pools=pools)

    def usual(self) -> dict[str, Any]:
        return {**super().usual(), "attendees": self.first.get("capacity", "")}

    def _first_rule(self) -> dict[str, Any]:
        """The rule typed so far, the one that was searched, or every week from the date pointed at on."""
        if "how" in self.raw:
            return {name: _typed(self.raw, f"weekly-{name}", name) for name in WeeklyForm.base_fields}
        if "weekdays" not in self.first:
            return {"skip_holidays": True, "skip_public_holidays": True, **as_series(self.first)}
        searched = {name: _typed(self.first, name, name) for name in WeeklyForm.base_fields}
        first = searched["first"] or f"{timezone.localdate():%Y-%m-%d}"
        # `false` is a “no” to the search; as an initial value any word would tick the box.
        skips = forms.CheckboxInput().value_from_datadict(self.first, MultiValueDict(), "skip_holidays")
        return {**searched, "first": first, "skip_holidays": skips, "skip_public_holidays": skips}

    def _rows(self) -> list[dict[str, str]]:
        """The dates typed so far, or the one that was pointed at."""
        if "dates-TOTAL_FORMS" not in self.raw:
            pointed_at = {} if self.is_weekly else self.first
            return [{name: pointed_at.get(key, "") for name, key in FIRST_DATE.items()}]
        return [
            {name: self.raw.get(f"dates-{n}-{name}", "") for name in DateForm.base_fields}
            for n in range(self.row_count)
        ]

    @property
    def row_count(self) -> int:
        typed = self.raw.get("dates-TOTAL_FORMS") or ""
        return min(int(typed), settings.REQUEST_MAX_DATES) if typed.isdecimal() and len(typed) < 6 else 1

    # -- what comes of it -----------------------------------------------------------------------

    def is_valid(self) -> bool:
        self._drop_empty_rows()
        when = self.weekly if self.is_weekly else self.dates
        forms = [self.who, when, self.quantities, *([self.also] if self.adds_rooms else [])]
        valid = [form.is_valid() for form in forms]
        return all(valid)

    @property
    def spaces(self) -> tuple[Space, ...]:
        """The spaces of every date that has none of its own."""
        if not self.adds_rooms:
            return (self.space,)
        return (self.space, *(self.rooms[pk] for pk in self.also.cleaned_data["also"]))

    @property
    def adds_rooms(self) -> bool:
        """Whether other spaces go with the one asked for; without, the school's others need not be read."""
        return "also" in self.raw

    @property
    def asked_dates(self) -> list[AskedDate]:
        """Every date of valid forms with what was changed of it, in order of time."""
        dates = [self._asked(key, planned) for key, planned in self._planned().items()]
        return sorted(dates, key=lambda date: date.period)

    def _planned(self) -> dict[str, Period]:
        """What was asked for before single dates were changed, each by its key."""
        if self.is_weekly:
            return {str(day): period for day, period in self.weekly.dates.items()}
        return dict(zip(keys_of(self.dates.periods), self.dates.periods, strict=True))

    def _asked(self, key: str, planned: Period) -> AskedDate:
        own = tuple(self.rooms[pk] for pk in self.changes.swapped.get(key, ()) if pk in self.rooms)
        return AskedDate(
            key,
            planned,
            self.changes.moved.get(key, planned),
            own or self.spaces,
            is_dropped=key in self.changes.dropped,
            is_swapped=bool(own) and set(own) != set(self.spaces),
        )

    def draft(self) -> Draft:
        """What valid forms ask for; going back and changing it makes another request."""
        lines = self.quantities.lines()
        return self.draft_of(
            self.space.pk,
            [DraftDate(date.period, date.spaces, lines) for date in self.asked_dates if not date.is_dropped],
            rule=self.weekly.recurrence.weekly.text if self.is_weekly else "",
        )

    def is_carried(self, name: str) -> bool:
        return super().is_carried(name) and not name.startswith("change-")

    @property
    def change_fields(self) -> list[tuple[str, str]]:
        """What was changed of single dates, which step 1 carries but does not show."""
        return [(name, value) for name, value in self.fields if is_change(name)]

    # -- single dates ---------------------------------------------------------------------------

    def drop(self, keys: Iterable[str]) -> None:
        self.changes.dropped |= set(keys)
        self._write()

    def restore(self, key: str) -> None:
        """Back to what the series says of that date."""
        self.changes.forget(key)
        self._write()

    def move(self, key: str, period: Period) -> None:
        """That date at another time; a picked one is then picked at that time."""
        if not self.is_weekly:
            self._pick(key, period)
        elif period == self._planned().get(key):
            # What stays where the series has it goes along when the series moves.
            self.changes.moved.pop(key, None)
        else:
            self.changes.moved[key] = period
        self.changes.dropped.discard(key)
        self._write()

    def swap(self, key: str, spaces: Collection[int]) -> None:
        """That date in other spaces of the school."""
        self.changes.swapped.pop(key, None)
        if set(spaces) != {space.pk for space in self.spaces}:
            self.changes.swapped[key] = tuple(spaces)
        self.changes.dropped.discard(key)
        self._write()

    def _pick(self, key: str, period: Period) -> None:
        keys = keys_of(self.dates.periods)
        number = keys.index(key)
        rows = self._rows()
        rows[number] = as_fields(period)
        self._set_rows(rows)
        periods = [*self.dates.periods]
        periods[number] = period
        self.changes.rename(key, keys_of(periods)[number])

    def _write(self) -> None:
        """Judge again what single dates have become."""
        self.raw = self.changes.written_into(self.raw)
        if not self.is_weekly:
            del self.dates
            self.dates.is_valid()

    # -- rows -----------------------------------------------------------------------------------

    def add_row(self) -> None:
        self._set_rows([*self._rows(), dict.fromkeys(DateForm.base_fields, "")])

    def remove_row(self, number: int) -> None:
        rows = self._rows()
        self._set_rows([row for n, row in enumerate(rows) if n != number or len(rows) == 1])

    def _drop_empty_rows(self) -> None:
        rows = self._rows()
        self._set_rows([row for row in rows if any(value.strip() for value in row.values())] or rows[:1])

    def _set_rows(self, rows: list[dict[str, str]]) -> None:
        self.raw = self.raw.copy()
        for name in [name for name in self.raw if name.startswith("dates-")]:
            del self.raw[name]
        for n, row in enumerate(rows):
            for name, value in row.items():
                self.raw[f"dates-{n}-{name}"] = value
        self.raw["dates-TOTAL_FORMS"], self.raw["dates-INITIAL_FORMS"] = str(len(rows)), "0"


def keys_of(periods: Iterable[Period]) -> list[str]:
    """What picked dates are known by: when they begin; the second of two alike has a number."""
    found: list[str] = []
    for period in periods:
        key = f"{timezone.localtime(period.start):%Y-%m-%dT%H%M}"
        found.append(key if key not in found else f"{key}-{len(found)}")
    return found


def _typed(data: QueryDict, field: str, name: str) -> Any:
    """What was typed into a field; of several choices, all."""
    return data.getlist(field) if name == "weekdays" else data.get(field, "")


# Fields of a date, and what they are called in the address that leads to the form.
FIRST_DATE = {"day": "date", "start": "start", "end": "end", "until": "until"}
