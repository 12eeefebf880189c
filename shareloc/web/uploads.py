"""Uploaded and generated files: they lie under names that say nothing, and leave as downloads."""

from __future__ import annotations

import secrets
from pathlib import PurePosixPath
from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.deconstruct import deconstructible
from django.utils.http import content_disposition_header

# What is private is neither guessed at nor kept by browsers and proxies.
PRIVATE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}


@deconstructible
class RandomName:
    """An `upload_to`: `folder/<128 random bits>.<ending>`, whatever the file was called.

    The ending is kept only where it is short and plain; what a file is, its content says.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: Any, filename: str) -> str:
        ending = PurePosixPath(filename).suffix.lower()
        plain = ending[1:].isalnum() and ending.isascii() and len(ending) <= 5
        return f"{self.folder}/{secrets.token_hex(16)}{ending if plain else ''}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RandomName) and other.folder == self.folder

    __hash__ = None  # type: ignore[assignment]


def attached(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """A stored file, for whoever was permitted it: downloaded under that name, never shown in place, never shared."""
    try:
        opened = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        opened,
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers=PRIVATE,
    )


def made(body: bytes, *, name: str, content_type: str) -> HttpResponse:
    """The same for a file made when it is asked for."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": disposition or "", **PRIVATE}
    )
