"""Who comes into “Mon lycée”: every page and every button, by everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.conftest import Cast
from venues.models import Closure, SchoolRole, Space, SpacePhoto

PAGES = [
    "",
    "horaires/",
    "fermetures/",
    "fermetures/{closure}/",
    "regles/",
    "personnes/",
    "salles/nouvelle/",
    "salles/{space}/",
    "salles/{space}/horaires/",
    "salles/{space}/tarifs/",
    "salles/{space}/accords/",
    "salles/{space}/photos/",
    "photos/{photo}/decrire/",
]
BUTTONS = [
    "fermetures/{closure}/supprimer/",
    "personnes/{role}/retirer/",
    "salles/{space}/publier/",
    "salles/{space}/retirer/",
    "salles/{space}/dupliquer/",
    "photos/{photo}/avancer/",
    "photos/{photo}/supprimer/",
]
# Buttons whose address, looked at, asks first.
ASKING = {"personnes/{role}/retirer/"}
# What a page answers to each role; a button redirects whoever may press it.
ANSWERS = {
    "anonymous": 302,
    "stranger": 404,
    "member": 404,
    "other_manager": 404,
    "caretaker": 404,
    "region": 404,
    "manager": 200,
    "head": 200,
}


@pytest.fixture
def things(cast: Cast) -> dict[str, int]:
    """Something of every kind in the manager's school, and the people of the cast that are lacking."""
    for role in ("head", "caretaker"):
        cast.users[role] = factories.SchoolRoleFactory.create(school=cast.school, role=role).user
    space = factories.SpaceFactory.create(school=cast.school)
    photo = SpacePhoto.objects.create(
        space=space, large="photos/a.webp", small="photos/b.webp", width=4, height=3, small_width=4, small_height=3, alt="Salle"
    )  # fmt: skip
    leaving = factories.SchoolRoleFactory.create(school=cast.school)
    closure = factories.ClosureFactory.create(school=cast.school)
    return {"space": space.pk, "photo": photo.pk, "role": leaving.pk, "closure": closure.pk}


def written() -> list[Any]:
    """Everything that the buttons change."""
    return [list(model.objects.order_by("pk").values()) for model in (Closure, SchoolRole, Space, SpacePhoto)]


def check_anonymous(response: Any) -> None:
    assert response.headers["Location"].startswith("/compte/connexion/?next=/mon-lycee/")


@pytest.mark.parametrize("role", ANSWERS)
@pytest.mark.parametrize("path", PAGES)
def test_who_opens_a_page(cast: Cast, things: dict[str, int], path: str, role: str) -> None:
    response = cast.client(role).get(f"/mon-lycee/{cast.school.uai}/{path.format(**things)}")
    assert response.status_code == ANSWERS[role]
    if role == "anonymous":
        check_anonymous(response)


@pytest.mark.parametrize("role", ANSWERS)
@pytest.mark.parametrize("button", BUTTONS)
def test_who_presses_a_button(cast: Cast, things: dict[str, int], button: str, role: str) -> None:
    client, before = cast.client(role), written()
    address = f"/mon-lycee/{cast.school.uai}/{button.format(**things)}"
    looked = 200 if button in ASKING else 405
    assert client.get(address).status_code == (looked if ANSWERS[role] == 200 else ANSWERS[role])
    assert written() == before
    response = client.post(address)
    if ANSWERS[role] == 200:
        assert response.status_code == 302
        assert response.headers["Location"].startswith(f"/mon-lycee/{cast.school.uai}/")
    else:
        assert response.status_code == ANSWERS[role]
        assert written() == before
    if role == "anonymous":
        check_anonymous(response)


@pytest.mark.parametrize("path", [*PAGES, *BUTTONS])
def test_a_thing_of_another_school_is_not_found_in_ones_own(
    cast: Cast, things: dict[str, int], path: str
) -> None:
    if "{" not in path:
        return
    before = written()
    address = f"/mon-lycee/{cast.other_school.uai}/{path.format(**things)}"
    assert cast.client("other_manager").post(address).status_code == 404
    assert written() == before


@pytest.mark.parametrize("role", ANSWERS)
def test_the_way_in(cast: Cast, things: dict[str, int], role: str) -> None:
    response = cast.client(role).get("/mon-lycee/")
    if role == "anonymous":
        check_anonymous(response)
    elif role == "other_manager":
        assert response.headers["Location"] == f"/mon-lycee/{cast.other_school.uai}/"
    elif ANSWERS[role] == 200:
        assert response.headers["Location"] == f"/mon-lycee/{cast.school.uai}/"
    else:
        assert response.status_code == 404


def test_who_runs_several_schools_chooses(cast: Cast) -> None:
    factories.SchoolRoleFactory.create(user=cast.user("manager"), school=cast.other_school, role="head")
    page = cast.client("manager").get("/mon-lycee/")
    assert page.status_code == 200
    for school in (cast.school, cast.other_school):
        assert f'href="/mon-lycee/{school.uai}/"' in page.content.decode()


@pytest.mark.parametrize(("role", "shown"), [("manager", True), ("member", False), ("region", False)])
def test_the_navigation_leads_there(cast: Cast, role: str, shown: bool) -> None:
    assert ('href="/mon-lycee/"' in cast.client(role).get("/").content.decode()) is shown


def test_the_account_page_leads_there(cast: Cast) -> None:
    page = cast.client("manager").get("/compte/").content.decode()
    assert f'href="/mon-lycee/{cast.school.uai}/"' in page
    caretaker = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    client = Client()
    client.force_login(caretaker, backend="django.contrib.auth.backends.ModelBackend")
    assert "/mon-lycee/" not in client.get("/compte/").content.decode()
