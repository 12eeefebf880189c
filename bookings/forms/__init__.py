"""What people fill in: the search, a request, a decision, a proposal, a message."""

from .asking import AskForms
from .deciding import ChosenDatesForm, ReasonForm, RefusalForm, RefusalReasonForm, TextForm
from .proposing import OfferForm, PlaceForm
from .searching import SearchPageFilter

__all__ = [
    "AskForms",
    "ChosenDatesForm",
    "OfferForm",
    "PlaceForm",
    "ReasonForm",
    "RefusalForm",
    "RefusalReasonForm",
    "SearchPageFilter",
    "TextForm",
]
