"""Keeping an alert and taking it back, by its page or by the link in its mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from shareloc.accounts.models import User

from ..filters import SpaceFilter
from ..models import Alert
from . import questions

SALT = "bookings.alerts.stop"


class AlertError(Exception):
    """Why an alert is not kept: a code, and a sentence for whoever asked."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def keep(filters: SpaceFilter, *, by: User, at: dt.datetime) -> Alert:
    """Keep a valid question that finds nothing; the one already kept if it is the same.

    Raises AlertError: `already_free`, `past`, `too_long` or `too_many_alerts`.
    """
    fields = _fields(filters, at)
    with transaction.atomic():
        # One at a time for one person: two clicks make one alert, and nobody passes the limit.
        User.objects.select_for_update().get(pk=by.pk)
        mine = Alert.objects.filter(user=by).active(at=at)
        if kept := mine.filter(query=fields["query"]).first():
            return kept
        if mine.count() >= settings.ALERT_MAX:
            raise AlertError(
                "too_many_alerts",
                _("Vous avez déjà %(n)s alertes en veille : supprimez-en une d’abord.")
                % {"n": settings.ALERT_MAX},
            )
        return Alert.objects.create(user=by, created_at=at, checked_at=at, **fields)


def _fields(filters: SpaceFilter, at: dt.datetime) -> dict[str, Any]:
    query, expires_at = questions.canonical(filters), questions.expiry(filters, now=at)
    if len(query) > (Alert._meta.get_field("query").max_length or 0):
        raise AlertError("too_long", _("Cette recherche est trop longue : retirez des filtres."))
    if expires_at <= at:
        raise AlertError("past", _("Ces heures ont déjà commencé : choisissez une date à venir."))
    if len(filters.results(now=at, features=False)):
        raise AlertError(
            "already_free", _("Des salles répondent déjà à cette recherche : choisissez-en une.")
        )
    return {"query": query, "label": questions.label(filters), "expires_at": expires_at}


def revoke(alert: Alert, *, at: dt.datetime) -> None:
    """Take an alert back: it writes no more."""
    Alert.objects.filter(pk=alert.pk, revoked_at__isnull=True).update(revoked_at=at)


def revoke_all(user: User, *, at: dt.datetime) -> int:
    """Take back all that still watch; returns how many."""
    return Alert.objects.filter(user=user).active(at=at).update(revoked_at=at)


# -- the link in the mail -----------------------------------------------------------------------


def stop_address(user: User) -> str:
    """Where this person stops all alerts without signing in: a page, its button acts."""
    return reverse("bookings:alert_stop", args=[signing.dumps(user.pk, salt=SALT)])


def holder_of(signed: str) -> User | None:
    """Whose link this is; None for one we did not sign, or somebody who is gone."""
    try:
        return User.objects.filter(pk=signing.loads(signed, salt=SALT)).first()
    except signing.BadSignature:
        return None
