"""A request before it is sent: plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shareloc.accounts.models import Organisation
from venues.models import Space
from venues.periods import Period

from ..problems import Asked, Line


@dataclass(frozen=True)
class DraftDate:
    """One date somebody wants: when, and what for so long."""

    period: Period
    spaces: tuple[Space, ...] = ()
    equipment: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A request before it is sent. All spaces and equipment are of one school."""

    organisation: Organisation
    purpose: str
    attendees: int
    dates: Sequence[DraftDate]
    message: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    rule: str = ""
    idempotency_key: str = ""

    def asked(self, *, at: dt.datetime) -> list[Asked]:
        """The dates as objections see them, were they sent at that moment."""
        return [
            Asked(date.period, date.spaces, self.organisation, self.attendees, at, date.equipment)
            for date in self.dates
        ]
