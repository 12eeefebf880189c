"""What a text says of a place: a name, a postcode, a département; whether it is an address. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ..places import fold

MAX_LETTERS, MAX_WORDS = 100, 12

POSTCODE = re.compile(r"\d{5}", re.ASCII)
DEPARTMENT = re.compile(r"\d\d|2[ab]|97\d", re.ASCII)
IN_BRACKETS = re.compile(r"\((\w{2,3})\)\s*$")

# Said of any lycée: they tell none from another.
GENERIC = frozenset(
    [
        "lycee",
        "lycees",
        "general",
        "technologique",
        "professionnel",
        "polyvalent",
        "public",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "et",
        "a",
    ]
)
STREETS = frozenset(
    ["rue", "avenue", "av", "ave", "bd", "bld", "boul", "boulevard", "place", "pl", "allee", "allees", "chemin", "che", "impasse", "imp", "quai", "route", "rte", "square", "sq", "cours", "passage", "ruelle", "sentier", "esplanade", "parvis", "chaussee", "faubourg", "fg", "fbg", "residence", "res", "lotissement", "rond", "voie", "venelle", "cite", "hameau", "promenade", "mail", "zone", "za", "zi", "zac"]
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A text as it is looked up: `name` is folded, without what was read apart."""

    name: str
    postcode: str = ""
    department: str = ""

    @property
    def letters(self) -> str:
        return self.name.replace(" ", "")

    @cached_property
    def words(self) -> list[str]:
        """Those that tell one lycée from another, or all where there are no others."""
        words = self.name.split()
        return [word for word in words if word not in GENERIC] or words

    @cached_property
    def names_inside(self) -> list[str]:
        """What could be a commune at the end of the text, or else at its beginning; longest first."""
        words = self.name.split()
        ends = [" ".join(words[first:]) for first in range(len(words))]
        starts = [" ".join(words[:last]) for last in range(len(words) - 1, 0, -1)]
        return [*ends, *(start for start in starts if start not in STREETS)]

    @property
    def is_address(self) -> bool:
        """`12 rue Nationale`, `rue Solférino 59000`, `3 bis Grand-Place`."""
        words = self.name.split()
        numbered = bool(words) and words[0].isdecimal() and len(words[0]) <= 4
        return len(words) > 1 and (numbered or not STREETS.isdisjoint(words))


def read(text: str) -> Asked:
    """`Lille`, `lille (59)`, `59000`, `Lille Cedex 12`, `59006 LILLE CEDEX`, `12 rue Nationale 59000 Lille`."""
    text = text[:MAX_LETTERS]
    bracketed = IN_BRACKETS.search(text)
    department = bracketed[1].lower() if bracketed and DEPARTMENT.fullmatch(bracketed[1].lower()) else ""
    words = _without_cedex(fold(text[: bracketed.start()] if bracketed and department else text).split())
    postcode = next((word for word in reversed(words) if POSTCODE.fullmatch(word)), "")
    words = [word for word in words if word != postcode][:MAX_WORDS]
    if not department and len(words) > 1 and DEPARTMENT.fullmatch(words[-1]):
        department = words.pop()
    return Asked(" ".join(words), postcode, department)


def _without_cedex(words: list[str]) -> list[str]:
    """`lille cedex 9` is Lille."""
    if "cedex" not in words:
        return words
    at = words.index("cedex")
    after = words[at + 1 :]
    if after and after[0].isdecimal() and len(after[0]) <= 2:
        after = after[1:]
    return words[:at] + after
