"""The planner: month of a space, week of a whole lycée, evening of all lycées. Values, few statements each."""

from .evenings import Evening, Hosted, evening
from .months import Month, first_of, month
from .schools import WEEK, SchoolWeek, Told, rooms_of, week_of_school

__all__ = [
    "WEEK",
    "Evening",
    "Hosted",
    "Month",
    "SchoolWeek",
    "Told",
    "evening",
    "first_of",
    "month",
    "rooms_of",
    "week_of_school",
]
