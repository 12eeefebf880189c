"""Whether an organisation's certificates cover the dates it asks for, where a room demands one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from shareloc.accounts.models import Document, Organisation
from venues.local_time import days

from .pricing import Place


@dataclass(frozen=True)
class Cover:
    """What is on file for the dates asked. `uncovered` is the first day without, if any."""

    certificate: Document | None
    uncovered: dt.date | None

    @property
    def is_complete(self) -> bool:
        return self.uncovered is None


def cover(dates: Sequence[Place], organisation: Organisation) -> Cover | None:
    """None where no room demands a certificate; else one statement."""
    demanding = [date for date in dates if any(space.needs_insurance for space in date.spaces)]
    if not demanding:
        return None
    certificates = list(Document.objects.insurance().filter(organisation=organisation).order_by("pk"))
    tz = timezone.get_default_timezone()
    asked = sorted({day for date in demanding for day in days(date.period.start, date.period.end, tz)})
    uncovered = next((day for day in asked if not any(one.covers(day) for one in certificates)), None)
    return Cover(_longest(certificates), uncovered)


def _longest(certificates: list[Document]) -> Document | None:
    """The certificate that is valid longest; an open end outlasts all."""
    return max(certificates, key=lambda one: one.valid_until or dt.date.max, default=None)
