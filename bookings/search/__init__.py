"""Which spaces are free: a few small statements and a set difference, never a loop of queries.

`Results` answers a `Question`. Where to look comes first (`places`); then one fixed period is judged by
`moment`, any free period on some days by `days`; `candidates` counts and pages what is left. Only the page
that is shown is loaded. `flexible` looks for any slot in parts of the week, `series` for the same hours on
many days, `times` counts several periods at once.
"""

from .flexible import FlexibleResults, Offer, Page
from .places import around
from .question import Flexible, Part, Place, Point, Question, Series, Wanted, When
from .results import Hit, Results
from .series import Regular, SeriesResults, free_on
from .times import TimesResults

__all__ = [
    "Flexible",
    "FlexibleResults",
    "Hit",
    "Offer",
    "Page",
    "Part",
    "Place",
    "Point",
    "Question",
    "Regular",
    "Results",
    "Series",
    "SeriesResults",
    "TimesResults",
    "Wanted",
    "When",
    "around",
    "free_on",
]
