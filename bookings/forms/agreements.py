"""Signing an agreement, and having one verified."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Larger than any agreement: a file beyond is none, and is not read.
LARGEST_FILE = 10 * 1024 * 1024


class SignForm(forms.Form):
    """Who signs, in what capacity, and that they have read it."""

    name = forms.CharField(
        max_length=100,
        label=gettext_lazy("Prénom et nom"),
        error_messages={"required": gettext_lazy("Écrivez votre prénom et votre nom.")},
    )
    capacity = forms.CharField(
        max_length=90,
        label=gettext_lazy("Qualité"),
        help_text=gettext_lazy("Par exemple présidente, trésorier, proviseur, directrice du service."),
        error_messages={"required": gettext_lazy("Écrivez en quelle qualité vous signez.")},
    )
    agreed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Cochez la case : c’est elle qui vaut signature.")}
    )

    def __init__(self, *args: Any, party: str, version: int, **kwargs: Any) -> None:
        """`party` is who is bound by it, in words."""
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = _(
            "J’ai lu la version %(version)s de la convention et je la signe au nom de : %(party)s."
        ) % {"version": version, "party": party}


class VerifyForm(forms.Form):
    """A number or a hash, as typed or copied."""

    q = forms.CharField(
        max_length=100,
        label=gettext_lazy("Numéro de la convention, ou empreinte SHA-256"),
        help_text=gettext_lazy(
            "Le numéro commence par C, par exemple C-7K2M-9QXD ; l’empreinte a 64 caractères."
        ),
        error_messages={"required": gettext_lazy("Écrivez le numéro ou l’empreinte.")},
    )


class VerifyFileForm(forms.Form):
    """A file whose hash is looked for; it is not kept."""

    file = forms.FileField(
        label=gettext_lazy("Fichier PDF de la convention"),
        help_text=gettext_lazy("Son empreinte est calculée, puis le fichier est oublié."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Ce fichier est vide : choisissez le PDF de la convention."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(
                _("Ce fichier dépasse 10 Mo : ce n’est pas une convention de Shareloc."), code="too_large"
            )
        return file
