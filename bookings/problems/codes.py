"""Every objection there can be to a date: its code, its weight, and whether a manager may pass over it."""

from __future__ import annotations

import enum
from typing import NamedTuple

from django.utils.translation import gettext as _

from shareloc.web import formats
from venues.periods import Period


class Severity(enum.StrEnum):
    BLOCKER = "blocker"
    WARNING = "warning"


class Rule(NamedTuple):
    severity: Severity
    overridable: bool


BLOCKER, WARNING = Severity.BLOCKER, Severity.WARNING

# What the database or safety refuses can never be passed over; a rule of the school, by the school.
RULES: dict[str, Rule] = {
    "past": Rule(BLOCKER, overridable=False),
    "nonexistent_time": Rule(BLOCKER, overridable=False),
    "within_request": Rule(BLOCKER, overridable=False),
    "same_room": Rule(BLOCKER, overridable=False),
    "already_decided": Rule(BLOCKER, overridable=False),
    "equipment_out": Rule(BLOCKER, overridable=False),
    "unavailable": Rule(BLOCKER, overridable=False),
    "taken": Rule(BLOCKER, overridable=False),
    "buffer": Rule(BLOCKER, overridable=False),
    "equipment": Rule(BLOCKER, overridable=False),
    "capacity": Rule(BLOCKER, overridable=False),
    "lesson": Rule(BLOCKER, overridable=False),
    "closure": Rule(BLOCKER, overridable=True),
    "holiday": Rule(BLOCKER, overridable=True),
    "out_of_hours": Rule(BLOCKER, overridable=True),
    "start_step": Rule(BLOCKER, overridable=True),
    "duration": Rule(BLOCKER, overridable=True),
    "notice": Rule(BLOCKER, overridable=True),
    "horizon": Rule(BLOCKER, overridable=True),
    "who_may_book": Rule(BLOCKER, overridable=True),
    "insurance_missing": Rule(BLOCKER, overridable=True),
    "insurance_expired": Rule(BLOCKER, overridable=True),
    "organisation_unverified": Rule(BLOCKER, overridable=True),
    "competing": Rule(WARNING, overridable=True),
    "repeat": Rule(WARNING, overridable=True),
    "uncalendared": Rule(WARNING, overridable=True),
}


class Problem(NamedTuple):
    """One objection to one date, as shown to everybody concerned.

    `reason` says what is wrong; `next_free`, where time is what is wrong and there is one, when the
    same hours are free.
    """

    code: str
    reason: str
    next_free: Period | None = None

    @property
    def message(self) -> str:
        """The whole sentence: what is wrong, and when it would be right."""
        if self.next_free is None:
            return self.reason
        later = _("Prochaine date libre : %(date)s.") % {"date": formats.period(*self.next_free)}
        return f"{self.reason} {later}"

    @property
    def severity(self) -> Severity:
        return RULES[self.code].severity

    @property
    def is_blocker(self) -> bool:
        return self.severity is Severity.BLOCKER

    @property
    def overridable(self) -> bool:
        return RULES[self.code].overridable
