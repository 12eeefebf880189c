"""Partials and tags: labels, help and errors linked to controls; pages that keep the address; states in words."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.test.html import parse_html

from bookings.models import Occurrence
from bookings.states import OccurrenceState


def render(source: str, **context: object) -> str:
    request = RequestFactory().get(str(context.pop("address", "/")))
    return engines["django"].from_string(source).render(context, request)


class RoomForm(forms.Form):
    name = forms.CharField(label="Nom", help_text="Celui de la porte.")
    kind = forms.ChoiceField(
        label="Type", choices=[("a", "Atelier"), ("b", "Bureau")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)
    rules = forms.BooleanField(label="J’accepte", help_text="Le règlement.")


def test_field_links_label_help_and_error_to_the_control():
    form = RoomForm({"name": ""})
    html = render('{% include "web/field.html" with field=form.name %}', form=form)
    assert '<label class="form-label" for="id_name">Nom</label>' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert described[1].split() == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html


def test_field_without_error_is_not_invalid():
    html = render('{% include "web/field.html" with field=form.name %}', form=RoomForm())
    assert "aria-invalid" not in html
    assert "_error" not in html


def test_optional_fields_say_so():
    assert "(facultatif)" in render('{% include "web/field.html" with field=form.note %}', form=RoomForm())
    plain = render('{% include "web/field.html" with field=form.note plain=True %}', form=RoomForm())
    assert "(facultatif)" not in plain


def test_choices_are_a_fieldset_whose_labels_lead_to_them():
    html = render('{% include "web/field.html" with field=form.kind %}', form=RoomForm())
    assert "<legend>Type</legend>" in html
    assert (
        re.findall(r'for="(id_kind_\d)"', html)
        == re.findall(r'id="(id_kind_\d)"', html)
        == ["id_kind_0", "id_kind_1"]
    )


def test_error_summary_leads_to_every_field():
    form = RoomForm({})
    html = render('{% include "web/error_summary.html" %}{{ form.as_div }}', form=form)
    assert re.findall(r'href="#([^"]+)"', html) == ["id_name", "id_kind_0", "id_rules"]
    assert all(f'id="{target}"' in html for target in ("id_name", "id_kind_0", "id_rules"))
    assert 'tabindex="-1"' in html


def test_no_summary_without_errors():
    assert render('{% include "web/error_summary.html" %}', form=RoomForm()).strip() == ""


def test_pagination_keeps_the_rest_of_the_address():
    page = Paginator(range(100), 10).page(5)
    html = render(
        '{% include "web/pagination.html" %}',
        page=page,
        address="/salles/?q=Lille&page=5&features=piano&features=stage",
    )
    links = re.findall(r'<a[^>]*href="([^"]+)"', html)
    assert links[0] == "?q=Lille&amp;page=4&amp;features=piano&amp;features=stage"
    assert links[-1] == "?q=Lille&amp;page=6&amp;features=piano&amp;features=stage"
    assert re.findall(r'aria-current="page">.*?</span>(\d+)</a>', html) == ["5"]
    assert html.count("…") == 2


def test_one_page_needs_no_pagination():
    page = Paginator(range(3), 10).page(1)
    assert render('{% include "web/pagination.html" %}', page=page).strip() == ""


def test_a_state_is_a_word_and_an_icon():
    date = Occurrence(state=OccurrenceState.APPROVED)
    html = render("{% state_badge date %}", date=date)
    assert "<span>Acceptée</span>" in html
    assert "#check-circle-fill" in html
    assert "tone-free" in html


def test_icons_are_silent_unless_named():
    assert 'aria-hidden="true"' in render('{% icon "search" %}')
    named = render('{% icon "search" "Chercher" %}')
    assert 'role="img"' in named
    assert 'aria-label="Chercher"' in named


def test_unknown_kind_gets_a_door():
    assert "kinds.svg#other" in render('{% pictogram "cave" %}')
    assert "kinds.svg#gymnasium" in render('{% pictogram "gymnasium" %}')


def test_day_strip_cuts_at_its_hours():
    html = render(
        "{% day_strip segments 8 20 'Libre de 18 à 20 h' %}",
        segments=[(0, 540, "closed"), (1080, 1440, "free"), (1260, 1320, "taken")],
    )
    assert 'viewBox="0 0 720 40"' in html
    assert re.findall(r'class="strip-(closed|free|taken)" x="(\d+)" y="0" width="(\d+)"', html) == [
        ("closed", "0", "60"),
        ("free", "600", "120"),
    ]


def test_breadcrumbs_and_steps():
    html = render(
        '{% include "web/breadcrumbs.html" with crumb1="Salles" url1="/salles/" current="Gymnase" %}'
    )
    assert '<a href="/salles/">Salles</a>' in html
    assert '<li aria-current="page">Gymnase</li>' in html
    steps = [
        {"label": "Envoyée", "state": "done"},
        {"label": "Réponse", "state": "current", "detail": "avant le 9"},
    ]
    html = render('{% include "web/steps.html" %}', steps=steps)
    assert html.count('aria-current="step"') == 1
    assert "– fait" in html
    assert "– en cours" in html


def test_title_says_error_first():
    page = '{% extends "web/base.html" %}{% block title %}Demande{% endblock %}'
    assert "<title>Demande – Shareloc</title>" in render(page, form=RoomForm())
    wrong = render(page, form=RoomForm({}))
    assert re.search(r"<title>Erreur\s: Demande – Shareloc</title>", wrong)
    assert re.search(r"<title>Erreur\s: ", render(page, has_errors=True))


def test_messages_are_announced():
    good = SimpleNamespace(level_tag="success", __str__=lambda self: "ok")
    html = render('{% include "web/messages.html" %}', messages=[good])
    assert 'role="status"' in html
    bad = SimpleNamespace(level_tag="error")
    assert 'role="alert"' in render('{% include "web/messages.html" %}', messages=[bad])


class HoursForm(forms.Form):
    start = forms.TimeField(label="Lundi, début", required=False, help_text="Par exemple 18:00")
    season = forms.ChoiceField(
        label="Lundi, période", choices=[("always", "Toujours"), ("term", "En période scolaire")]
    )


@pytest.mark.parametrize(
    "data", [None, {"start": "18:00", "season": "term"}, {"start": "tard", "season": ""}]
)
@pytest.mark.parametrize("name", ["start", "season"])
def test_a_plain_field_is_the_field_of_every_form(data: dict[str, str] | None, name: str) -> None:
    field = HoursForm(data)[name]
    plain = render('{% plain_field field "Début" %}', field=field)
    full = render('{% include "web/field.html" with label="Début" plain=True %}', field=field)
    assert parse_html(plain) == parse_html(full)
