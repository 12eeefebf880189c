"""A promised loan, and what its PDF says."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader

from bookings import agreements, workflow
from bookings.models import Agreement, BookingRequest
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import Cast


def pdf_of(body: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(body))


def text_of(body: bytes) -> str:
    """The words of a PDF; every kind of space reads as one."""
    return " ".join(" ".join(page.extract_text() for page in pdf_of(body).pages).split())


@pytest.fixture
def approved(scene: Scene) -> Callable[..., BookingRequest]:
    """`approved(2)`: a request with that many Thursdays from 12 November 2026, promised."""

    def make(count: int = 1, **values: Any) -> BookingRequest:
        first = dt.date(2026, 11, 12)
        request = scene.submit(
            *(evening(f"{first + week * dt.timedelta(weeks=1)}") for week in range(count)), **values
        )
        workflow.approve(request, by=scene.manager)
        return BookingRequest.objects.get(pk=request.pk)

    return make


@pytest.fixture
def drawn(approved: Callable[..., BookingRequest]) -> Callable[..., Agreement]:
    """The same, with its agreement."""

    def make(count: int = 1, **values: Any) -> Agreement:
        agreement = agreements.draw_up(approved(count, **values).pk)
        assert agreement is not None
        return agreement

    return make


@pytest.fixture
def loan(cast: Cast, now: dt.datetime) -> Agreement:
    """The drawn-up agreement of a loan of the cast's school to its organisation."""
    factories.open_always(cast.school)
    space = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    request = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, created_by=cast.user("member")
    )
    for week in range(2):
        start = factories.next_week() + week * dt.timedelta(weeks=1)
        factories.OccurrenceFactory.create(request=request, start_at=start, spaces=[space])
    workflow.approve(request, by=cast.user("manager"))
    agreement = agreements.draw_up(request.pk)
    assert agreement is not None
    return agreement
