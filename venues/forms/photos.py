"""A photo of a room, and the words for those who do not see it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..models import SpacePhoto


class AltForm(forms.ModelForm):
    class Meta:
        model = SpacePhoto
        fields = ["alt"]
        labels = {"alt": _("Ce que montre la photo")}


class PhotoForm(AltForm):
    file = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    field_order = ["file", "alt"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("JPEG, PNG ou WebP, %(n)s Mo au plus. Le lieu et la date de prise de vue sont effacés.")
        self.fields["file"].help_text = said % {"n": settings.PHOTO_MEGABYTES}
