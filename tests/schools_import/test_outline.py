"""The map's outline of the départements fits the lycées that come with the project."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from tests.schools_import.files import FIXTURE, parse

Ring = list[list[float]]


def outlines() -> dict[str, Ring]:
    path = finders.find("web/map/departements.geojson")
    assert path
    document: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return {
        feature["properties"]["code"]: feature["geometry"]["coordinates"][0]
        for feature in document["features"]
    }


def holds(ring: Ring, longitude: float, latitude: float) -> bool:
    """Whether a ray to the east crosses the outline an odd number of times."""
    crossings = 0
    for (west, south), (east, north) in pairwise(ring):
        if (south > latitude) != (north > latitude):
            crossings += longitude < west + (east - west) * (latitude - south) / (north - south)
    return crossings % 2 == 1


def test_every_lycee_lies_in_its_own_departement_and_no_other() -> None:
    rings = outlines()
    assert set(rings) == {"02", "59", "60", "62", "80"}
    for record in parse(FIXTURE.read_bytes()).records:
        assert record.latitude is not None and record.longitude is not None
        around = [code for code, ring in rings.items() if holds(ring, record.longitude, record.latitude)]
        assert around == [record.department], record.name


def test_outlines_are_closed() -> None:
    assert all(ring[0] == ring[-1] for ring in outlines().values())
