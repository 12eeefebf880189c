"""Either side gives up what was approved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bookings.models import BookingRequest, Claim
from tests.api.conftest import dates_of, errors
from tests.api.test_approve import address, states
from tests.conftest import ROLES, Cast

Send = Callable[..., BookingRequest]


@pytest.fixture
def approved(cast: Cast, sent: Send) -> BookingRequest:
    """A request for three Thursdays, all approved."""
    booking = sent(3)
    assert cast.api("manager").post(address(booking)).status_code == 200
    return booking


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 200, 404, 200, 403), strict=True))
def test_both_sides_cancel(cast: Cast, approved: BookingRequest, role: str, status: int) -> None:
    assert cast.api(role).post(address(approved, "cancel"), {"reason": "Grippe"}).status_code == status
    assert Claim.objects.count() == (0 if status == 200 else 3)


def test_chosen_dates(cast: Cast, approved: BookingRequest) -> None:
    chosen = {"reason": "Grippe", "occurrences": [dates_of(approved)[1].pk]}
    response = cast.api("member").post(address(approved, "cancel"), chosen)
    assert states(response) == ["approved", "cancelled", "approved"]
    assert [date["reason"] for date in response.json()["occurrences"]] == ["", "Grippe", ""]
    assert Claim.objects.count() == 2


def test_without_a_reason_nothing_is_cancelled(cast: Cast, approved: BookingRequest) -> None:
    response = cast.api("member").post(address(approved, "cancel"), {})
    assert (response.status_code, errors(response)) == (400, [("reason", "required")])
    assert Claim.objects.count() == 3


def test_what_was_not_approved_cannot_be_cancelled(cast: Cast, sent: Send) -> None:
    response = cast.api("member").post(address(sent(), "cancel"), {"reason": "Grippe"})
    assert (response.status_code, response.json()["code"]) == (409, "nothing_to_do")


def test_twice(cast: Cast, approved: BookingRequest) -> None:
    cast.api("member").post(address(approved, "cancel"), {"reason": "Grippe"})
    response = cast.api("manager").post(address(approved, "cancel"), {"reason": "Grippe"})
    assert (response.status_code, response.json()["code"]) == (409, "forbidden_now")
