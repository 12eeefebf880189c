"""The forms of a request: who asks and what for, its dates, and equipment to go with the space.

Everything travels in the form itself from step to step: nothing is kept on the server before the
request is sent, so that two tabs, the back button and signing in half-way lose nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Organisation
from venues import local_time
from venues.models import EquipmentPool, Space
from venues.periods import Period
from venues.templatetags.lending import pool_name

from ..models import BookingRequest
from ..problems import Line
from ..workflow import Draft, DraftDate
from .searching import ClockField, DayInput

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"]
# How many years ahead a date may be typed at all; how far it may be asked is a problem's business.
YEARS_AHEAD = 3
# The longest a single date may last.
MAX_DAYS = 62
PHONE = RegexValidator(
    r"^(?=(?:\D*\d){6})[0-9+() ./-]+$", _("Indiquez un numéro de téléphone, par exemple 03 20 00 00 00.")
)
# What a browser sends beside the fields of a request.
NOT_FIELDS = ("csrfmiddlewaretoken", "action")


class DayField(forms.DateField):
    """`2026-10-22` or `22/10/2026`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DAY_FORMATS,
            widget=DayInput(),
            error_messages={
                "required": _("Indiquez le jour."),
                "invalid": _("Écrivez le jour sous la forme 22/10/2026."),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> dt.date | None:
        day = super().clean(value)
        today = timezone.localdate()
        if day is None:
            return None
        if day < today:
            raise ValidationError(_("Ce jour est passé : choisissez-en un à venir."), code="past")
        if day > today + dt.timedelta(days=YEARS_AHEAD * 366):
            raise ValidationError(_("Ce jour est trop lointain : vérifiez l’année."), code="too_far")
        return day


class WhoForm(forms.ModelForm[BookingRequest]):
    """In whose name, what for, how many, and whom to call."""

    class Meta:
        model = BookingRequest
        fields = ["organisation", "purpose", "attendees", "contact_name", "contact_phone", "message"]
        labels = {
            "organisation": _("Au nom de"),
            "purpose": _("Votre activité"),
            "attendees": _("Nombre de personnes attendues"),
            "contact_name": _("Responsable sur place"),
            "contact_phone": _("Son téléphone"),
            "message": _("Message au lycée"),
        }
        help_texts = {
            "purpose": _("En quelques mots : répétition de chorale, assemblée générale, stage de théâtre…"),
            "contact_name": _("La personne qui ouvre et referme la salle avec vous."),
            "contact_phone": _("Le lycée ne l’appelle qu’au sujet de cette demande."),
            "message": _("Ce qui aide à décider : installation, bruit, clés, ménage…"),
        }
        error_messages = {
            "organisation": {"required": _("Choisissez l’organisme qui demande.")},
            "purpose": {"required": _("Dites ce que vous voulez faire dans la salle.")},
            "attendees": {
                "required": _("Indiquez combien de personnes viendront, à peu près."),
                "invalid": _("Écrivez le nombre de personnes en chiffres."),
                "min_value": _("Il faut au moins une personne."),
            },
            "contact_name": {"required": _("Indiquez qui sera responsable sur place.")},
            "contact_phone": {"required": _("Indiquez un numéro où joindre cette personne.")},
        }
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["organisation"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = organisations
        self.fields["contact_name"].required = self.fields["contact_phone"].required = True
        self.fields["contact_phone"].validators.append(PHONE)
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact_phone"].widget.attrs.update({"autocomplete": "tel", "inputmode": "tel"})
        self.fields["attendees"].widget.attrs.update({"inputmode": "numeric", "min": 1})


class DateForm(forms.Form):
    """One date: a day and two hours; an end at or before the start is on the next day."""

    day = DayField(label=_("Jour"))
    start = ClockField(label=_("De"))
    end = ClockField(label=_("À"))
    until = DayField(label=_("Dernier jour"), required=False)
    # Its place among the dates, as people count.
    number: int

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and cleaned.get("day"):
            cleaned["period"] = self._period(cleaned["day"], cleaned["until"])
        return cleaned

    def _period(self, day: dt.date, until: dt.date | None) -> Period | None:
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        last = until or day
        if last < day or (last - day).days > MAX_DAYS:
            self.add_error("until", _("Le dernier jour suit le premier, de deux mois au plus."))
            return None
        if last == day and end <= start:
            last = day + dt.timedelta(days=1)
        return self._existing(dt.datetime.combine(day, start), dt.datetime.combine(last, end))

    def _existing(self, start: dt.datetime, end: dt.datetime) -> Period | None:
        """The period, unless the clocks skip one of its ends."""
        tz = timezone.get_default_timezone()
        for name, moment in (("start", start), ("end", end)):
            if not local_time.exists(moment, tz):
                self.add_error(
                    name,
                    ValidationError(
                        _(
                            "Cette heure n’existe pas ce jour-là : les pendules passent de 2 h à 3 h. Choisissez-en une autre."
                        ),
                        code="nonexistent_time",
                    ),
                )
        if self.errors:
            return None
        return Period(start.replace(tzinfo=tz), end.replace(tzinfo=tz))


class DateForms(BaseFormSet[DateForm]):
    """The dates of a request. Rows left empty do not count."""

    def add_fields(self, form: DateForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.number = (index or 0) + 1

    @property
    def periods(self) -> list[Period]:
        return [form.cleaned_data["period"] for form in self.forms if form.cleaned_data.get("period")]


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
    too_many = _now("%(pool)s : ce lycée en prête %(quantity)s au plus.") % {
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


def _date_forms() -> type[BaseFormSet]:
    most = settings.REQUEST_MAX_DATES
    return formset_factory(
        DateForm,
        formset=DateForms,
        extra=0,
        min_num=1,
        max_num=most,
        validate_max=True,
        absolute_max=most,
    )


class AskForms:
    """The whole of step 1, filled from what was sent so far.

    `raw` is what a browser sent, or nothing; it is judged only if `judged`: adding a row says nothing
    of the others.
    """

    def __init__(
        self,
        space: Space,
        user: Any,
        raw: QueryDict | None = None,
        *,
        judged: bool = False,
        first: Mapping[str, str],
    ) -> None:
        self.space, self.user, self.first = space, user, first
        self.raw = raw if raw is not None else QueryDict(mutable=True)
        self.judged = judged
        self.nonce = (self.raw.get("nonce") or uuid.uuid4().hex)[:64]

    # -- the three forms ------------------------------------------------------------------------

    @cached_property
    def organisations(self) -> QuerySet[Organisation]:
        return Organisation.objects.of(self.user)

    @cached_property
    def who(self) -> WhoForm:
        if self.judged:
            return WhoForm(self.raw, organisations=self.organisations)
        return WhoForm(initial={**self._usual(), **self.raw.dict()}, organisations=self.organisations)

    @cached_property
    def dates(self) -> Any:
        forms_class = _date_forms()
        if self.judged:
            return forms_class(self.raw, prefix="dates", form_kwargs={"empty_permitted": False})
        return forms_class(prefix="dates", initial=self._rows())

    @cached_property
    def quantities(self) -> QuantitiesForm:
        owned = EquipmentPool.objects.published().filter(school=self.space.school_id)
        pools = [pool for pool in owned.select_related("kind").with_quantity() if quantity_of(pool)]
        return QuantitiesForm(self.raw if self.judged else None, initial=self.raw.dict(), pools=pools)

    def _usual(self) -> dict[str, Any]:
        """What most people would type: their only organisation, their name, their telephone."""
        mine = list(self.organisations[:2])
        return {
            "organisation": mine[0].pk if len(mine) == 1 else None,
            "contact_name": self.user.name,
            "contact_phone": self.user.phone,
            "attendees": self.first.get("capacity", ""),
        }

    def _rows(self) -> list[dict[str, str]]:
        """The dates typed so far, or the one that was pointed at."""
        if "dates-TOTAL_FORMS" not in self.raw:
            return [{name: self.first.get(key, "") for name, key in FIRST_DATE.items()}]
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
        return all([self.who.is_valid(), self.dates.is_valid(), self.quantities.is_valid()])

    def draft(self) -> Draft:
        """What valid forms ask for."""
        said = self.who.cleaned_data
        lines = self.quantities.lines()
        return Draft(
            organisation=said["organisation"],
            purpose=said["purpose"],
            attendees=said["attendees"],
            dates=[DraftDate(period, (self.space,), lines) for period in self.dates.periods],
            message=said["message"],
            contact_name=said["contact_name"],
            contact_phone=said["contact_phone"],
            idempotency_key=self._key(),
        )

    def _key(self) -> str:
        """The same form with the same content is one request; going back and changing it makes another."""
        said = json.dumps([self.user.pk, self.space.pk, sorted(self.fields)])
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Everything sent, to be carried to the next step in hidden fields."""
        kept = (
            (name, value) for name, values in self.raw.lists() if name not in NOT_FIELDS for value in values
        )
        return [*kept] if "nonce" in self.raw else [*kept, ("nonce", self.nonce)]

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


# Fields of a date, and what they are called in the address that leads to the form.
FIRST_DATE = {"day": "date", "start": "start", "end": "end", "until": "until"}
