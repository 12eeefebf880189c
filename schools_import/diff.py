"""What an extract would change in our schools. Pure: nothing is read from or written to the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from venues.models import School

from .records import Extract, Perimeter, SchoolRecord


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a school, before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A school that the annuaire describes otherwise, or that is there again."""

    school: School
    fields: tuple[FieldChange, ...]
    reopened: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying an extract means. Schools and records are in the order of their UAI."""

    new: tuple[SchoolRecord, ...]
    changed: tuple[Change, ...]
    gone: tuple[School, ...]
    unchanged: int
    # Open schools of the perimeter before, and UAI of those without a position after.
    open_before: int
    unplaced: tuple[str, ...]

    @property
    def reopened(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changed if change.reopened)

    @property
    def loss(self) -> float:
        """The share of the open schools that would be closed, between 0 and 1."""
        return len(self.gone) / self.open_before if self.open_before else 0.0


def diff(schools: Iterable[School], extract: Extract, perimeter: Perimeter) -> Plan:
    """Compare our schools (all of them, closed ones too) with an extract.

    A school is gone when its département is in the perimeter and no row of the extract is about it,
    not even a refused one.
    """
    ours = {school.uai: school for school in schools}
    theirs = {record.uai: record for record in extract.records}
    compared = [_compare(ours[uai], record) for uai, record in theirs.items() if uai in ours]
    in_scope = [
        school for school in ours.values() if school.is_open and school.department in perimeter.departments
    ]
    told = theirs.keys() | {note.uai for note in extract.refused}
    return Plan(
        new=tuple(record for uai, record in theirs.items() if uai not in ours),
        changed=tuple(change for change in compared if change.fields or change.reopened),
        gone=tuple(
            sorted((school for school in in_scope if school.uai not in told), key=lambda school: school.uai)
        ),
        unchanged=sum(not change.fields and not change.reopened for change in compared),
        open_before=len(in_scope),
        unplaced=tuple(uai for uai, record in theirs.items() if _unplaced(record, ours.get(uai))),
    )


def _compare(school: School, record: SchoolRecord) -> Change:
    fields = (
        FieldChange(field, getattr(school, field), value)
        for field, value in record.known().items()
        if getattr(school, field) != value
    )
    return Change(school, tuple(fields), reopened=not school.is_open)


def _unplaced(record: SchoolRecord, school: School | None) -> bool:
    return record.latitude is None and (school is None or school.latitude is None)
