"""The planner: month of a space, days of a whole lycée, evening of all lycées. Values, few statements each."""

from .evenings import Evening, Hosted, evening
from .months import Month, first_of, length_of, month
from .plans import Drawing, of_days, of_rooms
from .schools import WEEK, Row, SchoolWeek, Tally, Told, coming_week, rooms_of, week_of_school

__all__ = [
    "WEEK",
    "Drawing",
    "Evening",
    "Hosted",
    "Month",
    "Row",
    "SchoolWeek",
    "Tally",
    "Told",
    "coming_week",
    "evening",
    "first_of",
    "length_of",
    "month",
    "of_days",
    "of_rooms",
    "rooms_of",
    "week_of_school",
]
