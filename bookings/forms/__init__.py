"""What people fill in: the search, a request, a decision, a proposal, a message, an evening, a block."""

from .asking import AskForms
from .blocking import BlockForm, ChangeDateForm, ChangeSeriesForm, ExcuseForm
from .deciding import ChosenDatesForm, ReasonForm, RefusalForm, RefusalReasonForm, TextForm
from .flexible import FlexiblePageFilter
from .planning import EveningForm
from .proposing import OfferForm, PlaceForm
from .searching import SearchPageFilter
from .series import SeriesPageFilter

__all__ = [
    "AskForms",
    "BlockForm",
    "ChangeDateForm",
    "ChangeSeriesForm",
    "ChosenDatesForm",
    "EveningForm",
    "ExcuseForm",
    "FlexiblePageFilter",
    "OfferForm",
    "PlaceForm",
    "ReasonForm",
    "RefusalForm",
    "RefusalReasonForm",
    "SearchPageFilter",
    "SeriesPageFilter",
    "TextForm",
]
