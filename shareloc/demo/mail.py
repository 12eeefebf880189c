"""Keeps the demonstration's mails in a folder instead of sending them."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

# Nanoseconds since 1970, so that names sort by age; then chance, for two processes at once.
NAME = re.compile(r"\d{19}-[0-9a-f]{8}")


class FolderBackend(BaseEmailBackend):
    """Writes each message to a file of its own in DEMO_MAIL_DIR; a file is there whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder().mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _write(message.message().as_bytes())
        return len(email_messages)


def folder() -> Path:
    return Path(settings.DEMO_MAIL_DIR)


def _write(content: bytes) -> None:
    name = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
    draft = folder() / f".{name}"
    draft.write_bytes(content)
    os.replace(draft, folder() / f"{name}.eml")


@dataclass(frozen=True)
class Kept:
    """A kept mail, by the name of its file."""

    name: str
    message: ParsedMessage

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return part.get_content() if part else ""


def names() -> list[str]:
    """Names of the kept mails, newest first."""
    return sorted((file.stem for file in folder().glob("*.eml")), reverse=True)


def read(name: str, *, head_only: bool = False) -> Kept | None:
    """The mail of that name; None if there is none or the name is not one of ours.

    `head_only`: enough to list it; its body is not taken apart.
    """
    if not NAME.fullmatch(name):
        return None
    try:
        content = (folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    parser = BytesHeaderParser if head_only else BytesParser
    return Kept(name, parser(policy=policy.default).parsebytes(content))
