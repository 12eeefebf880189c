"""What is offered while somebody types: communes and postcodes first, then lycées; one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..places import fold
from . import found, ranking
from .asked import Asked, read
from .found import Place, Suggestion, suggestion
from .rows import CommuneRow, Rows, SchoolRow
from .rows import read as read_rows

LIMIT = 8
# Of what is offered, lines kept for lycées where there are some.
FOR_SCHOOLS = 3


def suggest(text: str, limit: int = LIMIT) -> list[Suggestion]:
    """At most `limit` places whose name begins so, or is spelled like it; the geocoder is not asked."""
    asked = read(text)
    rows = read_rows(asked)
    if asked.name.isdecimal() or not asked.name:
        places = list(_postcodes(asked.postcode or asked.name, rows))
    else:
        schools = [found.of_schools([row]) for row in _schools(asked, rows)]
        communes = [found.of_commune(row) for row in _communes(asked, rows)]
        room = max(limit - FOR_SCHOOLS, limit - len(schools))
        places = [*communes[:room], *schools] or list(
            map(found.of_commune, ranking.likest(asked, rows.communes))
        )
    return [suggestion(place) for place in _once(places)][:limit]


def _communes(asked: Asked, rows: Rows) -> list[CommuneRow]:
    """Of this name, then those that begin so; misspelled ones where there are none."""
    named = replace(asked, name=" ".join(asked.words))
    begun = [*ranking.begun(asked, rows.communes), *ranking.begun_within(asked, rows.communes)]
    known = list(dict.fromkeys([*ranking.spelled(named, rows.communes), *begun]))
    return known or ranking.misspelled(asked, rows.communes)


def _schools(asked: Asked, rows: Rows) -> list[SchoolRow]:
    """Those named so, then those of the commune; misspelled ones where there are none."""
    named = [*ranking.named(asked, rows.schools), *ranking.begun_schools(asked, rows.schools)]
    there = ranking.in_commune(asked, rows.schools)
    return list(dict.fromkeys([*named, *there])) or ranking.misspelled_schools(asked, rows.schools)


def _postcodes(code: str, rows: Rows) -> Iterator[Place]:
    """Postcodes that begin so; where there is only one, its communes too. A CEDEX code is its lycées'."""
    codes = sorted({one for row in rows.communes for one in row.postcodes if one.startswith(code)})
    for one in codes:
        yield found.of_postcode(one, ranking.with_postcode(one, rows.communes))
    if len(codes) == 1 and len(communes := ranking.with_postcode(codes[0], rows.communes)) > 1:
        yield from map(found.of_commune, communes)
    if not codes:
        yield from (found.of_schools([row]) for row in ranking.with_cedex(code, rows.schools))


def _once(places: Iterable[Place]) -> list[Place]:
    """Two lycées may share name and commune: one line says both."""
    return list({fold(place.label): place for place in places}.values())
