"""A room as its manager describes it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Organisation

from ..models import Feature, PriceRule, Space
from ..models.space import DAY
from .controls import OfSchoolForm, money

# Beyond these nobody means what they typed, and sums of dates would leave the calendar.
YEAR = 365
MOST = {
    "capacity": 100_000,
    "area": 1_000_000,
    "min_minutes": 60 * DAY,
    "notice_hours": YEAR * 24,
    "horizon_days": 3 * YEAR,
    "cancellation_hours": YEAR * 24,
}


class Group(NamedTuple):
    """Fields that stand together; open where one of them needs to be looked at."""

    title: str
    fields: list[BoundField]
    is_open: bool


class SpaceForm(OfSchoolForm):
    """All that a manager says of a room. Four fields are enough; the rest has sensible values."""

    open_to = forms.MultipleChoiceField(
        label=_("Ouverte à"),
        choices=Organisation.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Rien de coché : à tous."),
    )
    features = forms.ModelMultipleChoiceField(
        Feature.objects.all(),
        label=_("Aménagements"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    essential = ("name", "kind", "capacity", "step_free")
    groups = (
        (_("Où elle est et ce qu’on y trouve"), ("location", "area", "description", "features")),
        (
            _("Durées"),
            ("min_minutes", "max_minutes", "step_minutes", "setup_minutes", "cleanup_minutes"),
        ),
        (_("Délais"), ("notice_hours", "horizon_days", "cancellation_hours")),
        (_("Conditions"), ("needs_insurance", "needs_verified", "open_to")),
    )

    class Meta:
        model = Space
        fields = [
            "name", "kind", "capacity", "step_free", "location", "area", "description", "features",
            "min_minutes", "max_minutes", "step_minutes", "setup_minutes", "cleanup_minutes",
            "notice_hours", "horizon_days", "cancellation_hours",
            "needs_insurance", "needs_verified", "open_to",
        ]  # fmt: skip
        labels = {"name": _("Nom de la salle"), "kind": _("Type de salle"), "capacity": _("Nombre de places")}
        help_texts = {
            "name": _("Comme on l’appelle au lycée : « Salle polyvalente », « Gymnase B »."),
            "capacity": _("Déclaré par le lycée, jamais calculé."),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, most in MOST.items():
            field = self.fields[name]
            field.validators.append(MaxValueValidator(most))
            field.widget.attrs["max"] = most

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        least, most = cleaned.get("min_minutes"), cleaned.get("max_minutes")
        # The database refuses it too, without naming a field.
        if least and most and most < least:
            self.add_error("max_minutes", _("La durée maximale est plus courte que la durée minimale."))
        return cleaned

    def essentials(self) -> list[BoundField]:
        return [self[name] for name in self.essential]

    def others(self) -> Iterator[Group]:
        for title, names in self.groups:
            fields = [self[name] for name in names]
            yield Group(str(title), fields, is_open=any(field.errors for field in fields))


class RatesForm(forms.ModelForm):
    class Meta:
        model = Space
        fields = ["hourly_rate", "hourly_value", "deposit"]


class PriceForm(forms.Form):
    """What one kind of organisation pays; without an amount, there is no rule for it."""

    amount = money(label=_("Montant (€)"), required=False)
    basis = forms.ChoiceField(label=_("Tarif"), choices=PriceRule.Basis.choices, initial=PriceRule.Basis.HOUR)
    free_ground = forms.CharField(label=_("Motif de gratuité"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.name = kind, name
        for field in self.fields.values():
            field.label = _("%(kind)s, %(what)s") % {"kind": name, "what": str(field.label).lower()}

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        amount, ground = cleaned.get("amount"), cleaned.get("free_ground")
        if amount == 0 and not ground:
            self.add_error("free_ground", _("Un prêt gratuit dit pourquoi : écrivez le motif de gratuité."))
        if amount is None and ground and "amount" not in self.errors:
            self.add_error("amount", _("Écrivez 0 pour un prêt gratuit, ou effacez le motif."))
        return cleaned

    @property
    def rule(self) -> PriceRule | None:
        if self.cleaned_data["amount"] is None:
            return None
        return PriceRule(organisation_kind=self.kind, **self.cleaned_data)


class PricesForm:
    """The rates of a space and its rule for each kind of organisation, valid and saved together."""

    def __init__(self, space: Space, data: Any = None) -> None:
        self.space = space
        self.rates = RatesForm(data, instance=space)
        known = {rule.organisation_kind: rule for rule in space.price_rules.all()}
        self.rules = [self._form(data, kind, name, known.get(kind)) for kind, name in self._kinds()]

    def _kinds(self) -> list[tuple[str, str]]:
        return [
            *((kind, str(name)) for kind, name in Organisation.Kind.choices),
            ("", str(_("Toutes les autres"))),
        ]

    def _form(self, data: Any, kind: str, name: str, known: PriceRule | None) -> PriceForm:
        initial = (
            {"amount": known.amount, "basis": known.basis, "free_ground": known.free_ground} if known else {}
        )
        return PriceForm(data, prefix=kind or "others", kind=kind, name=name, initial=initial)

    def is_valid(self) -> bool:
        """Every form is looked at, so that all errors are said at once."""
        return self.rates.is_bound and not self.errors

    @property
    def errors(self) -> bool:
        return bool(sum(len(form.errors) for form in (self.rates, *self.rules)))

    def add_error(self, field: str | None, error: str | ValidationError) -> None:
        self.rates.add_error(field, error)

    @transaction.atomic
    def save(self) -> None:
        Space.objects.select_for_update().get(pk=self.space.pk)
        self.space.save(update_fields=[*self.rates.fields, "changed_at"])
        self.space.price_rules.all().delete()
        rules = [rule for form in self.rules if (rule := form.rule)]
        for rule in rules:
            rule.space = self.space
        PriceRule.objects.bulk_create(rules)
