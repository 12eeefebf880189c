"""The communes of the region: what a search for a place is first compared with."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..places import fold
from .trigrams import TrigramIndex


class Commune(models.Model):
    """A commune, or the former one that is now part of it. Loaded by `load_communes`, never by hand."""

    insee_code = models.CharField(
        _("code commune (Insee)"),
        max_length=5,
        help_text=_("D’une ancienne commune : celui de la commune dont elle fait partie."),
    )
    is_former = models.BooleanField(_("ancienne commune"), default=False)
    name = models.CharField(_("nom"), max_length=100)
    department = models.CharField(_("code du département"), max_length=3)
    # Separated by blanks, each with one on both sides, so that one is found within.
    postcodes = models.CharField(_("codes postaux"), max_length=250, blank=True)
    population = models.PositiveIntegerField(_("habitants"), default=0)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    is_approximate = models.BooleanField(
        _("position approchée"),
        default=False,
        help_text=_("Celle des communes voisines : juste à quelques kilomètres près."),
    )
    folded = models.CharField(max_length=120, editable=False, db_index=True)

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["name", "insee_code"]
        constraints = [
            models.UniqueConstraint(fields=["insee_code", "name"], name="commune_once"),
        ]
        indexes = [TrigramIndex(fields=["folded"], name="venues_commune_trigrams")]

    def __str__(self) -> str:
        return f"{self.name} ({self.department})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.refresh_folded()
        super().save(*args, **kwargs)

    def refresh_folded(self) -> None:
        """Keep what is searched in step with the name; bulk writers call it themselves."""
        self.folded = fold(self.name)[:120]
