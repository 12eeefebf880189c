"""The sheet of signatures of one version: who signed, when, and the hash of the file they signed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from shareloc.web import formats, pdf

from ..models import Agreement
from . import facts
from .drawing import TYPST
from .standing import Side, sides_of


@translation.override(settings.LANGUAGE_CODE)
def signatures(agreement: Agreement) -> bytes:
    """The sheet as PDF, the same as long as nobody else signs; request, organisation and lycée are loaded."""
    return pdf.render(TYPST / "signatures.typ", _facts(agreement))


def _facts(agreement: Agreement) -> dict[str, Any]:
    sides, asked = sides_of(agreement), agreement.request
    last = max([agreement.generated_at, *(side.signature.signed_at for side in sides if side.signature)])
    return {
        "number": agreement.number,
        "version": agreement.version,
        "digest": agreement.digest,
        "is_demo": settings.DEMO,
        "on": facts.day_of(timezone.localdate(last)),
        "drawn_up": formats.moment(agreement.generated_at),
        "organisation": asked.organisation.name,
        "school": asked.school.name,
        "region": settings.REGION_NAME,
        "sides": [_side(side) for side in sides],
        "is_complete": all(side.signature for side in sides),
        "replaced_by": agreement.replaced_by(),
        "verify": {
            "url": settings.SITE_URL + reverse("bookings:verify"),
            "qr": facts.qr(settings.SITE_URL + reverse("bookings:verified", args=[agreement.digest])),
        },
    }


def _side(side: Side) -> dict[str, Any]:
    made = side.signature
    if made is None:
        return {"label": side.label, "signed": False}
    return {
        "label": side.label,
        "signed": True,
        "name": made.name,
        "at": formats.moment(made.signed_at),
        "delegation": made.delegation,
    }
