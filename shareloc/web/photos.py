"""Photographs people send: judged by their content, turned upright, made small, their hidden data left out."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

# What is taken, and the ending each is kept under.
ENDINGS = {"JPEG": "jpg", "PNG": "png"}
# Content types by ending, for whoever serves what was kept.
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
# More points than any telephone's camera makes: a small file that unpacks to gigabytes.
MOST_POINTS = 100_000_000
# What is kept: enough to read a label on.
SIDE = 2000


def cleaned(sent: IO[bytes], *, size: int | None) -> ContentFile[bytes]:
    """The photograph made anew, without position, date or maker; ValidationError if it is none.

    Codes: `too_large` (PHOTO_MEGABYTES), `not_a_photo`.
    """
    if size is None or size > settings.PHOTO_MEGABYTES * 1_000_000:
        raise ValidationError(
            _("Cette photo est trop lourde : %(most)s Mo au plus."),
            code="too_large",
            params={"most": settings.PHOTO_MEGABYTES},
        )
    try:
        return _made_anew(sent)
    # Pillow meets broken files with errors of many kinds.
    except Exception as error:
        raise ValidationError(
            _("Ce fichier n’est pas une photo lisible : envoyez un JPEG ou un PNG."), code="not_a_photo"
        ) from error


def _made_anew(sent: IO[bytes]) -> ContentFile[bytes]:
    sent.seek(0)
    with Image.open(sent, formats=list(ENDINGS)) as image:
        kind = str(image.format)
        if image.width * image.height > MOST_POINTS:
            raise ValueError("too many points")
        image.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    # A new image of the same points: whatever else the file carried stays behind.
    bare = upright.convert("RGB" if kind == "JPEG" else "RGBA")
    bare.info.clear()
    kept = BytesIO()
    bare.save(kept, kind, quality=85)
    return ContentFile(kept.getvalue(), name=f"photo.{ENDINGS[kind]}")
