"""What every request asks, and how what was typed is carried from step to step in the forms themselves."""

from __future__ import annotations

import hashlib
import json
import uuid
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Organisation

from ..models import BookingRequest
from ..workflow import Draft, DraftDate

PHONE = RegexValidator(
    r"^(?=(?:\D*\d){6})[0-9+() ./-]+$", _("Indiquez un numéro de téléphone, par exemple 03 20 00 00 00.")
)
# What a browser sends beside the fields of a request.
NOT_FIELDS = ("csrfmiddlewaretoken", "action")


class WhoForm(forms.ModelForm[BookingRequest]):
    """In whose name, what for, how many, and whom to call."""

    class Meta:
        model = BookingRequest
        fields = ["organisation", "purpose", "attendees", "contact_name", "contact_phone", "message"]
        labels = {
            "organisation": _("Au nom de"),
            "purpose": _("Votre activité"),
            "attendees": _("Nombre de personnes attendues"),
            "contact_name": _("Responsable sur place"),
            "contact_phone": _("Son téléphone"),
            "message": _("Message au lycée"),
        }
        help_texts = {
            "purpose": _("En quelques mots : répétition de chorale, assemblée générale, stage de théâtre…"),
            "contact_name": _("La personne qui ouvre et referme la salle avec vous."),
            "contact_phone": _("Le lycée ne l’appelle qu’au sujet de cette demande."),
            "message": _("Ce qui aide à décider : installation, bruit, clés, ménage…"),
        }
        error_messages = {
            "organisation": {"required": _("Choisissez l’organisme qui demande.")},
            "purpose": {"required": _("Dites ce que vous voulez faire dans la salle.")},
            "attendees": {
                "required": _("Indiquez combien de personnes viendront, à peu près."),
                "invalid": _("Écrivez le nombre de personnes en chiffres."),
                "min_value": _("Il faut au moins une personne."),
            },
            "contact_name": {"required": _("Indiquez qui sera responsable sur place.")},
            "contact_phone": {"required": _("Indiquez un numéro où joindre cette personne.")},
        }
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["organisation"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = organisations
        # They are read already; of its own a field reads them again each time it is shown.
        blank = [] if chosen.empty_label is None else [("", chosen.empty_label)]
        chosen.choices = lambda: [*blank, *((one.pk, str(one)) for one in organisations)]
        self.fields["contact_name"].required = self.fields["contact_phone"].required = True
        self.fields["contact_phone"].validators.append(PHONE)
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact_phone"].widget.attrs.update({"autocomplete": "tel", "inputmode": "tel"})
        self.fields["attendees"].widget.attrs.update({"inputmode": "numeric", "min": 1})


class StepForms:
    """The forms of a request, filled from what was sent so far, judged only if `judged`."""

    def __init__(self, user: Any, raw: QueryDict, *, judged: bool) -> None:
        self.user, self.raw, self.judged = user, raw, judged
        self.nonce = (raw.get("nonce") or uuid.uuid4().hex)[:64]

    @cached_property
    def organisations(self) -> QuerySet[Organisation]:
        return Organisation.objects.of(self.user)

    @cached_property
    def who(self) -> WhoForm:
        if self.judged:
            return WhoForm(self.raw, organisations=self.organisations)
        return WhoForm(initial={**self.usual(), **self.raw.dict()}, organisations=self.organisations)

    def usual(self) -> dict[str, Any]:
        """What most people would type: their only organisation, their name, their telephone."""
        mine = [one.pk for one in self.organisations]
        return {
            "organisation": mine[0] if len(mine) == 1 else None,
            "contact_name": self.user.name,
            "contact_phone": self.user.phone,
        }

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Everything sent, to be carried to the next step in hidden fields."""
        kept = [
            (name, value) for name, values in self.raw.lists() if self.is_carried(name) for value in values
        ]
        return kept if "nonce" in self.raw else [*kept, ("nonce", self.nonce)]

    def is_carried(self, name: str) -> bool:
        return name not in NOT_FIELDS

    def draft_of(self, subject: int | str, dates: list[DraftDate], *, rule: str = "") -> Draft:
        """These dates for whom and what is said; the same forms with the same content are one request."""
        said = self.who.cleaned_data
        content = json.dumps([self.user.pk, subject, sorted(self.fields)])
        return Draft(
            organisation=said["organisation"],
            purpose=said["purpose"],
            attendees=said["attendees"],
            dates=dates,
            message=said["message"],
            contact_name=said["contact_name"],
            contact_phone=said["contact_phone"],
            rule=rule,
            idempotency_key=hashlib.sha256(content.encode()).hexdigest(),
        )
