"""Controls written by our renderer are those that Django's own templates write."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from shareloc.web.renderer import Renderer

CHOICES = [("", "—"), (1, "Gymnase <grand>"), ("Étage", [(2, "Salle « 2 »"), (3, "Salle 3")])]
HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.TextInput(), None),
        (forms.TextInput(), ""),
        (forms.TextInput({"class": "a", "required": True, "autofocus": False, "title": HOSTILE}), HOSTILE),
        (forms.NumberInput({"min": 1, "max": 2000}), 25),
        (forms.EmailInput(), "a@example.org"),
        (forms.PasswordInput(), "secret"),
        (forms.HiddenInput(), HOSTILE),
        (forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), "2026-10-22"),
        (forms.CheckboxInput(), True),
        (forms.CheckboxInput(), False),
        (forms.Select(choices=CHOICES), 3),
        (forms.Select(choices=CHOICES), HOSTILE),
        (forms.SelectMultiple(choices=CHOICES), [1, 2]),
        (forms.Textarea({"rows": 4}), HOSTILE),
        (forms.RadioSelect(choices=CHOICES[:2]), 1),
    ],
)
def test_the_same_control(widget: Any, value: Any) -> None:
    ours = widget.render("essai", value, attrs={"id": "id_essai"}, renderer=Renderer())
    theirs = widget.render("essai", value, attrs={"id": "id_essai"}, renderer=DjangoTemplates())
    assert parse_html(ours) == parse_html(theirs)
