"""What the tests of the API share: a room open day and night, and a request as it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import BookingRequest, Journal, Occurrence
from tests import factories
from tests.conftest import Cast
from venues.models import Space

EVENING = {"start": "2026-10-22T18:00:00+02:00", "end": "2026-10-22T20:00:00+02:00"}


@pytest.fixture
def space(cast: Cast, now: dt.datetime) -> Space:
    """A room of the cast's school, open day and night."""
    factories.open_always(cast.school)
    return factories.SpaceFactory.create(school=cast.school, name="Salle A")


@pytest.fixture
def body(cast: Cast, space: Space) -> dict[str, Any]:
    """A request for that room, next Thursday evening."""
    return {
        "space": space.pk,
        "organisation": cast.organisation.pk,
        "purpose": "Répétition de la chorale",
        "attendees": 25,
        "dates": [dict(EVENING)],
    }


@pytest.fixture
def sent(cast: Cast, space: Space) -> Callable[..., BookingRequest]:
    """`sent(3)`: a request of the cast's organisation for three Thursdays at 18:00, in the journal too."""

    def send(count: int = 1, *, equipment: Any = None, space: Space = space) -> BookingRequest:
        booking = factories.BookingRequestFactory.create(
            organisation=cast.organisation, school=cast.school, created_by=cast.user("member")
        )
        first = dt.datetime.fromisoformat(EVENING["start"]).astimezone(factories.PARIS)
        dates = [
            factories.OccurrenceFactory.create(
                request=booking,
                start_at=first + week * dt.timedelta(weeks=1),
                spaces=[space],
                equipment=equipment,
            )
            for week in range(count)
        ]
        Journal.objects.create(
            request=booking,
            verb="submit",
            actor=cast.user("member"),
            at=booking.submitted_at,
            data={"occurrences": [date.pk for date in dates]},
        )
        return booking

    return send


def dates_of(booking: BookingRequest) -> list[Occurrence]:
    return list(booking.occurrences.order_by("start_at", "pk"))


def errors(response: Any) -> list[tuple[str, str]]:
    """(field, code) of each error of an answer, in order."""
    return [(error["field"], error["code"]) for error in response.json()["errors"]]
