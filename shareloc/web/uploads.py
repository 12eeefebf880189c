"""Uploaded and generated files: what they are by their content, names that say nothing, how they leave."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any

from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.deconstruct import deconstructible
from django.utils.http import content_disposition_header
from PIL import Image

PDF = "application/pdf"
# What files people send may be, and the ending under which each is kept and given back.
ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png"}
UNKNOWN = "application/octet-stream"
# Where a PDF's first and last words are looked for, as readers do.
EDGE = 1024


def document_type(sent: IO[bytes]) -> str | None:
    """The content type of a PDF, JPEG or PNG, judged by what it holds; None for anything else."""
    sent.seek(0)
    head = sent.read(EDGE)
    if head.startswith(b"%PDF-"):
        return PDF if b"%%EOF" in _tail(sent) else None
    sent.seek(0)
    try:
        with Image.open(sent, formats=["JPEG", "PNG"]) as image:
            image.verify()
            return Image.MIME[str(image.format)]
    # Pillow meets broken files with errors of many kinds.
    except Exception:
        return None
    finally:
        sent.seek(0)


def _tail(sent: IO[bytes]) -> bytes:
    length = sent.seek(0, 2)
    sent.seek(max(0, length - EDGE))
    tail = sent.read()
    sent.seek(0)
    return tail


# What is private is neither guessed at nor kept by browsers and proxies.
PRIVATE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def erase_with_row(model: type[models.Model], *fields: str) -> None:
    """Once a row is gone for good, its files in these fields go too; an app says so when it is ready."""

    def erase(instance: models.Model, **_signal: Any) -> None:
        for kept in (getattr(instance, field) for field in fields):
            if kept:
                transaction.on_commit(partial(kept.storage.delete, str(kept.name)))

    models.signals.post_delete.connect(
        erase, sender=model, weak=False, dispatch_uid=f"erase files of {model._meta.label}"
    )


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


def content_type_of(file: FieldFile) -> str:
    """What a file kept under one of our endings is; bytes where the ending says nothing."""
    ending = PurePosixPath(str(file.name)).suffix.removeprefix(".")
    return next((kind for kind, kept_as in ENDINGS.items() if kept_as == ending), UNKNOWN)


def attached(file: FieldFile, *, name: str, content_type: str) -> FileResponse:
    """A stored file, for whoever was permitted it: downloaded under that name, never shown in place, never shared."""
    try:
        opened = file.open("rb")
    except (ValueError, OSError) as error:  # entered without its file, or the file is gone
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=name, content_type=content_type, headers=PRIVATE)


def made(body: bytes, *, name: str, content_type: str) -> HttpResponse:
    """The same for a file made when it is asked for."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": disposition or "", **PRIVATE}
    )
