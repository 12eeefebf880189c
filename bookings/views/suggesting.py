"""What may find something where nothing was found: each a link that changes one thing of the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..forms.searching import DEFAULT_RADIUS, RADII

# Where in the list one is: another question begins at its start.
POSITION = ("page", "after")


class Suggestion(NamedTuple):
    """One click that may find something."""

    label: str
    url: str


def changed(request: HttpRequest, label: str, **values: Any) -> Suggestion:
    """The same search with other values; None takes one away."""
    query = request.GET.copy()
    for name, value in {**dict.fromkeys(POSITION), **values}.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return Suggestion(label, f"{request.path}?{query.urlencode()}")


def wider(request: HttpRequest) -> Iterator[Suggestion]:
    """The next larger circle, where there is a place to draw one around."""
    radius = request.GET.get("within_km", DEFAULT_RADIUS)
    if request.GET.get("q") or request.GET.get("near"):
        km = next((km for km in RADII if not radius.isdecimal() or km > int(radius)), None)
        if km:
            yield changed(request, _("Chercher à %(km)s km à la ronde") % {"km": km}, within_km=km)


def unfiltered(request: HttpRequest, names: Iterable[str]) -> Iterator[Suggestion]:
    """The same without these filters, if one of them is used."""
    used = [name for name in (*names, "school") if name in request.GET]
    if any(request.GET[name] for name in used):
        yield changed(request, _("Sans les filtres"), **dict.fromkeys(used))
