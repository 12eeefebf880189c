"""Photographs people send: judged by their content, turned upright, made small, their hidden data left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import IO, NamedTuple, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from shareloc.web.uploads import ENDINGS

# What is taken, as Pillow names it.
KINDS = ("JPEG", "PNG")
# More points than any telephone's camera makes: a small file that unpacks to gigabytes.
MOST_POINTS = 100_000_000
# What is kept: enough to read a label on.
SIDE = 2000

Made = TypeVar("Made")


class Picture(NamedTuple):
    """A photograph in one size, as WebP."""

    content: bytes
    width: int
    height: int


def cleaned(sent: IO[bytes], *, size: int | None) -> ContentFile[bytes]:
    """The photograph made anew, without position, date or maker; ValidationError if it is none.

    Codes: `too_large` (PHOTO_MEGABYTES), `not_a_photo`.
    """
    said = _("Ce fichier n’est pas une photo lisible : envoyez un JPEG ou un PNG.")
    return _judged(sent, size, KINDS, _made_anew, said=said)


def shrunk(sent: IO[bytes], *, size: int | None, sides: Iterable[int]) -> list[Picture]:
    """The photograph no wider nor higher than each of `sides`, for pages: errors as in `cleaned`, WebP taken too."""
    said = _("Ce fichier n’est pas une photo lisible : envoyez un JPEG, un PNG ou un WebP.")
    wanted = list(sides)
    return _judged(sent, size, [*KINDS, "WEBP"], lambda image: _in_sizes(image, wanted), said=said)


def _judged(
    sent: IO[bytes], size: int | None, kinds: Iterable[str], make: Callable[[Image.Image], Made], *, said: str
) -> Made:
    """What `make` makes of the opened photograph, if it is one of these kinds and not too heavy."""
    if size is None or size > settings.PHOTO_MEGABYTES * 1_000_000:
        raise ValidationError(
            _("Cette photo est trop lourde : %(most)s Mo au plus."),
            code="too_large",
            params={"most": settings.PHOTO_MEGABYTES},
        )
    try:
        sent.seek(0)
        with Image.open(sent, formats=list(kinds)) as image:
            if image.width * image.height > MOST_POINTS:
                raise ValueError("too many points")
            return make(image)
    # Pillow meets broken files with errors of many kinds.
    except Exception as error:
        raise ValidationError(said, code="not_a_photo") from error


def _made_anew(image: Image.Image) -> ContentFile[bytes]:
    kind = str(image.format)
    image.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    # A new image of the same points: whatever else the file carried stays behind.
    bare = upright.convert("RGB" if kind == "JPEG" else "RGBA")
    bare.info.clear()
    kept = BytesIO()
    bare.save(kept, kind, quality=85)
    return ContentFile(kept.getvalue(), name=f"photo.{ENDINGS[Image.MIME[kind]]}")


def _in_sizes(image: Image.Image, sides: list[int]) -> list[Picture]:
    image.thumbnail((max(sides), max(sides)))
    upright = _on_white(ImageOps.exif_transpose(image))
    return [_in_size(upright, side) for side in sides]


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, and with the points alone: nothing else that the file carried."""
    seen = image.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _in_size(image: Image.Image, side: int) -> Picture:
    small = image.copy()
    small.thumbnail((side, side))
    written = BytesIO()
    small.save(written, "WEBP", quality=80)
    return Picture(written.getvalue(), *small.size)
