"""What people fill in: the search, a request, a decision."""

from .asking import AskForms
from .deciding import ChosenDatesForm, ReasonForm
from .searching import SearchPageFilter

__all__ = ["AskForms", "ChosenDatesForm", "ReasonForm", "SearchPageFilter"]
