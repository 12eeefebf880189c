"""Mail from templates: a text whose first line is the subject, and the same in HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template, render_to_string


def build(
    template: str, *, to: Sequence[str], context: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> EmailMultiAlternatives:
    """The message of `<template>.txt` (subject, empty line, body) and `<template>.html`, not yet sent.

    `template` is like `bookings/mail/approved`. Templates get `context` and what every mail needs:
    `site_url` (no slash at its end), `region_name`, `contact_email`, `is_demo`, `subject` in HTML.
    Raises ValueError when the text has no empty line after its first.
    """
    everything = {**ground(), **context}
    subject, body = _subject_and_body(_text(f"{template}.txt", everything), template)
    html = render_to_string(f"{template}.html", {**everything, "subject": subject})
    message = EmailMultiAlternatives(subject, body, to=list(to), headers=dict(headers or {}))
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
