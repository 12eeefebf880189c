"""Searching by place: around what was named, or in it; on the page and in the API alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from bookings.search import Place
from bookings.search.places import where
from tests import factories
from tests.bookings.pages.reading import links, words
from venues.models import Commune, School

pytestmark = pytest.mark.django_db


def commune(
    name: str, code: str, point: tuple[float, float], postcodes: str, population: int = 1, **fields: Any
) -> None:
    Commune.objects.create(
        name=name, insee_code=code, department=code[:2], latitude=point[0], longitude=point[1],
        postcodes=f" {postcodes} ", population=population, **fields,
    )  # fmt: skip


@pytest.fixture
def region(now: dt.datetime) -> dict[str, School]:
    """Two towns 14 km apart, a village between without a lycée, and a lycée at the edge of its town."""
    commune("Valenciennes", "59606", (50.36, 3.52), "59300", 43_000)
    commune("Denain", "59172", (50.33, 3.39), "59220", 20_000)
    commune("Prouvy", "59475", (50.32, 3.45), "59121", 2_300, is_approximate=True)
    commune("Dury", "80261", (49.85, 2.27), "80480", 1_400)
    commune("Dury", "62280", (50.25, 2.94), "62156", 300)

    def lycee(name: str, town: str, code: str, postcode: str, point: tuple[float, float]) -> School:
        school = factories.SchoolFactory.create(
            name=name, commune=town, insee_code=code, postcode=postcode, department=code[:2],
            latitude=point[0], longitude=point[1],
        )  # fmt: skip
        factories.SpaceFactory.create(school=school, name=f"Salle {name}")
        return school

    return {
        "north": lycee("Lycée du Nord", "Valenciennes", "59606", "59322", (50.38, 3.52)),
        "south": lycee("Lycée du Sud", "Valenciennes", "59606", "59300", (50.35, 3.53)),
        "denain": lycee("Lycée des Forges", "Denain", "59172", "59723", (50.33, 3.38)),
    }


def names(text: str, within_km: float | None = None) -> list[str]:
    found = where(Place(text, None, within_km)).schools
    kept = School.objects.in_bulk(found)
    return [kept[pk].name for pk in found]


@pytest.mark.parametrize(
    ("text", "within_km", "found"),
    [
        # Around the town's centre, not the middle of its lycées; nearest first.
        ("Valenciennes", 5, ["Lycée du Sud", "Lycée du Nord"]),
        ("Valenciennes", 1, []),
        ("Valenciennes", 20, ["Lycée du Sud", "Lycée du Nord", "Lycée des Forges"]),
        ("Valencienes", 5, ["Lycée du Sud", "Lycée du Nord"]),
        ("59300", 5, ["Lycée du Sud", "Lycée du Nord"]),
        # A village without a lycée.
        ("Prouvy", 6, ["Lycée des Forges"]),
        ("Prouvy", None, []),
        # Around a lycée.
        ("forges", 5, ["Lycée des Forges"]),
        ("lycée du nord", 4, ["Lycée du Nord", "Lycée du Sud"]),
        # In this place: by name, by a postcode with its CEDEX, by a CEDEX code alone, by the lycée.
        ("valenciennes", None, ["Lycée du Nord", "Lycée du Sud"]),
        ("59300", None, ["Lycée du Nord", "Lycée du Sud"]),
        ("59322", None, ["Lycée du Nord"]),
        ("sud valenciennes", None, ["Lycée du Sud"]),
        ("lycée valenciennes", None, ["Lycée du Nord", "Lycée du Sud"]),
        ("zzzz", None, []),
        ("zzzz", 500, []),
    ],
)
def test_where(region: Any, text: str, within_km: float | None, found: list[str]) -> None:
    assert names(text, within_km) == found


def test_distances_are_from_the_place(region: Any) -> None:
    answer = where(Place("Valenciennes", None, 5))
    assert answer.centre == (50.36, 3.52)
    assert list(answer.schools.values()) == [pytest.approx(1.32, abs=0.01), pytest.approx(2.22, abs=0.01)]


def test_a_point_given_beside_a_text_is_the_centre(region: Any) -> None:
    answer = where(Place("Valenciennes", (50.33, 3.39), 5))
    assert answer.centre == (50.33, 3.39)
    assert len(answer.schools) == 1


@pytest.mark.parametrize("within_km", [None, 10.0])
def test_one_statement_to_find_the_place_and_one_for_its_lycees(
    region: Any, django_assert_num_queries: Callable[..., Any], within_km: float | None
) -> None:
    for text in ("Valenciennes", "valencienes", "59300", "forges"):
        with django_assert_num_queries(2):
            where(Place(text, None, within_km))


# -- the page -----------------------------------------------------------------------------------


def page(query: str) -> Any:
    return Client().get(f"/salles/?{query}")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=valenciennes", "2 salles à moins de 10 km de Valenciennes"),
        ("q=Valencienes", "Résultats autour de Valenciennes (59) : « Valencienes » n’est pas un lieu connu."),
        ("q=Valencienes&within_km=", "Résultats pour Valenciennes (59) : « Valencienes » n’est pas un lieu connu."),
        ("q=prouvy", "La position de Prouvy (59) n’est connue qu’à quelques kilomètres près."),
        ("q=dury", "Aucune salle à moins de 10 km de Dury (80)"),
        ("q=dury", "Vouliez-vous dire Dury (62) ?"),
        ("q=valansiene", "Aucun lieu ne répond au nom de « valansiene » Vouliez-vous dire Valenciennes (59) ?"),
        ("q=12+rue+du+Moulin+Denain", "Le service des adresses ne répond pas : résultats autour de Denain (59)."),
        ("q=12+rue+du+Moulin", "Le service des adresses ne répond pas : écrivez la commune seule"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_place(region: Any, query: str, said: str) -> None:
    assert " ".join(said.split()) in " ".join(words(page(query)).split())


def test_nothing_is_said_of_a_place_spelled_right(region: Any) -> None:
    assert "place-note" not in page("q=Valenciennes").content.decode()


@pytest.mark.parametrize(
    ("typed", "link"), [("dury", "Dury+%2862%29"), ("valansiene", "Valenciennes+%2859%29")]
)
def test_another_place_is_a_link_that_keeps_the_rest(region: Any, typed: str, link: str) -> None:
    asked = page(f"q={typed}&capacity=20&within_km=20&page=3&near=")
    assert f"/salles/?capacity=20&within_km=20&q={link}" in links(asked)


def test_places_are_offered_by_the_forms_of_search_and_home(region: Any) -> None:
    for address in ("/", "/salles/"):
        html = Client().get(address).content.decode()
        assert 'hx-get="/lieux/"' in html and "web/places.js" in html and "htmx.min.js" in html
        # Without its script the field is a plain one.
        assert 'role="combobox"' not in html


# -- the API ------------------------------------------------------------------------------------


def test_the_api_finds_the_same(region: dict[str, School]) -> None:
    def found(**asked: Any) -> list[tuple[str, float | None]]:
        answer = APIClient().get("/api/v1/spaces/", asked).json()
        return [(space["school"]["name"], space["distance_km"]) for space in answer["results"]]

    assert found(q="Valencienes", within_km=5) == [("Lycée du Sud", 1.32), ("Lycée du Nord", 2.22)]
    assert found(q="59322") == [("Lycée du Nord", None)]
    assert found(q="zzzz") == []
