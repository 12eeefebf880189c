"""The overview, the first-use guide, closures, rules and people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.bookings.pages.reading import fields, links, title, words
from tests.conftest import Cast
from venues import people
from venues.models import Closure, SchoolRole


def test_everything_is_on_one_page(client: Client, mine: str, cast: Cast, now: dt.datetime) -> None:
    space = factories.SpaceFactory.create(school=cast.school, name="Salle 12", published=True)
    factories.SpaceFactory.create(school=cast.school, name="Cuisine", published=False)
    factories.SpaceFactory.create(school=cast.other_school, name="Ailleurs")
    factories.OpeningHoursFactory.create(school=cast.school)
    chairs = factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    factories.EquipmentPoolFactory.create(school=cast.school, kind=chairs, quantity=40)
    factories.ClosureFactory.create(school=cast.school, space=space, reason="Examens")
    said = words(client.get(mine))
    for words_shown in (
        "Salle 12 Proposée",
        "Cuisine Pas proposée",
        "40 × Chaises",
        "18:00–22:00",
        "mercredi 21 octobre 2026 Salle 12 – Examens",
        "Réponse promise sous 7 jours",
        str(cast.user("manager")),
    ):
        assert words_shown in said
    assert "Ailleurs" not in said
    assert "Premiers pas" not in said


@pytest.mark.parametrize("many", [1, 20])
def test_the_overview_takes_as_many_queries_for_many_rooms(
    client: Client, mine: str, cast: Cast, many: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(many):
        space = factories.SpaceFactory.create(school=cast.school, published=True)
        factories.OpeningHoursFactory.create(school=cast.school, weekday=number % 7)
        factories.ClosureFactory.create(school=cast.school, space=space)
        factories.EquipmentPoolFactory.create(school=cast.school, quantity=2)
        factories.SchoolRoleFactory.create(school=cast.school)
    # School, guide, rooms, pools, hours, closures, people.
    with django_assert_num_queries(7, own=True):
        client.get(mine)


def test_the_guide_goes_from_hours_to_a_published_room(client: Client, mine: str, cast: Cast) -> None:
    page = client.get(mine)
    assert "étape 1 sur 3" in words(page)
    assert f"{mine}horaires/" in links(page)
    grid = {name: values[0] for name, values in fields(client.get(f"{mine}horaires/")).items()}
    assert client.post(f"{mine}horaires/", grid).headers["Location"] == f"{mine}salles/nouvelle/"
    page = client.get(f"{mine}salles/nouvelle/")
    assert "étape 2 sur 3" in words(page)
    room = {**fields(page), "name": "Salle 12", "kind": "classroom", "capacity": "30"}
    assert client.post(f"{mine}salles/nouvelle/", room).headers["Location"] == mine
    page = client.get(mine)
    assert "étape 3 sur 3" in words(page)
    assert "Publier Salle 12" in words(page)
    client.post(f"{mine}salles/{cast.school.spaces.get().pk}/publier/")
    assert "Premiers pas" not in words(client.get(mine))


# -- closures -----------------------------------------------------------------------------------


def test_a_closure_is_added_changed_and_deleted(
    client: Client, mine: str, cast: Cast, now: dt.datetime
) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    client.post(f"{mine}fermetures/", {"first_on": "2026-12-01", "reason": "Conseil"})
    closure = Closure.objects.get()
    day = dt.date(2026, 12, 1)
    assert (closure.school, closure.space, closure.first_on, closure.last_on) == (cast.school, None, day, day)
    assert "mardi 1er décembre 2026 tout le lycée – Conseil" in words(client.get(f"{mine}fermetures/"))
    address = f"{mine}fermetures/{closure.pk}/"
    changed = {"space": space.pk, "first_on": "2026-12-01", "last_on": "2026-12-04", "reason": "Travaux"}
    assert client.post(address, changed).headers["Location"] == f"{mine}fermetures/"
    closure.refresh_from_db()
    assert (closure.space, closure.last_on, closure.reason) == (space, dt.date(2026, 12, 4), "Travaux")
    client.post(f"{address}supprimer/")
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_on": ""}, "Premier jour :"),
        ({"first_on": "2026-02-30"}, "Premier jour :"),
        ({"first_on": "9999-12-31", "last_on": ""}, "Premier jour : Ce jour est trop lointain"),
        ({"last_on": "9999-12-31"}, "Dernier jour (inclus) : Ce jour est trop lointain"),
        ({"last_on": "2026-11-30"}, "Dernier jour (inclus) : Ce jour est avant le premier"),
        ({"space": "other"}, "Où :"),
    ],
)
def test_a_wrong_closure_is_not_kept(
    client: Client, mine: str, cast: Cast, wrong: dict[str, str], said: str
) -> None:
    elsewhere = factories.SpaceFactory.create(school=cast.other_school)
    form = {"first_on": "2026-12-01", "last_on": "2026-12-02", "reason": "Gala", **wrong}
    if form.get("space"):
        form["space"] = str(elsewhere.pk)
    page = client.post(f"{mine}fermetures/", form)
    assert title(page).startswith("Erreur :")
    assert said in words(page)
    assert fields(page)["reason"] == ["Gala"]
    assert not Closure.objects.exists()


@pytest.mark.parametrize("many", [1, 20])
def test_closures_take_as_many_queries_for_many(
    client: Client, mine: str, cast: Cast, many: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(many):
        space = factories.SpaceFactory.create(school=cast.school)
        factories.ClosureFactory.create(school=cast.school, space=space)
    # School, spaces to choose from, closures.
    with django_assert_num_queries(3, own=True):
        client.get(f"{mine}fermetures/")


# -- rules --------------------------------------------------------------------------------------


def test_the_rules_are_saved_and_facts_stay(client: Client, mine: str, cast: Cast) -> None:
    form = {
        **fields(client.get(f"{mine}regles/")),
        "answer_days": "5",
        "lending_contact": "Intendance",
        "access_notes": "Par la cour.",
        "emergency_instructions": "Point de rassemblement : la cour.",
        "refusal_reasons": "Conseil de classe\nExamens",
        "board_decided_on": "2026-06-30",
        "agreement_clauses": "Chaussures de salle.",
        "name": "Un autre nom",
        "region_signature": "standing",
    }
    assert client.post(f"{mine}regles/", form).headers["Location"] == mine
    school, name = cast.school, cast.school.name
    school.refresh_from_db()
    assert (school.answer_days, school.lending_contact, school.access_notes) == (
        5,
        "Intendance",
        "Par la cour.",
    )
    assert school.emergency_instructions == "Point de rassemblement : la cour."
    assert school.refusals == ["Conseil de classe", "Examens"]
    assert school.board_decided_on == dt.date(2026, 6, 30)
    assert (school.agreement_clauses, school.name) == ("Chaussures de salle.", name)
    assert school.region_signature == "step"


@pytest.mark.parametrize("days", ["0", "-3", "1000", "x", ""])
def test_an_answer_is_promised_within_sensible_days(client: Client, mine: str, cast: Cast, days: str) -> None:
    page = client.post(f"{mine}regles/", {**fields(client.get(f"{mine}regles/")), "answer_days": days})
    assert title(page).startswith("Erreur :")
    cast.school.refresh_from_db()
    assert cast.school.answer_days == 7


# -- people -------------------------------------------------------------------------------------


def test_a_person_is_added_by_address(client: Client, mine: str, cast: Cast) -> None:
    person = factories.UserFactory.create(email="loge@example.org")
    response = client.post(
        f"{mine}personnes/", {"email": "LOGE@example.org", "role": "caretaker"}, follow=True
    )
    assert SchoolRole.objects.get(user=person).role == "caretaker"
    assert "Si LOGE@example.org a un compte" in words(response)


@pytest.mark.parametrize("known", [False, None])
def test_an_unknown_or_unverified_address_is_answered_alike(
    client: Client, mine: str, cast: Cast, known: bool | None
) -> None:
    if known is False:
        factories.UserFactory.create(email="loge@example.org", verified=False)
    before = SchoolRole.objects.count()
    response = client.post(f"{mine}personnes/", {"email": "loge@example.org", "role": "manager"}, follow=True)
    assert "Si loge@example.org a un compte" in words(response)
    assert SchoolRole.objects.count() == before


def test_the_last_who_decides_stays_until_somebody_takes_over(client: Client, mine: str, cast: Cast) -> None:
    factories.SchoolRoleFactory.create(school=cast.school, role="caretaker")
    own = SchoolRole.objects.get(user=cast.user("manager"))
    response = client.post(f"{mine}personnes/{own.pk}/retirer/", follow=True)
    assert "ajoutez d’abord celle qui prend la suite" in words(response)
    assert SchoolRole.objects.filter(pk=own.pk).exists()
    factories.SchoolRoleFactory.create(school=cast.school, role="head")
    response = client.post(f"{mine}personnes/{own.pk}/retirer/")
    assert response.headers["Location"] == "/compte/"
    assert not SchoolRole.objects.filter(pk=own.pk).exists()


OWN = (
    "Vous n’aurez plus accès à ce lycée ; un autre gestionnaire ou le chef d’établissement"
    " pourra vous rétablir. Quitter ce rôle Annuler"
)
OWN_BUT_ONE = (
    "Vous garderez votre autre rôle dans ce lycée ; un autre gestionnaire ou le chef"
    " d’établissement pourra vous rendre celui-ci. Quitter ce rôle Annuler"
)
OTHERS = (
    "Cette personne n’aura plus accès à ce lycée ; vous pourrez l’ajouter de nouveau. Retirer ce rôle Annuler"
)
OTHERS_BUT_ONE = (
    "Cette personne gardera son autre rôle dans ce lycée ; vous pourrez lui rendre celui-ci."
    " Retirer ce rôle Annuler"
)


@pytest.mark.parametrize(
    ("own", "other_role", "said"),
    [(True, False, OWN), (True, True, OWN_BUT_ONE), (False, False, OTHERS), (False, True, OTHERS_BUT_ONE)],
)
def test_who_is_to_lose_a_role_is_asked_about_first(
    client: Client, mine: str, cast: Cast, own: bool, other_role: bool, said: str
) -> None:
    colleague = factories.SchoolRoleFactory.create(school=cast.school, role="head")
    role = SchoolRole.objects.get(user=cast.user("manager")) if own else colleague
    if other_role:
        factories.SchoolRoleFactory.create(school=cast.school, role="caretaker", user=role.user)
    before = list(SchoolRole.objects.order_by("pk").values())
    address = f"{mine}personnes/{role.pk}/retirer/"
    assert address in links(client.get(f"{mine}personnes/"))
    page = client.get(address)
    assert said in words(page)
    asked = "Quitter ce rôle" if own else f"Retirer {role.user}"
    assert f"{asked} ? {role.get_role_display()} – {cast.school.name}" in words(page)
    assert f"{mine}personnes/" in links(page)
    assert list(SchoolRole.objects.order_by("pk").values()) == before
    assert client.post(address, fields(page)).headers["Location"] == (
        "/compte/" if own else f"{mine}personnes/"
    )
    assert not SchoolRole.objects.filter(pk=role.pk).exists()


def test_the_last_who_decides_is_told_before_being_asked(client: Client, mine: str, cast: Cast) -> None:
    own = SchoolRole.objects.get(user=cast.user("manager"))
    page = client.get(f"{mine}personnes/{own.pk}/retirer/")
    assert (
        "C’est la dernière personne qui décide pour ce lycée : ajoutez d’abord celle qui prend la suite."
        " Ajouter une personne Annuler" in words(page)
    )
    assert f"{mine}personnes/#ajouter" in links(page)


def test_who_cannot_sign_in_is_no_successor(cast: Cast) -> None:
    gone = factories.SchoolRoleFactory.create(school=cast.school, role="head").user
    gone.is_active = False
    gone.save()
    with pytest.raises(people.LastDecider):
        people.remove(SchoolRole.objects.get(user=cast.user("manager")))


def test_a_caretaker_is_removed(client: Client, mine: str, cast: Cast) -> None:
    role = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker")
    response = client.post(f"{mine}personnes/{role.pk}/retirer/")
    assert response.headers["Location"] == f"{mine}personnes/"
    assert not SchoolRole.objects.filter(pk=role.pk).exists()
