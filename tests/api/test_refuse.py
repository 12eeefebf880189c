"""The school refuses, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import BookingRequest
from tests.api.conftest import dates_of, errors
from tests.api.test_approve import address, states
from tests.conftest import ROLES, Cast

Send = Callable[..., BookingRequest]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 403, 404, 200, 403), strict=True))
def test_only_the_school_refuses(cast: Cast, sent: Send, role: str, status: int) -> None:
    booking = sent()
    assert cast.api(role).post(address(booking, "refuse"), {"reason": "Travaux"}).status_code == status
    booking.refresh_from_db()
    assert booking.state == ("decided" if status == 200 else "submitted")


def test_the_reason_is_shown(cast: Cast, sent: Send) -> None:
    booking = sent(2)
    response = cast.api("manager").post(address(booking, "refuse"), {"reason": "Conseil de classe"})
    assert states(response) == ["refused", "refused"]
    assert [date["reason"] for date in response.json()["occurrences"]] == ["Conseil de classe"] * 2
    assert response.json()["state"] == "decided"


def test_chosen_dates(cast: Cast, sent: Send) -> None:
    booking = sent(2)
    chosen = {"reason": "Travaux", "occurrences": [dates_of(booking)[0].pk]}
    response = cast.api("manager").post(address(booking, "refuse"), chosen)
    assert states(response) == ["refused", "pending"]
    assert response.json()["state"] == "submitted"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "required"),
        ({}, "required"),
        ({"reason": ""}, "blank"),
        ({"reason": "  \n"}, "blank"),
        ({"reason": None}, "null"),
        ({"reason": "x" * 501}, "max_length"),
        ({"reason": "a\0"}, "null_characters_not_allowed"),
        ({"reason": {"a": 1}}, "invalid"),
    ],
)
def test_without_a_reason_nothing_is_refused(cast: Cast, sent: Send, body: Any, code: str) -> None:
    booking = sent()
    response = cast.api("manager").post(address(booking, "refuse"), body)
    assert (response.status_code, errors(response)) == (400, [("reason", code)])
    booking.refresh_from_db()
    assert booking.state == "submitted"


def test_the_second_is_told(cast: Cast, sent: Send) -> None:
    booking = sent()
    assert cast.api("manager").post(address(booking, "refuse"), {"reason": "Travaux"}).status_code == 200
    response = cast.api("manager").post(address(booking, "refuse"), {"reason": "Travaux"})
    assert (response.status_code, response.json()["code"]) == (409, "already_decided")
