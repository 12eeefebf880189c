"""Distance, boxes, plausible positions, and the geocoder against a server that misbehaves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut, GeocoderUnavailable
from hypothesis import given
from hypothesis import strategies as st

from tests.web_server import Answer, Query, serving
from venues.geo import Box, Geocoder, Place, bounding_box, distance_km, is_plausible
from venues.models import School

LILLE, AMIENS = (50.6366, 3.0635), (49.8942, 2.2957)
Precision = School.Precision

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


# --- Distance ----------------------------------------------------------------------------------


def test_distance_between_two_towns() -> None:
    assert distance_km(LILLE, AMIENS) == pytest.approx(98.8, abs=0.5)
    assert distance_km(AMIENS, LILLE) == pytest.approx(distance_km(LILLE, AMIENS))
    assert distance_km(LILLE, LILLE) == 0


def test_box_around_a_point() -> None:
    box = bounding_box(LILLE, 20)
    assert box == pytest.approx(Box(50.4567, 2.7799, 50.8165, 3.3471), abs=0.001)


@given(st.tuples(latitudes, longitudes), st.tuples(latitudes, longitudes), st.floats(0.1, 500))
def test_every_point_within_the_distance_is_in_the_box(centre: Any, point: Any, km: float) -> None:
    box = bounding_box(centre, km)
    if distance_km(centre, point) <= km:
        assert box.south <= point[0] <= box.north
        assert box.west <= point[1] <= box.east


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(1, 300))
def test_box_is_not_much_larger_than_the_circle(latitude: float, longitude: float, km: float) -> None:
    box = bounding_box((latitude, longitude), km)
    assert distance_km((latitude, longitude), (box.north, longitude)) == pytest.approx(km, rel=0.001)


@pytest.mark.parametrize("centre", [(89.95, 0.0), (-89.95, 10.0), (0.0, 179.95)])
def test_box_at_the_edges_of_the_map_spans_it(centre: tuple[float, float]) -> None:
    box = bounding_box(centre, 20)
    assert (box.west, box.east) == (-180, 180)
    assert -90 <= box.south < box.north <= 90


@pytest.mark.parametrize(
    ("latitude", "longitude", "department", "plausible"),
    [
        (50.63, 3.06, "59", True),
        (41.92, 8.73, "2A", True),
        (16.24, -61.53, "971", True),
        (3.06, 50.63, "59", False),
        (0.0, 0.0, "59", False),
        (float("nan"), 3.06, "59", False),
        (50.63, float("inf"), "971", False),
        (91.0, 3.06, "971", False),
    ],
)
def test_plausible_positions(latitude: float, longitude: float, department: str, plausible: bool) -> None:
    assert is_plausible(latitude, longitude, department=department) is plausible


# --- Geocoder ----------------------------------------------------------------------------------


def school(**fields: Any) -> School:
    known = {"address": "1 avenue du Parc", "commune": "Lille", "insee_code": "59350", "department": "59"}
    return School(**{**known, "postcode": "59012", **fields})


def feature(kind: str = "housenumber", *, at: tuple[Any, Any] = (3.06, 50.63), **properties: Any) -> bytes:
    """A BAN answer with one feature, `at` (longitude, latitude)."""
    known = {"type": kind, "score": 0.9, "citycode": "59350", "city": "Lille", **properties}
    found = {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": known}
    return json.dumps({"type": "FeatureCollection", "features": [found]}).encode()


NOTHING = b'{"type": "FeatureCollection", "features": []}'


def located(
    answer: Callable[[str, Query], Answer], asked: School | None = None
) -> tuple[Place | None, list[Query]]:
    """What the geocoder makes of these answers, and what it asked."""
    with serving(answer) as server:
        place = Geocoder(domain=server.domain, scheme="http").locate(asked or school())
    assert {path for path, _query in server.asked} == {"/search"}
    return place, [query for _path, query in server.asked]


@pytest.mark.parametrize(
    ("kind", "precision"),
    [
        ("housenumber", Precision.SITE),
        ("street", Precision.STREET),
        ("locality", Precision.STREET),
        ("municipality", Precision.COMMUNE),
        ("something new", Precision.UNKNOWN),
    ],
)
def test_precision_is_kept(kind: str, precision: Precision) -> None:
    place, _asked = located(lambda path, query: (200, feature(kind)))
    assert place == Place(50.63, 3.06, precision)


def test_the_commune_is_asked_for_by_its_code_and_never_by_postcode() -> None:
    _place, asked = located(lambda path, query: (200, feature()))
    assert asked == [{"q": "1 avenue du Parc Lille", "citycode": "59350", "limit": "1", "autocomplete": "0"}]


def test_commune_without_a_code_must_have_the_same_name() -> None:
    unknown_code = school(insee_code="", commune="Marcq-en-Barœul")
    answer = feature(citycode="59378", city="Marcq-en-Baroeul")
    place, asked = located(lambda path, query: (200, answer), unknown_code)
    assert place == Place(50.63, 3.06, Precision.SITE)
    assert "citycode" not in asked[0]
    assert located(lambda path, query: (200, feature()), unknown_code)[0] is None


@pytest.mark.parametrize(
    "poor", [NOTHING, feature(score=0.3), feature(citycode="80021")], ids=["none", "score", "elsewhere"]
)
def test_unknown_address_falls_back_on_the_commune(poor: bytes) -> None:
    place, asked = located(lambda path, query: (200, feature("municipality") if "type" in query else poor))
    assert place == Place(50.63, 3.06, Precision.COMMUNE)
    assert asked[1] == {
        "q": "Lille",
        "type": "municipality",
        "citycode": "59350",
        "limit": "1",
        "autocomplete": "0",
    }


def test_school_without_an_address_is_placed_in_its_commune() -> None:
    place, asked = located(lambda path, query: (200, feature("municipality")), school(address=""))
    assert (place, len(asked)) == (Place(50.63, 3.06, Precision.COMMUNE), 1)


def test_place_nobody_knows_is_none() -> None:
    assert located(lambda path, query: (200, NOTHING))[0] is None
    assert Geocoder(domain="127.0.0.1:9", scheme="http").locate(school(address="", commune="")) is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, b""), GeocoderServiceError),
        ((429, b""), GeocoderServiceError),
        ((200, b"<html>"), GeocoderParseError),
        ((200, b"[]"), GeocoderParseError),
        ((200, b'{"features": [{}]}'), GeocoderParseError),
        ((200, b'{"features": ["x"]}'), GeocoderParseError),
        ((200, feature(at=("x", None))), GeocoderParseError),
        ((200, feature(at=(float("nan"), 50.63))), GeocoderParseError),
        ((200, feature(at=(50.63, 3.06))), GeocoderParseError),
    ],
)
def test_answers_that_make_no_sense_are_errors_of_the_geocoder(
    answer: Answer, error: type[Exception]
) -> None:
    with pytest.raises(error):
        located(lambda path, query: answer)


def test_slow_geocoder_is_not_waited_for() -> None:
    done = threading.Event()

    def answer(path: str, query: Query) -> Answer:
        done.wait(5)
        return 200, NOTHING

    with serving(answer) as server:
        with pytest.raises(GeocoderTimedOut):
            Geocoder(domain=server.domain, scheme="http", timeout=0.2).locate(school())
        done.set()
    assert len(server.asked) == 1


def test_dead_geocoder_is_an_error() -> None:
    with serving(lambda path, query: (200, NOTHING)) as server:
        domain = server.domain
    with pytest.raises(GeocoderUnavailable):
        Geocoder(domain=domain, scheme="http").locate(school())


def test_questions_keep_their_distance() -> None:
    with serving(lambda path, query: (200, feature())) as server:
        geocoder = Geocoder(domain=server.domain, scheme="http", per_second=20)
        start = time.monotonic()
        for _number in range(5):
            geocoder.locate(school())
        elapsed = time.monotonic() - start
    # Not a matter of speed: five questions at twenty a second have four pauses between them.
    assert elapsed >= 4 / 20
