"""Inviting somebody without an account to join an organisation: a signed link by mail, for INVITATION_DAYS, once.

The link alone lets nobody in: it is taken up by an account that has proved the invited address to be its own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shareloc.web import mail

from .models import Invitation, Membership, Organisation

SALT = "shareloc.accounts.invitation"


class TooMany(ValidationError):
    """An organisation does not write to the whole town."""

    def __init__(self) -> None:
        super().__init__(
            _("Trop d’invitations attendent déjà : annulez-en une, ou attendez une réponse."), code="too_many"
        )


def invite(organisation: Organisation, *, email: str, role: str, by: Any) -> Invitation:
    """Write to that address; inviting again sends a new mail and counts the days anew. Raises TooMany."""
    address = email.strip().lower()
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        others = waiting(organisation).exclude(email=address)
        if others.count() >= settings.INVITATION_MAX:
            raise TooMany
        made, _new = Invitation.objects.update_or_create(
            organisation=organisation,
            email=address,
            defaults={"role": role, "invited_by": by, "invited_at": timezone.now()},
        )
    _build(made).send()
    return made


def waiting(organisation: Organisation) -> QuerySet[Invitation]:
    """Those that may still be taken up, oldest first."""
    return _valid().filter(organisation=organisation).order_by("invited_at", "pk")


def received(user: Any) -> QuerySet[Invitation]:
    """Those this person may take up: at an address proved to be theirs."""
    mine = EmailAddress.objects.filter(user=user, verified=True).values("email")
    return _valid().filter(email__in=mine).select_related("organisation", "invited_by")


def may_accept(user: Any, invitation: Invitation) -> bool:
    return bool(user.is_authenticated and user.is_active and received(user).filter(pk=invitation.pk).exists())


def link(invitation: Invitation) -> str:
    """The address of its page, which cannot be guessed."""
    return reverse("accounts:invitation", args=[signing.dumps(invitation.pk, salt=SALT)])


def of_link(signed: str) -> Invitation | None:
    """The invitation of a link; None once it is taken up, taken back or out of date."""
    try:
        key = signing.loads(signed, salt=SALT, max_age=_valid_for())
    except signing.BadSignature:
        return None
    return _valid().select_related("organisation", "invited_by").filter(pk=key).first()


@transaction.atomic
def accept(invitation: Invitation, *, by: Any) -> bool:
    """Make this person a member and end the invitation; False if it is not theirs or no longer there."""
    mine = received(by).select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if mine is None:
        return False
    Membership.objects.get_or_create(user=by, organisation=mine.organisation, defaults={"role": mine.role})
    mine.delete()
    return True


def forget_old() -> int:
    """Delete those nobody took up in time."""
    count, _rows = Invitation.objects.filter(invited_at__lte=timezone.now() - _valid_for()).delete()
    return count


def _valid_for() -> dt.timedelta:
    return dt.timedelta(days=settings.INVITATION_DAYS)


def _valid() -> QuerySet[Invitation]:
    return Invitation.objects.filter(invited_at__gt=timezone.now() - _valid_for())


def _build(invitation: Invitation) -> mail.CalendarMessage:
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "url": settings.SITE_URL + link(invitation),
        "until": invitation.expires_at,
    }
    return mail.build("accounts/mail/invitation", to=[invitation.email], context=context)
