"""The lodge's sheet on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.web import formats
from shareloc.web import pdf as typeset
from venues.templatetags.lending import lent

from ..models import OccurrenceEquipment
from .sheet import Guest, Sheet

TEMPLATE = Path(__file__).parent / "sheet.typ"


def pdf(sheet: Sheet) -> bytes:
    """The sheet as a tagged PDF."""
    return typeset.render(
        TEMPLATE,
        {
            "title": _("Fiche de la loge"),
            "day": formats.day(sheet.day),
            "school": sheet.school.name,
            "printed": _("Imprimée %(moment)s") % {"moment": formats.moment(timezone.now())},
            "emergency": sheet.school.emergency_instructions,
            "guests": [_guest(guest) for guest in sheet.guests],
            "overdue": [_overdue(line) for line in sheet.overdue],
        },
    )


def _guest(guest: Guest) -> dict[str, Any]:
    rooms = [f"{room.name} ({room.location})" if room.location else room.name for room in guest.rooms]
    return {
        "hours": guest.hours,
        "rooms": rooms,
        "organisation": guest.organisation,
        "purpose": guest.purpose,
        "attendees": formats.number(guest.attendees),
        "contact": [part for part in (guest.contact, guest.phone) if part],
        "equipment": guest.equipment,
    }


def _overdue(line: OccurrenceEquipment) -> str:
    return _("%(what)s : %(who)s, à rendre depuis le %(day)s") % {
        "what": lent(line),
        "who": line.occurrence.request.organisation.name,
        "day": formats.day(line.occurrence.end_at),
    }
