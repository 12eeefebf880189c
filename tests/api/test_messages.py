"""Words on a request: messages of both sides, and information asked and given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bookings.models import BookingRequest, Journal, Message
from tests.api.conftest import errors
from tests.api.test_approve import address
from tests.conftest import ROLES, Cast

Send = Callable[..., BookingRequest]


@pytest.fixture
def asked(sent: Send) -> BookingRequest:
    return sent()


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 201, 404, 201, 403), strict=True))
def test_both_sides_write(cast: Cast, asked: BookingRequest, role: str, status: int) -> None:
    response = cast.api(role).post(address(asked, "messages"), {"text": "Bonjour"})
    assert response.status_code == status
    assert Message.objects.count() == (1 if status == 201 else 0)
    if status == 201:
        assert response.json()["side"] == ("organisation" if role == "member" else "school")
        assert Journal.objects.get(verb="message").actor == cast.user(role)


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 200, 404, 200, 200), strict=True))
def test_who_reads(cast: Cast, asked: BookingRequest, role: str, status: int) -> None:
    cast.api("member").post(address(asked, "messages"), {"text": "Bonjour"})
    response = cast.api(role).get(address(asked, "messages"))
    assert response.status_code == status
    if status == 200:
        (told,) = response.json()["results"]
        assert (told["text"], told["by"]) == ("Bonjour", cast.user("member").name)


@pytest.mark.parametrize("text", ["", "   ", "a" * 4001])
def test_empty_and_endless_messages(cast: Cast, asked: BookingRequest, text: str) -> None:
    response = cast.api("member").post(address(asked, "messages"), {"text": text})
    assert response.status_code == 400
    assert errors(response)[0][0] == "text"


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 403, 404, 200, 403), strict=True))
def test_the_school_asks(cast: Cast, asked: BookingRequest, role: str, status: int) -> None:
    response = cast.api(role).post(address(asked, "ask-information"), {"text": "Combien de voitures ?"})
    assert response.status_code == status
    asked.refresh_from_db()
    assert asked.state == ("information_asked" if status == 200 else "submitted")


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 200, 404, 403, 403), strict=True))
def test_the_organisation_answers(cast: Cast, asked: BookingRequest, role: str, status: int) -> None:
    cast.api("manager").post(address(asked, "ask-information"), {"text": "Combien de voitures ?"})
    response = cast.api(role).post(address(asked, "answer-information"), {"text": "Douze"})
    assert response.status_code == status
    asked.refresh_from_db()
    assert asked.state == ("submitted" if status == 200 else "information_asked")


def test_nothing_to_answer(cast: Cast, asked: BookingRequest) -> None:
    response = cast.api("member").post(address(asked, "answer-information"), {"text": "Douze"})
    assert (response.status_code, response.json()["code"]) == (409, "nothing_to_do")


def test_the_list_does_not_ask_more_for_more_messages(  # type: ignore[no-untyped-def]
    cast: Cast, asked: BookingRequest, django_assert_num_queries
) -> None:
    client = cast.api("member")
    client.post(address(asked, "messages"), {"text": "Un"})
    with django_assert_num_queries(3):
        client.get(address(asked, "messages"))
    for text in ("Deux", "Trois", "Quatre"):
        client.post(address(asked, "messages"), {"text": text})
    with django_assert_num_queries(3):
        assert len(client.get(address(asked, "messages")).json()["results"]) == 4
