"""What people fill in: the search, a request, a decision, a proposal, a message, an evening, a signature."""

from .agreements import SignForm, VerifyFileForm, VerifyForm
from .asking import AskForms
from .day import IncidentForm, ReturnForms, ReviewForm, WordForm
from .deciding import ChosenDatesForm, ReasonForm, RefusalForm, RefusalReasonForm, TextForm
from .flexible import FlexiblePageFilter
from .planning import EveningForm
from .proposing import OfferForm, PlaceForm
from .searching import SearchPageFilter
from .series import SeriesPageFilter

__all__ = [
    "AskForms",
    "ChosenDatesForm",
    "EveningForm",
    "FlexiblePageFilter",
    "IncidentForm",
    "OfferForm",
    "PlaceForm",
    "ReasonForm",
    "RefusalForm",
    "RefusalReasonForm",
    "ReturnForms",
    "ReviewForm",
    "SearchPageFilter",
    "SeriesPageFilter",
    "SignForm",
    "TextForm",
    "VerifyFileForm",
    "VerifyForm",
    "WordForm",
]
