"""Whatever somebody types, a mail keeps its shape: headers, text and HTML say what they are meant to."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest
from bookings.templatetags.mail_text import one_line, paragraphs
from tests.conftest import Mailbox

from .conftest import REFERENCE, Scene, told

pytestmark = pytest.mark.usefixtures("now")

RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"
TYPED = [
    "Judo\r\nBcc: victime@example.org\r\n\r\nVotre compte est bloqué",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "{{7*7}}{% include 'x' %}{{ settings.SECRET_KEY }}",
    f"{RIGHT_TO_LEFT}odut\N{LEFT-TO-RIGHT ISOLATE}\N{ZERO WIDTH SPACE}\N{LINE SEPARATOR}fin",
    "\"><a href='https://example.org'>",
    "%s %(count)s %%",
    "👩‍👩‍👧 L’Éveil & Cie",
    "-- \n\nShareloc",
    "\n.\r\nQUIT\r\n",
    "A" * 190,
]


class Tags(HTMLParser):
    """Counts the tags of a page, and collects where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.links: list[str] = []
        self.events: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self.events += [name for name, _value in attrs if name.startswith("on")]


def part(message: EmailMessage, kind: str) -> str:
    body: Any = message.get_body(preferencelist=(kind,))
    return body.get_content().replace("\r\n", "\n")


def rename(scene: Scene, text: str) -> None:
    """Everything that people name, named so."""
    for thing, field, length in (
        (scene.school, "name", 200),
        (scene.school, "lending_contact", 200),
        (scene.gymnasium, "name", 120),
        (scene.chairs, "description", 200),
        (scene.organisation, "name", 200),
        (scene.asker, "name", 150),
        (scene.manager, "name", 150),
        (scene.head, "name", 150),
    ):
        setattr(thing, field, text[:length])
        thing.save()


def correspondence(scene: Scene, text: str) -> None:
    """Every mail there is, in which everything that can be typed is that text."""
    rename(scene, text)
    contact = {"contact_name": text[:150], "contact_phone": text[:30]}
    values = {"purpose": text[:200], "message": (text * 60)[:10_000], **contact}
    request = scene.submit("2026-11-05", "2026-11-12", "2026-11-19", chairs=2, **values)
    first, second, _third = request.occurrences.order_by("start_at")
    workflow.approve(request, by=scene.manager, occurrences=[first.pk])
    workflow.refuse(request, by=scene.manager, occurrences=[second.pk], reason=text)
    workflow.cancel(request, by=scene.manager, occurrences=[first.pk], reason=text)
    workflow.withdraw(request, by=scene.asker, reason=text)


@pytest.fixture
def written(
    scene: Scene, work: Callable[[], None], smtp_server: Mailbox
) -> Callable[[str], list[EmailMessage]]:
    def write(text: str) -> list[EmailMessage]:
        correspondence(scene, text)
        work()
        messages = list(smtp_server.messages)
        assert all(len(to) == 1 for to in smtp_server.recipients)
        told(smtp_server)
        BookingRequest.objects.all().delete()
        return messages

    return write


@pytest.mark.parametrize("typed", TYPED)
def test_mails_keep_their_shape(written: Callable[[str], list[EmailMessage]], typed: str):
    plain, hostile = written("Texte"), written(typed)
    assert [m["To"] for m in hostile] == [m["To"] for m in plain]
    assert len(plain) == 8
    for expected, message in zip(plain, hostile, strict=True):
        assert sorted(message.keys()) == sorted(expected.keys())
        same_subject(expected, message)
        same_text(expected, message)
        same_html(expected, message)


def same_subject(expected: EmailMessage, message: EmailMessage) -> None:
    subject = message["Subject"]
    assert REFERENCE in subject
    assert not set(subject) & set("\r\n\N{LINE SEPARATOR}" + RIGHT_TO_LEFT)
    assert len(subject) < 200


def same_text(expected: EmailMessage, message: EmailMessage) -> None:
    """The same lines, and what was typed never begins one of its own."""
    expected_text, text = part(expected, "plain"), part(message, "plain")
    assert RIGHT_TO_LEFT not in text and "49" not in text.replace("R-7K2M-9QXD", "")
    ours, theirs = (unquoted(each) for each in (expected_text, text))
    assert len(theirs) == len(ours)
    assert len(text) < 6_000


def unquoted(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith("> ")]


def same_html(expected: EmailMessage, message: EmailMessage) -> None:
    html = part(message, "html")
    shape, wanted = Tags(html), Tags(part(expected, "html"))
    assert [name for name in shape.names if name != "br"] == [name for name in wanted.names if name != "br"]
    assert shape.links == wanted.links
    assert shape.events == []
    assert RIGHT_TO_LEFT not in html


def test_what_was_typed_is_readable(written: Callable[[str], list[EmailMessage]]):
    message = written("<b>L’Éveil & Cie</b> {{7*7}}")[1]
    assert "\nActivité\N{NO-BREAK SPACE}: <b>L’Éveil & Cie</b> {{7*7}}\n" in part(message, "plain")
    assert "<td>&lt;b&gt;L’Éveil &amp; Cie&lt;/b&gt; {{7*7}}</td>" in part(message, "html")


def test_lines_fit_every_mail_server(written: Callable[[str], list[EmailMessage]]):
    for message in written("A" * 200):
        assert max(len(line) for line in message.as_bytes().splitlines()) <= 998


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\r\nb\tc", "a b c"),
        ("  a   b ", "a b"),
        (f"a{RIGHT_TO_LEFT}b\N{ZERO WIDTH SPACE}c\x07", "abc"),
        ("18\N{NO-BREAK SPACE}h", "18\N{NO-BREAK SPACE}h"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("", ""),
        (12, "12"),
    ],
)
def test_one_line(typed: Any, shown: str):
    assert one_line(typed) == shown


def test_one_line_is_cut():
    assert one_line("a" * 300, 10) == "a" * 9 + "…"


def test_paragraphs():
    assert paragraphs("a\r\n\r\n b\nc") == ["a", "b", "c"]
    assert paragraphs("") == []
    (line,) = paragraphs("a" * 10_000)
    assert line.endswith(" […] La suite est sur la page de la demande.")
    assert len(line) == 1500
