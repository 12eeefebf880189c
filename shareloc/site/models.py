"""What visitors tell us of a page."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def outlived(self) -> FeedbackQuerySet:
        """What is older than the privacy page says."""
        return self.filter(created_at__lt=timezone.now() - dt.timedelta(days=settings.FEEDBACK_DAYS))


class Feedback(models.Model):
    """A remark about one page. Who wrote it is known only if they left an address."""

    page = models.CharField(_("page"), max_length=500, blank=True)
    message = models.TextField(_("remarque"), max_length=4000)
    email = models.EmailField(_("adresse électronique"), blank=True)
    created_at = models.DateTimeField(_("reçue le"), auto_now_add=True)
    handled = models.BooleanField(_("traitée"), default=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("remarque")
        verbose_name_plural = _("remarques")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at"], name="site_feedback_by_age")]

    def __str__(self) -> str:
        return f"{self.page} – {self.message[:60]}"


def forget_old_feedback() -> int:
    """Delete remarks that are older than the privacy page says; how many those were."""
    return Feedback.objects.outlived().delete()[0]
