"""The living page of the components: it shows all there are, and the tokens can be read, light and dark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from shareloc.demo import tokens

WEB = Path(settings.BASE_DIR) / "shareloc" / "web"
# The frame of every page, and what partials are made of.
FRAME = {
    "base.html",
    "header.html",
    "footer.html",
    "field_notes.html",
    "strip.html",
    "state_badge.html",
    "demo_tag.html",
}
CSS = """
:root { --ink: #222; --ground: #f6f1e8; --space-1: 8px; --shadow: 0 1px 2px rgb(0 0 0 / 7%); }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0ece3; }
}
"""


def style_sheet() -> str:
    return Path(str(finders.find("web/tokens.css"))).read_text(encoding="utf-8")


def test_every_partial_is_shown():
    page = (Path(settings.BASE_DIR) / "shareloc/demo/templates/demo/components.html").read_text()
    form = (WEB / "templates/web/form.html").read_text()
    shown = set(re.findall(r"\"web/([\w]+\.html)\"", page + form))
    there = {file.name for file in (WEB / "templates" / "web").glob("*.html")}
    assert there - FRAME - shown == set()


@pytest.mark.parametrize(
    ("query", "summary"), [("", False), ("?essai=1", True), ("?page=9999", False), ("?page=x", False)]
)
def test_the_form_shows_its_errors_when_it_is_tried(client: Client, db: None, query: str, summary: bool):
    html = client.get(f"/composants/{query}").content.decode()
    assert ('class="error-summary"' in html) is summary
    assert ("<title>Erreur" in html) is summary


def test_it_asks_the_database_nothing(client: Client, django_assert_num_queries: Any, db: None):
    with django_assert_num_queries(0):
        assert client.get("/composants/").status_code == 200


def test_tokens_are_read():
    read = tokens.read(CSS)
    assert read["light"]["ink"] == "#222"
    assert read["dark"] == {**read["light"], "ink": "#f0ece3"}
    assert list(tokens.colours(read)) == ["ink", "ground"]
    assert tokens.sizes(read) == [("space-1", 8)]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#fff", "#fff", 1.0),
        ("#777777", "#ffffff", 4.4),
        ("#767676", "#fff", 4.5),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float):
    assert tokens.contrast(one, other) == tokens.contrast(other, one) == ratio


def test_everything_written_can_be_read_in_both_schemes():
    failing = [
        f"{pair.above.name} sur {pair.below.name} : {pair.light} / {pair.dark}"
        for pair in tokens.pairs(tokens.read(style_sheet()))
        if not pair.passes
    ]
    assert failing == []


def test_colours_are_set_in_the_tokens_only():
    """Plain white and what is printed aside."""
    found = {
        file.name: colours
        for file in (WEB / "static" / "web").glob("*.css")
        if file.name != "tokens.css" and (colours := set(_colours(file.read_text())) - {"#fff"})
    }
    assert found == {}


def _colours(css: str) -> list[str]:
    screen = re.sub(r"url\([^)]*\)", "", css.split("@media print", maxsplit=1)[0])
    return [colour for colour in re.findall(r"#\w+\b", screen) if tokens.HEX.fullmatch(colour)]
