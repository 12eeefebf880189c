"""What a space costs, where its hourly rate does not say it all."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Organisation

from .space import Space


class PriceRule(models.Model):
    """What one kind of organisation pays for a space. Without a rule for its kind nor one for all, the hourly rate."""

    class Basis(models.TextChoices):
        HOUR = "hour", _("Par heure")
        HALF_DAY = "half_day", _("Par demi-journée")
        DAY = "day", _("Par jour")
        FLAT = "flat", _("Forfait par date")

    space = models.ForeignKey(Space, models.CASCADE, related_name="price_rules", verbose_name=_("salle"))
    organisation_kind = models.CharField(
        _("nature d’organisme"),
        max_length=20,
        choices=Organisation.Kind,
        blank=True,
        help_text=_("Vide : toutes celles qui n’ont pas leur propre tarif."),
    )
    basis = models.CharField(_("tarif"), max_length=10, choices=Basis, default=Basis.HOUR)
    amount = models.DecimalField(
        _("montant (€)"), max_digits=7, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    # A fee is the principle (CG3P L.2125-1): what is free says why.
    free_ground = models.CharField(
        _("motif de gratuité"),
        max_length=200,
        blank=True,
        help_text=_("Exigé pour un montant nul : intérêt général, association sans but lucratif…"),
    )

    class Meta:
        verbose_name = _("tarif particulier")
        verbose_name_plural = _("tarifs particuliers")
        ordering = ["space", "organisation_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "organisation_kind"],
                name="price_once_a_kind",
                violation_error_message=_("Cette salle a déjà un tarif pour cette nature d’organisme."),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0) & (models.Q(amount__gt=0) | ~models.Q(free_ground="")),
                name="price_free_says_why",
                violation_error_message=_("Un prêt gratuit dit pourquoi : écrivez le motif de gratuité."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space} – {self.get_organisation_kind_display() or self.get_basis_display()}"
