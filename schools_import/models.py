"""What was imported, when, and what it changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One applied import of the annuaire."""

    source = models.CharField(_("source"), max_length=500)
    # SHA-256 of the file as read, so that the same file is recognised.
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField(_("appliqué le"), auto_now_add=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par"),
    )
    forced = models.BooleanField(_("forcé"), default=False)
    rows_read = models.PositiveIntegerField(_("lignes lues"))
    new = models.PositiveIntegerField(_("nouveaux"))
    changed = models.PositiveIntegerField(_("modifiés"))
    gone = models.PositiveIntegerField(_("disparus"))
    refused = models.PositiveIntegerField(_("refusés"))
    # The summary as printed, so that a question years later has its answer.
    summary = models.TextField(_("résumé"))

    class Meta:
        verbose_name = _("import de l’annuaire")
        verbose_name_plural = _("imports de l’annuaire")
        ordering = ["-applied_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.applied_at:%d/%m/%Y %H:%M} – {self.source}"
