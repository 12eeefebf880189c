"""Objections to a date, as values that pages, API, mails and the manager's queue only display."""

from .asked import Asked, Line, asked_of
from .check import Known, for_dates, for_groups, judge, read
from .codes import RULES, Problem, Rule, Severity
from .instead import next_free

__all__ = [
    "RULES",
    "Asked",
    "Known",
    "Line",
    "Problem",
    "Rule",
    "Severity",
    "asked_of",
    "for_dates",
    "for_groups",
    "judge",
    "next_free",
    "read",
]
