"""Alerts in the API: who keeps, lists and takes back what."""

from __future__ import annotations

from typing import Any

import pytest

from bookings import alerts
from bookings.models import Alert
from tests.api.conftest import errors
from tests.conftest import NOW, ROLES, Cast

URL = "/api/v1/alerts/"
QUERY = "date=2026-10-22&start=18:30&end=20:30&capacity=500"
pytestmark = pytest.mark.usefixtures("space")


def keep(cast: Cast, role: str = "member", query: str = QUERY) -> Alert:
    filters = alerts.asked_by(query)
    assert filters.is_valid()
    return alerts.keep(filters, by=cast.user(role), at=NOW)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_signed_in_may_keep_one(cast: Cast, role: str) -> None:
    answer = cast.api(role).post(URL, {"query": QUERY})
    assert answer.status_code == (401 if role == "anonymous" else 201)
    assert Alert.objects.count() == (role != "anonymous")


def test_what_is_kept(cast: Cast) -> None:
    kept = cast.api("member").post(URL, {"query": QUERY}).json()
    assert kept == {
        "id": Alert.objects.get().pk,
        "label": "Salle libre jeudi 22 octobre 2026 de 18:30 à 20:30, 500 personnes",
        "query": "date=2026-10-22&start=18%3A30&end=20%3A30&capacity=500",
        "state": "active",
        "created_at": "2026-10-14T10:00:00+02:00",
        "expires_at": "2026-10-22T18:30:00+02:00",
        "fired_at": None,
    }
    again = cast.api("member").post(
        URL, {"query": kept["query"], "user": 1, "fired_at": "2026-10-14T10:00:00+02:00"}
    )
    assert (again.status_code, again.json()) == (201, kept)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, [("query", "required")]),
        ({"query": None}, [("query", "null")]),
        ({"query": "date=demain&capacity=x"}, [("query.date", "invalid"), ("query.capacity", "invalid")]),
        ({"query": "start=18:00"}, [("query.date", "required")]),
        ({"query": "features=inconnu"}, [("query.features", "invalid_choice")]),
        ({"query": "x" * 2001}, [("query", "max_length")]),
    ],
)
def test_mistakes_are_said(cast: Cast, body: Any, wrong: list[tuple[str, str]]) -> None:
    answer = cast.api("member").post(URL, body)
    assert (answer.status_code, errors(answer)) == (400, wrong)
    assert not Alert.objects.exists()


def test_what_cannot_be_kept(cast: Cast, settings: Any) -> None:
    answer = cast.api("member").post(URL, {"query": "kind=classroom"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_free")
    answer = cast.api("member").post(URL, {"query": "date=2026-10-14&start=09:00&end=11:00"})
    assert (answer.status_code, answer.json()["code"]) == (409, "past")
    settings.ALERT_MAX = 1
    keep(cast)
    answer = cast.api("member").post(URL, {"query": "kind=kitchen"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_alerts")


@pytest.mark.parametrize("role", ROLES)
def test_the_list_is_ones_own(cast: Cast, role: str) -> None:
    kept = keep(cast)
    alerts.revoke(keep(cast, query="kind=kitchen"), at=NOW)
    answer = cast.api(role).get(URL)
    if role == "anonymous":
        assert answer.status_code == 401
    else:
        assert [one["id"] for one in answer.json()["results"]] == ([kept.pk] if role == "member" else [])


STATUS = {
    "anonymous": 401,
    "member": 204,
    **dict.fromkeys(("stranger", "other_manager", "manager", "region"), 404),
}


@pytest.mark.parametrize("role", ROLES)
def test_only_its_holder_takes_it_back(cast: Cast, role: str) -> None:
    kept = keep(cast)
    assert cast.api(role).delete(f"{URL}{kept.pk}/").status_code == STATUS[role]
    kept.refresh_from_db()
    assert (kept.revoked_at is not None) is (role == "member")
    if role == "member":
        assert cast.api(role).delete(f"{URL}{kept.pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "9" * 25, "x"])
def test_no_such_alert(cast: Cast, pk: str) -> None:
    assert cast.api("member").delete(f"{URL}{pk}/").status_code == 404


@pytest.mark.parametrize("many", [1, 9])
def test_few_statements(cast: Cast, django_assert_num_queries: Any, many: int) -> None:
    for n in range(many):
        keep(cast, query=f"{QUERY}{n}")
    with django_assert_num_queries(2):
        assert cast.api("member").get(URL).json()["count"] == many
