"""What an extract would change: compared without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from schools_import.diff import FieldChange, Plan, diff
from schools_import.records import Extract, Perimeter, RowNote, SchoolRecord
from venues.models import School

PERIMETER = Perimeter(frozenset({"59"}), frozenset({"lycee"}), frozenset({"public"}))
DAY = dt.date(2026, 1, 1)


def ours(uai: str, **fields: Any) -> School:
    return School(**{"uai": uai, "name": f"Lycée {uai}", "department": "59", **fields})


def theirs(uai: str, **fields: Any) -> SchoolRecord:
    return SchoolRecord(**{"uai": uai, "name": f"Lycée {uai}", "department": "59", **fields})


def plan(schools: list[School], *records: SchoolRecord, refused: tuple[RowNote, ...] = ()) -> Plan:
    return diff(schools, Extract(records, refused, (), (), len(records), "ligne"), PERIMETER)


def test_new_unchanged_and_gone() -> None:
    found = plan([ours("A"), ours("B")], theirs("B"), theirs("C"))
    assert found.new == (theirs("C"),)
    assert [school.uai for school in found.gone] == ["A"]
    assert (found.changed, found.unchanged, found.open_before, found.loss) == ((), 1, 2, 0.5)


def test_changes_are_told_field_by_field() -> None:
    school = ours("A", commune="Lille", pupils=800)
    (change,) = plan([school], theirs("A", name="Lycée neuf", commune="Lille", pupils=810)).changed
    assert change.fields == (FieldChange("name", "Lycée A", "Lycée neuf"), FieldChange("pupils", 800, 810))
    assert (change.school, change.reopened) == (school, False)


def test_what_the_source_does_not_say_changes_nothing() -> None:
    known = {"commune": "Lille", "phone": "03 00 00 00 01", "latitude": 50.6, "longitude": 3.1, "pupils": 0}
    found = plan([ours("A", **known)], theirs("A"))
    assert (found.changed, found.unchanged) == ((), 1)


def test_a_school_that_is_back_is_reopened_even_without_another_change() -> None:
    found = plan([ours("A", closed_on=DAY)], theirs("A"))
    (change,) = found.reopened
    assert (change.reopened, change.fields, found.unchanged, found.open_before) == (True, (), 0, 0)


def test_closed_schools_are_not_gone_again_and_do_not_count() -> None:
    found = plan([ours("A", closed_on=DAY), ours("B")], theirs("B"))
    assert (found.gone, found.open_before, found.loss) == ((), 1, 0.0)


def test_schools_outside_the_perimeter_are_not_gone() -> None:
    assert plan([ours("A", department="75")], theirs("B")).gone == ()


def test_schools_of_refused_rows_stay_as_they_are() -> None:
    found = plan([ours("A"), ours("B")], refused=(RowNote(2, "abîmée", "A"), RowNote(3, "illisible")))
    assert [school.uai for school in found.gone] == ["B"]


def test_schools_left_without_a_position_are_named() -> None:
    placed = {"latitude": 50.6, "longitude": 3.1}
    found = plan(
        [ours("A", **placed), ours("B")], theirs("A"), theirs("B"), theirs("C"), theirs("D", **placed)
    )
    assert found.unplaced == ("B", "C")
