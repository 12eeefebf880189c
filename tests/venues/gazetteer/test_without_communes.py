"""Places where no list of communes was loaded: they are known by their lycées."""

from __future__ import annotations

import pytest

from venues.gazetteer import Kind, locate, look_up, suggest

from .conftest import lycee


def test_without_a_list_of_communes_they_are_known_by_their_lycees(db: None) -> None:
    here = lycee("Lycée du Beffroi", "Arras", "62041", "62022", latitude=50.28, longitude=2.77)
    there = lycee("Lycée des Arènes", "Arras", "62041", "62000", latitude=50.30, longitude=2.79)
    place = locate("arras")
    assert place is not None and place.point is not None
    assert (place.kind, place.label, place.is_approximate) == (Kind.COMMUNE, "Arras (62)", True)
    assert place.point == pytest.approx((50.29, 2.78))
    assert set(place.schools()) == {here, there}
    answer = look_up("arr")
    assert answer.place == place and answer.corrected
    assert [one.label for one in suggest("arr")] == ["Lycée des Arènes, Arras", "Lycée du Beffroi, Arras"]
