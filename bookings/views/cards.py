"""A room in the lists of the searches, as `bookings/card.html` shows it."""

from __future__ import annotations

from dataclasses import dataclass

from venues.models import Space


@dataclass(frozen=True, kw_only=True)
class Card:
    """A room found; each search says more of it, and the name of the template that shows that as `more`."""

    space: Space
    distance_km: float | None
    url: str
    # The moment it is free at, where the search is for one.
    when: str = ""
    # (first minute, last minute, kind), to draw the day asked.
    bars: tuple[tuple[int, int, str], ...] = ()
    price: str
    # How soon the school answers, where that is known.
    answers: str = ""
    more: str = ""
