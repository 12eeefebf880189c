"""The photos of a space: added, put first."""

from __future__ import annotations

from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from shareloc.web.photos import Picture, shrunk

from .models import Space, SpacePhoto

SIZES = (SpacePhoto.LARGE, SpacePhoto.SMALL)


def add(space: Space, file: IO[bytes], *, size: int | None, alt: str) -> SpacePhoto:
    """Read, shrink and keep a photo, as the space's last. ValidationError says why not."""
    large, small = shrunk(file, size=size, sides=SIZES)
    with transaction.atomic():
        Space.objects.select_for_update().get(pk=space.pk)
        return _kept(space, large, small, alt)


def _kept(space: Space, large: Picture, small: Picture, alt: str) -> SpacePhoto:
    if space.photos.count() >= settings.PHOTO_MAX_COUNT:
        said = _("Cette salle a déjà %(n)s photos : supprimez-en une d’abord.")
        raise ValidationError(said % {"n": settings.PHOTO_MAX_COUNT}, code="enough")
    last = space.photos.aggregate(last=Max("position"))["last"]
    return SpacePhoto.objects.create(
        space=space,
        large=ContentFile(large.content, "photo.webp"),
        small=ContentFile(small.content, "photo.webp"),
        width=large.width,
        height=large.height,
        small_width=small.width,
        small_height=small.height,
        alt=alt,
        position=0 if last is None else last + 1,
    )


@transaction.atomic
def put_first(photo: SpacePhoto) -> None:
    """The photo that lists show."""
    Space.objects.select_for_update().get(pk=photo.space_id)
    others = SpacePhoto.objects.filter(space=photo.space_id).exclude(pk=photo.pk)
    for position, other in enumerate(others.order_by("position", "pk"), 1):
        SpacePhoto.objects.filter(pk=other.pk).update(position=position)
    SpacePhoto.objects.filter(pk=photo.pk).update(position=0)
