"""What becomes of a photo that is sent: read by its content, turned upright, made smaller, and nothing else kept."""

from __future__ import annotations

from io import BytesIO
from typing import IO, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
# A picture of a few kilobytes can say that it is larger than any memory: no camera makes more than this.
MOST_PIXELS = 60_000_000
QUALITY = 80


class Picture(NamedTuple):
    """A photo in one size, as WebP."""

    content: bytes
    width: int
    height: int


def shrunk(file: IO[bytes], sizes: tuple[int, ...]) -> list[Picture]:
    """The photo no wider nor higher than each of `sizes`, largest first. ValidationError says why not."""
    try:
        upright = _upright(file, max(sizes))
    except ValidationError:
        raise
    # Pillow fails in as many ways as a file can be wrong.
    except Exception as error:
        raise ValidationError(
            _("Ce fichier n’est pas une photo lisible : choisissez une image JPEG, PNG ou WebP."),
            code="unreadable",
        ) from error
    return [_in_size(upright, size) for size in sizes]


def _upright(file: IO[bytes], size: int) -> Image.Image:
    file.seek(0)
    with Image.open(file, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValidationError(
                _("Cette image est trop grande : réduisez-la à moins de 60 millions de points."),
                code="too_many_pixels",
            )
        opened.thumbnail((size, size))
        return _on_white(ImageOps.exif_transpose(opened))


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, and with nothing of what came along: neither place nor camera."""
    seen = image.convert("RGBA")
    ground = Image.new("RGB", seen.size, "white")
    ground.paste(seen, mask=seen.getchannel("A"))
    return ground


def _in_size(image: Image.Image, size: int) -> Picture:
    small = image.copy()
    small.thumbnail((size, size))
    written = BytesIO()
    small.save(written, "WEBP", quality=QUALITY)
    return Picture(written.getvalue(), *small.size)
