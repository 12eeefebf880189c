"""What is said on the day and afterwards: a problem, how it was, what equipment came back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from shareloc.web import photos
from venues.templatetags.lending import lent

from ..models import OccurrenceEquipment
from ..workflow import Answers, Returned

YES_NO = [("yes", _("Oui")), ("no", _("Non"))]
STARS = [
    (5, _("5 – parfait")),
    (4, _("4 – bien")),
    (3, _("3 – correct")),
    (2, _("2 – décevant")),
    (1, _("1 – mauvais")),
]
# Those about the room: of equipment lent alone nobody asks them.
QUESTIONS = ("left_clean", "left_whole", "left_closed")


class IncidentForm(forms.Form):
    """A problem, with a photograph or without."""

    text = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Que se passe-t-il ?"),
        error_messages={"required": _("Dites en quelques mots ce qui se passe.")},
    )
    photo = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        label=_("Photo"),
        help_text=_("JPEG ou PNG. Le lieu et l’heure cachés dans le fichier sont effacés."),
        error_messages={"empty": _("Ce fichier est vide : choisissez une photo.")},
    )

    def clean_photo(self) -> ContentFile[bytes] | None:
        sent = self.cleaned_data["photo"]
        return photos.cleaned(sent, size=sent.size) if sent else None


def _question(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=YES_NO,
        widget=forms.RadioSelect,
        label=label,
        error_messages={"required": _("Répondez par oui ou par non.")},
    )


class ReviewForm(forms.Form):
    """Three questions on the room, how content one is, and why."""

    left_clean = _question(_("La salle est laissée propre et rangée ?"))
    left_whole = _question(_("Rien n’est cassé, rien ne manque ?"))
    left_closed = _question(_("Lumières éteintes, fenêtres et portes fermées ?"))
    satisfaction = forms.TypedChoiceField(
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        label=_("Comment était-ce ?"),
        error_messages={"required": _("Choisissez de 1 à 5.")},
    )
    comment = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Remarques"),
        help_text=_(
            "Montrées sur la page de la salle, sans le nom de votre organisme : n’y nommez personne."
        ),
    )

    def __init__(self, *args: Any, with_room: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_room:
            for name in QUESTIONS:
                del self.fields[name]

    @property
    def answers(self) -> Answers:
        """What a valid form says."""
        said = self.cleaned_data
        asked = {name: said[name] == "yes" for name in QUESTIONS if name in said}
        return Answers(said["satisfaction"], comment=said["comment"], **asked)


class WordForm(forms.Form):
    """A word to the other side, if one wants."""

    reason = forms.CharField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=_("Un mot")
    )


class ReturnForm(forms.Form):
    """What came back of one pool."""

    quantity = forms.IntegerField(
        min_value=0,
        label=_("Rendus"),
        error_messages={
            "required": _("Écrivez combien reviennent, 0 pour aucun."),
            "invalid": _("Écrivez la quantité en chiffres."),
        },
    )
    damaged = forms.IntegerField(min_value=0, required=False, label=_("Dont abîmés"))
    condition = forms.CharField(max_length=300, required=False, label=_("État"))

    def __init__(self, data: Any, *, line: OccurrenceEquipment) -> None:
        super().__init__(data, prefix=f"materiel-{line.pool_id}", initial={"quantity": line.quantity})
        self.line = line
        for name in ("quantity", "damaged"):
            field = self.fields[name]
            assert isinstance(field, forms.IntegerField)
            field.widget.attrs["inputmode"] = "numeric"

    @property
    def legend(self) -> str:
        return lent(self.line)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        back, damaged = cleaned.get("quantity"), cleaned.get("damaged") or 0
        if back is not None and back > self.line.quantity:
            self.add_error(
                "quantity",
                _("Il n’en a été prêté que %(quantity)s.") % {"quantity": self.line.quantity},
            )
        elif back is not None and damaged > back:
            self.add_error("damaged", _("Les abîmés font partie des rendus."))
        return cleaned

    @property
    def returned(self) -> Returned:
        """What a valid form says."""
        said = self.cleaned_data
        return Returned(said["quantity"], said["damaged"] or 0, said["condition"])


class ReturnForms:
    """What came back of each pool that may come back, together."""

    def __init__(self, lines: Iterable[OccurrenceEquipment], data: Any = None) -> None:
        self.forms = [ReturnForm(data, line=line) for line in lines]

    def is_valid(self) -> bool:
        wrong = [form for form in self.forms if not form.is_valid()]
        return not wrong

    @property
    def errors(self) -> bool:
        return any(form.is_bound and form.errors for form in self.forms)

    @property
    def returned(self) -> dict[int, Returned]:
        return {form.line.pool_id: form.returned for form in self.forms}
