"""Positions for schools that the annuaire does not place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable, GeopyError

from venues.geo import Geocoder, Place
from venues.models import School

from .records import Perimeter

# A geocoder that fails this often in a row is down: the others wait for the next import.
PATIENCE = 3


@dataclass(slots=True)
class Geocoded:
    """By UAI: places found, addresses nobody knows, schools that could not be asked for (and why)."""

    found: dict[str, Place] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    error: str = ""


def place_schools(perimeter: Perimeter, geocoder: Geocoder) -> Geocoded:
    """Look for the open schools of the perimeter that have no position, and write what is found."""
    schools = (
        School.objects.open().filter(latitude=None, department__in=perimeter.departments).order_by("uai")
    )
    result = _locate(schools, geocoder)
    _write(result.found)
    return result


def _locate(schools: Iterable[School], geocoder: Geocoder) -> Geocoded:
    result, failures_in_a_row = Geocoded(), 0
    for school in schools:
        if failures_in_a_row >= PATIENCE:
            result.failed.append(school.uai)
            continue
        try:
            place = geocoder.locate(school)
        except GeopyError as error:
            failures_in_a_row += 1
            result.error = _reason(error)
            result.failed.append(school.uai)
            continue
        failures_in_a_row = 0
        if place is None:
            result.unknown.append(school.uai)
        else:
            result.found[school.uai] = place
    return result


def _reason(error: GeopyError) -> str:
    match error:
        case GeocoderTimedOut():
            return _("délai dépassé")
        case GeocoderUnavailable():
            return _("injoignable")
        case GeocoderParseError():
            return _("réponse illisible")
    return _("il répond par une erreur")


@transaction.atomic
def _write(found: dict[str, Place]) -> None:
    for uai, place in found.items():
        # Whoever typed a position in the meantime knows better.
        School.objects.filter(uai=uai, latitude=None).update(**place._asdict(), changed_at=timezone.now())
