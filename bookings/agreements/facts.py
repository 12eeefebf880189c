"""What an agreement says: the facts its template prints, in words, from what is stored."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.accounts.models import Document, Organisation
from shareloc.web import formats
from venues.models import School, Space

from ..models import BookingRequest, Occurrence


def number_of(request: BookingRequest) -> str:
    """`C-7K2M-9QXD` of the request R-7K2M-9QXD: as unique, and as hard to guess."""
    return f"C{request.reference[1:]}"


def of(
    request: BookingRequest, dates: Sequence[Occurrence], *, version: int, at: dt.datetime
) -> dict[str, Any]:
    """Everything the template prints of these promised dates, with rooms and equipment loaded."""
    spaces = {space.pk: space for date in dates for space in date.spaces.all()}
    url = settings.SITE_URL + reverse("bookings:verify")
    return {
        "number": number_of(request),
        "version": version,
        "reference": request.reference,
        "is_demo": settings.DEMO,
        "drawn_up": {"on": formats.date(at), "at": formats.hour(at), **day_of(timezone.localdate(at))},
        "organisation": organisation_facts(request.organisation),
        "school": _school(request.school),
        "region": {
            "name": settings.REGION_NAME,
            "is_standing": request.school.region_signature == School.RegionSignature.STANDING,
            "delegation": request.school.region_delegation,
        },
        "purpose": request.purpose,
        "attendees": formats.number(request.attendees),
        "contact": _joined([request.contact_name, request.contact_phone]),
        "rooms": [_room(space) for space in spaces.values()],
        "dates": [_date(date) for date in dates],
        "hours": hours(sum((date.end_at - date.start_at for date in dates), dt.timedelta())),
        "has_prices": any(date.price for date in dates),
        "money": _money(request, dates),
        "insurance": _insurance(request.organisation, dates),
        "needs_insurance": any(space.needs_insurance for space in spaces.values()),
        "cancellation": _cancellation(spaces.values()),
        "verify": {"url": url, "qr": qr(f"{url}?q={number_of(request)}")},
    }


def day_of(day: dt.date) -> dict[str, int]:
    """The date of a document as numbers: its file is the same whenever it is made."""
    return {"year": day.year, "month": day.month, "day": day.day}


# -- parties ------------------------------------------------------------------------------------


def organisation_facts(organisation: Organisation) -> dict[str, Any]:
    numbers = [
        _("RNA %(number)s") % {"number": organisation.rna} if organisation.rna else "",
        _("SIREN/SIRET %(number)s") % {"number": organisation.siret} if organisation.siret else "",
        _("UAI %(number)s") % {"number": organisation.uai} if organisation.uai else "",
    ]
    return {
        "name": organisation.name,
        "kind": organisation.get_kind_display(),
        "number": _joined(numbers),
        "address": organisation.address,
    }


def _school(school: School) -> dict[str, Any]:
    return {
        "name": school.name,
        "uai": school.uai,
        "address": school.full_address,
        "phone": school.phone,
        "contact": school.lending_contact,
        "access": _paragraphs(school.access_notes),
        "emergency": _paragraphs(school.emergency_instructions),
        "clauses": _paragraphs(school.agreement_clauses),
        "board_decided_on": formats.date(school.board_decided_on) if school.board_decided_on else "",
    }


# -- what is lent -------------------------------------------------------------------------------


def _room(space: Space) -> dict[str, str]:
    return {
        "name": space.name,
        "kind": space.get_kind_display(),
        "location": space.location,
        "capacity": formats.number(space.capacity),
    }


def _date(date: Occurrence) -> dict[str, str]:
    what = [space.name for space in date.spaces.all()]
    what += [str(line) for line in date.equipment.all()]
    return {
        "when": formats.period(date.start_at, date.end_at),
        "what": _joined(what),
        "price": "" if date.price is None else formats.euros(date.price),
    }


def hours(length: dt.timedelta) -> str:
    """`132 h`, `1 h 30`: in hours even beyond a day, as accounts want them."""
    whole, minutes = divmod(int(length.total_seconds() // 60), 60)
    rest = f"{formats.NO_BREAK}{minutes:02}" if minutes else ""
    return f"{formats.number(whole)}{formats.NO_BREAK}h{rest}"


def _cancellation(spaces: Iterable[Space]) -> str:
    """The longest delay of its rooms; empty where a date may be cancelled until it begins."""
    hours = max((space.cancellation_hours for space in spaces), default=0)
    return formats.duration(hours * 60) if hours else ""


# -- money and insurance ------------------------------------------------------------------------


def _money(request: BookingRequest, dates: Sequence[Occurrence]) -> dict[str, Any]:
    """What was frozen when the dates were approved; a date approved before that was kept has nothing."""
    prices = [date.price for date in dates if date.price is not None]
    return {
        "is_known": len(prices) == len(dates),
        "is_free": not any(prices),
        "price": formats.euros(sum(prices, Decimal(0))),
        "grounds": sorted({date.price_ground for date in dates if date.price_ground}),
        "value": _sum([date.value for date in dates]),
        "deposit": formats.euros(request.deposit) if request.deposit else "",
    }


def _sum(values: Iterable[Decimal | None]) -> str:
    known = [value for value in values if value is not None]
    return formats.euros(sum(known, Decimal(0))) if known else ""


def _insurance(organisation: Organisation, dates: Sequence[Occurrence]) -> dict[str, str] | None:
    """The certificate on file that covers most of the dates; the newest of equal ones."""
    days = [timezone.localdate(date.start_at) for date in dates]
    found = list(organisation.documents.insurance().order_by("valid_until", "pk"))
    best = max(found, key=lambda document: sum(map(document.covers, days)), default=None)
    return _certificate(best) if best and any(map(best.covers, days)) else None


def _certificate(document: Document) -> dict[str, str]:
    return {
        "insurer": document.insurer,
        "policy": document.policy_number,
        "until": formats.date(document.valid_until) if document.valid_until else "",
        "cover": formats.euros(document.cover_amount) if document.cover_amount else "",
    }


# -- words --------------------------------------------------------------------------------------


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def qr(address: str) -> str:
    """A QR code of this address, as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=0)
    return drawn.getvalue().decode()
