"""Requests listed and read: by whom, in which order, at what cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest
from shareloc.accounts.models import User
from shareloc.web import formats
from tests import factories
from tests.api.conftest import EVENING, dates_of, errors
from tests.conftest import ROLES, Cast
from venues.models import Space

URL = "/api/v1/requests/"
Send = Callable[..., BookingRequest]


def references(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [booking["reference"] for booking in response.json()["results"]]


# -- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "sees"), zip(ROLES[1:], (False, True, False, True, True), strict=True))
def test_both_sides_and_the_region_see_it(cast: Cast, sent: Send, role: str, sees: bool) -> None:
    booking = sent()
    assert references(cast.api(role).get(URL)) == ([booking.reference] if sees else [])


def test_anonymous(cast: Cast, sent: Send) -> None:
    booking = sent()
    for address in (URL, f"{URL}{booking.reference}/"):
        response = cast.api("anonymous").get(address)
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_caretaker_sees_none(cast: Cast, sent: Send) -> None:
    sent()
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    assert references(cast.api("caretaker").get(URL)) == []


def test_the_shape_is_that_of_a_request(cast: Cast, space: Space, sent: Send) -> None:
    booking = sent()
    answer = cast.api("manager").get(URL).json()
    assert {key: answer[key] for key in ("count", "next", "previous")} == {
        "count": 1,
        "next": None,
        "previous": None,
    }
    one = cast.api("manager").get(f"{URL}{booking.reference}/").json()
    del one["journal"], one["proposals"]
    assert answer["results"] == [one]


def test_newest_first(cast: Cast, sent: Send, now: dt.datetime) -> None:
    older, newer = sent(), sent()
    BookingRequest.objects.filter(pk=older.pk).update(submitted_at=now - dt.timedelta(days=1))
    assert references(cast.api("region").get(URL)) == [newer.reference, older.reference]


def test_filters(cast: Cast, sent: Send) -> None:
    decided, waiting = sent(), sent()
    workflow.refuse(decided, by=cast.user("manager"), reason="Travaux")
    elsewhere = factories.OccurrenceFactory.create(request__school=cast.other_school).request

    def found(**asked: Any) -> set[str]:
        return set(references(cast.api("region").get(URL, asked)))

    assert found(state="decided") == {decided.reference}
    assert found(state=["decided", "submitted"]) == {
        decided.reference,
        waiting.reference,
        elsewhere.reference,
    }
    assert found(school=cast.school.uai.lower()) == {decided.reference, waiting.reference}
    assert found(organisation=cast.organisation.pk, state="submitted") == {waiting.reference}
    assert found(organisation=2**63 - 1) == found(school="0000000A") == set()
    assert len(found(state="", school="", organisation="")) == 3


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"state": "perdue"}, ("state", "invalid_choice")),
        ({"organisation": "x"}, ("organisation", "invalid")),
        ({"organisation": "1.5"}, ("organisation", "max_decimal_places")),
        ({"organisation": str(2**63)}, ("organisation", "max_value")),
        ({"organisation": "nan"}, ("organisation", "invalid")),
        ({"school": "\0"}, ("school", "null_characters_not_allowed")),
    ],
)
def test_mistakes_are_said(cast: Cast, asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = cast.api("member").get(URL, asked)
    assert response.status_code == 400
    assert wrong in errors(response)


def test_a_filter_opens_nothing(cast: Cast, sent: Send) -> None:
    sent()
    assert references(cast.api("other_manager").get(URL, {"school": cast.school.uai})) == []
    assert references(cast.api("stranger").get(URL, {"organisation": cast.organisation.pk})) == []


def test_pages(cast: Cast, sent: Send) -> None:
    for _n in range(5):
        sent()
    first = cast.api("member").get(URL, {"page_size": 2}).json()
    second = cast.api("member").get(first["next"]).json()
    third = cast.api("member").get(second["next"]).json()
    assert (first["count"], third["next"], len(third["results"])) == (5, None, 1)
    seen = [booking["reference"] for page in (first, second, third) for booking in page["results"]]
    assert len(set(seen)) == 5


def test_statements_do_not_grow(cast: Cast, sent: Send, django_assert_num_queries: Any) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    sent(equipment={pool: 1})
    with django_assert_num_queries(8, own=True):
        cast.api("manager").get(URL)
    for _n in range(9):
        room = factories.SpaceFactory.create(school=cast.school)
        sent(4, space=room, equipment={factories.EquipmentPoolFactory.create(school=cast.school): 2})
    with django_assert_num_queries(8, own=True):
        assert cast.api("manager").get(URL).json()["count"] == 10


# -- one request --------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 200, 404, 200, 200), strict=True))
def test_who_reads_a_request(cast: Cast, sent: Send, role: str, status: int) -> None:
    booking = sent()
    for reference in (booking.reference, booking.reference.lower()):
        assert cast.api(role).get(f"{URL}{reference}/").status_code == status


def test_the_shape_with_its_journal(cast: Cast, space: Space, sent: Send) -> None:
    booking = sent(2)
    first, second = dates_of(booking)
    workflow.approve(booking, by=cast.user("manager"), occurrences=[first.pk])
    User.objects.filter(pk=cast.user("manager").pk).update(name="Gestion du lycée")
    User.objects.filter(pk=cast.user("member").pk).update(name="")
    factories.BusyTimeFactory.create(space=space, start_at=second.start_at, end_at=second.end_at)
    answer = cast.api("member").get(f"{URL}{booking.reference}/").json()
    assert (answer["reference"], answer["state"]) == (booking.reference, "submitted")
    assert answer["deposit"] == "0.00"
    assert (answer["occurrences"][1]["price"], answer["occurrences"][1]["value"]) == (None, None)
    taken, waiting = answer["occurrences"]
    assert taken == {
        "id": first.pk,
        **EVENING,
        "state": "approved",
        "reason": "",
        "price": "0.00",
        "price_ground": "par décision du lycée",
        "value": "0.00",
        "spaces": [{"id": space.pk, "name": "Salle A"}],
        "equipment": [],
        "problems": [],
    }
    assert (waiting["state"], [problem["code"] for problem in waiting["problems"]]) == ("pending", ["lesson"])
    later = formats.period(second.start_at + dt.timedelta(days=1), second.end_at + dt.timedelta(days=1))
    assert waiting["problems"][0]["message"] == (
        f"Le lycée utilise la salle à ces heures. Prochaine date libre\N{NO-BREAK SPACE}: {later}."
    )
    at = "2026-10-14T10:00:00+02:00"
    assert answer["journal"] == [
        {"verb": "submit", "at": at, "by": "", "reason": "", "occurrences": [first.pk, second.pk]},
        {"verb": "approve", "at": at, "by": "Gestion du lycée", "reason": "", "occurrences": [first.pk]},
    ]
    # A name that was not given is not replaced by an e-mail address.
    assert "@" not in str(answer["journal"])


@pytest.mark.parametrize("reference", ["R-0000-0000", "1", "R-0000", "%00", "R-0000-000é", "' OR 1=1"])
def test_no_such_request(cast: Cast, sent: Send, reference: str) -> None:
    sent()
    response = cast.api("region").get(f"{URL}{reference}/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_request_is_changed_by_verbs_only(cast: Cast, sent: Send) -> None:
    booking = sent()
    for role in ("member", "manager", "region"):
        client = cast.api(role)
        for method in (client.put, client.patch, client.delete, client.post):
            assert method(f"{URL}{booking.reference}/", {"state": "decided"}).status_code == 405
    booking.refresh_from_db()
    assert booking.state == "submitted"
