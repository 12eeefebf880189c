"""What people fill in: the search, a request, a decision."""

from .asking import AskForms
from .deciding import ChosenDatesForm, ReasonForm
from .flexible import FlexiblePageFilter
from .planning import EveningForm
from .searching import SearchPageFilter
from .series import SeriesPageFilter

__all__ = [
    "AskForms",
    "ChosenDatesForm",
    "EveningForm",
    "FlexiblePageFilter",
    "ReasonForm",
    "SearchPageFilter",
    "SeriesPageFilter",
]
