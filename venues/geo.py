"""Where things are: distance, a box around a point, what is plausible, and addresses to positions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import asin, cos, degrees, isfinite, radians, sin, sqrt
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from geopy.adapters import RequestsAdapter
from geopy.distance import EARTH_RADIUS, great_circle
from geopy.exc import GeocoderParseError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import BANFrance

from .models import School
from .places import fold

# (latitude, longitude) in degrees, WGS 84.
Point = tuple[float, float]

# An answer the geocoder itself believes in less than this is another street of the commune.
MIN_SCORE = 0.5
# Radians, less than a centimetre: what floating point may lose at the edge of a circle.
ROUNDING = 1e-9
# The Base Adresse Nationale refuses longer questions.
MAX_QUERY = 200
TIMEOUT_SECONDS = 5

PRECISIONS = {
    "housenumber": School.Precision.SITE,
    "street": School.Precision.STREET,
    "locality": School.Precision.STREET,
    "municipality": School.Precision.COMMUNE,
}


class Box(NamedTuple):
    """Bounds in degrees; a point inside the circle it was made for is inside the box."""

    south: float
    west: float
    north: float
    east: float


# Mainland France and Corsica, with a margin of some kilometres.
MAINLAND = Box(41.2, -5.3, 51.2, 9.7)
EARTH = Box(-90, -180, 90, 180)


class Place(NamedTuple):
    """A position, and how well it is known."""

    latitude: float
    longitude: float
    precision: School.Precision


def distance_km(start: Point, end: Point) -> float:
    """Great-circle distance in kilometres between two (latitude, longitude); ValueError past the poles."""
    return float(great_circle(start, end).km)


def distances_km(centre: Point, points: Iterable[Point]) -> list[float]:
    """Great-circle distances in kilometres from one point to many: as `distance_km`, without an object a point."""
    south, west = radians(centre[0]), radians(centre[1])
    cosine = cos(south)
    return [
        2
        * EARTH_RADIUS
        * asin(
            min(
                1.0,
                sqrt(
                    sin((radians(latitude) - south) / 2) ** 2
                    + cosine * cos(radians(latitude)) * sin((radians(longitude) - west) / 2) ** 2
                ),
            )
        )
        for latitude, longitude in points
    ]


def bounding_box(centre: Point, km: float) -> Box:
    """The smallest box that holds every point within `km` of the centre; not split at the antimeridian."""
    latitude, longitude = centre
    angle = km / EARTH_RADIUS + ROUNDING
    south, north = latitude - degrees(angle), latitude + degrees(angle)
    if south <= -90 or north >= 90:
        return Box(max(south, -90), -180, min(north, 90), 180)
    reach = degrees(asin(sin(angle) / cos(radians(latitude))))
    if longitude - reach < -180 or longitude + reach > 180:
        return Box(south, -180, north, 180)
    return Box(south, longitude - reach, north, longitude + reach)


def is_plausible(latitude: float, longitude: float, *, department: str) -> bool:
    """Whether a school of this département may stand there: NaN, swapped or shifted values do not pass."""
    box = EARTH if department.startswith(("97", "98")) else MAINLAND
    return (
        isfinite(latitude)
        and isfinite(longitude)
        and box.south <= latitude <= box.north
        and box.west <= longitude <= box.east
    )


class CommuneBAN(BANFrance):
    """geopy's geocoder of the Base Adresse Nationale, able to look in one commune only."""

    def first_in(self, query: str, **filters: str) -> dict[str, Any] | None:
        """The best GeoJSON feature for `query` among those that pass `filters` (citycode, type).

        Raises geopy.exc.GeopyError: out of reach, too slow, an error, or not GeoJSON.
        """
        asked = {"q": query[:MAX_QUERY], "limit": "1", "autocomplete": "0", **filters}
        url = f"{self.geocode_api}?{urlencode(asked)}"
        feature: dict[str, Any] | None = self._call_geocoder(url, self._first_feature)
        return feature

    @staticmethod
    def _first_feature(answer: Any) -> dict[str, Any] | None:
        features = answer.get("features") if isinstance(answer, dict) else None
        if not isinstance(features, list):
            raise GeocoderParseError("the answer is not a collection of features")
        return features[0] if features else None


class Geocoder:
    """From a school's address to its position, at most so many questions a second."""

    def __init__(
        self,
        *,
        domain: str | None = None,
        scheme: str | None = None,
        per_second: float | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._ban = CommuneBAN(
            domain=domain or settings.GEOCODER_DOMAIN,
            scheme=scheme or settings.GEOCODER_SCHEME,
            timeout=timeout,
            user_agent="shareloc",
            # No second try, here nor below: a geocoder that fails is left alone, the next import asks again.
            adapter_factory=partial(RequestsAdapter, max_retries=0),
        )
        pause = 1 / (per_second or settings.GEOCODER_REQUESTS_PER_SECOND)
        self._ask: Callable[..., dict[str, Any] | None] = RateLimiter(
            self._ban.first_in,
            min_delay_seconds=pause,
            error_wait_seconds=pause,
            max_retries=0,
            swallow_exceptions=False,
        )

    def locate(self, school: School) -> Place | None:
        """Where its address is, or else its commune; None when neither is known there.

        The postcode is never asked for: most of a lycée's are CEDEX codes, which no address has.
        Raises geopy.exc.GeopyError when the geocoder does not answer sensibly.
        """
        if school.address and (place := self._find(school, f"{school.address} {school.commune}")):
            return place
        return self._find(school, school.commune, type="municipality") if school.commune else None

    def _find(self, school: School, query: str, **filters: str) -> Place | None:
        # The commune is said twice: its name raises the score, its code keeps the others out.
        if school.insee_code:
            filters["citycode"] = school.insee_code
        feature = self._ask(query, **filters)
        return _place(feature, school) if feature is not None else None


class Feature(NamedTuple):
    """A feature of the Base Adresse Nationale, read."""

    latitude: float
    longitude: float
    precision: School.Precision
    # From 0 to 1, how well the geocoder thinks it fits.
    score: float
    label: str
    city: str
    citycode: str


def parsed(feature: Any) -> Feature:
    """Raises GeocoderParseError where the answer lacks what a place has."""
    try:
        properties = feature["properties"]
        longitude, latitude = (float(value) for value in feature["geometry"]["coordinates"][:2])
        return Feature(
            round(latitude, 5),
            round(longitude, 5),
            PRECISIONS.get(properties["type"], School.Precision.UNKNOWN),
            float(properties["score"]),
            str(properties.get("label") or properties["city"]),
            str(properties["city"]),
            str(properties.get("citycode", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GeocoderParseError(f"the answer lacks a place: {error!r}") from error


def _place(feature: Any, school: School) -> Place | None:
    """The feature as a place; None when it is a poor match or in another commune."""
    found = parsed(feature)
    if not is_plausible(found.latitude, found.longitude, department=school.department):
        raise GeocoderParseError("the answer lies out of France")
    if found.score < MIN_SCORE or not _same_commune(found, school):
        return None
    return Place(found.latitude, found.longitude, found.precision)


def _same_commune(found: Feature, school: School) -> bool:
    if school.insee_code:
        return found.citycode == school.insee_code
    return fold(found.city) == fold(school.commune)
