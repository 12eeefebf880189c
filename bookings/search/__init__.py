"""Which spaces are free: a few small statements and a set difference, never a loop of queries.

`Results` answers a `Question` over the spaces that `filters.SpaceFilter` left. Where they are comes
first (`places`), then what the days ask: one fixed period is judged by `moment`, any free period by
`days`. Only the page that is shown is loaded.
"""

from .question import Place, Point, Question, When
from .results import Hit, Results

__all__ = ["Hit", "Place", "Point", "Question", "Results", "When"]
