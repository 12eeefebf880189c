"""Which mails a person does without."""

from __future__ import annotations

import pytest

from tests import factories
from tests.bookings.pages.reading import fields, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import ROLES, Cast

ADDRESS = "/compte/courriels/"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_with_an_account_chooses(cast: Cast, role: str) -> None:
    assert cast.client(role).get(ADDRESS).status_code == (302 if role == "anonymous" else 200)


@pytest.mark.django_db
def test_what_is_not_ticked_is_muted() -> None:
    person = factories.UserFactory.create()
    client = signed_in(person)
    wanted = fields(client.get(ADDRESS))["wanted"]
    assert len(wanted) == 10
    response = client.post(ADDRESS, {"wanted": [kind for kind in wanted if kind != "messages"]}, follow=True)
    assert "Vos choix sont enregistrés." in words(response)
    person.refresh_from_db()
    assert person.muted_mails == ["messages"]
    assert "messages" not in fields(response)["wanted"]


@pytest.mark.django_db
def test_an_unknown_kind_changes_nothing() -> None:
    person = factories.UserFactory.create()
    response = signed_in(person).post(ADDRESS, {"wanted": ["tout"]})
    assert response.status_code == 200
    person.refresh_from_db()
    assert person.muted_mails == []
