"""The search for a series as its page shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..filters import SeriesFilter
from ..filters.series import MOST_WEEKS_BETWEEN
from .searching import OnPage, offered, typed

# The form sends this one even when it is empty; a link from another search, which knows days and hours, has none.
ASKED = "until"
SEVERAL = ("weekdays", "kind", "features")


class SeriesPageFilter(OnPage, SeriesFilter):
    """Nothing is asked, nor judged, before the form was sent."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_asked = ASKED in data

    @cached_property
    def form(self) -> Any:
        """What was sent; before that the same fields, filled in and not judged."""
        if self.is_asked:
            return super().form
        sent = {name: self.data.getlist(name) if name in SEVERAL else self.data[name] for name in self.data}
        return self.get_form_class()(initial={"skip_holidays": True, **sent})

    def dress(self, form: forms.Form) -> None:
        super().dress(form)
        fields = form.fields
        fields["weekdays"].label, fields["every"].label = _("Chaque"), _("Rythme")
        fields["every"].widget = forms.Select(choices=offered(rhythms(), typed(form, "every")))
        fields["weekdays"].error_messages["required"] = _("Choisissez un jour de la semaine au moins.")
        fields["until"].error_messages["required"] = _("Indiquez le dernier jour.")


def rhythms() -> list[tuple[str, Any]]:
    """How often a series may come."""
    weekly = [("1", _("Toutes les semaines")), ("2", _("Une semaine sur deux"))]
    others = range(3, MOST_WEEKS_BETWEEN + 1)
    return [*weekly, *((str(n), _("Toutes les %(n)s semaines") % {"n": n}) for n in others)]
