"""Who answers for a school. Each verb is one transaction; a school never loses its last decider here."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shareloc.accounts.models import User

from .models import School, SchoolRole


class LastDecider(ValidationError):
    """Requests to a school that nobody runs would wait for ever."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "C’est la dernière personne qui décide pour ce lycée : ajoutez d’abord celle qui prend la suite."
            ),
            code="last_decider",
        )


def add(school: School, *, email: str, role: str) -> bool:
    """Give a role to the person whose verified address this is; False when there is none."""
    person = User.objects.at(email)
    if person is None:
        return False
    SchoolRole.objects.get_or_create(user=person, school=school, role=role)
    return True


@transaction.atomic
def remove(role: SchoolRole) -> None:
    """Raises LastDecider when nobody would be left to answer requests."""
    # Two who remove each other at once take turns.
    School.objects.select_for_update().get(pk=role.school_id)
    if is_last_decider(role):
        raise LastDecider
    role.delete()


def is_last_decider(role: SchoolRole) -> bool:
    """Whether nobody else decides for the school."""
    return role.role in SchoolRole.DECIDING and not _others(role)


def has_another_role(role: SchoolRole) -> bool:
    """Whether the person keeps some right in this school without this one."""
    return SchoolRole.objects.filter(school=role.school_id, user=role.user_id).exclude(pk=role.pk).exists()


def _others(leaving: SchoolRole) -> bool:
    others = SchoolRole.objects.filter(
        school=leaving.school_id, role__in=SchoolRole.DECIDING, user__is_active=True
    )
    return others.exclude(pk=leaving.pk).exists()
