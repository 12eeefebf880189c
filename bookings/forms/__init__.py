"""What people fill in: searches, requests, decisions, proposals, messages, signatures, blocks, a day's questions."""

from .agreements import SignForm, VerifyFileForm, VerifyForm
from .asking import AskForms
from .blocking import BlockForm, ChangeDateForm, ChangeSeriesForm, ExcuseForm
from .changes import OneDateForm
from .day import IncidentForm, ReturnForms, ReviewForm, WordForm
from .deciding import ChosenDatesForm, ReasonForm, RefusalForm, RefusalReasonForm, TextForm
from .equipment import EquipmentAskForms, EquipmentSearchForm
from .flexible import FlexiblePageFilter
from .planning import EveningForm, JournalForm
from .proposing import OfferForm, PlaceForm
from .searching import SearchPageFilter
from .series import SeriesPageFilter

__all__ = [
    "AskForms",
    "BlockForm",
    "ChangeDateForm",
    "ChangeSeriesForm",
    "ChosenDatesForm",
    "EquipmentAskForms",
    "EquipmentSearchForm",
    "EveningForm",
    "ExcuseForm",
    "FlexiblePageFilter",
    "IncidentForm",
    "JournalForm",
    "OfferForm",
    "OneDateForm",
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
