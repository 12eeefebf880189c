"""The account page: what one is, and one's own name and telephone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.conftest import ROLES, Cast

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.mark.parametrize("role", ROLES)
def test_who_opens_it(cast: Cast, role: str):
    response = cast.client(role).get("/compte/")
    if role == "anonymous":
        assert response.status_code == 302
        assert response.headers["Location"] == "/compte/connexion/?next=/compte/"
    else:
        assert response.status_code == 200
        assert cast.user(role).email in response.content.decode()


def test_it_shows_organisations_and_schools_of_this_person_only(cast: Cast):
    member = cast.client("member").get("/compte/").content.decode()
    assert cast.organisation.name in member
    assert cast.other_organisation.name not in member
    manager = cast.client("manager").get("/compte/").content.decode()
    assert cast.school.name in manager
    assert cast.other_school.name not in manager
    assert "Gestionnaire" in manager
    assert "Vous n’êtes dans aucun organisme" in manager


def test_name_and_phone_are_changed(cast: Cast):
    response = cast.client("member").post("/compte/", {"name": "Camille Exemple", "phone": "03 20 00 00 00"})
    assert response.headers["Location"] == "/compte/"
    member = cast.user("member")
    member.refresh_from_db()
    assert (member.name, member.phone) == ("Camille Exemple", "03 20 00 00 00")


def test_nothing_else_is(cast: Cast):
    cast.client("member").post(
        "/compte/",
        {"name": "X", "email": "other@example.org", "is_staff": "on", "is_region_officer": "on"},
    )
    before = cast.user("member").email
    member = cast.user("member")
    member.refresh_from_db()
    assert (member.email, member.is_staff, member.is_region_officer) == (before, False, False)


def test_too_long_a_name_is_said_and_kept(cast: Cast):
    response = cast.client("member").post("/compte/", {"name": "x" * 200})
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Erreur" in html
    assert "x" * 200 in html


@pytest.mark.parametrize("many", [1, 8])
def test_queries(client: Client, db: None, django_assert_num_queries: Any, many: int):
    user = factories.UserFactory.create()
    factories.MembershipFactory.create_batch(many, user=user)
    factories.SchoolRoleFactory.create_batch(many, user=user)
    client.force_login(user, backend=BACKEND)
    # Organisations, schools and invitations.
    with django_assert_num_queries(3, own=True):
        assert client.get("/compte/").status_code == 200
