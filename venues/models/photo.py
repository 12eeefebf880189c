"""Photographs of spaces, as they are shown: made smaller and without what the camera wrote into them."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shareloc.web.uploads import RandomName

from .space import Space


def new_token() -> str:
    """What a photo's address is made of: it says nothing and cannot be guessed."""
    return secrets.token_hex(16)


class SpacePhoto(models.Model):
    """One photo of a space, in two sizes. The first of a space is the one lists show."""

    LARGE, SMALL = 1600, 480

    space = models.ForeignKey(Space, models.CASCADE, related_name="photos", verbose_name=_("salle"))
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    large = models.FileField(_("fichier"), upload_to=RandomName("photos"))
    small = models.FileField(_("vignette"), upload_to=RandomName("photos"))
    width = models.PositiveSmallIntegerField(_("largeur"))
    height = models.PositiveSmallIntegerField(_("hauteur"))
    small_width = models.PositiveSmallIntegerField(_("largeur de la vignette"))
    small_height = models.PositiveSmallIntegerField(_("hauteur de la vignette"))
    alt = models.CharField(
        _("ce que montre la photo"),
        max_length=200,
        help_text=_("Lu à voix haute à qui ne la voit pas : « Salle claire, tables en U, tableau blanc »."),
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    added_at = models.DateTimeField(_("ajoutée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["space", "position"], name="photo_space_position")]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        return photo_url(self.token, self.LARGE)

    @property
    def small_url(self) -> str:
        return photo_url(self.token, self.SMALL)

    def of_size(self, size: int) -> FieldFile:
        """The file of that size; KeyError for any other."""
        return {self.LARGE: self.large, self.SMALL: self.small}[size]


def photo_url(token: str, size: int) -> str:
    return reverse("venues:photo", args=[token, size])


def cover() -> models.Subquery:
    """What a list shows of a space's first photo, or None: a column of the statement that reads the spaces."""
    first = SpacePhoto.objects.filter(space=models.OuterRef("pk")).order_by("position", "pk")
    shown: Any = JSONObject(token="token", alt="alt", width="small_width", height="small_height")
    return models.Subquery(first.values(shown=shown)[:1])
