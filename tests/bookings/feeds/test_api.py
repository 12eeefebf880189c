"""Calendars in the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bookings import calendars
from bookings.models import CalendarToken
from tests import factories
from tests.conftest import ROLES, Cast

pytestmark = pytest.mark.django_db
URL = "/api/v1/calendars/"


@pytest.fixture
def subjects(cast: Cast) -> dict[str, Any]:
    """What may be asked for, by name: (scope, id)."""
    public = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    hidden = factories.SpaceFactory.create(school=cast.school, published=False)
    closed = factories.SchoolFactory.create(closed_on="2026-01-01")
    factories.SchoolRoleFactory.create(school=closed, user=cast.user("manager"))
    return {
        "person": {"scope": "person"},
        "public space": {"scope": "space", "id": public.pk},
        "hidden space": {"scope": "space", "id": hidden.pk},
        "open school": {"scope": "school", "id": cast.school.uai},
        "closed school": {"scope": "school", "id": closed.uai},
    }


PUBLIC = {"person": 201, "public space": 201, "open school": 201}
OUTSIDE = {**PUBLIC, "hidden space": 404, "closed school": 404}
INSIDE = {**PUBLIC, "hidden space": 201, "closed school": 201}
MATRIX = {
    "anonymous": dict.fromkeys(INSIDE, 401),
    "stranger": OUTSIDE,
    "member": OUTSIDE,
    "other_manager": OUTSIDE,
    "manager": INSIDE,
    "region": INSIDE,
}


@pytest.mark.parametrize("what", INSIDE)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_make_what(cast: Cast, subjects: dict[str, Any], role: str, what: str):
    answer = cast.api(role).post(URL, subjects[what])
    assert answer.status_code == MATRIX[role][what]
    assert CalendarToken.objects.count() == (answer.status_code == 201)


def test_made_for_a_space(cast: Cast, subjects: dict[str, Any]):
    answer = cast.api("member").post(URL, subjects["public space"])
    token, made = CalendarToken.objects.get(), answer.json()
    secret = made["url"].removeprefix("http://testserver/calendars/").removesuffix(".ics")
    assert calendars.find(secret) == token
    assert made["webcal_url"] == f"webcal://testserver/calendars/{secret}.ics"
    shown = {key: made[key] for key in ("id", "scope", "name", "space", "school", "last_access_at")}
    assert shown == {
        "id": token.pk,
        "scope": "space",
        "name": f"Gymnase – {cast.school.name}",
        "space": subjects["public space"]["id"],
        "school": None,
        "last_access_at": None,
    }
    assert answer["Cache-Control"] == "no-store"


def test_address_is_on_the_host_asked(cast: Cast):
    made = cast.api("member").post(URL, {"scope": "person"}, headers={"host": "localhost:8123"}).json()
    assert made["url"].startswith("http://localhost:8123/calendars/")
    assert made["webcal_url"].startswith("webcal://localhost:8123/calendars/")


@pytest.mark.parametrize("form", [str.lower, lambda uai: f" {uai} "])
def test_uai_is_read_kindly(cast: Cast, form: Any):
    made = cast.api("member").post(URL, {"scope": "school", "id": form(cast.school.uai)}).json()
    assert (made["school"], made["name"]) == (cast.school.uai, cast.school.name)


def test_asking_again_replaces_the_address(cast: Cast, client: Any):
    first, second = (cast.api("member").post(URL, {"scope": "person", "id": None}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert client.get(first.json()["url"]).status_code == 404
    assert client.get(second.json()["url"]).status_code == 200
    assert len(cast.api("member").get(URL).json()["results"]) == 1


BAD = [
    ({}, "scope", "required"),
    ({"scope": "galaxy"}, "scope", "invalid_choice"),
    ({"scope": ["space"]}, "scope", None),
    ({"scope": "space"}, "id", "required"),
    ({"scope": "school", "id": ""}, "id", "required"),
    ({"scope": "space", "id": "gymnase"}, "id", "invalid"),
    ({"scope": "space", "id": "-1"}, "id", "invalid"),
    ({"scope": "space", "id": "9" * 20}, "id", "invalid"),
    ({"scope": "space", "id": True}, "id", "invalid"),
    ({"scope": "space", "id": [1]}, "id", "invalid"),
    ({"scope": "school", "id": "\0"}, "id", "null_characters_not_allowed"),
    ({"scope": "school", "id": "x" * 50}, "id", "max_length"),
    ({"scope": "person", "id": "3"}, "id", "unexpected"),
]


@pytest.mark.parametrize(("sent", "field", "code"), BAD)
def test_malformed(cast: Cast, sent: Any, field: str, code: str | None):
    answer = cast.api("member").post(URL, sent)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert code in (None, error["code"])
    assert CalendarToken.objects.count() == 0


@pytest.mark.parametrize("sent", [{"scope": "space", "id": 999999}, {"scope": "school", "id": "0590000X"}])
def test_unknown_subject(cast: Cast, sent: Any):
    answer = cast.api("member").post(URL, sent)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_list_is_mine_and_without_secret(cast: Cast, django_assert_num_queries: Any):
    for space in factories.SpaceFactory.create_batch(5, school=cast.school):
        calendars.issue_for(cast.user("member"), space)
    calendars.issue_for(cast.user("member"), cast.school)
    mine, _secret = calendars.issue_for(cast.user("member"), None)
    calendars.issue_for(cast.user("stranger"), None)
    with django_assert_num_queries(2):
        answer = cast.api("member").get(URL)
    page = answer.json()
    assert (page["count"], len(page["results"])) == (7, 7)
    assert page["results"][0] == {
        "id": mine.pk,
        "scope": "person",
        "name": "Shareloc – mes réservations",
        "space": None,
        "school": None,
        "created_at": page["results"][0]["created_at"],
        "last_access_at": None,
    }
    assert page["results"][1]["school"] == cast.school.uai


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 401), ("stranger", 404), ("member", 204), ("manager", 404), ("region", 404)],
)
def test_who_may_revoke(cast: Cast, role: str, status: int):
    token, secret = calendars.issue_for(cast.user("member"), None)
    assert cast.api(role).delete(f"{URL}{token.pk}/").status_code == status
    assert (calendars.find(secret) is None) is (status == 204)


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "abc"])
def test_revoking_what_is_not(cast: Cast, pk: str):
    assert cast.api("member").delete(f"{URL}{pk}/").status_code == 404


def test_anonymous_list(cast: Cast):
    answer = cast.api("anonymous").get(URL)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


def test_page_and_api_speak_of_the_same_addresses(cast: Cast):
    cast.api("member").post(URL, {"scope": "person"})
    assert (
        "Shareloc – mes réservations"
        in cast.client("member").get(reverse("bookings:calendars")).content.decode()
    )
