"""Private addresses of calendars."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from venues.models import School, Space


class Lodge(NamedTuple):
    """A school as its lodge sees it: who comes, and whom to call."""

    school: School


class CalendarTokenQuerySet(models.QuerySet["CalendarToken"]):
    def of(self, user: Any) -> CalendarTokenQuerySet:
        return self.filter(user=user).select_related("space__school", "school").order_by("-created_at", "-pk")


class CalendarToken(models.Model):
    """One person's private address for one calendar. Only a hash of the secret is kept."""

    class Scope(models.TextChoices):
        PERSON = "person", _("Mon agenda")
        SPACE = "space", _("Une salle")
        SCHOOL = "school", _("Un lycée")
        CARETAKER = "caretaker", _("La loge d’un lycée")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_tokens")
    scope = models.CharField(_("portée"), max_length=10, choices=Scope)
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="+")
    # SHA-256 of the token, in hexadecimal.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    last_access_at = models.DateTimeField(_("dernier accès"), null=True, blank=True)

    objects = CalendarTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("adresse de calendrier")
        verbose_name_plural = _("adresses de calendrier")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(scope="person"), name="calendar_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["user", "space"], condition=models.Q(scope="space"), name="calendar_once_a_space"
            ),
            models.UniqueConstraint(
                fields=["user", "school"], condition=models.Q(scope="school"), name="calendar_once_a_school"
            ),
            models.UniqueConstraint(
                fields=["user", "school"],
                condition=models.Q(scope="caretaker"),
                name="calendar_once_a_lodge",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(scope="person", space=None, school=None)
                    | models.Q(scope="space", space__isnull=False, school=None)
                    | models.Q(scope__in=["school", "caretaker"], space=None, school__isnull=False)
                ),
                name="calendar_of_its_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} – {self.user}"
