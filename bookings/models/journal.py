"""The journal: the truth of what happened, and the mail that follows from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..states import Verb
from .mailed import Mailed
from .request import BookingRequest


class Journal(models.Model):
    """One verb done to a request, written in the same transaction. Never changed afterwards."""

    request = models.ForeignKey(
        BookingRequest, models.CASCADE, related_name="journal", verbose_name=_("demande")
    )
    verb = models.CharField(_("fait"), max_length=20, choices=Verb)
    # Empty: the program itself.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    at = models.DateTimeField(_("le"))
    reason = models.CharField(_("motif"), max_length=500, blank=True)
    # Which dates, and whatever else is worth keeping: {"occurrences": [ids], …}.
    data = models.JSONField(default=dict)
    # When every mail that follows from this line had left.
    notified_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("journal")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request.reference} – {self.get_verb_display()}"

    @property
    def who(self) -> str:
        """Who did it, as both sides may read it: a name, never an address."""
        if self.actor is None:
            return "Shareloc"
        return self.actor.name or gettext("un compte sans nom")


class Delivery(Mailed):
    """One mail of one journal line to one person: written before sending, so that none goes twice."""

    journal = models.ForeignKey(Journal, models.CASCADE, related_name="deliveries")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    template = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        constraints = [models.UniqueConstraint(fields=["journal", "recipient"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.template} – {self.recipient}"
