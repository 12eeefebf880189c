"""Photographs people send."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from PIL.ExifTags import Base

from shareloc.web import photos


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> BytesIO:
    """A picture, its left half red."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.save(file, kind, **options)
    return file


def made(file: BytesIO) -> Image.Image:
    return Image.open(photos.cleaned(file, size=len(file.getvalue())))


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "photo.jpg"), ("PNG", "photo.png")])
def test_keeps_what_it_is_under_a_plain_name(kind: str, name: str):
    file = photo(kind)
    kept = photos.cleaned(file, size=len(file.getvalue()))
    assert kept.name == name
    assert Image.open(kept).format == kind


def test_is_turned_upright_and_loses_position_and_maker():
    exif = Image.Exif()
    exif[Base.Make] = "Appareil d’essai"
    exif[Base.Orientation] = 6
    exif.get_ifd(0x8825)[2] = (50.0, 38.0, 0.0)
    file = photo(exif=exif.tobytes(), comment=b"chez moi")
    image = made(file)
    assert dict(image.getexif()) == {}
    assert "comment" not in image.info and "exif" not in image.info
    assert image.size == (40, 60)
    # What was on the left is on top.
    assert image.getpixel((20, 5))[0] > 200 > image.getpixel((20, 5))[1]
    assert min(image.getpixel((20, 55))) > 200


def test_a_png_loses_its_texts():
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "Une personne d’essai")
    assert "Author" not in made(photo("PNG", pnginfo=texts)).info


def test_a_large_one_is_made_smaller():
    assert made(photo(size=(5000, 2500))).size == (2000, 1000)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP"])
def test_other_kinds_are_refused_whatever_they_are_called(kind: str):
    with pytest.raises(ValidationError) as refused:
        made(photo(kind))
    assert refused.value.code == "not_a_photo"


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"<svg onload=alert(1)/>", b"\xff\xd8\xff" + b"0" * 99]
)
def test_what_is_no_picture_is_refused(content: bytes):
    with pytest.raises(ValidationError) as refused:
        made(BytesIO(content))
    assert refused.value.code == "not_a_photo"


def test_half_a_picture_is_refused():
    whole = photo(size=(600, 400)).getvalue()
    with pytest.raises(ValidationError):
        made(BytesIO(whole[: len(whole) // 2]))


def test_more_points_than_a_camera_makes_are_refused_unread(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(photos, "MOST_POINTS", 2399)
    with pytest.raises(ValidationError):
        made(photo())


def test_more_than_ten_megabytes_are_refused(settings):
    with pytest.raises(ValidationError) as refused:
        photos.cleaned(photo(), size=10_000_001)
    assert refused.value.code == "too_large"
    assert refused.value.messages == ["Cette photo est trop lourde : 10 Mo au plus."]
