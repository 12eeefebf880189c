"""Any slot at certain moments, in the API: shape, slots, going on, mistakes, cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast, paris
from venues.models import Space

URL = "/api/v1/spaces/flexible/"


def get(**asked: Any) -> Any:
    return APIClient().get(URL, asked)


def slots(response: Any) -> list[tuple[str, str]]:
    assert response.status_code == 200, response.content
    return [(slot["start"], slot["end"]) for slot in response.json()["results"][0]["slots"]]


def test_the_shape(cast: Cast, space: Space) -> None:
    space.features.set([factories.FeatureFactory.create(slug="scene")])
    assert get(minutes=90, moments="evenings,saturdays", near="50.6333,3.0667").json() == {
        "next": None,
        "looked_at": 1,
        "results": [
            {
                "id": space.pk,
                "name": "Salle A",
                "kind": "classroom",
                "capacity": 30,
                "step_free": False,
                "features": ["scene"],
                "school": {"uai": cast.school.uai, "name": cast.school.name, "commune": "Lille"},
                "hourly_rate": "0.00",
                "is_free_of_charge": True,
                "is_demo": False,
                "photo": None,
                "url": f"http://testserver/salles/{space.pk}/",
                "distance_km": 0.0,
                "slots": [
                    {"start": "2026-10-14T18:00:00+02:00", "end": "2026-10-14T19:30:00+02:00"},
                    {"start": "2026-10-15T18:00:00+02:00", "end": "2026-10-15T19:30:00+02:00"},
                    {"start": "2026-10-16T18:00:00+02:00", "end": "2026-10-16T19:30:00+02:00"},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        # Nothing said: two hours, from now on.
        ({}, ("2026-10-14T10:00:00+02:00", "2026-10-14T12:00:00+02:00")),
        ({"moments": "daytime"}, ("2026-10-14T10:00:00+02:00", "2026-10-14T12:00:00+02:00")),
        ({"moments": "wednesday_afternoons"}, ("2026-10-14T13:00:00+02:00", "2026-10-14T15:00:00+02:00")),
        ({"moments": "saturdays"}, ("2026-10-17T08:00:00+02:00", "2026-10-17T10:00:00+02:00")),
        ({"moments": ["sundays", "saturdays"]}, ("2026-10-17T08:00:00+02:00", "2026-10-17T10:00:00+02:00")),
        (
            {"weekdays": "monday,friday", "start": "17:45", "minutes": 45},
            ("2026-10-16T18:00:00+02:00", "2026-10-16T18:45:00+02:00"),
        ),
        # An end before the start is on the next day.
        (
            {"weekdays": "thursday", "start": "23:00", "end": "02:00", "minutes": 180},
            ("2026-10-15T23:00:00+02:00", "2026-10-16T02:00:00+02:00"),
        ),
        (
            {"moments": "evenings", "first": "2026-11-02"},
            ("2026-11-02T18:00:00+01:00", "2026-11-02T20:00:00+01:00"),
        ),
        # The night of 25 October has 25 hours.
        (
            {"weekdays": "sunday", "start": "01:00", "end": "03:00", "minutes": 180, "first": "2026-10-19"},
            ("2026-10-25T01:00:00+02:00", "2026-10-25T03:00:00+01:00"),
        ),
        # That of 28 March has 23.
        (
            {"weekdays": "sunday", "start": "01:00", "end": "04:00", "first": "2027-03-22", "weeks": 1},
            ("2027-03-28T01:00:00+01:00", "2027-03-28T04:00:00+02:00"),
        ),
    ],
)
def test_the_first_slot(space: Space, asked: dict[str, Any], first: tuple[str, str]) -> None:
    Space.objects.update(min_minutes=30)
    assert slots(get(**asked))[0] == first


def test_weeks_bound_the_search(space: Space) -> None:
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-10-14 00:00"), end_at=paris("2026-11-01 00:00")
    )
    assert get(moments="saturdays", weeks=2).json() == {"next": None, "results": [], "looked_at": 1}
    assert slots(get(moments="sundays", weeks=3))[0][0] == "2026-11-01T08:00:00+01:00"


def test_open_to_all_alike(cast: Cast, space: Space) -> None:
    factories.SpaceFactory.create(school=cast.school, published=False)
    factories.SpaceFactory.create(school__closed_on=dt.date(2026, 9, 1))
    for role in ROLES:
        answer = cast.api(role).get(URL).json()
        assert [found["name"] for found in answer["results"]] == ["Salle A"]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"minutes": "29"}, ("minutes", "min_value")),
        ({"minutes": "721"}, ("minutes", "max_value")),
        ({"minutes": "45.5"}, ("minutes", "invalid")),
        ({"minutes": "9" * 5000}, ("minutes", "invalid")),
        ({"minutes": "360", "moments": "evenings"}, ("minutes", "does_not_fit")),
        ({"moments": "nights"}, ("moments", "invalid_choice")),
        ({"weekdays": "0"}, ("weekdays", "invalid_choice")),
        ({"start": "25:00"}, ("start", "invalid")),
        ({"end": "midi"}, ("end", "invalid")),
        ({"first": "2026-13-45"}, ("first", "invalid")),
        ({"first": "2026-10-13"}, ("first", "past")),
        ({"first": "2028-04-15"}, ("first", "too_far")),
        ({"first": "9999-12-31"}, ("first", "too_far")),
        ({"weeks": "0"}, ("weeks", "min_value")),
        ({"weeks": "27"}, ("weeks", "max_value")),
        ({"order": "prix"}, ("order", "invalid_choice")),
        ({"after": "-1"}, ("after", "min_value")),
        ({"after": "1000001"}, ("after", "max_value")),
        ({"after": "x"}, ("after", "invalid")),
        ({"near": "inf,0"}, ("near", "point")),
        ({"kind": "donjon"}, ("kind", "invalid_choice")),
        ({"q": "a\0"}, ("q", "null_characters_not_allowed")),
    ],
)
def test_mistakes_are_said(space: Space, asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = get(**asked)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert errors(response) == [wrong]


@pytest.mark.parametrize("order", ["distance", "date"])
def test_next_leads_through_all(cast: Cast, space: Space, order: str) -> None:
    for number in range(24):
        factories.SpaceFactory.create(school=cast.school, name=f"Salle {number:02}")
    answer, seen = get(moments="evenings", page_size=10, order=order).json(), []
    assert answer["next"].startswith(f"http://testserver{URL}?")
    for _page in range(3):
        seen += [found["id"] for found in answer["results"]]
        if not answer["next"]:
            break
        answer = APIClient().get(answer["next"]).json()
    assert answer["next"] is None
    assert sorted(seen) == sorted(Space.objects.values_list("pk", flat=True))
    assert len(get().json()["results"]) == 20
    assert len(get(page_size=1_000).json()["results"]) == 25


@pytest.mark.parametrize("rooms", [0, 40])
def test_six_statements_whatever_the_number(
    cast: Cast, space: Space, django_assert_num_queries: Any, rooms: int
) -> None:
    feature = factories.FeatureFactory.create(slug="scene")
    space.features.set([feature])
    for _n in range(rooms):
        factories.SpaceFactory.create(school=cast.school, features=[feature])
    with django_assert_num_queries(6):
        answer = get(q="lille", within_km=20, moments="evenings", features="scene", capacity=10)
    assert len(answer.json()["results"]) == min(rooms + 1, 20)
