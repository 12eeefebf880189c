"""The search in the API: shapes, the one set of filters, pages, cost. What is found is tested with the search."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast, paris
from venues.models import Space

URL = "/api/v1/spaces/"
THURSDAY = "2026-10-22"


def get(**asked: Any) -> Any:
    return APIClient().get(URL, asked)


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [space["name"] for space in response.json()["results"]]


def test_the_shape(cast: Cast, space: Space) -> None:
    stage, piano = (factories.FeatureFactory.create(slug=slug) for slug in ("scene", "piano"))
    space.features.set([stage, piano])
    answer = get().json()
    assert {key: answer[key] for key in ("count", "next", "previous")} == {
        "count": 1,
        "next": None,
        "previous": None,
    }
    found = answer["results"][0]
    assert sorted(found.pop("features")) == ["piano", "scene"]
    assert found == {
        "id": space.pk,
        "name": "Salle A",
        "kind": "classroom",
        "capacity": 30,
        "step_free": False,
        "school": {"uai": cast.school.uai, "name": cast.school.name, "commune": "Lille"},
        "hourly_rate": "0.00",
        "is_free_of_charge": True,
        "is_demo": False,
        "photo": None,
        "url": f"http://testserver/salles/{space.pk}/",
        "distance_km": None,
        "next_free": None,
        "free": None,
    }


def test_a_day_gives_the_first_free_time_and_what_is_free(space: Space) -> None:
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-10-22 00:00"), end_at=paris("2026-10-22 12:00")
    )
    found = get(date=THURSDAY).json()["results"][0]
    assert found["next_free"] == {"start": "2026-10-22T12:00:00+02:00", "end": "2026-10-22T13:00:00+02:00"}
    assert found["free"] == [{"start": "2026-10-22T12:00:00+02:00", "end": "2026-10-23T00:00:00+02:00"}]


def test_hours_give_the_period_itself(space: Space) -> None:
    found = get(date=THURSDAY, start="18:30", end="20:30").json()["results"][0]
    assert found["next_free"] == {"start": "2026-10-22T18:30:00+02:00", "end": "2026-10-22T20:30:00+02:00"}


@pytest.mark.parametrize("end", ["01:00", "22:00"])
def test_an_end_not_after_the_start_is_the_next_day(space: Space, end: str) -> None:
    Space.objects.update(max_minutes=24 * 60)
    found = get(date=THURSDAY, start="22:00", end=end).json()["results"][0]
    assert found["next_free"] == {"start": "2026-10-22T22:00:00+02:00", "end": f"2026-10-23T{end}:00+02:00"}


def test_a_taken_time_is_not_found(space: Space) -> None:
    factories.ClaimFactory.create(
        occurrence__spaces=[space],
        occurrence__request__school=space.school,
        start_at=paris("2026-10-22 19:00"),
        end_at=paris("2026-10-22 20:00"),
    )
    assert names(get(date=THURSDAY, start="18:00", end="19:30")) == []
    assert names(get(date=THURSDAY, start="17:00", end="19:00")) == ["Salle A"]


def test_unpublished_spaces_and_closed_schools_are_nobodys(cast: Cast, space: Space) -> None:
    factories.SpaceFactory.create(school=cast.school, published=False)
    factories.SpaceFactory.create(school__closed_on=dt.date(2026, 9, 1))
    for role in ROLES:
        assert names(cast.api(role).get(URL)) == ["Salle A"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"capacity": 100}, ["Gymnase"]),
        ({"capacity": 30}, ["Gymnase", "Salle A"]),
        ({"kind": "gymnasium"}, ["Gymnase"]),
        ({"kind": "gymnasium,classroom"}, ["Gymnase", "Salle A"]),
        ({"kind": ["gymnasium", "classroom"]}, ["Gymnase", "Salle A"]),
        ({"features": "douches"}, ["Gymnase"]),
        ({"features": "douches,scene"}, []),
        ({"step_free": "true"}, ["Gymnase"]),
        ({"step_free": "false"}, ["Gymnase", "Salle A"]),
        ({"free_of_charge": "true"}, ["Salle A"]),
        ({"q": "arras"}, ["Gymnase"]),
        ({"q": "rien de tel"}, []),
        ({"near": "50.291,2.7775"}, ["Gymnase", "Salle A"]),
        ({"near": "50.291,2.7775", "within_km": "10"}, ["Gymnase"]),
        ({"equipment": "chaises:20"}, ["Salle A"]),
        ({"equipment": "chaises:21"}, []),
        ({"date": "22/10/2026", "kind": "classroom"}, ["Salle A"]),
        ({"inconnu": "x", "page": "", "date": ""}, ["Gymnase", "Salle A"]),
    ],
)
def test_filters(space: Space, asked: dict[str, Any], found: list[str]) -> None:
    showers = factories.FeatureFactory.create(slug="douches")
    factories.FeatureFactory.create(slug="scene")
    chairs = factories.EquipmentKindFactory.create(slug="chaises")
    factories.EquipmentPoolFactory.create(school=space.school, kind=chairs, quantity=20)
    arras = factories.SchoolFactory.create(commune="Arras", latitude=50.291, longitude=2.7775)
    factories.SpaceFactory.create(
        school=arras,
        name="Gymnase",
        kind="gymnasium",
        capacity=200,
        step_free=True,
        hourly_rate=8,
        features=[showers],
    )
    assert names(get(**asked)) == found


def test_of_one_school(cast: Cast, space: Space) -> None:
    factories.SpaceFactory.create(school=cast.other_school)
    assert names(get(school=cast.school.uai)) == names(get(school=cast.school.uai.lower())) == ["Salle A"]
    assert names(get(school="0000000A")) == []


def test_distance(space: Space) -> None:
    found = get(near="50.6333,3.0667").json()["results"][0]
    assert found["distance_km"] == 0


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"date": "2026-13-45"}, ("date", "invalid")),
        ({"date": "2026-10-13"}, ("date", "past")),
        ({"date": "2036-10-13"}, ("date", "too_far")),
        ({"start": "18:00"}, ("date", "required")),
        ({"date": THURSDAY, "start": "25:00"}, ("start", "invalid")),
        ({"date": THURSDAY, "until": "2026-10-21"}, ("until", "before")),
        ({"date": "2027-03-28", "start": "02:30", "end": "04:00"}, ("start", "nonexistent_time")),
        ({"capacity": "beaucoup"}, ("capacity", "invalid")),
        ({"capacity": "0"}, ("capacity", "min_value")),
        ({"kind": "donjon"}, ("kind", "invalid_choice")),
        ({"features": "oubliettes"}, ("features", "invalid_choice")),
        ({"equipment": "catapultes:2"}, ("equipment", "unknown")),
        ({"near": "inf,0"}, ("near", "point")),
        ({"q": "a\0"}, ("q", "null_characters_not_allowed")),
        ({"school": "x" * 9}, ("school", "max_length")),
    ],
)
def test_mistakes_are_said(space: Space, asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = get(**asked)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert wrong in errors(response)


def test_pages_are_stable(cast: Cast, space: Space) -> None:
    for number in range(24):
        factories.SpaceFactory.create(school=cast.school, name=f"Salle {number:02}")
    first = get(page_size=10, date=THURSDAY).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (25, 10, None)
    second = APIClient().get(first["next"]).json()
    third = APIClient().get(second["next"]).json()
    assert (third["next"], len(third["results"])) == (None, 5)
    seen = [space["id"] for page in (first, second, third) for space in page["results"]]
    assert len(set(seen)) == 25
    assert get(page=1_000_000).status_code == 404
    assert len(get(page_size=1_000).json()["results"]) == 25


def test_as_many_statements_whatever_the_number(
    cast: Cast, space: Space, django_assert_num_queries: Any
) -> None:
    feature = factories.FeatureFactory.create(slug="scene")
    chairs = factories.EquipmentKindFactory.create(slug="chaises")
    factories.EquipmentPoolFactory.create(school=cast.school, kind=chairs)
    space.features.set([feature])
    asked = {
        "q": "lille", "within_km": 20, "date": THURSDAY, "start": "18:00", "end": "20:00", "capacity": 10,
        "kind": "classroom", "features": "scene", "equipment": "chaises:5", "page_size": 100,
    }  # fmt: skip
    # Vocabulary, place, schools, equipment, what is open and taken, how many, which, these, and their day.
    with django_assert_num_queries(9):
        assert get(**asked).json()["count"] == 1
    for _n in range(40):
        factories.SpaceFactory.create(school=cast.school, features=[feature])
    with django_assert_num_queries(9):
        assert get(**asked).json()["count"] == 41


def test_a_list_says_of_a_space_what_its_own_address_says(space: Space) -> None:
    space.features.set([factories.FeatureFactory.create(slug="scene")])
    Space.objects.update(hourly_rate="7.5", step_free=True)
    row = get().json()["results"][0]
    alone = APIClient().get(f"{URL}{space.pk}/").json()
    assert row == {
        **{name: alone[name] for name in row if name in alone},
        **dict.fromkeys(("distance_km", "next_free", "free")),
    }
    assert {name for name in row if name not in alone} == {"distance_km", "next_free", "free"}
