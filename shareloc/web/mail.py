"""Mails from templates: a text whose first line is the subject, and the same in HTML."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def build(
    template: str, *, to: list[str], context: dict[str, Any], headers: dict[str, str] | None = None
) -> EmailMultiAlternatives:
    """The mail of `<template>.txt` and `<template>.html`, ready to send."""
    context = {"site_url": settings.SITE_URL, "contact_email": settings.CONTACT_EMAIL, **context}
    subject, _blank, body = render_to_string(f"{template}.txt", context).lstrip().partition("\n")
    message = EmailMultiAlternatives(" ".join(subject.split()), body.lstrip("\n"), to=to, headers=headers)
    message.attach_alternative(render_to_string(f"{template}.html", {**context, "subject": subject}), "text/html")
    return message
