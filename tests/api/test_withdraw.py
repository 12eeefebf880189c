"""The organisation takes its request back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import BookingRequest
from tests.api.conftest import dates_of, errors
from tests.api.test_approve import address, states
from tests.conftest import ROLES, Cast

Send = Callable[..., BookingRequest]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 200, 404, 403, 403), strict=True))
def test_only_the_organisation_withdraws(cast: Cast, sent: Send, role: str, status: int) -> None:
    booking = sent()
    assert cast.api(role).post(address(booking, "withdraw")).status_code == status
    booking.refresh_from_db()
    assert booking.state == ("withdrawn" if status == 200 else "submitted")


@pytest.mark.parametrize("body", [None, {}, {"reason": ""}, {"reason": "Trouvé ailleurs"}])
def test_with_or_without_a_reason(cast: Cast, sent: Send, body: Any) -> None:
    response = cast.api("member").post(address(sent(2), "withdraw"), body)
    assert states(response) == ["withdrawn", "withdrawn"]
    assert response.json()["state"] == "withdrawn"
    assert response.json()["occurrences"][0]["reason"] == (body or {}).get("reason", "")


def test_what_was_approved_stays(cast: Cast, sent: Send) -> None:
    booking = sent(2)
    cast.api("manager").post(address(booking), {"occurrences": [dates_of(booking)[0].pk]})
    response = cast.api("member").post(address(booking, "withdraw"))
    assert states(response) == ["approved", "withdrawn"]
    assert response.json()["state"] == "decided"


def test_after_the_decision_it_is_too_late(cast: Cast, sent: Send) -> None:
    booking = sent()
    cast.api("manager").post(address(booking))
    response = cast.api("member").post(address(booking, "withdraw"))
    assert (response.status_code, response.json()["code"]) == (409, "forbidden_now")


def test_malformed(cast: Cast, sent: Send) -> None:
    response = cast.api("member").post(address(sent(), "withdraw"), {"reason": "x" * 501})
    assert (response.status_code, errors(response)) == (400, [("reason", "max_length")])
