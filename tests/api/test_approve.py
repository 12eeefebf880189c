"""The school approves: whom it is for, what moves, what it costs, and who comes second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from bookings import workflow
from bookings.models import BookingRequest, Claim
from tests import factories
from tests.api.conftest import dates_of, errors
from tests.conftest import ROLES, Cast
from venues.models import Space

Send = Callable[..., BookingRequest]


def address(booking: BookingRequest, verb: str = "approve") -> str:
    return f"/api/v1/requests/{booking.reference}/{verb}/"


def states(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [date["state"] for date in response.json()["occurrences"]]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 403, 404, 200, 403), strict=True))
def test_only_the_school_decides(cast: Cast, sent: Send, role: str, status: int) -> None:
    booking = sent()
    response = cast.api(role).post(address(booking))
    assert response.status_code == status
    assert Claim.objects.count() == (1 if status == 200 else 0)
    if status == 403:
        assert response.json()["code"] == "permission_denied"


def test_the_head_too_but_not_the_caretaker(cast: Cast, sent: Send) -> None:
    booking = sent()
    for role in ("caretaker", "head"):
        cast.users[role] = factories.SchoolRoleFactory.create(school=cast.school, role=role).user
    assert cast.api("caretaker").post(address(booking)).status_code == 404
    assert cast.api("head").post(address(booking)).status_code == 200


def test_it_answers_with_the_request(cast: Cast, sent: Send) -> None:
    booking = sent()
    answer = cast.api("manager").post(address(booking)).json()
    read = cast.api("manager").get(f"/api/v1/requests/{booking.reference}/").json()
    assert [line["verb"] for line in read.pop("journal")] == ["submit", "approve"]
    assert read.pop("proposals") == []
    assert answer == read
    assert (answer["state"], answer["decided_at"]) == ("decided", "2026-10-14T10:00:00+02:00")
    assert answer["occurrences"][0]["state"] == "approved"


@pytest.mark.parametrize("body", [None, {}, {"occurrences": None}])
def test_without_dates_all_free_ones(cast: Cast, sent: Send, body: Any) -> None:
    booking = sent(3)
    assert states(cast.api("manager").post(address(booking), body)) == ["approved"] * 3


def test_what_is_not_free_stays_and_says_why(cast: Cast, space: Space, sent: Send) -> None:
    booking = sent(3)
    second = dates_of(booking)[1]
    factories.BusyTimeFactory.create(space=space, start_at=second.start_at, end_at=second.end_at)
    response = cast.api("manager").post(address(booking))
    assert states(response) == ["approved", "pending", "approved"]
    assert [[p["code"] for p in date["problems"]] for date in response.json()["occurrences"]] == [
        [],
        ["lesson"],
        [],
    ]
    assert response.json()["state"] == "submitted"


def test_chosen_dates(cast: Cast, sent: Send) -> None:
    booking = sent(3)
    first, _second, third = dates_of(booking)
    response = cast.api("manager").post(address(booking), {"occurrences": [third.pk, first.pk, first.pk]})
    assert states(response) == ["approved", "pending", "approved"]


def test_a_chosen_date_passes_over_what_the_school_may(cast: Cast, sent: Send) -> None:
    booking = sent()
    date = dates_of(booking)[0]
    factories.ClosureFactory.create(school=cast.school, first_on=date.start_at.date())
    refused = cast.api("manager").post(address(booking))
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_free")
    assert states(cast.api("manager").post(address(booking), {"occurrences": [date.pk]})) == ["approved"]


def test_nothing_free(cast: Cast, sent: Send) -> None:
    booking, rival = sent(), sent()
    workflow.approve(rival, by=cast.user("manager"))
    response = cast.api("manager").post(address(booking))
    assert response.status_code == 409
    assert response.json() == {
        "code": "nothing_free",
        "detail": "Cette date n’a pas pu être acceptée. La salle est déjà prise à ces heures.",
        "errors": [],
    }


def test_the_second_is_told_who_and_when(cast: Cast, sent: Send) -> None:
    booking = sent()
    cast.api("manager").post(address(booking))
    cast.users["colleague"] = factories.SchoolRoleFactory.create(school=cast.school, role="head").user
    response = cast.api("colleague").post(address(booking))
    assert (response.status_code, response.json()["code"]) == (409, "already_decided")
    assert str(cast.user("manager")) in response.json()["detail"]
    assert "10:00" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"occurrences": []}, ("occurrences", "empty")),
        ({"occurrences": "all"}, ("occurrences", "not_a_list")),
        ({"occurrences": [0]}, ("occurrences.0", "min_value")),
        ({"occurrences": [2**63]}, ("occurrences.0", "max_value")),
        ({"occurrences": ["x"]}, ("occurrences.0", "invalid")),
        ({"occurrences": [[1]]}, ("occurrences.0", "invalid")),
        ({"occurrences": list(range(1, 1002))}, ("occurrences", "max_length")),
        ({"occurrences": [999_999]}, ("occurrences", "unknown_dates")),
        ([], ("", "invalid")),
    ],
)
def test_malformed(cast: Cast, sent: Send, body: Any, wrong: tuple[str, str]) -> None:
    booking = sent()
    response = cast.api("manager").post(address(booking), body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert wrong in errors(response)
    assert not Claim.objects.exists()


def test_dates_of_another_request_are_unknown(cast: Cast, sent: Send) -> None:
    booking, other = sent(), sent()
    wanted = [date.pk for date in (*dates_of(booking), *dates_of(other))]
    response = cast.api("manager").post(address(booking), {"occurrences": wanted})
    assert (response.status_code, errors(response)) == (400, [("occurrences", "unknown_dates")])
    assert not Claim.objects.exists()


def test_equipment_is_taken_too(cast: Cast, sent: Send) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school, quantity=3)
    booking = sent(equipment={pool: 2})
    response = cast.api("manager").post(address(booking))
    assert states(response) == ["approved"]
    assert response.json()["occurrences"][0]["equipment"][0]["quantity"] == 2
    assert Claim.objects.filter(unit__pool=pool).count() == 2


def test_one_date_costs_few_statements(
    cast: Cast, space: Space, sent: Send, django_assert_num_queries: Any
) -> None:
    Space.objects.update(needs_insurance=True)
    factories.InsuranceFactory.create(organisation=cast.organisation)
    booking = sent()
    client = cast.api("manager")
    with django_assert_num_queries(17, own=True):
        assert client.post(address(booking)).status_code == 200


def test_statements_do_not_grow_with_the_dates(
    cast: Cast, sent: Send, django_assert_num_queries: Any
) -> None:
    few, many = sent(4), sent(14)
    spans = [dates_of(booking) for booking in (few, many)]
    for dates in spans:
        factories.BusyTimeFactory.create(
            space=dates[0].spaces.get(), start_at=dates[-1].start_at, end_at=dates[-1].end_at
        )
    client = cast.api("manager")
    for booking, dates in zip((few, many), spans, strict=True):
        chosen = {"occurrences": [date.pk for date in dates[len(dates) // 2 :]]}
        with django_assert_num_queries(22, own=True):
            assert client.post(address(booking), chosen).status_code == 200


def test_a_session_needs_its_csrf_token(cast: Cast, sent: Send) -> None:
    booking = sent()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.user("manager"), backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(address(booking)).status_code == 403
    assert not Claim.objects.exists()


@pytest.mark.parametrize("verb", ["approve", "refuse", "withdraw", "cancel"])
def test_reading_changes_nothing(cast: Cast, sent: Send, verb: str) -> None:
    booking = sent()
    for role in ("manager", "member"):
        assert cast.api(role).get(address(booking, verb)).status_code == 405
    booking.refresh_from_db()
    assert booking.state == "submitted"


def test_anonymous_learns_nothing_from_a_reference(cast: Cast, sent: Send) -> None:
    known, unknown = sent().reference, "R-0000-0000"
    answers = [APIClient().post(f"/api/v1/requests/{reference}/approve/") for reference in (known, unknown)]
    assert [answer.json() for answer in answers] == [answers[0].json()] * 2
    assert answers[0].status_code == 401
