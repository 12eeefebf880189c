"""Libraries that read one row twice in a request are no loop over rows."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _twice_is_no_loop(settings: Any) -> None:
    settings.ZEAL_ALLOWLIST = [
        {"model": "sessions.Session", "field": "get()"},
        {"model": "account.EmailAddress", "field": "get()"},
        {"model": "accounts.User", "field": "get()"},
    ]
