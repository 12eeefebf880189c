"""What people fill in: the search, a request, a decision, a proposal, a message, an evening."""

from .asking import AskForms
from .deciding import ChosenDatesForm, ReasonForm, RefusalForm, RefusalReasonForm, TextForm
from .planning import EveningForm
from .proposing import OfferForm, PlaceForm
from .searching import SearchPageFilter

__all__ = [
    "AskForms",
    "ChosenDatesForm",
    "EveningForm",
    "OfferForm",
    "PlaceForm",
    "ReasonForm",
    "RefusalForm",
    "RefusalReasonForm",
    "SearchPageFilter",
    "TextForm",
]
