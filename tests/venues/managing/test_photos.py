"""Photos of rooms: read by content, made smaller, shown to those who may see the room."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shareloc.web import photos
from tests import factories
from tests.bookings.pages.reading import title, words
from tests.conftest import ROLES, Cast
from tests.factories import next_week
from venues import gallery
from venues.models import Space, SpacePhoto

ORIENTATION, CAMERA, GPS = 0x0112, 0x0110, 0x8825


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def space(cast: Cast) -> Space:
    return factories.SpaceFactory.create(school=cast.school, name="Salle 12", published=True)


def image(
    width: int = 2000, height: int = 1000, kind: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    written = io.BytesIO()
    color = {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 0), "CMYK": (0, 90, 90, 20), "P": 3, "L": 90}[mode]
    Image.new(mode, (width, height), color).save(written, kind, **options)
    return written.getvalue()


def upload(content: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def added(space: Space, alt: str = "Salle claire", **options: Any) -> SpacePhoto:
    return gallery.add(space, io.BytesIO(image(**options)), size=1, alt=alt)


def shrunk(file: io.BytesIO) -> list[photos.Picture]:
    return photos.shrunk(file, size=1, sides=(1600, 480))


def opened(picture: photos.Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


# -- what becomes of a file ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")],
)
def test_what_can_be_a_photo(kind: str, mode: str) -> None:
    large, small = shrunk(io.BytesIO(image(kind=kind, mode=mode)))
    assert (large.width, large.height, small.width, small.height) == (1600, 800, 480, 240)
    assert (opened(large).format, opened(large).size) == ("WEBP", (1600, 800))
    assert (opened(small).format, opened(small).size) == ("WEBP", (480, 240))


def test_a_small_photo_is_not_blown_up() -> None:
    large, small = shrunk(io.BytesIO(image(300, 200)))
    assert (large.width, large.height, small.width, small.height) == (300, 200, 300, 200)


def test_it_is_turned_upright_and_the_camera_forgotten() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = 6, "Appareil d’essai"
    exif.get_ifd(GPS)[1] = "N"
    large, small = shrunk(io.BytesIO(image(exif=exif)))
    assert (large.width, large.height) == (800, 1600)
    for picture in (large, small):
        assert dict(opened(picture).getexif()) == {}
        assert b"Appareil" not in picture.content and b"EXIF" not in picture.content


def test_transparency_becomes_white() -> None:
    large, _small = shrunk(io.BytesIO(image(40, 40, "PNG", "RGBA")))
    assert opened(large).convert("RGB").getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        image(60, 40)[:200],
        image(60, 40, "PNG")[:70],
        image(60, 40, "GIF"),
        image(60, 40, "TIFF"),
        b"\xff\xd8\xff\xe0" + b"\0" * 500,
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ValidationError, match="un JPEG, un PNG ou un WebP"):
        shrunk(io.BytesIO(content))


def test_a_bomb_is_refused_before_it_is_unfolded() -> None:
    """A hundred and one million points in a few kilobytes."""
    bomb = image(10_100, 10_000, "PNG", "L")
    assert len(bomb) < 200_000
    with pytest.raises(ValidationError, match="n’est pas une photo lisible"):
        shrunk(io.BytesIO(bomb))


# -- arranged by the manager --------------------------------------------------------------------


def test_a_photo_is_added(client: Client, mine: str, space: Space, media: Path) -> None:
    exif = Image.Exif()
    exif[CAMERA] = "Appareil d’essai"
    form = {"file": upload(image(exif=exif), "chez moi.jpg"), "alt": "Salle claire, tables en U"}
    response = client.post(f"{mine}salles/{space.pk}/photos/", form)
    assert response.headers["Location"] == f"{mine}salles/{space.pk}/photos/"
    photo = SpacePhoto.objects.get()
    assert (photo.space, photo.alt, photo.position) == (space, "Salle claire, tables en U", 0)
    assert (photo.width, photo.height, photo.small_width, photo.small_height) == (1600, 800, 480, 240)
    files = sorted(media.rglob("*.webp"))
    assert {file.name for file in files} == {Path(photo.large.name).name, Path(photo.small.name).name}
    assert all(len(file.stem) == 32 for file in files)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"file": upload(b"MZ\x90", "photo.jpg"), "alt": "Salle"}, "n’est pas une photo lisible"),
        ({"file": upload(image(60, 40), "photo.jpg"), "alt": ""}, "Ce que montre la photo :"),
        ({"alt": "Salle"}, "Photo :"),
        ({"file": upload(b"\0" * (1_000_001)), "alt": "Salle"}, "trop lourde : 1 Mo au plus"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    client: Client, mine: str, space: Space, media: Path, settings: Any, form: dict[str, Any], said: str
) -> None:
    settings.PHOTO_MEGABYTES = 1
    if "file" in form:
        form["file"].seek(0)
    page = client.post(f"{mine}salles/{space.pk}/photos/", form)
    assert title(page).startswith("Erreur :")
    assert said in words(page)
    assert not SpacePhoto.objects.exists()
    assert list(media.rglob("*.webp")) == []


def test_a_room_has_so_many_photos(client: Client, mine: str, space: Space, settings: Any) -> None:
    settings.PHOTO_MAX_COUNT = 1
    added(space)
    page = client.post(f"{mine}salles/{space.pk}/photos/", {"file": upload(image()), "alt": "Encore"})
    assert "supprimez-en une d’abord" in words(page)
    assert SpacePhoto.objects.count() == 1


def test_photos_are_described_put_first_and_deleted(
    client: Client, mine: str, space: Space, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first, second, third = (added(space, alt=alt) for alt in ("Entrée", "Scène", "Cour"))
    client.post(f"{mine}photos/{third.pk}/avancer/")
    assert [photo.alt for photo in space.photos.all()] == ["Cour", "Entrée", "Scène"]
    client.post(f"{mine}photos/{first.pk}/decrire/", {"alt": "Entrée de la rue"})
    assert space.photos.get(pk=first.pk).alt == "Entrée de la rue"
    assert client.post(f"{mine}photos/{first.pk}/decrire/", {"alt": ""}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{mine}photos/{second.pk}/supprimer/")
    assert [photo.alt for photo in space.photos.all()] == ["Cour", "Entrée de la rue"]
    assert len(list(media.rglob("*.webp"))) == 4


def test_files_go_with_the_room(space: Space, media: Path, django_capture_on_commit_callbacks: Any) -> None:
    added(space)
    with django_capture_on_commit_callbacks(execute=True):
        space.delete()
    assert list(media.rglob("*.webp")) == []


# -- shown --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [SpacePhoto.LARGE, SpacePhoto.SMALL])
def test_a_published_rooms_photo_is_everybodys_and_kept_by_browsers(space: Space, size: int) -> None:
    photo = added(space)
    response = Client().get(f"/photos/{photo.token}-{size}.webp")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert set(response.headers["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
    assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers.get("Vary", "")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert Image.open(io.BytesIO(content)).size == (size, size // 2)


@pytest.mark.parametrize("role", [*ROLES, "head", "caretaker"])
def test_a_hidden_rooms_photo_is_its_schools_and_the_regions(cast: Cast, space: Space, role: str) -> None:
    photo = added(space)
    Space.objects.update(published=False)
    for more in ("head", "caretaker"):
        cast.users[more] = factories.SchoolRoleFactory.create(school=cast.school, role=more).user
    response = cast.client(role).get(photo.small_url)
    if role in ("manager", "head", "caretaker", "region"):
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
        response.close()
    else:
        assert response.status_code == 404


@pytest.mark.parametrize("address", ["/photos/{}-100.webp", "/photos/{}-480.jpg", "/photos/x{}-480.webp"])
def test_no_other_address_has_a_photo(space: Space, address: str) -> None:
    assert Client().get(address.format(added(space).token)).status_code == 404


def test_a_photo_whose_file_is_gone_is_not_found(space: Space, media: Path) -> None:
    photo = added(space)
    (media / photo.small.name).unlink()
    assert Client().get(photo.small_url).status_code == 404


def test_the_rooms_page_shows_them_all_lists_the_first(cast: Cast, space: Space) -> None:
    factories.open_always(cast.school)
    first, second = added(space, alt="Salle <claire>"), added(space, alt="Cour")
    page = Client().get(f"/salles/{space.pk}/").content.decode()
    for photo in (first, second):
        assert f'<a href="{photo.get_absolute_url()}"><img src="{photo.small_url}"' in page
    assert page.count('alt="Salle &lt;claire&gt;"') == page.count('alt="Cour" loading="lazy"') == 1
    for address in (
        f"/salles/?school={cast.school.uai}&date={next_week().date()}",
        cast.school.get_absolute_url(),
    ):
        listed = Client().get(address).content.decode()
        assert (
            f'src="{first.small_url}" width="480" height="240" alt="Salle &lt;claire&gt;" loading="lazy"'
            in listed
        )
        assert second.token not in listed


def test_a_room_without_photos_shows_the_drawing_of_its_kind(space: Space) -> None:
    page = Client().get(f"/salles/{space.pk}/").content.decode()
    assert 'class="pictogram"' in page
    assert "/photos/" not in page


def test_the_api_gives_address_and_words(space: Space) -> None:
    first, second = added(space, alt="Salle claire"), added(space, alt="Cour")
    cover = {
        "url": f"http://testserver{first.small_url}",
        "alt": "Salle claire",
        "width": 480,
        "height": 240,
    }
    assert Client().get("/api/v1/spaces/").json()["results"][0]["photo"] == cover
    details = Client().get(f"/api/v1/spaces/{space.pk}/").json()
    assert details["photo"] == cover
    assert details["photos"] == [
        {
            "url": f"http://testserver{photo.get_absolute_url()}",
            "small_url": f"http://testserver{photo.small_url}",
            "alt": photo.alt,
            "width": 1600,
            "height": 800,
        }
        for photo in (first, second)
    ]


@pytest.mark.parametrize("many", [1, 8])
def test_the_manager_s_page_takes_as_many_queries_for_many_photos(
    client: Client, mine: str, space: Space, many: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    SpacePhoto.objects.bulk_create(
        SpacePhoto(space=space, width=4, height=3, small_width=4, small_height=3, alt="Salle", position=n)
        for n in range(many)
    )
    # School, room, photos.
    with django_assert_num_queries(3, own=True):
        client.get(f"{mine}salles/{space.pk}/photos/")
