"""What people fill in: a search, a request, a decision, a proposal, a message, a signature, a day's questions."""

from .agreements import SignForm, VerifyFileForm, VerifyForm
from .asking import AskForms
from .day import IncidentForm, ReturnForms, ReviewForm, WordForm
from .deciding import ChosenDatesForm, ReasonForm, RefusalForm, RefusalReasonForm, TextForm
from .flexible import FlexiblePageFilter
from .planning import EveningForm, JournalForm
from .proposing import OfferForm, PlaceForm
from .searching import SearchPageFilter
from .series import SeriesPageFilter

__all__ = [
    "AskForms",
    "ChosenDatesForm",
    "EveningForm",
    "FlexiblePageFilter",
    "IncidentForm",
    "JournalForm",
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
