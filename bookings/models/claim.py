"""Claims: what makes a promise exclusive."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from venues.models import School, Unit
from venues.models.columns import is_long
from venues.models.constraints import OfSchoolQuerySet, SameSchool
from venues.periods import Period

from ..constraints import NoOverlap
from .request import Occurrence


class ClaimQuerySet(OfSchoolQuerySet):
    def overlapping(self, period: Period) -> ClaimQuerySet:
        return self.filter(start_at__lt=period.end, end_at__gt=period.start)


class Claim(models.Model):
    """One unit taken for a period, buffers included. Exists only while its date is approved or offered."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="claims", verbose_name=_("unité"))
    # That of the unit: a search over some schools asks for theirs alone.
    school = models.ForeignKey(
        School, models.PROTECT, related_name="+", editable=False, verbose_name=_("lycée")
    )
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="claims", verbose_name=_("date"))
    start_at = models.DateTimeField(_("prise à partir de"))
    end_at = models.DateTimeField(_("prise jusqu’à"))

    is_long = is_long("start_at", "end_at")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("prise")
        verbose_name_plural = _("prises")
        ordering = ["start_at", "pk"]
        indexes = [
            models.Index(fields=["unit", "start_at", "end_at"], name="claim_unit_period"),
            models.Index(
                fields=["school", "is_long", "start_at", "end_at", "unit"], name="claim_school_period"
            ),
            # The few that may have begun long ago, of whatever school.
            models.Index(fields=["start_at", "end_at"], condition=models.Q(is_long=True), name="claim_long"),
        ]
        constraints = [
            SameSchool(name="claim_of_its_school", of="unit"),
            NoOverlap(name="claim_no_overlap", key="unit", start="start_at", end="end_at"),
            models.CheckConstraint(
                condition=models.Q(end_at__gt=models.F("start_at")), name="claim_not_backwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} – {self.start_at:%d/%m/%Y %H:%M}"

    @property
    def period(self) -> Period:
        return Period(self.start_at, self.end_at)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_school()
        super().save(*args, **kwargs)

    def take_school(self) -> None:
        if self.school_id is None or "unit" in self._state.fields_cache:
            self.school_id = self.unit.school_id
