"""Forms about people and organisations."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shareloc.web.uploads import ENDINGS, document_type
from shareloc.web.widgets import day_input

from .models import Document, Membership, Organisation, User


class SignupForm(allauth_forms.SignupForm):
    """Sign-up with an e-mail address, a name and a password."""

    name = forms.CharField(
        label=_("Nom et prénom"),
        max_length=150,
        help_text=_("Montré aux lycées à qui vous demandez une salle."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)

    def custom_signup(self, request: Any, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        # The template has the link to a forgotten password beside the button.
        self.fields["password"].help_text = ""


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


class SetPasswordForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


class AddEmailForm(allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


LABELS = {
    "login": _("Adresse électronique"),
    "email": _("Adresse électronique"),
    "password": _("Mot de passe"),
    "password1": _("Mot de passe"),
    "password2": _("Le même mot de passe, encore une fois"),
    "remember": _("Rester connecté sur cet appareil"),
    "oldpassword": _("Mot de passe actuel"),
}
PASSWORD_HELP = _(
    "Au moins 12 caractères. Trois ou quatre mots sans rapport entre eux font un bon mot de passe."
)


def say_plainly(form: forms.Form) -> None:
    """Labels in our words instead of placeholders, which vanish as soon as one types."""
    for name, field in form.fields.items():
        field.label = LABELS.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        if name in ("login", "email"):
            field.widget.attrs.setdefault("autocomplete", "email")
    if "password1" in form.fields:
        form.fields["password1"].help_text = PASSWORD_HELP


class ProfileForm(forms.ModelForm):
    """What a person says of themselves."""

    class Meta:
        model = User
        fields = ["name", "phone"]
        labels = {"name": _("Nom et prénom"), "phone": _("Téléphone")}
        help_texts = {
            "name": _("Montré aux lycées à qui vous demandez une salle."),
            "phone": _("Pour vous joindre le jour d’un prêt."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }


class OrganisationForm(forms.ModelForm):
    """Everything about a new organisation. Numbers may be typed with spaces."""

    rna = forms.CharField(
        label=_("Numéro RNA"),
        required=False,
        max_length=20,
        help_text=_("Celui d’une association : W suivi de neuf caractères, par exemple W9T1002867."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    siret = forms.CharField(
        label=_("Numéro SIREN ou SIRET"),
        required=False,
        max_length=25,
        help_text=_("9 ou 14 chiffres. L’un des deux numéros suffit."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"}),
    )
    commitment = forms.BooleanField(
        label=_("Nous souscrivons au contrat d’engagement républicain."),
        required=False,
        help_text=_("Loi du 24 août 2021, obligatoire pour une association qui demande l’aide du public."),
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "rna", "siret", "address", "email", "phone", "purpose"]
        labels = {
            "name": _("Nom de l’organisme"),
            "kind": _("Nature"),
            "address": _("Adresse"),
            "email": _("Adresse électronique de contact"),
            "phone": _("Téléphone"),
            "purpose": _("Objet"),
        }
        help_texts = {"purpose": _("En une ou deux phrases : que faites-vous, et pour qui ?")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            "purpose": forms.Textarea(attrs={"rows": 4}),
        }

    def clean_rna(self) -> str:
        return self.cleaned_data["rna"].replace(" ", "").upper()

    def clean_siret(self) -> str:
        return "".join(self.cleaned_data["siret"].split())

    def clean_commitment(self) -> bool:
        committed: bool = self.cleaned_data["commitment"]
        if not committed and self.cleaned_data.get("kind") == Organisation.Kind.ASSOCIATION:
            raise forms.ValidationError(
                _("Une association doit souscrire au contrat d’engagement républicain : cochez la case."),
                code="commitment",
            )
        return committed


class OrganisationContactForm(forms.ModelForm):
    """What may change later. Name and numbers were verified by the Région and stay."""

    class Meta(OrganisationForm.Meta):
        fields = ["address", "email", "phone", "purpose"]


class NewMemberForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse électronique de la personne"),
        max_length=254,
        help_text=_("Sans compte Shareloc, elle reçoit une invitation par courriel."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Rôle"),
        choices=Membership.Role.choices,
        initial=Membership.Role.MEMBER,
        help_text=_("Un membre demande des salles ; un responsable gère aussi l’organisme et ses membres."),
    )


class RoleForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["role"]


class DocumentForm(forms.ModelForm):
    """One document to put on file. What the file is, its content says; its name counts for nothing."""

    kind: str
    file = forms.FileField(
        label=_("Fichier"),
        error_messages={
            "required": _("Choisissez le fichier à déposer."),
            "empty": _("Ce fichier est vide : choisissez-en un autre."),
        },
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    class Meta:
        model = Document
        fields = ["file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = {"most": settings.DOCUMENT_MEGABYTES}
        self.fields["file"].help_text = _("PDF, JPEG ou PNG, %(most)s Mo au plus.") % most

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > settings.DOCUMENT_MEGABYTES * 1_000_000:
            raise forms.ValidationError(
                _("Ce fichier est trop lourd : %(most)s Mo au plus."),
                code="too_large",
                params={"most": settings.DOCUMENT_MEGABYTES},
            )
        self.instance.content_type = document_type(sent) or ""
        if not self.instance.content_type:
            raise forms.ValidationError(
                _("Ce fichier n’est ni un PDF, ni une image JPEG ou PNG lisible : enregistrez-le en PDF."),
                code="unknown_type",
            )
        # The ending it is kept under is ours, not the sender's.
        sent.name = f"document.{ENDINGS[self.instance.content_type]}"
        self.instance.size = sent.size
        return sent

    def save(self, commit: bool = True) -> Document:
        self.instance.kind = self.kind
        saved: Document = super().save(commit)
        return saved


class InsuranceForm(DocumentForm):
    kind = Document.Kind.INSURANCE
    cover_amount = forms.IntegerField(
        label=_("Montant garanti, en euros"),
        required=False,
        min_value=1,
        max_value=10**12,
        help_text=_("Celui de la responsabilité civile, tous dommages confondus."),
    )

    class Meta(DocumentForm.Meta):
        fields = ["insurer", "policy_number", "cover_amount", "valid_from", "valid_until", "file"]
        labels = {
            "insurer": _("Assureur"),
            "policy_number": _("Numéro de contrat"),
            "valid_from": _("Valable à partir du"),
            "valid_until": _("Valable jusqu’au (inclus)"),
        }
        widgets = {"valid_from": day_input(), "valid_until": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("insurer", "policy_number", "valid_from", "valid_until"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = found.get("valid_from"), found.get("valid_until")
        if last and last < timezone.localdate():
            self.add_error(
                "valid_until",
                forms.ValidationError(
                    _("Cette attestation a expiré : déposez celle de la période en cours."), code="expired"
                ),
            )
        elif first and last and last < first:
            self.add_error(
                "valid_until",
                forms.ValidationError(_("La fin vient après le début."), code="end_before_start"),
            )
        return found


class StatutesForm(DocumentForm):
    kind = Document.Kind.STATUTES


DOCUMENT_FORMS: dict[str, type[DocumentForm]] = {
    Document.Kind.INSURANCE: InsuranceForm,
    Document.Kind.STATUTES: StatutesForm,
}
