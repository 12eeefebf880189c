"""What the annuaire says, once read: typed records, refused rows, and which rows are ours. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings

from venues.places import fold


class UnreadableError(Exception):
    """The source cannot be read at all, even by force; the message, in French, says why and what to do."""


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """One school as the annuaire describes it. None: the source does not say, so nothing is erased.

    The fields are those of venues.School. Latitude and longitude are in degrees, to five decimals (1 m).
    """

    uai: str
    name: str
    department: str
    kind: str | None = None
    address: str | None = None
    postcode: str | None = None
    commune: str | None = None
    insee_code: str | None = None
    department_name: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    siret: str | None = None
    pupils: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: str | None = None

    def known(self) -> dict[str, Any]:
        """The values the source gives, by field."""
        values = ((name, getattr(self, name)) for name in RECORD_FIELDS)
        return {name: value for name, value in values if value is not None}

    def contradicts(self, other: SchoolRecord) -> list[str]:
        """The fields in which both say something and not the same."""
        theirs = other.known()
        return [name for name, value in self.known().items() if theirs.get(name, value) != value]


RECORD_FIELDS = tuple(field.name for field in fields(SchoolRecord))


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is wrong with one row, in French. `uai` is empty when the row does not tell it."""

    line: int
    reason: str
    uai: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """A source, read: the records of the perimeter, by UAI, and everything that is not sane."""

    records: tuple[SchoolRecord, ...]
    # Rows left out; their schools, where known, stay as they are.
    refused: tuple[RowNote, ...]
    # Single values left out of a record that is otherwise good.
    ignored: tuple[RowNote, ...]
    # What is wrong with the source as a whole.
    objections: tuple[str, ...]
    rows_read: int
    row_word: str


@dataclass(frozen=True)
class Perimeter:
    """Which rows of the annuaire are ours."""

    departments: frozenset[str]
    types: frozenset[str]
    statuses: frozenset[str]

    @classmethod
    def from_settings(cls) -> Perimeter:
        return cls(
            departments=frozenset(department_code(code) for code in settings.IMPORT_DEPARTMENTS),
            types=frozenset(map(fold, settings.IMPORT_TYPES)),
            statuses=frozenset(map(fold, settings.IMPORT_STATUSES)),
        )

    def may_hold(self, *, kind: str, status: str, department: str) -> bool:
        """Whether a row of this type, status and département is ours; an empty cell might be."""
        return (
            _fits(fold(kind), self.types)
            and _fits(fold(status), self.statuses)
            and _fits(department, self.departments)
        )


def _fits(value: str, wanted: frozenset[str]) -> bool:
    return not value or value in wanted


def department_code(text: str) -> str:
    """The usual code of a département: `059`, `59` → `59`; `2`, `002` → `02`; `02A` → `2A`; `971` → `971`."""
    code = text.strip().upper()
    if len(code) == 3 and code.startswith("0"):
        return code[1:]
    return code.zfill(2) if code.isdecimal() else code
