"""The list of schools and one school: open to anyone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast
from venues.models import School

URL = "/api/v1/schools/"
pytestmark = pytest.mark.django_db

LILLE, ARRAS, AMIENS = (50.6333, 3.0667), (50.2910, 2.7775), (49.8942, 2.2957)


@pytest.fixture
def schools() -> dict[str, School]:
    """Four schools of three départements, one of them without a position."""

    def made(name: str, commune: str, department: str, point: Any = (None, None)) -> School:
        return factories.SchoolFactory.create(
            name=name, commune=commune, department=department, latitude=point[0], longitude=point[1]
        )

    return {
        "lille": made("Lycée des Écluses", "Lille", "59", LILLE),
        "arras": made("Lycée de la Citadelle", "Arras", "62", ARRAS),
        "amiens": made("Lycée du Beffroi", "Amiens", "80", AMIENS),
        "guise": made("Lycée du Familistère", "Villeneuve-sur-Aisne", "02"),
    }


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [school["commune"] for school in response.json()["results"]]


def get(**asked: Any) -> Any:
    return APIClient().get(URL, asked)


def test_the_shape(schools: dict[str, School]) -> None:
    school = schools["lille"]
    answer = get(department="59").json()
    assert {key: answer[key] for key in ("count", "next", "previous")} == {
        "count": 1,
        "next": None,
        "previous": None,
    }
    assert answer["results"] == [
        {
            "uai": school.uai,
            "name": "Lycée des Écluses",
            "kind": "general_technological",
            "address": "1 rue de l’Essai",
            "postcode": "59000",
            "commune": "Lille",
            "department": "59",
            "department_name": "Nord",
            "latitude": 50.6333,
            "longitude": 3.0667,
            "url": f"http://testserver/lycees/{school.uai}/",
            "distance_km": None,
        }
    ]


def test_by_commune_then_name(schools: dict[str, School]) -> None:
    assert names(get()) == ["Amiens", "Arras", "Lille", "Villeneuve-sur-Aisne"]


def test_closed_schools_are_left_out(schools: dict[str, School]) -> None:
    School.objects.filter(commune="Arras").update(closed_on=dt.date(2026, 9, 1))
    assert names(get()) == ["Amiens", "Lille", "Villeneuve-sur-Aisne"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"department": "59"}, ["Lille"]),
        ({"department": "059"}, ["Lille"]),
        ({"department": "02"}, ["Villeneuve-sur-Aisne"]),
        ({"department": "2"}, ["Villeneuve-sur-Aisne"]),
        ({"department": "75"}, []),
        ({"commune": "Lille"}, ["Lille"]),
        ({"commune": "VILLENEUVE SUR AISNE"}, ["Villeneuve-sur-Aisne"]),
        ({"commune": "Lill"}, []),
        ({"q": "ecluses"}, ["Lille"]),
        ({"q": "lycée ARRAS"}, ["Arras"]),
        ({"q": "%"}, ["Amiens", "Arras", "Lille", "Villeneuve-sur-Aisne"]),
        ({"q": "' OR 1=1 --"}, []),
        ({"q": "beffroi", "department": "59"}, []),
        ({"department": "", "commune": "", "q": "", "near": "", "within_km": ""}, ["Amiens", "Arras", "Lille", "Villeneuve-sur-Aisne"]),
    ],
)  # fmt: skip
def test_filters(schools: dict[str, School], asked: dict[str, str], found: list[str]) -> None:
    assert names(get(**asked)) == found


def test_near_orders_by_distance(schools: dict[str, School]) -> None:
    response = get(near="50.6333,3.0667")
    assert names(response) == ["Lille", "Arras", "Amiens", "Villeneuve-sur-Aisne"]
    kilometres = [school["distance_km"] for school in response.json()["results"]]
    assert kilometres[0] == 0 and kilometres[3] is None
    assert kilometres[1] == pytest.approx(43.2, abs=0.5) and kilometres[2] == pytest.approx(98.6, abs=1)


def test_a_circle_leaves_out_what_is_far_and_what_is_nowhere(schools: dict[str, School]) -> None:
    assert names(get(near="50.6333,3.0667", within_km=50)) == ["Lille", "Arras"]
    assert names(get(near="50.6333,3.0667", within_km=0)) == ["Lille"]
    assert names(get(near="-50,3.0667", within_km=10)) == []


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"within_km": "10"}, ("near", "required")),
        ({"near": "abc"}, ("near", "point")),
        ({"near": "nan,nan"}, ("near", "point")),
        ({"near": "91,0"}, ("near", "point")),
        ({"near": "1,2,3"}, ("near", "point")),
        ({"near": "50,3", "within_km": "-1"}, ("within_km", "min_value")),
        ({"near": "50,3", "within_km": "nan"}, ("within_km", "invalid")),
        ({"near": "50,3", "within_km": "1e400"}, ("within_km", "max_value")),
        ({"q": "a\0b"}, ("q", "null_characters_not_allowed")),
        ({"commune": "x" * 101}, ("commune", "max_length")),
        ({"department": "5900"}, ("department", "max_length")),
    ],
)
def test_mistakes_are_said(asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = get(**asked)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert wrong in errors(response)


def test_pages(schools: dict[str, School]) -> None:
    first = get(near="50.6333,3.0667", page_size=3).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (4, 3, None)
    second = APIClient().get(first["next"]).json()
    assert (second["next"], [school["commune"] for school in second["results"]]) == (
        None,
        ["Villeneuve-sur-Aisne"],
    )
    assert get(page=1_000_000).status_code == 404
    assert get(page="-1").status_code == 404
    assert len(get(page_size=1_000).json()["results"]) == 4


@pytest.mark.parametrize(
    "asked", [{}, {"near": "50.6333,3.0667", "within_km": 50, "commune": "Lille", "q": "l"}]
)
def test_statements_do_not_grow(asked: dict[str, Any], django_assert_num_queries: Any) -> None:
    factories.SchoolFactory.create()
    expected = 3 if asked else 2
    with django_assert_num_queries(expected):
        get(**asked)
    factories.SchoolFactory.create_batch(30)
    with django_assert_num_queries(expected):
        assert get(page_size=100, **asked).json()["count"] == 31


# -- one school ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_one_school_is_everybodys(cast: Cast, role: str) -> None:
    assert cast.api(role).get(f"{URL}{cast.school.uai}/").status_code == 200


def test_what_is_said_of_one_school() -> None:
    kind = factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    school = factories.SchoolFactory.create(phone="03 20 00 00 00", access_notes="Par la loge.")
    pool = factories.EquipmentPoolFactory.create(school=school, kind=kind, quantity=60)
    factories.EquipmentPoolFactory.create(school=school, published=False)
    factories.EquipmentPoolFactory.create()
    answer = APIClient().get(f"{URL}{school.uai.lower()}/").json()
    assert (answer["uai"], answer["phone"], answer["access_notes"]) == (
        school.uai,
        "03 20 00 00 00",
        "Par la loge.",
    )
    assert answer["equipment"] == [
        {
            "id": pool.pk,
            "kind": "chaises",
            "name": "Chaises",
            "description": "",
            "quantity": 60,
            "notice_hours": 48,
        }
    ]


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (404, 404, 404, 404, 200, 200), strict=True))
def test_a_closed_school_is_seen_by_its_people_and_the_region(cast: Cast, role: str, status: int) -> None:
    School.objects.filter(pk=cast.school.pk).update(closed_on=dt.date(2026, 9, 1))
    assert cast.api(role).get(f"{URL}{cast.school.uai}/").status_code == status


@pytest.mark.parametrize("uai", ["0590000A", "x", "05900001", "0590000%00", "é"])
def test_no_such_school(uai: str) -> None:
    response = APIClient().get(f"{URL}{uai}/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_schools_are_only_read(cast: Cast) -> None:
    for client in (cast.api("manager"), cast.api("region")):
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(URL, {}).status_code == 405
            assert method(f"{URL}{cast.school.uai}/", {}).status_code == 405
