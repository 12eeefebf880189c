"""What happens to organisations and their members. Each verb is one transaction; rules are kept under its lock."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Membership, Organisation, User


class LastAdmin(ValidationError):
    """An organisation without an administrator could never change anything again."""

    def __init__(self) -> None:
        super().__init__(
            _("C’est la dernière personne responsable de l’organisme : nommez-en d’abord une autre."),
            code="last_admin",
        )


@transaction.atomic
def create(organisation: Organisation, *, by: User, committed: bool) -> Organisation:
    """Save a new organisation, whose first administrator is the person who enters it."""
    organisation.commitment_signed_at = timezone.now() if committed else None
    organisation.save()
    Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.ADMIN)
    return organisation


def add_member(organisation: Organisation, *, email: str, role: str) -> bool:
    """Add the person whose verified address this is; False when there is none. An existing role stays."""
    person = User.objects.at(email)
    if person is None:
        return False
    Membership.objects.get_or_create(user=person, organisation=organisation, defaults={"role": role})
    return True


def verify(organisations: QuerySet[Organisation], *, by: Any) -> int:
    """Mark those not verified yet; the first verification stays. How many there were."""
    return organisations.filter(verified_at=None).update(verified_at=timezone.now(), verified_by=by)


def withdraw_verification(organisation: Organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(verified_at=None, verified_by=None)


@transaction.atomic
def change_role(membership: Membership, *, role: str) -> None:
    """Raises LastAdmin when nobody would be left to run the organisation."""
    _lock(membership.organisation_id)
    if role != Membership.Role.ADMIN:
        _keep_an_admin(membership)
    Membership.objects.filter(pk=membership.pk).update(role=role)


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """Raises LastAdmin when nobody would be left to run the organisation."""
    _lock(membership.organisation_id)
    _keep_an_admin(membership)
    membership.delete()


def _lock(organisation_id: int) -> None:
    """Two administrators who remove each other at once must take turns."""
    Organisation.objects.select_for_update().get(pk=organisation_id)


def _keep_an_admin(leaving: Membership) -> None:
    others = Membership.objects.filter(
        organisation=leaving.organisation_id, role=Membership.Role.ADMIN, user__is_active=True
    ).exclude(pk=leaving.pk)
    if not others.exists():
        current = Membership.objects.filter(pk=leaving.pk, role=Membership.Role.ADMIN)
        if current.exists():
            raise LastAdmin
