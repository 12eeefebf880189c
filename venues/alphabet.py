"""The index of the lycées: départements, and the letters with which their communes begin."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Substr

from .models import School
from .places import fold


@dataclass(frozen=True)
class Index:
    """Read in one statement. `initials` are written as in the communes' names, accents and all."""

    departments: dict[str, str]
    initials: frozenset[tuple[str, str]]

    @classmethod
    def of_open_schools(cls) -> Index:
        rows = (
            School.objects.open()
            .order_by("department")
            .values_list("department", "department_name", Substr("commune", 1, 1))
            .distinct()
        )
        found = list(rows)
        return cls(
            {code: name for code, name, _ in found}, frozenset((code, initial) for code, _, initial in found)
        )

    def letters(self, department: str = "") -> list[str]:
        """A to Z, those only that lead somewhere, in one département where it is given and known."""
        within = {department} if department in self.departments else self.departments.keys()
        return sorted({_letter(initial) for code, initial in self.initials if code in within} - {""})

    def begins_with(self, letter: str) -> Q:
        """Étaples is found under E, on every database."""
        written = {initial for _, initial in self.initials if _letter(initial) == letter}
        begins = Q(pk__in=[])
        for initial in written:
            begins |= Q(commune__startswith=initial)
        return begins


def _letter(initial: str) -> str:
    return fold(initial).upper()[:1] or initial
