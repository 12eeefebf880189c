"""Who may see and run an organisation. One answer a question, used by pages, API and templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .models import Document, Membership, Organisation, OrganisationQuerySet


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


def can_manage_organisation(user: Any, organisation: Organisation) -> bool:
    """Its administrators change it and its members; the Région verifies, in the administration."""
    return _role_in(user, organisation) == Membership.Role.ADMIN


def can_verify(user: Any) -> bool:
    """The Région verifies organisations."""
    return bool(_is_active(user) and user.is_region_officer)


def can_request_for(user: Any, organisation: Organisation) -> bool:
    """Every member asks in the organisation's name."""
    return _role_in(user, organisation) is not None


def can_deposit_for(user: Any, organisation: Organisation) -> bool:
    """Every member puts documents on file: a request must not wait for an administrator."""
    return _role_in(user, organisation) is not None


def can_remove_document(user: Any, document: Document) -> bool:
    """Replacing and taking off: the organisation's administrators, and the member who deposited it."""
    return removes_documents(user, document.organisation)(document)


def removes_documents(user: Any, organisation: Organisation) -> Callable[[Document], bool]:
    """`can_remove_document` for many documents of one organisation: one statement."""
    role = _role_in(user, organisation)
    return lambda document: (
        role == Membership.Role.ADMIN or (role is not None and document.created_by_id == user.pk)
    )
