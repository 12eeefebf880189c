"""What people fill in: the search, a request, a decision, a proposal, a message, an evening, the journal."""

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
    "TextForm",
    "WordForm",
]
