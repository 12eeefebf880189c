"""Mail from templates: a text whose first line is the subject, and the same in HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation


class CalendarMessage(EmailMultiAlternatives):
    """A mail with an invitation among its alternatives, where calendars look for it, and attached."""

    def add_calendar(self, body: bytes, *, method: str, filename: str) -> None:
        """`body` is iCalendar with this METHOD."""
        self.attach_alternative(body, f"text/calendar; method={method}; charset=utf-8")
        self.attach(filename, body, "application/ics")

    def _create_mime_attachment(self, content: Any, mimetype: str) -> Any:
        """Base64 for calendars: Outlook does not read them quoted-printable."""
        if not mimetype.startswith("text/calendar"):
            return super()._create_mime_attachment(content, mimetype)  # type: ignore[misc]
        part = MIMENonMultipart("text", "calendar")
        part.replace_header("Content-Type", mimetype)
        part.set_payload(content)
        encode_base64(part)
        return part


@translation.override(settings.LANGUAGE_CODE)
def build(
    template: str, *, to: Sequence[str], context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> CalendarMessage:
    """The message of `<template>.txt` (subject, empty line, body) and `<template>.html`, not yet sent.

    `template` is like `bookings/mail/approved`. Templates get `context` and what every mail needs:
    `site_url` (no slash at its end), `region_name`, `contact_email`, `is_demo`, `subject` in HTML.
    The language is the service's, whatever the reader of the page that sends it has chosen.
    Raises ValueError when the text has no empty line after its first.
    """
    everything = {**ground(), **context}
    subject, body = _subject_and_body(_text(f"{template}.txt", everything), template)
    html = render_to_string(f"{template}.html", {**everything, "subject": subject})
    message = CalendarMessage(subject, body, to=list(to), headers=dict(headers or {}))
    message.attach_alternative(html, "text/html")
    return message


def _text(name: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, or an association called L'Éveil would read L&#x27;Éveil."""
    template: Any = get_template(name)
    return template.template.render(Context(context, autoescape=False))


def ground() -> dict[str, Any]:
    """What every mail's templates can use, without a request."""
    return {
        "site_url": settings.SITE_URL,
        "region_name": settings.REGION_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "is_demo": settings.DEMO,
    }


def _subject_and_body(text: str, template: str) -> tuple[str, str]:
    """Split at the first empty line; names with line breaks cannot reach the headers."""
    head, separator, body = text.strip().partition("\n\n")
    if not separator:
        raise ValueError(f"{template}.txt: the subject, an empty line, then the body")
    return " ".join(line.strip(" ") for line in head.splitlines()), body.strip() + "\n"
