"""When: one day and hours, a list of them, or the days of a rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shareloc.web import formats
from venues import local_time
from venues.periods import Period

from ..moments import Weekday, numbers
from ..recurrence import Weekly
from ..series import Recurrence
from ..week import FARTHEST
from .searching import ClockField, DayInput
from .series import rhythms

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"]
# Of a day further off than pages of weeks go; how far it may be asked is a problem's business.
TOO_FAR = _("Ce jour est trop lointain : vérifiez l’année.")
# The longest a single date may last.
MAX_DAYS = 62


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
        if day is not None:
            self.check(day)
        return day

    def check(self, day: dt.date) -> None:
        """Refuse a day that nobody can mean."""
        today = timezone.localdate()
        if day < today:
            raise ValidationError(_("Ce jour est passé : choisissez-en un à venir."), code="past")
        if day > today + FARTHEST:
            raise ValidationError(TOO_FAR, code="too_far")


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


def date_forms() -> type[BaseFormSet]:
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


class WeeklyForm(forms.Form):
    """The days of a rule, all at the same hours; an end at or before the start is on the next day."""

    weekdays = forms.MultipleChoiceField(
        label=_("Chaque"),
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez un jour de la semaine au moins.")},
    )
    start = ClockField(label=_("De"))
    end = ClockField(label=_("À"))
    first = DayField(label=_("À partir du"))
    until = DayField(label=_("Jusqu’au"))
    every = forms.TypedChoiceField(label=_("Rythme"), coerce=int, required=False)
    skip_holidays = forms.BooleanField(label=_("Sauter les vacances scolaires"), required=False)
    skip_public_holidays = forms.BooleanField(label=_("Sauter les jours fériés"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = self.fields["every"]
        assert isinstance(every, forms.TypedChoiceField)
        every.choices = rhythms()
        self.fields["first"].error_messages["required"] = _("Indiquez le premier jour.")
        self.fields["until"].error_messages["required"] = _("Indiquez le dernier jour.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["dates"] = self._dates()
        return cleaned

    @property
    def recurrence(self) -> Recurrence:
        """What valid fields ask for."""
        said = self.cleaned_data
        weekly = Weekly(said["first"], said["until"], numbers(said["weekdays"]), said["every"] or 1)
        return Recurrence(
            weekly, said["start"], said["end"], said["skip_holidays"], said["skip_public_holidays"]
        )

    @property
    def dates(self) -> dict[dt.date, Period]:
        """The periods of a valid form, by the day they begin on."""
        found: dict[dt.date, Period] = self.cleaned_data["dates"]
        return found

    def _dates(self) -> dict[dt.date, Period]:
        said, most = self.cleaned_data, settings.REQUEST_MAX_DATES
        if said["until"] < said["first"]:
            return self._refuse("until", "before", _("Le dernier jour vient avant le premier."))
        recurrence = self.recurrence
        days = recurrence.days(most + 1)
        if len(days) > most:
            too_many = gettext("Demandez %(most)s dates au plus : finissez plus tôt.") % {"most": most}
            return self._refuse("until", "too_many", too_many)
        if not days:
            none = _("Aucune date ne tombe dans ces jours : finissez plus tard, ou gardez les vacances.")
            return self._refuse("until", "no_date", none)
        found = {day: recurrence.on(day) for day in days}
        for day, period in found.items():
            if period is None:
                skipped = gettext(
                    "Le %(day)s, une de ces heures n’existe pas : les pendules passent de 2 h à 3 h. "
                    "Choisissez d’autres heures."
                ) % {"day": formats.day(day)}
                return self._refuse("start", "nonexistent_time", skipped)
        return {day: period for day, period in found.items() if period}

    def _refuse(self, field: str, code: str, said: Any) -> dict[dt.date, Period]:
        self.add_error(field, ValidationError(said, code))
        return {}


def weekly_fields(asked: Recurrence) -> dict[str, Any]:
    """A recurrence as the form's initial values."""
    rule = asked.weekly
    return {
        "weekdays": [Weekday.values[n] for n in rule.weekdays or (rule.first.weekday(),)],
        "start": f"{asked.start:%H:%M}",
        "end": f"{asked.end:%H:%M}",
        "first": f"{rule.first:%Y-%m-%d}",
        "until": f"{rule.until:%Y-%m-%d}",
        "every": str(rule.every),
        "skip_holidays": asked.skip_holidays,
        "skip_public_holidays": asked.skip_public_holidays,
    }
