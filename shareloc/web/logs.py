"""Keeps the secret part of private addresses out of the logs."""

from __future__ import annotations

import logging
import re
from typing import Any

# Addresses whose last part is enough to read a calendar, to stop somebody's alerts, to choose a password.
_SECRET = re.compile(
    r"(/calendars/|/alertes/arreter/|/mot-de-passe/nouveau/|/adresses/confirmer/)[^/\s\"'?]+"
)


def without_secrets(text: str) -> str:
    """`text` with the secret part of each such address blotted out."""
    return _SECRET.sub(r"\1…", text)


class HideSecrets(logging.Filter):
    """Blots out these secrets in a record's text, for every handler behind it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_hidden, record.args))
        return True


def _hidden(value: Any) -> Any:
    return without_secrets(value) if isinstance(value, str) else value
