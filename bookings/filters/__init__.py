"""The filters of the searches, one set each for the page and the API."""

from .fields import ManyFilter, QuantitiesFilter, WholeFilter
from .flexible import FlexibleFilter
from .series import SeriesFilter
from .shared import SHARED, SharedFilter
from .spaces import QUANTITY, SpaceFilter, SpaceFilterForm, refusals

__all__ = [
    "QUANTITY",
    "SHARED",
    "FlexibleFilter",
    "ManyFilter",
    "QuantitiesFilter",
    "SeriesFilter",
    "SharedFilter",
    "SpaceFilter",
    "SpaceFilterForm",
    "WholeFilter",
    "refusals",
]
