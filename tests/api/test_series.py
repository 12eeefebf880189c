"""The same hours every week, in the API: shape, dates, pages, mistakes, cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast, paris
from venues.models import Space

URL = "/api/v1/spaces/series/"
TUESDAYS = {
    "weekdays": "tuesday",
    "start": "18:00",
    "end": "20:00",
    "first": "2026-11-02",
    "until": "2026-11-30",
}


def get(**asked: Any) -> Any:
    return APIClient().get(URL, {**TUESDAYS, **asked})


def dates(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return list(response.json()["results"][0]["free_dates"])


def test_the_shape(cast: Cast, space: Space) -> None:
    space.features.set([factories.FeatureFactory.create(slug="scene")])
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-11-10 19:59"), end_at=paris("2026-11-10 21:00")
    )
    assert get(near="50.6333,3.0667").json() == {
        "count": 1,
        "next": None,
        "previous": None,
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
                "free_dates": ["2026-11-03", "2026-11-17", "2026-11-24"],
                "dates_free": 3,
                "dates_total": 4,
            }
        ],
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24"]),
        ({"until": "2026-11-24"}, ["2026-11-03", "2026-11-10", "2026-11-17", "2026-11-24"]),
        ({"every": 2}, ["2026-11-03", "2026-11-17"]),
        ({"every": 8}, ["2026-11-03"]),
        (
            {"weekdays": "sunday,tuesday", "until": "2026-11-10"},
            ["2026-11-03", "2026-11-08", "2026-11-10"],
        ),
        # Every second week counts from the week of the first day, whatever its weekday.
        ({"first": "2026-11-04", "every": 2}, ["2026-11-17"]),
        # Today, and through the autumn holidays or not.
        ({"first": "", "until": "2026-11-03"}, ["2026-10-20", "2026-10-27", "2026-11-03"]),
        ({"first": "", "until": "2026-11-03", "skip_holidays": "true"}, ["2026-11-03"]),
        # 11 November is a public holiday.
        (
            {"weekdays": "wednesday", "skip_holidays": "true"},
            ["2026-11-04", "2026-11-18", "2026-11-25"],
        ),
        # 25 October has 25 hours, 28 March 23.
        (
            {
                "weekdays": "sunday",
                "start": "01:00",
                "end": "05:00",
                "first": "2026-10-18",
                "until": "2026-11-01",
            },
            ["2026-10-18", "2026-10-25", "2026-11-01"],
        ),
        (
            {
                "weekdays": "sunday",
                "start": "02:30",
                "end": "05:00",
                "first": "2027-03-21",
                "until": "2027-04-04",
            },
            ["2027-03-21", "2027-03-28", "2027-04-04"],
        ),
    ],
)
def test_free_dates(space: Space, asked: dict[str, Any], found: list[str]) -> None:
    assert dates(get(**asked)) == found


def test_the_best_come_first_and_pages_are_stable(cast: Cast, space: Space) -> None:
    for number in range(24):
        factories.SpaceFactory.create(school=cast.school, name=f"Salle {number:02}")
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-11-10 18:00"), end_at=paris("2026-11-10 20:00")
    )
    pages = [get(page_size=10).json()]
    while pages[-1]["next"]:
        pages.append(APIClient().get(pages[-1]["next"]).json())
    assert [(page["count"], len(page["results"])) for page in pages] == [(25, 10), (25, 10), (25, 5)]
    names = [found["name"] for page in pages for found in page["results"]]
    assert names == [*(f"Salle {number:02}" for number in range(24)), "Salle A"]
    assert get(page=1_000_000).status_code == 404


def test_open_to_all_alike(cast: Cast, space: Space) -> None:
    factories.SpaceFactory.create(school=cast.school, published=False)
    factories.SpaceFactory.create(school__closed_on=dt.date(2026, 9, 1))
    for role in ROLES:
        answer = cast.api(role).get(URL, TUESDAYS).json()
        assert [found["name"] for found in answer["results"]] == ["Salle A"]


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"weekdays": ""}, ("weekdays", "required")),
        ({"weekdays": "mardi"}, ("weekdays", "invalid_choice")),
        ({"start": ""}, ("start", "required")),
        ({"end": "24:00"}, ("end", "invalid")),
        ({"until": ""}, ("until", "required")),
        ({"until": "2026-11-01"}, ("until", "before")),
        ({"until": "2026-11-02"}, ("until", "no_date")),
        ({"until": "2028-04-15"}, ("until", "too_far")),
        ({"until": "9999-12-31"}, ("until", "too_far")),
        ({"weekdays": "monday,tuesday,wednesday,thursday", "until": "2027-11-30"}, ("until", "too_many")),
        ({"first": "2026-10-13"}, ("first", "past")),
        ({"first": "hier"}, ("first", "invalid")),
        ({"every": "0"}, ("every", "min_value")),
        ({"every": "9"}, ("every", "max_value")),
        ({"capacity": "beaucoup"}, ("capacity", "invalid")),
    ],
)
def test_mistakes_are_said(space: Space, asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = get(**asked)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert errors(response) == [wrong]


def test_nothing_asked_says_what_is_needed(space: Space) -> None:
    response = APIClient().get(URL)
    assert errors(response) == [(name, "required") for name in ("weekdays", "start", "end", "until")]


@pytest.mark.parametrize("rooms", [0, 40])
def test_six_statements_whatever_the_number(
    cast: Cast, space: Space, django_assert_num_queries: Any, rooms: int
) -> None:
    feature = factories.FeatureFactory.create(slug="scene")
    space.features.set([feature])
    for _n in range(rooms):
        factories.SpaceFactory.create(school=cast.school, features=[feature])
    with django_assert_num_queries(6):
        answer = get(q="lille", within_km=20, features="scene", capacity=10, page_size=100)
    assert answer.json()["count"] == rooms + 1
