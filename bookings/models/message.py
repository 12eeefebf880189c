"""What organisation and school write to each other about a request."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .request import BookingRequest


class Message(models.Model):
    """One message on a request. Never changed afterwards; kept as long as the request."""

    class Side(models.TextChoices):
        ORGANISATION = "organisation", _("Organisme")
        SCHOOL = "school", _("Lycée")

    request = models.ForeignKey(
        BookingRequest, models.CASCADE, related_name="messages", verbose_name=_("demande")
    )
    # The side stays known when the author's account is erased.
    side = models.CharField(_("de qui"), max_length=12, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("par")
    )
    text = models.TextField(_("message"), max_length=4000)
    sent_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.request.reference} – {self.sent_at:%d/%m/%Y %H:%M}"

    @property
    def who(self) -> str:
        """Who wrote it, as both sides may read it: a name, never an address."""
        name = self.author.name if self.author else ""
        return name or gettext("une personne de l’organisme" if self.is_of_organisation else "le lycée")

    @property
    def is_of_organisation(self) -> bool:
        return self.side == Message.Side.ORGANISATION
