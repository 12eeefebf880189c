"""How often one address may ask a page that costs: the API's throttles, for pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle


class AddressRate(SimpleRateThrottle):
    """At most so many times from one address, signed in or not: the rate is REST_FRAMEWORK's of that scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def seconds_to_wait(request: HttpRequest, scope: str) -> int:
    """0 if this call may go on, and is then counted."""
    rate = AddressRate(scope)
    if rate.allow_request(request, None):  # type: ignore[arg-type]
        return 0
    return max(1, round(rate.wait() or 1))
