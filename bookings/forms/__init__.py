"""What people fill in: the search, a request, a decision, an evening."""

from .asking import AskForms
from .deciding import ChosenDatesForm, ReasonForm
from .planning import EveningForm
from .searching import SearchPageFilter

__all__ = ["AskForms", "ChosenDatesForm", "EveningForm", "ReasonForm", "SearchPageFilter"]
