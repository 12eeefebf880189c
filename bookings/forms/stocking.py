"""Equipment in quantities, and a room cut into parts: as far as promises allow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from venues.forms.controls import OfSchoolForm
from venues.models import EquipmentPool, Space
from venues.rooms import Part

from .. import stock

MOST_PARTS = 6


class PoolForm(OfSchoolForm):
    """What a school lends of one kind; its quantity never goes below what is promised."""

    quantity = forms.IntegerField(
        label=_("Quantité"),
        min_value=0,
        validators=[MaxValueValidator(10_000)],
        help_text=_("Baisser la quantité retire des exemplaires, jamais ceux promis à une date à venir."),
    )
    field_order = ["school", "kind", "description", "quantity", "notice_hours", "published"]

    class Meta:
        model = EquipmentPool
        fields: tuple[str, ...] = ("kind", "description", "notice_hours", "published")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["quantity"] = stock.quantity(self.instance)

    def clean_quantity(self) -> int:
        wanted: int = self.cleaned_data["quantity"]
        if self.instance.pk and wanted < (least := stock.least(self.instance)):
            raise ValidationError(stock.too_few(least), code="promised")
        return wanted

    def save(self, commit: bool = True) -> EquipmentPool:
        """With its units, if it is written at all. Raises StockError when one was promised meanwhile."""
        pool: EquipmentPool = super().save(commit)
        if commit:
            stock.set_quantity(pool, self.cleaned_data["quantity"])
        return pool


class PartForm(forms.Form):
    """One part of a divisible room; a line without a name is none."""

    name = forms.CharField(label=_("Nom"), max_length=120, required=False)
    capacity = forms.IntegerField(label=_("Nombre de places"), min_value=1, max_value=100_000, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("name") and cleaned.get("capacity") is None and "capacity" not in self.errors:
            self.add_error("capacity", _("Écrivez combien de personnes cette partie accueille."))
        if cleaned.get("capacity") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Donnez un nom à cette partie."))
        return cleaned


class BaseParts(BaseFormSet):
    def __init__(self, *args: Any, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.space = space
        for number, form in enumerate(self.forms, 1):
            for field in form.fields.values():
                field.label = _("Partie %(n)s, %(what)s") % {"n": number, "what": str(field.label).lower()}

    def parts(self) -> list[Part]:
        return [Part(**form.cleaned_data) for form in self.forms if form.cleaned_data.get("name")]

    def clean(self) -> None:
        if any(self.errors):
            return
        names = [part.name for part in self.parts()]
        if len(names) < 2:
            raise ValidationError(_("Nommez au moins deux parties."), code="too_few")
        taken = Space.objects.filter(school=self.space.school_id, name__in=names).values_list(
            "name", flat=True
        )
        twice = [name for name in names if names.count(name) > 1]
        if wrong := [*taken, *twice]:
            said = _("« %(name)s » est déjà le nom d’une salle : choisissez-en un autre.")
            raise ValidationError(said % {"name": wrong[0]}, code="taken")


PartFormSet: Any = forms.formset_factory(
    PartForm, formset=BaseParts, extra=0, max_num=MOST_PARTS, absolute_max=MOST_PARTS, validate_max=True
)


def parts_form(space: Space, data: Any = None) -> BaseParts:
    """Two halves to begin with, and two lines more."""
    half = max(1, space.capacity // 2)
    names = (_("%(room)s, moitié A"), _("%(room)s, moitié B"))
    halves = [{"name": name % {"room": space.name}, "capacity": half} for name in names]
    parts: BaseParts = PartFormSet(data, space=space, prefix="p", initial=[*halves, {}, {}])
    return parts
