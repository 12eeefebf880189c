"""What a text means among the rows read for it, best first. Pure but for the rows' types."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..places import fold
from .asked import GENERIC, Asked
from .rows import CommuneRow, SchoolRow
from .spelling import allowed, distance, is_close

Same = Callable[[str, str], bool]

# The share of its letters that may differ in a name that is merely offered.
LIKE = 0.4


# -- communes ---------------------------------------------------------------------------------------


def spelled(asked: Asked, communes: Iterable[CommuneRow]) -> list[CommuneRow]:
    """Communes of exactly this name, in this département or postcode if one is said."""
    return _biggest(row for row in communes if row.folded == asked.name and _agrees(asked, row))


def begun(asked: Asked, communes: Iterable[CommuneRow]) -> list[CommuneRow]:
    """Communes whose name begins so."""
    return _biggest(row for row in communes if row.folded.startswith(asked.name) and _agrees(asked, row))


def begun_within(asked: Asked, communes: Iterable[CommuneRow]) -> list[CommuneRow]:
    """Communes a later word of whose name begins so: `ascq`."""
    return _biggest(row for row in communes if f" {asked.name}" in row.folded and _agrees(asked, row))


def misspelled(asked: Asked, communes: Iterable[CommuneRow]) -> list[CommuneRow]:
    """Communes whose name is a letter or two from what was typed: the nearest ones."""
    limit = allowed(len(asked.letters))
    near = [(distance(asked.name, row.folded, limit), row) for row in communes if _agrees(asked, row)]
    nearest = min((apart for apart, _row in near), default=limit + 1)
    return _biggest(row for apart, row in near if apart == nearest <= limit)


def likest(asked: Asked, communes: Iterable[CommuneRow]) -> list[CommuneRow]:
    """Communes spelled somewhat like it, the nearest first: to be offered, not to be taken for granted."""
    limit = round(len(asked.name) * LIKE)
    near = [(distance(asked.name, row.folded, limit), row) for row in communes]
    like = [
        (apart, row)
        for apart, row in near
        if apart <= limit and (apart <= allowed(len(asked.letters)) or row.folded[0] == asked.name[0])
    ]
    return [row for _apart, row in sorted(like, key=lambda found: (found[0], *_order(found[1])))]


def inside(asked: Asked, communes: Iterable[CommuneRow]) -> CommuneRow | None:
    """The commune that a longer text names, at its end or else at its beginning."""
    rows = list(communes)
    for name in asked.names_inside:
        named = _biggest(row for row in rows if row.folded == name and _agrees(asked, row))
        if named and name not in GENERIC:
            return named[0]
    return None


def with_postcode(postcode: str, communes: Iterable[CommuneRow]) -> list[CommuneRow]:
    return _biggest(row for row in communes if postcode in row.postcodes)


def _agrees(asked: Asked, row: CommuneRow) -> bool:
    if asked.department and asked.department != row.department.lower():
        return False
    # The postcode typed beside a name may be a CEDEX one, which no commune has: its département tells.
    return not asked.postcode or asked.postcode in row.postcodes or row.department == asked.postcode[:2]


def _biggest(rows: Iterable[CommuneRow]) -> list[CommuneRow]:
    return sorted(rows, key=_order)


def _order(row: CommuneRow) -> tuple[bool, int, str, str]:
    return row.is_former, -row.population, row.name, row.insee_code


# -- lycées -----------------------------------------------------------------------------------------


def named(asked: Asked, schools: Iterable[SchoolRow]) -> list[SchoolRow]:
    """Lycées that have every word typed, at least one of them in their own name; the best match only.

    A lycée called just so goes before those whose name merely holds the words.
    """
    found = [row for row in schools if _has_words(asked, row, str.__eq__)]
    for is_so in (_is_spelled, _is_called, _begins_so):
        if best := [row for row in found if is_so(asked, row)]:
            return best
    return found


def called(asked: Asked, schools: Iterable[SchoolRow]) -> list[SchoolRow]:
    """Lycées called just so."""
    return [row for row in schools if _is_called(asked, row)]


def begun_schools(asked: Asked, schools: Iterable[SchoolRow]) -> list[SchoolRow]:
    """As `named`, words only begun."""
    return [row for row in schools if _has_words(asked, row, str.startswith)]


def misspelled_schools(asked: Asked, schools: Iterable[SchoolRow]) -> list[SchoolRow]:
    """As `named`, a letter or two forgiven in every word."""
    return [row for row in schools if _has_words(asked, row, lambda word, typed: is_close(typed, word))]


def in_commune(asked: Asked, schools: Iterable[SchoolRow]) -> list[SchoolRow]:
    """Lycées of the commune of this name, or of the first whose name begins so."""
    name = " ".join(asked.words)
    rows = [row for row in schools if name and fold(row.commune).startswith(name)]
    first = min(rows, key=lambda row: (len(row.commune), row.commune), default=None)
    return [row for row in rows if first and row.commune == first.commune]


def with_cedex(postcode: str, schools: Iterable[SchoolRow]) -> list[SchoolRow]:
    return [row for row in schools if row.postcode == postcode]


def _has_words(asked: Asked, row: SchoolRow, same: Same) -> bool:
    own = [word for word in fold(row.name).split() if word not in GENERIC]
    all_words = row.search_text.split()
    everywhere = all(any(same(word, typed) for word in all_words) for typed in asked.words)
    # The last word of what is searched is the UAI, as much the lycée's own as its name.
    return everywhere and any(same(word, typed) for word in [*own, all_words[-1]] for typed in asked.words)


def _is_spelled(asked: Asked, row: SchoolRow) -> bool:
    name = fold(row.name)
    return asked.name in (name, f"{name} {fold(row.commune)}".strip())


def _is_called(asked: Asked, row: SchoolRow) -> bool:
    name, town = _telling(fold(row.name)), _telling(fold(row.commune))
    return _telling(asked.name) in (name, name + town)


def _begins_so(asked: Asked, row: SchoolRow) -> bool:
    name, typed = _telling(fold(row.name)), _telling(asked.name)
    return name[: len(typed)] == typed or set(typed) == set(name) | set(_telling(fold(row.commune)))


def _telling(folded: str) -> list[str]:
    return [word for word in folded.split() if word not in GENERIC]
