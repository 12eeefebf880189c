"""What the map of lycées is drawn from: an outline and markers. Nothing is asked of anybody outside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypedDict

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from .models import School

OUTLINE = "web/map/departements.geojson"


class Marker(TypedDict):
    """A lycée on the map; `at` is (latitude, longitude), `told` says how many rooms (`count`) are to be found there."""

    name: str
    commune: str
    at: tuple[float, float]
    url: str
    count: int
    told: str


def marker(school: School, *, count: int = 0, told: str = "", url: str = "") -> Marker | None:
    """The marker of a lycée, which leads to its page or to `url`; None where its position is unknown."""
    if school.point is None:
        return None
    return Marker(
        name=school.name,
        commune=school.commune,
        at=school.point,
        url=url or school.get_absolute_url(),
        count=count,
        told=told,
    )


def drawn(markers: Iterable[Marker | None]) -> dict[str, Any]:
    """What `venues/map.html` and map.js are given."""
    return {
        "outline": static(OUTLINE) if _has_outline() else "",
        "tiles": settings.MAP_TILES_URL,
        "markers": [one for one in markers if one is not None],
    }


@cache
def _has_outline() -> bool:
    return finders.find(OUTLINE) is not None
