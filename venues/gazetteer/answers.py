"""From what somebody sent to the one place it means, what else it could mean, or what is spelled alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..places import fold
from . import addresses, found, ranking
from .asked import Asked, read
from .found import Place, Suggestion, suggestion
from .rows import CommuneRow, Rows, SchoolRow
from .rows import read as read_rows

# Other places of the name, or of a name like it.
MOST_OTHERS = 6
# Less than that begins too many names to mean one.
FEWEST_BEGUN = 3


@dataclass(frozen=True)
class Answer:
    """What a text means."""

    place: Place | None = None
    # Whether the place is not quite what was typed: another spelling, or the commune of an address.
    corrected: bool = False
    # Other places of that name; where nothing was found, places of a name like it.
    others: tuple[Suggestion, ...] = ()
    # Whether it is an address, and the geocoder could not be asked.
    unreachable: bool = False


def locate(text: str) -> Place | None:
    """The place meant, or None."""
    return look_up(text).place


def look_up(text: str) -> Answer:
    """The place meant, the nearest spelling, or what is like it. One statement; an address asks the geocoder."""
    asked = read(text)
    if not (asked.name or asked.postcode):
        return Answer()
    rows = read_rows(asked)
    answer = _exact(asked, rows) or _close(asked, rows)
    if answer is None and asked.is_address:
        answer = _address(text, asked, rows)
    return answer or _last_resort(asked, rows)


def _exact(asked: Asked, rows: Rows) -> Answer | None:
    """A commune before a lycée of the same name, which is then among the others."""
    if not asked.name:
        return _postcode(asked.postcode, rows)
    # `lycée Arras` is Arras, whatever its lycées are called.
    for name in (asked.name, " ".join(asked.words)):
        if communes := ranking.spelled(replace(asked, name=name), rows.communes):
            others = _others(communes[1:], ranking.called(asked, rows.schools))
            return Answer(found.of_commune(communes[0]), others=others)
    if schools := ranking.named(asked, rows.schools):
        return _schools(schools)
    if towns := [row for row in ranking.in_commune(asked, rows.schools) if _is_town(asked, row)]:
        return Answer(found.of_commune_with_schools(towns))
    return None


def _is_town(asked: Asked, row: SchoolRow) -> bool:
    return fold(row.commune) == " ".join(asked.words)


def _postcode(postcode: str, rows: Rows) -> Answer | None:
    """A postcode of communes; or a CEDEX one, which only lycées have."""
    if communes := ranking.with_postcode(postcode, rows.communes):
        return Answer(found.of_postcode(postcode, communes))
    if schools := ranking.with_cedex(postcode, rows.schools):
        return Answer(found.of_schools(schools, f"{postcode} {schools[0].commune}".strip()))
    return None


def _schools(schools: Sequence[SchoolRow], *, corrected: bool = False) -> Answer:
    """All of them where they are in one commune; else the first, and the others to choose from."""
    there = [row for row in schools if row.commune == schools[0].commune]
    others = [row for row in schools if row.commune != schools[0].commune]
    return Answer(found.of_schools(there), corrected=corrected, others=_others([], others))


def _close(asked: Asked, rows: Rows) -> Answer | None:
    """The beginning of a name, then a commune or a lycée misspelled."""
    return _begun(asked, rows) or _misspelled(asked, rows)


def _begun(asked: Asked, rows: Rows) -> Answer | None:
    if len(asked.letters) < FEWEST_BEGUN:
        return None
    begun, within = ranking.begun(asked, rows.communes), ranking.begun_within(asked, rows.communes)
    if not begun and (schools := ranking.begun_schools(asked, rows.schools)):
        return _schools(schools)
    return _corrected([*begun, *within])


def _misspelled(asked: Asked, rows: Rows) -> Answer | None:
    if communes := ranking.misspelled(asked, rows.communes):
        return _corrected(communes)
    schools = ranking.misspelled_schools(asked, rows.schools)
    return _schools(schools, corrected=True) if schools else None


def _corrected(communes: Sequence[CommuneRow]) -> Answer | None:
    if not communes:
        return None
    return Answer(found.of_commune(communes[0]), corrected=True, others=_others(communes[1:]))


def _address(text: str, asked: Asked, rows: Rows) -> Answer | None:
    """Where the geocoder says; None when it knows no such address and no commune is named."""
    commune = ranking.inside(asked, rows.communes)
    answered = addresses.find(text, insee_code=commune.insee_code if commune else "")
    if isinstance(answered, Place):
        return Answer(answered)
    unreachable = answered is addresses.Failure.UNREACHABLE
    if commune:
        return Answer(found.of_commune(commune), corrected=True, unreachable=unreachable)
    return Answer(unreachable=True) if unreachable else None


def _last_resort(asked: Asked, rows: Rows) -> Answer:
    """The commune that a longer text names, the lycées of a commune nobody loaded, or what is like it."""
    if commune := ranking.inside(asked, rows.communes):
        return Answer(found.of_commune(commune), corrected=True)
    if towns := ranking.in_commune(asked, rows.schools):
        return Answer(found.of_commune_with_schools(towns), corrected=True)
    return Answer(others=_others(ranking.likest(asked, rows.communes)))


def _others(communes: Iterable[CommuneRow], schools: Iterable[SchoolRow] = ()) -> tuple[Suggestion, ...]:
    places = [*map(found.of_commune, communes), *(found.of_schools([row]) for row in schools)]
    return tuple(suggestion(place) for place in places[:MOST_OTHERS])
