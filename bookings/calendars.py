"""Private addresses of calendars: made, renewed, revoked, found by their secret.

The secret is shown once, to the person who made it; the database keeps its SHA-256 only. It has 192
random bits, so a plain hash cannot be turned back. Who may have which calendar is said in `policies`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import secrets
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from venues.models import School, Space

from . import policies
from .models import CalendarToken
from .models.calendar import Lodge

logger = logging.getLogger(__name__)

# How precisely the last access is kept: clients come every few minutes, and each writing costs.
ACCESS_KEPT_EVERY = dt.timedelta(minutes=5)

# No space has a longer number; the databases would refuse one beyond 63 bits.
SPACE_ID = re.compile("[0-9]{1,18}")

Subject = Space | School | Lodge | None


class Address(NamedTuple):
    """The address of a calendar, and the same in the scheme that opens a calendar program."""

    url: str
    webcal_url: str


def issue(
    user: Any, *, scope: str, space: Space | None = None, school: School | None = None
) -> tuple[CalendarToken, str]:
    """A new address and its secret. An address this person had for the same calendar dies."""
    secret = secrets.token_urlsafe(24)
    token, _made = CalendarToken.objects.update_or_create(
        user=user,
        scope=scope,
        space=space,
        school=school,
        defaults={"digest": _digest(secret), "created_at": timezone.now(), "last_access_at": None},
    )
    return token, secret


def issue_for(user: Any, subject: Subject) -> tuple[CalendarToken, str]:
    """`issue`, with the scope that goes with what the calendar is about."""
    return issue(user, scope=scope_of(subject), **_columns(subject))


def rotate(token: CalendarToken) -> tuple[CalendarToken, str]:
    """The same calendar at a new address; the old one dies."""
    return issue_for(token.user, subject_of(token))


def existing(user: Any, subject: Subject) -> CalendarToken | None:
    """The address this person already has for that calendar."""
    return CalendarToken.objects.filter(user=user, scope=scope_of(subject), **_columns(subject)).first()


def _columns(subject: Subject) -> dict[str, Any]:
    return {
        "space": subject if isinstance(subject, Space) else None,
        "school": subject.school
        if isinstance(subject, Lodge)
        else subject
        if isinstance(subject, School)
        else None,
    }


def revoke(token: CalendarToken) -> None:
    token.delete()


def find(secret: str) -> CalendarToken | None:
    """The token of this secret, if its owner may still read that calendar."""
    token = (
        CalendarToken.objects.filter(digest=_digest(secret))
        .select_related("user", "space__school", "school")
        .first()
    )
    return token if token and is_readable(token) else None


def is_readable(token: CalendarToken) -> bool:
    """Whether the owner may (still) follow what this calendar is about."""
    return policies.can_follow(token.user, subject_of(token))


# -- what a calendar is about -------------------------------------------------------------------


def asked_subject(user: Any, scope: str, ref: str) -> Subject:
    """The space (by id) or school (by UAI) that a calendar is asked for; None for one's own.

    Raises LookupError where there is none, or none this person may follow.
    """
    subject = _looked_up(scope, ref)
    if not policies.can_follow(user, subject):
        raise LookupError(ref)
    return subject


def _looked_up(scope: str, ref: str) -> Subject:
    if scope == CalendarToken.Scope.PERSON:
        return None
    found: Space | School | None = None
    if scope == CalendarToken.Scope.SPACE and SPACE_ID.fullmatch(ref):
        found = Space.objects.select_related("school").filter(pk=int(ref)).first()
    elif scope != CalendarToken.Scope.SPACE and "\0" not in ref:
        found = School.objects.filter(uai=ref.strip().upper()).first()
    if found is None:
        raise LookupError(ref)
    return Lodge(found) if scope == CalendarToken.Scope.CARETAKER and isinstance(found, School) else found


def subject_of(token: CalendarToken) -> Subject:
    if token.scope == CalendarToken.Scope.CARETAKER and token.school:
        return Lodge(token.school)
    return token.space or token.school


def scope_of(subject: Subject) -> CalendarToken.Scope:
    if isinstance(subject, Space):
        return CalendarToken.Scope.SPACE
    if isinstance(subject, Lodge):
        return CalendarToken.Scope.CARETAKER
    return CalendarToken.Scope.SCHOOL if subject else CalendarToken.Scope.PERSON


def ref_of(subject: Subject) -> str:
    """How forms and the API name what a calendar is about; empty for one's own."""
    if isinstance(subject, Space):
        return str(subject.pk)
    if isinstance(subject, Lodge):
        return subject.school.uai
    return subject.uai if subject else ""


def name_of(subject: Subject) -> str:
    """What the calendar is called in its reader's program."""
    if isinstance(subject, Space):
        return f"{subject.name} – {subject.school.name}"
    if isinstance(subject, Lodge):
        return _("Loge – %(school)s") % {"school": subject.school.name}
    return subject.name if subject else _("Shareloc – mes réservations")


# -- its address --------------------------------------------------------------------------------


def address(secret: str, *, base: str) -> Address:
    """Absolute addresses; `base` is the site's own, as the person who asks knows it (`https://…/`)."""
    url = base.rstrip("/") + reverse("bookings:calendar_feed", args=[secret])
    return Address(url, f"webcal://{url.partition('://')[2]}")


def note_access(token: CalendarToken, *, at: dt.datetime) -> None:
    """Remember that somebody read this calendar. Must never keep them from reading it."""
    if token.last_access_at and at - token.last_access_at < ACCESS_KEPT_EVERY:
        return
    stale = Q(last_access_at=None) | Q(last_access_at__lte=at - ACCESS_KEPT_EVERY)
    try:
        CalendarToken.objects.filter(stale, pk=token.pk).update(last_access_at=at)
    except DatabaseError:
        logger.warning("last access of calendar %s not written", token.pk, exc_info=True)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
