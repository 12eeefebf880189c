"""What happened on the day: who came, what went wrong, in what state the room was left."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shareloc.web.uploads import RandomName

from .message import Message
from .request import Occurrence


class Visit(models.Model):
    """One date as its organisation lived it: made at arrival, or with the questions afterwards."""

    occurrence = models.OneToOneField(
        Occurrence, models.CASCADE, related_name="visit", verbose_name=_("date")
    )
    arrived_at = models.DateTimeField(_("arrivée"), null=True, blank=True)
    # Noted by the school: nobody came, and nobody had said so.
    missed_at = models.DateTimeField(_("absence constatée le"), null=True, blank=True)
    # The three questions on the room; empty: not answered.
    left_clean = models.BooleanField(_("laissée propre et rangée"), null=True)
    left_whole = models.BooleanField(_("rien n’est cassé ni ne manque"), null=True)
    left_closed = models.BooleanField(_("lumières éteintes, portes fermées"), null=True)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction (de 1 à 5)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    comment = models.TextField(_("remarques"), blank=True, max_length=2000)
    answered_at = models.DateTimeField(_("réponses données le"), null=True, blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(satisfaction=None) | models.Q(satisfaction__range=(1, 5)),
                name="visit_satisfaction_of_five",
            ),
            models.CheckConstraint(
                condition=models.Q(arrived_at=None) | models.Q(missed_at=None), name="visit_came_or_did_not"
            ),
        ]

    def __str__(self) -> str:
        return str(self.occurrence)


class Incident(models.Model):
    """A problem reported on a date, by either side, with a photograph or without."""

    occurrence = models.ForeignKey(
        Occurrence, models.CASCADE, related_name="incidents", verbose_name=_("date")
    )
    side = models.CharField(_("de qui"), max_length=12, choices=Message.Side)
    text = models.TextField(_("ce qui s’est passé"), max_length=2000)
    photo = models.FileField(_("photo"), upload_to=RandomName("incidents"), blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("signalé par")
    )
    reported_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("problème signalé")
        verbose_name_plural = _("problèmes signalés")
        ordering = ["reported_at", "pk"]

    def __str__(self) -> str:
        return f"{self.occurrence} – {self.reported_at:%d/%m/%Y %H:%M}"
