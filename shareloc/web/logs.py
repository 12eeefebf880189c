"""Keeps the secret part of private addresses out of the logs."""

from __future__ import annotations

import logging
import re
from typing import Any

_CALENDAR = re.compile(r"(/calendars/)[^/\s\"'?]+")


class HideSecrets(logging.Filter):
    """Blots out calendar tokens in a record's text, for every handler behind it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _hidden(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_hidden, record.args))
        return True


def _hidden(value: Any) -> Any:
    return _CALENDAR.sub(r"\1…", value) if isinstance(value, str) else value
