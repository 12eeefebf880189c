"""Another place for a date: offered, accepted, declined; asked for, agreed to or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import BookingRequest, Claim, Proposal
from tests import factories
from tests.api.conftest import dates_of, errors
from tests.api.test_approve import address, states
from tests.conftest import ROLES, Cast
from venues.models import Space

Send = Callable[..., BookingRequest]
FRIDAY = {"start": "2026-10-23T18:00:00+02:00", "end": "2026-10-23T20:00:00+02:00"}


def date_of(booking: BookingRequest) -> int:
    return dates_of(booking)[0].pk


@pytest.fixture
def asked(sent: Send) -> BookingRequest:
    return sent()


@pytest.fixture
def offered(cast: Cast, asked: BookingRequest) -> BookingRequest:
    place = {"occurrence": date_of(asked), **FRIDAY}
    assert cast.api("manager").post(address(asked, "offer"), place).status_code == 200
    return asked


@pytest.fixture
def approved(cast: Cast, asked: BookingRequest) -> BookingRequest:
    assert cast.api("manager").post(address(asked)).status_code == 200
    return asked


@pytest.fixture
def wished(cast: Cast, approved: BookingRequest) -> BookingRequest:
    place = {"occurrence": date_of(approved), **FRIDAY}
    assert cast.api("member").post(address(approved, "ask-move"), place).status_code == 200
    return approved


SCHOOL = (401, 404, 403, 404, 200, 403)
ORGANISATION = (401, 404, 200, 404, 403, 403)


@pytest.mark.parametrize(("role", "status"), zip(ROLES, SCHOOL, strict=True))
def test_the_school_offers(cast: Cast, asked: BookingRequest, role: str, status: int) -> None:
    place = {"occurrence": date_of(asked), **FRIDAY, "message": "Conseil de classe"}
    assert cast.api(role).post(address(asked, "offer"), place).status_code == status
    assert Claim.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize(("role", "status"), zip(ROLES, ORGANISATION, strict=True))
def test_the_organisation_accepts(cast: Cast, offered: BookingRequest, role: str, status: int) -> None:
    response = cast.api(role).post(address(offered, "accept-offer"))
    assert response.status_code == status
    if status == 200:
        assert states(response) == ["approved"]
        assert response.json()["occurrences"][0]["start"] == FRIDAY["start"]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, ORGANISATION, strict=True))
def test_the_organisation_declines(cast: Cast, offered: BookingRequest, role: str, status: int) -> None:
    response = cast.api(role).post(address(offered, "decline-offer"), {"reason": "Trop tard"})
    assert response.status_code == status
    assert Claim.objects.count() == (0 if status == 200 else 1)


@pytest.mark.parametrize(("role", "status"), zip(ROLES, ORGANISATION, strict=True))
def test_the_organisation_asks_to_move(cast: Cast, approved: BookingRequest, role: str, status: int) -> None:
    place = {"occurrence": date_of(approved), **FRIDAY}
    response = cast.api(role).post(address(approved, "ask-move"), place)
    assert response.status_code == status
    if status == 200:
        assert states(response) == ["approved"]
        assert response.json()["occurrences"][0]["start"] != FRIDAY["start"]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, SCHOOL, strict=True))
def test_the_school_agrees_to_move(cast: Cast, wished: BookingRequest, role: str, status: int) -> None:
    response = cast.api(role).post(address(wished, "approve-move"), {"occurrence": date_of(wished)})
    assert response.status_code == status
    moved = Claim.objects.get().start_at.isoformat() == "2026-10-23T16:00:00+00:00"
    assert moved == (status == 200)
    if status == 200:
        assert response.json()["occurrences"][0]["start"] == FRIDAY["start"]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, SCHOOL, strict=True))
def test_the_school_does_not_agree(cast: Cast, wished: BookingRequest, role: str, status: int) -> None:
    said = {"occurrence": date_of(wished), "reason": "Examens"}
    assert cast.api(role).post(address(wished, "refuse-move"), said).status_code == status
    assert Proposal.objects.get().outcome == ("declined" if status == 200 else "")


def test_what_is_proposed_is_told_with_the_request(cast: Cast, offered: BookingRequest, space: Space) -> None:
    told = cast.api("member").get(address(offered, "").rstrip("/") + "/").json()
    assert told["proposals"] == [
        {
            "occurrence": date_of(offered),
            "side": "school",
            **FRIDAY,
            "spaces": [{"id": space.pk, "name": "Salle A"}],
            "message": "",
            "made_at": "2026-10-14T10:00:00+02:00",
            "expires_at": "2026-10-21T10:00:00+02:00",
        }
    ]


def test_another_room_and_until_when(cast: Cast, asked: BookingRequest) -> None:
    other = factories.SpaceFactory.create(school=cast.school, name="Salle B")
    place = {"occurrence": date_of(asked), "spaces": [other.pk], "expires_at": "2026-10-16T12:00:00+02:00"}
    response = cast.api("manager").post(address(asked, "offer"), place)
    assert response.json()["occurrences"][0]["spaces"] == [{"id": other.pk, "name": "Salle B"}]
    assert Proposal.objects.get().expires_at.isoformat() == "2026-10-16T10:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"occurrence": 999_999}, ("occurrence", "unknown_dates")),
        ({"spaces": [999_999]}, ("spaces", "unknown")),
        ({"spaces": []}, ("spaces", "nothing_asked")),
        ({"start": "2026-10-13T18:00:00+02:00", "end": "2026-10-13T20:00:00+02:00"}, ("start", "past")),
        ({"expires_at": "2026-10-13T18:00:00+02:00"}, ("expires_at", "already_expired")),
        ({"end": None}, ("end", "null")),
    ],
)
def test_what_cannot_be_offered(
    cast: Cast, asked: BookingRequest, change: dict[str, Any], error: Any
) -> None:
    place = {"occurrence": date_of(asked), **FRIDAY, **change}
    response = cast.api("manager").post(address(asked, "offer"), place)
    assert (response.status_code, errors(response)) == (400, [error])
    assert not Proposal.objects.exists()


def test_the_room_of_another_school_is_not_offered(cast: Cast, asked: BookingRequest) -> None:
    elsewhere = factories.SpaceFactory.create(school=cast.other_school)
    place = {"occurrence": date_of(asked), "spaces": [elsewhere.pk]}
    response = cast.api("manager").post(address(asked, "offer"), place)
    assert (response.status_code, errors(response)) == (400, [("spaces", "several_schools")])


def test_what_is_taken_is_not_offered(cast: Cast, sent: Send, approved: BookingRequest) -> None:
    other = sent()
    date = dates_of(other)[0]
    response = cast.api("manager").post(
        address(other, "offer"),
        {"occurrence": date.pk, "start": date.start_at.isoformat(), "end": date.end_at.isoformat()},
    )
    assert (response.status_code, response.json()["code"]) == (409, "not_free")


def test_no_move_where_none_was_asked(cast: Cast, approved: BookingRequest) -> None:
    response = cast.api("manager").post(address(approved, "approve-move"), {"occurrence": date_of(approved)})
    assert (response.status_code, response.json()["code"]) == (409, "nothing_to_do")
