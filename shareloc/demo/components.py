"""The living page of the components: each partial in each of its states, and the tokens they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bookings.states import OccurrenceState, RequestState
from shareloc.web import icons, looks
from shareloc.web.widgets import clock_input, day_input
from venues.models import Space

from . import tokens


class SampleForm(forms.Form):
    """One field of each sort; sent empty, it shows every error."""

    name = forms.CharField(label=_("Nom de l’activité"), help_text=_("Tel que le lycée le lira."))
    day = forms.DateField(
        label=_("Quel jour ?"),
        widget=day_input(),
        help_text=_("Par exemple 22/10/2026."),
    )
    hour = forms.TimeField(label=_("De"), widget=clock_input())
    people = forms.IntegerField(label=_("Personnes"), min_value=1)
    space = forms.ChoiceField(
        label=_("Salle"), choices=[("", "—"), ("hall", _("Salle polyvalente")), ("gym", _("Gymnase"))]
    )
    rhythm = forms.ChoiceField(
        label=_("Rythme"),
        choices=[("once", _("Une fois")), ("weekly", _("Chaque semaine"))],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("Aménagements"),
        required=False,
        choices=[("piano", _("Piano")), ("stage", _("Scène"))],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Un mot pour le lycée"), required=False, widget=forms.Textarea)
    rules = forms.BooleanField(label=_("J’accepte le règlement"))


@dataclass(frozen=True)
class Sample:
    """Stands for a request or a date, whose state is shown."""

    state: str
    label: Any

    def get_state_display(self) -> str:
        return str(self.label)


@dataclass(frozen=True)
class Said:
    """Stands for a message of Django's."""

    level_tag: str
    text: Any

    def __str__(self) -> str:
        return str(self.text)


MESSAGES = (
    Said("success", _("Vos coordonnées sont enregistrées.")),
    Said("info", _("Le lycée répond d’ordinaire en trois jours.")),
    Said("warning", _("Deux dates sont demandées par d’autres aussi.")),
)
STEPS = (
    {"label": _("Envoyée"), "detail": _("2 octobre"), "state": "done"},
    {"label": _("Vue par le lycée"), "detail": _("3 octobre"), "state": "done"},
    {"label": _("Réponse"), "detail": _("avant le 9 octobre"), "state": "current"},
    {"label": _("Convention"), "detail": "", "state": "todo"},
)
# Minutes of a day: lessons, free, taken, free, held for somebody.
SEGMENTS = (
    (480, 1020, "lesson"), (1020, 1110, "free"), (1110, 1230, "taken"), (1230, 1290, "free"), (1290, 1350, "held"),
)  # fmt: skip
TONES = (
    ("free", "check-circle-fill", _("Libre")),
    ("wait", "hourglass-split", _("En attente")),
    ("stop", "x-circle-fill", _("Refusée")),
    ("info", "info-circle-fill", _("À savoir")),
    ("quiet", "clock-history", _("Passée")),
)


def _samples(states: Any) -> list[Sample]:
    return [Sample(state.value, state.label) for state in states]


def _tokens() -> dict[str, Any]:
    file = finders.find("web/tokens.css")
    assert isinstance(file, str)
    read = tokens.read(Path(file).read_text(encoding="utf-8"))
    return {
        "colours": tokens.colours(read).values(),
        "pairs": tokens.pairs(read),
        "sizes": tokens.sizes(read),
    }


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    tried = "essai" in request.GET
    context = {
        **_tokens(),
        "form": SampleForm(request.GET) if tried else SampleForm(),
        "tried": tried,
        "samples": _samples(RequestState) + _samples(OccurrenceState),
        "said": MESSAGES,
        "steps": STEPS,
        "stopped": ({"label": _("Refusée"), "detail": _("Conseil de classe"), "state": "stopped"},),
        "segments": SEGMENTS,
        "tones": TONES,
        "kinds": Space.Kind.choices,
        "icons": icons.ICONS,
        "slots": sorted(looks.SLOTS),
        "paged": Paginator(range(200), 10).get_page(request.GET.get("page") or 5),
    }
    return render(request, "demo/components.html", context)
