"""Addresses, asked of the geocoder: with a time-out, and each answer kept, “unknown” too."""

from __future__ import annotations

import hashlib
import logging
from enum import Enum
from functools import partial

from django.conf import settings
from django.core.cache import cache
from geopy.adapters import RequestsAdapter
from geopy.exc import GeopyError

from .. import geo
from ..models import School
from ..places import fold
from .found import Kind, Place

logger = logging.getLogger(__name__)

DAY = 24 * 60 * 60
KEPT_FOUND, KEPT_UNKNOWN = 30 * DAY, DAY
# After a failure nobody waits for the geocoder again before this many seconds.
PAUSE = 60
PAUSED = "gazetteer:geocoder-paused"


class Failure(Enum):
    UNKNOWN = "unknown"
    # It did not answer, or not sensibly; or none is configured.
    UNREACHABLE = "unreachable"


def find(text: str, *, insee_code: str = "") -> Place | Failure:
    """Where an address is, in this commune if one is given."""
    key = _key(text, insee_code)
    kept = cache.get(key)
    if kept is None:
        if not settings.GEOCODER_DOMAIN or cache.get(PAUSED):
            return Failure.UNREACHABLE
        try:
            kept = _ask(text, insee_code)
        except GeopyError as error:
            # The address itself is nobody's business but the asker's: it is not logged.
            logger.warning("The geocoder failed: %s", type(error).__name__)
            cache.set(PAUSED, True, PAUSE)
            return Failure.UNREACHABLE
        cache.set(key, kept, KEPT_FOUND if kept else KEPT_UNKNOWN)
    return _place(*kept) if kept else Failure.UNKNOWN


# What is kept: label, latitude, longitude, INSEE code, whether it is right to some kilometres only.
Kept = tuple[str, float, float, str, bool]


def _ask(text: str, insee_code: str) -> Kept | tuple[()]:
    ban = geo.CommuneBAN(
        domain=settings.GEOCODER_DOMAIN,
        scheme=settings.GEOCODER_SCHEME,
        timeout=settings.GEOCODER_TIMEOUT_SECONDS,
        user_agent="shareloc",
        adapter_factory=partial(RequestsAdapter, max_retries=0),
    )
    feature = ban.first_in(text, **({"citycode": insee_code} if insee_code else {}))
    if feature is None:
        return ()
    found = geo.parsed(feature)
    if found.score < geo.MIN_SCORE or not _is_near(found, text):
        return ()
    rough = found.precision in (School.Precision.COMMUNE, School.Precision.UNKNOWN)
    return found.label, found.latitude, found.longitude, found.citycode, rough


def _is_near(found: geo.Feature, text: str) -> bool:
    """In one of our départements, or in a commune that was named: streets are called alike everywhere."""
    if not geo.is_plausible(found.latitude, found.longitude, department=found.citycode[:2]):
        return False
    ours = found.citycode.startswith(tuple(settings.IMPORT_DEPARTMENTS))
    return ours or fold(found.city) in fold(text)


def _place(label: str, latitude: float, longitude: float, insee_code: str, rough: bool) -> Place:
    return Place(
        Kind.ADDRESS,
        label,
        label,
        (latitude, longitude),
        is_approximate=rough,
        insee_codes=(insee_code,) if insee_code else (),
    )


def _key(text: str, insee_code: str) -> str:
    # Hashed: some caches refuse long keys and blanks, and a key is readable by whoever runs the cache.
    return "gazetteer:" + hashlib.sha256(f"{insee_code}:{fold(text)}".encode()).hexdigest()
