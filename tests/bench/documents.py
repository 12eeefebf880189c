"""How long an agreement takes to be made: facts and PDF, for forty dates of the request that has most."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils import timezone

from bookings.agreements import covering, drawing, facts
from bookings.models import BookingRequest, Occurrence
from bookings.states import AGREED
from shareloc.web import pdf

# Milliseconds, after the first.
TARGET = 100
# A season of evenings. Filled at random, the bench has requests of more dates than one may ask for.
DATES = 40


def agreement() -> Any:
    """What makes one, each time from the database; None where nothing is promised."""
    counted = Occurrence.objects.in_state(*AGREED).order_by().values("request").annotate(n=Count("pk"))
    most = counted.order_by("-n").first()
    if most is None:
        return None
    request = BookingRequest.objects.select_related("organisation", "school").get(pk=most["request"])

    def make() -> bytes:
        dates = covering.promised(request.pk)[:DATES]
        said = facts.of(request, dates, version=1, at=timezone.now())
        return pdf.render(drawing.template(), said)

    return make
