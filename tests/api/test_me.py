"""Who one is."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests import factories
from tests.conftest import Cast

URL = "/api/v1/me/"


def test_a_member(cast: Cast) -> None:
    user = cast.user("member")
    assert cast.api("member").get(URL).json() == {
        "email": user.email,
        "organisations": [{"id": cast.organisation.pk, "name": cast.organisation.name, "role": "member"}],
        "schools": [],
    }


def test_a_manager_with_two_roles(cast: Cast) -> None:
    user = cast.user("manager")
    factories.SchoolRoleFactory.create(school=cast.school, user=user, role="head")
    assert cast.api("manager").get(URL).json() == {
        "email": user.email,
        "organisations": [],
        "schools": [
            {"uai": cast.school.uai, "name": cast.school.name, "role": "manager"},
            {"uai": cast.school.uai, "name": cast.school.name, "role": "head"},
        ],
    }


def test_the_region_belongs_to_none(cast: Cast) -> None:
    answer = cast.api("region").get(URL).json()
    assert (answer["organisations"], answer["schools"]) == ([], [])


def test_anonymous(db: None) -> None:
    response = APIClient().get(URL)
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Token")
    assert response.json()["code"] == "not_authenticated"


def test_as_many_statements_for_many(cast: Cast, django_assert_num_queries: Any) -> None:
    user = cast.user("member")
    for _n in range(4):
        factories.MembershipFactory.create(user=user)
        factories.SchoolRoleFactory.create(user=user)
    with django_assert_num_queries(2):
        answer = cast.api("member").get(URL).json()
    assert (len(answer["organisations"]), len(answer["schools"])) == (5, 4)
