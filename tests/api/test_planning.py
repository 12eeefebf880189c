"""The planner of a school: its proposed rooms, free and taken, and never who."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast, paris
from venues.models import Space


def get(cast: Cast, role: str = "anonymous", *, uai: str = "", **asked: Any) -> Any:
    names = {"first": "from", "last": "to"}
    query = {names.get(name, name): value for name, value in asked.items()}
    return cast.api(role).get(f"/api/v1/schools/{uai or cast.school.uai}/planning/", query)


@pytest.fixture
def evenings(cast: Cast, now: Any) -> Space:
    """A hall open every evening from 18:00 to 22:00, with a quarter of an hour to put it in order."""
    for weekday in range(7):
        factories.OpeningHoursFactory.create(school=cast.school, weekday=weekday)
    return factories.SpaceFactory.create(
        school=cast.school, name="Salle polyvalente", kind="hall", cleanup_minutes=15
    )


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_the_same_answer_without_names(cast: Cast, evenings: Space, role: str) -> None:
    factories.SpaceFactory.create(school=cast.school, published=False)
    factories.SpaceFactory.create(school=cast.other_school)
    cast.organisation.name = "Chorale des Trois Clochers"
    cast.organisation.save()
    factories.ClaimFactory.create(
        occurrence__spaces=[evenings],
        occurrence__request__organisation=cast.organisation,
        occurrence__request__school=cast.school,
        start_at=paris("2026-10-22 19:00"),
        end_at=paris("2026-10-22 20:00"),
    )
    response = get(cast, role, first="2026-10-22", last="2026-10-23")
    assert response.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": evenings.pk,
                "name": "Salle polyvalente",
                "kind": "hall",
                "free": [
                    {"start": "2026-10-22T18:00:00+02:00", "end": "2026-10-22T18:45:00+02:00"},
                    {"start": "2026-10-22T20:00:00+02:00", "end": "2026-10-22T22:00:00+02:00"},
                ],
                "taken": [{"start": "2026-10-22T18:45:00+02:00", "end": "2026-10-22T20:00:00+02:00"}],
            }
        ],
    }


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 404),
        ("stranger", 404),
        ("member", 404),
        ("other_manager", 404),
        ("manager", 200),
        ("region", 200),
    ],
)
def test_a_closed_school_is_for_its_people_and_the_region(
    cast: Cast, evenings: Space, role: str, status: int
) -> None:
    cast.school.closed_on = "2026-09-01"
    cast.school.save()
    response = get(cast, role)
    assert response.status_code == status
    if status == 200:
        assert response.json()["results"] == []


@pytest.mark.parametrize("uai", ["0599999Z", "9999999A"])
def test_an_unknown_school_is_not_found(cast: Cast, uai: str) -> None:
    assert get(cast, uai=uai).status_code == 404


def test_the_number_may_be_in_either_case(cast: Cast, evenings: Space) -> None:
    assert get(cast, uai=cast.school.uai.lower()).json()["count"] == 1


def test_a_week_from_today_by_default(cast: Cast, evenings: Space) -> None:
    (row,) = get(cast).json()["results"]
    assert [period["start"][:10] for period in (row["free"][0], row["free"][-1])] == [
        "2026-10-14",
        "2026-10-20",
    ]


def test_what_has_begun_can_no_longer_be_asked_for(cast: Cast, evenings: Space, at_paris: Any) -> None:
    with at_paris("2026-10-22 19:30"):
        (row,) = get(cast, first="2026-10-21", last="2026-10-23").json()["results"]
    assert row["free"] == [{"start": "2026-10-22T19:30:00+02:00", "end": "2026-10-22T22:00:00+02:00"}]


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        ("2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
        ("2027-03-28", "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00"),
    ],
)
def test_days_on_which_the_clocks_change(cast: Cast, space: Space, day: str, start: str, end: str) -> None:
    after = f"{day[:-2]}{int(day[-2:]) + 1}"
    (row,) = get(cast, first=day, last=after).json()["results"]
    assert row["free"] == [{"start": start, "end": end}]


def test_31_days_at_most(cast: Cast, evenings: Space) -> None:
    assert len(get(cast, first="2026-12-01", last="2027-01-01").json()["results"][0]["free"]) == 31
    response = get(cast, first="2026-12-01", last="2027-01-02")
    assert (response.status_code, errors(response)) == (400, [("to", "too_long")])


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"first": "demain"}, ("from", "invalid")),
        ({"first": "2026-10-22", "last": "2026-10-22"}, ("to", "before")),
        ({"first": "9999-12-31"}, ("from", "out_of_range")),
        ({"last": "9999-12-31"}, ("to", "too_long")),
    ],
)
def test_mistakes_are_said(cast: Cast, asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = get(cast, **asked)
    assert (response.status_code, errors(response)) == (400, [wrong])


def test_rooms_come_in_pages(cast: Cast, evenings: Space) -> None:
    factories.SpaceFactory.create_batch(24, school=cast.school)
    first = get(cast, page_size=10).json()
    assert (first["count"], len(first["results"])) == (25, 10)
    assert get(cast, page_size=10, page=3).json()["results"][-1]["name"] == "Salle polyvalente"
    assert get(cast, page_size=10, page=4).status_code == 404


# The school; rooms counted and read; their time.
@pytest.mark.parametrize("many", [1, 36])
def test_as_many_statements_for_one_room_as_for_36(
    cast: Cast, now: Any, django_assert_num_queries: Any, many: int
) -> None:
    factories.open_always(cast.school)
    for space in factories.SpaceFactory.create_batch(many, school=cast.school):
        factories.BusyTimeFactory.create(space=space)
    with django_assert_num_queries(4):
        assert get(cast, page_size=100).json()["count"] == many
