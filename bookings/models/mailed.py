"""Rows that stand for one mail each: written before it is sent, so that none goes twice."""

from __future__ import annotations

from django.db import models


class Mailed(models.Model):
    """One mail to be sent once."""

    # A worker that sends it holds it until then, so that two workers never send it both.
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
