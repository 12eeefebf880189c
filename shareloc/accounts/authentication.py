"""API tokens: read from the header, made and ended. Only a hash of a token is kept."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from .models import User

TOKEN = re.compile("[0-9a-f]{64}")


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token …`, found by its hash: one statement, whatever the header holds."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        text = token.decode("ascii", "replace")
        found = find(text) if TOKEN.fullmatch(text) else None
        if found is None or not found.user.is_active:
            raise AuthenticationFailed(_("Ce jeton n’est pas ou plus valable : demandez-en un autre."))
        return found.user, found


def find(token: str) -> AuthToken | None:
    """The token of these letters, unless it has expired."""
    found = AuthToken.objects.filter(digest=hash_token(token)).select_related("user").first()
    return found if found and (found.expiry is None or found.expiry > timezone.now()) else None


def issue(user: Any) -> tuple[str, dt.datetime | None]:
    """A new token of this person, shown only now, and when it expires; their expired ones go."""
    AuthToken.objects.filter(user=user, expiry__lt=timezone.now()).delete()
    made, token = AuthToken.objects.create(user)
    return token, made.expiry
