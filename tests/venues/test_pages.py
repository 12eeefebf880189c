"""The pages of the lycées: the list and one lycée."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.bookings.pages.reading import fields, links, words
from tests.conftest import ROLES, Cast
from venues.models import School


def listed(query: str = "") -> list[str]:
    found = links(Client().get(f"/lycees/?{query}"))
    return [link.removeprefix("/lycees/").strip("/") for link in found if re.fullmatch(r"/lycees/\w+/", link)]


@pytest.fixture
def amiens(db: None) -> School:
    return factories.SchoolFactory.create(
        name="Lycée d’essai d’Amiens",
        commune="Amiens",
        postcode="80000",
        department="80",
        department_name="Somme",
    )


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_them(cast: Cast, role: str) -> None:
    assert cast.client(role).get("/lycees/").status_code == 200
    assert cast.client(role).get(f"/lycees/{cast.school.uai}/").status_code == 200


# -- the list -----------------------------------------------------------------------------------


def test_lycees_come_by_commune(amiens: School) -> None:
    lille, arras = factories.SchoolFactory.create(), factories.SchoolFactory.create(commune="Arras")
    factories.SchoolFactory.create(closed_on=dt.date(2026, 1, 1))
    assert listed() == [amiens.uai, arras.uai, lille.uai]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=amiens", True),
        ("q=ESSAI+d'amiens", True),
        ("q=80000", True),
        ("departement=80", True),
        ("q=amiens&departement=80", True),
        ("q=amiens&departement=99", True),
        ("q=amiens&departement=59", False),
        ("q=lille", False),
        ("q=%00", True),
    ],
)
def test_lycees_are_found_by_name_commune_and_departement(amiens: School, query: str, found: bool) -> None:
    factories.SchoolFactory.create()
    assert (amiens.uai in listed(query)) is found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lettre=E", ["Étaples", "Ennequin"]),
        ("lettre=e&departement=62", ["Étaples"]),
        ("lettre=A&departement=62", ["Étaples"]),
        ("lettre=%C3%89", ["Amiens", "Ennequin", "Étaples"]),
        ("lettre=%00", ["Amiens", "Ennequin", "Étaples"]),
    ],
)
def test_lycees_are_found_by_letter(amiens: School, query: str, found: list[str]) -> None:
    """A letter that leads nowhere in this département is not one of those offered, and asks nothing."""
    factories.SchoolFactory.create(commune="Étaples", department="62", department_name="Pas-de-Calais")
    factories.SchoolFactory.create(commune="Ennequin", department="59", department_name="Nord")
    page = Client().get(f"/lycees/?{query}").context["page"]
    assert sorted(school.commune for school in page) == sorted(found)


def test_letters_are_those_that_lead_somewhere(amiens: School) -> None:
    factories.SchoolFactory.create(commune="Étaples", department="62")
    factories.SchoolFactory.create(commune="", department="62")
    factories.SchoolFactory.create(commune="Zuydcoote", closed_on=dt.date(2026, 1, 1))
    response = Client().get("/lycees/?lettre=e&q=etaples&page=1")
    assert response.context["letters"] == ["A", "E"]
    html = response.content.decode()
    assert '<a href="/lycees/?q=etaples">' in html
    assert '<a href="/lycees/?">' in Client().get("/lycees/?lettre=E").content.decode()
    assert re.search(
        r'<a href="\?lettre=E&amp;q=etaples" aria-current="page">|<a href="\?lettre=E&q=etaples" aria-current="page">',
        html,
    )
    assert "<title>Lycées des communes en E – Shareloc</title>" in html


def test_the_form_keeps_what_was_asked(amiens: School) -> None:
    kept = fields(Client().get("/lycees/?q=Amiens&departement=80"))
    assert kept["q"] == ["Amiens"]
    assert kept["departement"] == ["80"]


def test_nothing_found_says_what_to_do(db: None) -> None:
    response = Client().get("/lycees/?q=Nulle-Part")
    assert "Aucun lycée Aucun lycée ne répond à ce nom" in words(response)
    assert "/lycees/" in links(response)


def test_the_map_has_all_that_were_found(amiens: School) -> None:
    factories.SchoolFactory.create(latitude=None, longitude=None)
    page = Client().get("/lycees/").content.decode()
    given = re.search(r'<script id="map-data" type="application/json">(.*?)</script>', page)
    assert given
    assert [marker["name"] for marker in json.loads(given[1])["markers"]] == ["Lycée d’essai d’Amiens"]


@pytest.mark.parametrize(("many", "queries"), [(1, 3), (30, 3), (40, 4)])
def test_the_list_takes_as_many_queries_for_one_as_for_many(
    db: None, django_assert_num_queries: Callable[..., Any], many: int, queries: int
) -> None:
    for school in factories.SchoolFactory.create_batch(many):
        factories.SpaceFactory.create(school=school)
    # Départements; the page, counted where there are more; the map.
    with django_assert_num_queries(queries, own=True):
        listed()


# -- one lycée ----------------------------------------------------------------------------------


def test_a_lycee_tells_what_it_lends_and_when(db: None) -> None:
    school = factories.SchoolFactory.create(
        phone="03 20 00 00 00", lending_contact="Intendance", access_notes="Sonner à la loge.", pupils=1250
    )
    space = factories.SpaceFactory.create(school=school, name="Gymnase", capacity=60, step_free=True)
    factories.SpaceFactory.create(school=school, name="Cachée", published=False)
    factories.EquipmentPoolFactory.create(
        school=school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=12
    )
    factories.OpeningHoursFactory.create(school=school, season="term")
    factories.OpeningHoursFactory.create(school=school, season="term", starts_at=dt.time(8), minutes=240)
    factories.OpeningHoursFactory.create(school=school, season="holidays", starts_at=dt.time(20), minutes=300)
    factories.OpeningHoursFactory.create(school=school, space=space, weekday=6)
    factories.ClosureFactory.create(school=school, first_on=dt.date(2099, 1, 5), last_on=dt.date(2099, 1, 9))
    response = Client().get(f"/lycees/{school.uai.lower()}/")
    said = words(response)
    assert "1 salle proposée Gymnase 60 places Salle de classe De plain-pied Gratuit" in said
    assert "12 Chaises" in said
    assert (
        "Période scolaire Lundi 08:00–12:00, 18:00–22:00 Vacances scolaires Lundi 20:00–01:00 le lendemain"
        in said
    )
    assert "Dimanche" not in said
    assert "du 5 janvier 2099 au 9 janvier 2099 (Travaux)" in said
    assert "Intendance 03 20 00 00 00" in said
    assert "Sonner à la loge." in said
    assert f"UAI {school.uai} · 1 250 élèves" in said
    assert f"/salles/{space.pk}/" in links(response)
    assert f"/salles/?school={school.uai}" in links(response)
    assert "Cachée" not in said


def test_a_lycee_without_rooms_leads_to_its_neighbours(db: None) -> None:
    school = factories.SchoolFactory.create(commune="Saint-Omer & Co")
    response = Client().get(f"/lycees/{school.uai}/")
    assert "Ce lycée ne propose pas encore de salle" in words(response)
    assert "/salles/?q=Saint-Omer%20%26%20Co" in links(response)


def test_a_closed_lycee_says_so(db: None) -> None:
    school = factories.SchoolFactory.create(closed_on=dt.date(2026, 9, 1))
    factories.SpaceFactory.create(school=school)
    said = words(Client().get(f"/lycees/{school.uai}/"))
    assert "Ce lycée ne figure plus dans l’annuaire depuis le 1er septembre 2026" in said
    assert "Aucune salle proposée" in said


@pytest.mark.parametrize("uai", ["0590000X", "x", "a" * 300])
def test_an_unknown_lycee_is_not_found(db: None, uai: str) -> None:
    assert Client().get(f"/lycees/{uai}/").status_code == 404


@pytest.mark.parametrize(("many", "queries"), [(1, 7), (24, 7), (30, 8)])
def test_a_lycee_takes_as_many_queries_for_one_room_as_for_many(
    db: None, django_assert_num_queries: Callable[..., Any], many: int, queries: int
) -> None:
    school = factories.SchoolFactory.create()
    factories.SpaceFactory.create_batch(many, school=school)
    factories.EquipmentPoolFactory.create_batch(many, school=school, quantity=2)
    factories.open_always(school)
    # The lycée; its rooms, counted where there are more than a page; equipment; hours; closures. The same rooms
    # with their week.
    with django_assert_num_queries(queries, own=True):
        Client().get(f"/lycees/{school.uai}/")
