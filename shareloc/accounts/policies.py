"""Who may see and run an organisation. One answer a question, used by pages, API and templates."""

from __future__ import annotations

from typing import Any

from .models import Membership, Organisation, OrganisationQuerySet


def _is_active(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


def _role_in(user: Any, organisation: Organisation) -> str | None:
    if not _is_active(user):
        return None
    return (
        Membership.objects.filter(user=user, organisation=organisation).values_list("role", flat=True).first()
    )


def visible_organisations(user: Any) -> OrganisationQuerySet:
    """One's own organisations; every one for the Région, which verifies them."""
    organisations = Organisation.objects.all()
    if not _is_active(user):
        return organisations.none()
    return organisations if user.is_region_officer else organisations.of(user)


def can_see_organisation(user: Any, organisation: Organisation) -> bool:
    return bool(visible_organisations(user).filter(pk=organisation.pk).exists())


def can_manage_organisation(user: Any, organisation: Organisation) -> bool:
    """Its administrators change it and its members; the Région verifies, in the administration."""
    return _role_in(user, organisation) == Membership.Role.ADMIN


def can_verify(user: Any) -> bool:
    """The Région verifies organisations."""
    return bool(_is_active(user) and user.is_region_officer)


def can_request_for(user: Any, organisation: Organisation) -> bool:
    """Every member asks in the organisation's name."""
    return _role_in(user, organisation) is not None
