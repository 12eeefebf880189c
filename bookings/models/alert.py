"""Alerts: questions that found nothing, kept until something answers them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .mailed import Mailed


class AlertQuerySet(models.QuerySet["Alert"]):
    def of(self, user: Any) -> AlertQuerySet:
        """This person's alerts that were not taken back, the newest first."""
        return self.filter(user=user, revoked_at__isnull=True).order_by("-created_at", "-pk")

    def active(self, *, at: dt.datetime) -> AlertQuerySet:
        """Those that still watch."""
        return self.filter(fired_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class Alert(Mailed):
    """One person's question, asked again until it finds something; then one mail, and it is over."""

    class State(models.TextChoices):
        ACTIVE = "active", _("En veille")
        FIRED = "fired", _("Salle trouvée")
        EXPIRED = "expired", _("Terminée sans résultat")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts", verbose_name=_("personne")
    )
    # The filters of the search in the API's words, always written the same way.
    query = models.CharField(_("recherche"), max_length=2000)
    label = models.CharField(_("en clair"), max_length=300)
    created_at = models.DateTimeField(_("créée le"))
    # When nothing can answer any more: the date asked is over, or too much time has passed.
    expires_at = models.DateTimeField(_("veille jusqu’au"))
    checked_at = models.DateTimeField(_("dernière recherche le"))
    fired_at = models.DateTimeField(_("une salle trouvée le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alerte")
        verbose_name_plural = _("alertes")
        indexes = [
            models.Index(
                fields=["checked_at"],
                condition=models.Q(fired_at__isnull=True, revoked_at__isnull=True),
                name="alert_watching",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def state(self, *, at: dt.datetime) -> State:
        if self.fired_at:
            return self.State.FIRED
        return self.State.ACTIVE if self.expires_at > at else self.State.EXPIRED
