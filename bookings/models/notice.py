"""Mails that a certificate runs out soon."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import Document

from .mailed import Mailed


class ExpiryNotice(Mailed):
    """One mail to one member about one certificate: written before sending, so that none goes twice."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="expiry_notices", verbose_name=_("pièce")
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("destinataire")
    )
    created_at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("rappel d’échéance")
        verbose_name_plural = _("rappels d’échéance")
        constraints = [
            models.UniqueConstraint(fields=["document", "recipient"], name="expiry_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document} – {self.recipient}"
