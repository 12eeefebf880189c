"""Mail from templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from shareloc.web import mail


@pytest.fixture
def templates(settings, tmp_path: Path) -> Path:
    """A folder in which a test writes the templates of its mail."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    settings.SITE_URL = "https://salles.example.org"
    (tmp_path / "letter.html").write_text(
        '{% extends "web/mail/base.html" %}{% block content %}<p>{{ name }}</p>{% endblock %}'
    )
    return tmp_path


def test_first_line_is_the_subject_and_nothing_of_the_text_is_escaped(templates: Path):
    (templates / "letter.txt").write_text("Une demande de {{ name }}\n\nBonjour,\n{{ site_url }}/salles/\n")
    message = mail.build("letter", to=["a@example.org"], context={"name": "L'Éveil & <b>Co</b>"})
    assert message.subject == "Une demande de L'Éveil & <b>Co</b>"
    assert message.body == "Bonjour,\nhttps://salles.example.org/salles/\n"
    assert message.to == ["a@example.org"]


def test_html_is_escaped_and_wears_the_common_frame(templates: Path):
    (templates / "letter.txt").write_text("Objet\n\nTexte\n")
    message = mail.build("letter", to=["a@example.org"], context={"name": "<script>"})
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "<p>&lt;script&gt;</p>" in html
    assert "<title>Objet</title>" in html
    assert "Démonstration" in html


def test_a_name_with_line_breaks_cannot_add_headers(templates: Path):
    (templates / "letter.txt").write_text("Une demande de {{ name }}\n\nTexte\n")
    message = mail.build("letter", to=["a@example.org"], context={"name": "X\r\nBcc: all@example.org"})
    assert message.subject == "Une demande de X Bcc: all@example.org"
    assert message.message()["Bcc"] is None


def test_headers_are_those_given(templates: Path):
    (templates / "letter.txt").write_text("Objet\n\nTexte\n")
    message = mail.build("letter", to=["a@example.org"], context={}, headers={"Message-ID": "<1@x>"})
    assert message.message()["Message-ID"] == "<1@x>"


def test_a_text_without_an_empty_line_is_refused(templates: Path):
    (templates / "letter.txt").write_text("Objet\nTexte\n")
    with pytest.raises(ValueError, match="empty line"):
        mail.build("letter", to=["a@example.org"], context={})
