"""When a space is free: local days, offsets, both changes of the clocks, and never who."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import errors
from tests.conftest import Cast, paris
from venues.models import Space


def get(space: Space, **asked: Any) -> Any:
    names = {"first": "from", "last": "to"}
    query = {names[name]: value for name, value in asked.items()}
    return APIClient().get(f"/api/v1/spaces/{space.pk}/availability/", query)


@pytest.fixture
def evenings(cast: Cast, now: dt.datetime) -> Space:
    """A room open every evening from 18:00 to 22:00, with a quarter of an hour to put it in order."""
    for weekday in range(7):
        factories.OpeningHoursFactory.create(school=cast.school, weekday=weekday)
    return factories.SpaceFactory.create(school=cast.school, cleanup_minutes=15)


def test_free_and_taken(cast: Cast, evenings: Space) -> None:
    factories.BusyTimeFactory.create(
        space=evenings, start_at=paris("2026-10-22 19:00"), end_at=paris("2026-10-22 20:00"), reason="Conseil"
    )
    response = get(evenings, first="2026-10-22", last="2026-10-23")
    assert response.json() == {
        "free": [
            {"start": "2026-10-22T18:00:00+02:00", "end": "2026-10-22T18:45:00+02:00"},
            {"start": "2026-10-22T20:00:00+02:00", "end": "2026-10-22T22:00:00+02:00"},
        ],
        "taken": [{"start": "2026-10-22T18:45:00+02:00", "end": "2026-10-22T20:00:00+02:00"}],
    }


def test_never_says_who(cast: Cast, evenings: Space) -> None:
    cast.organisation.name = "Chorale des Trois Clochers"
    cast.organisation.save()
    factories.ClaimFactory.create(
        occurrence__spaces=[evenings],
        occurrence__request__organisation=cast.organisation,
        occurrence__request__school=cast.school,
        start_at=paris("2026-10-22 18:00"),
        end_at=paris("2026-10-22 20:15"),
    )
    response = get(evenings, first="2026-10-22", last="2026-10-23")
    assert response.json()["taken"] == [
        {"start": "2026-10-22T18:00:00+02:00", "end": "2026-10-22T20:15:00+02:00"}
    ]
    assert b"Clochers" not in response.content


def test_a_week_from_today_by_default(evenings: Space) -> None:
    free = get(evenings).json()["free"]
    assert [period["start"] for period in (free[0], free[-1])] == [
        "2026-10-14T18:00:00+02:00",
        "2026-10-20T18:00:00+02:00",
    ]
    assert len(free) == 7
    assert get(evenings, first="", last="").json()["free"] == free


def test_what_has_begun_can_no_longer_be_asked_for(evenings: Space, at_paris: Any) -> None:
    with at_paris("2026-10-22 19:30"):
        answer = get(evenings, first="2026-10-21", last="2026-10-23").json()
    assert answer["free"] == [{"start": "2026-10-22T19:30:00+02:00", "end": "2026-10-22T22:00:00+02:00"}]


def test_the_last_day_is_left_out(evenings: Space) -> None:
    free = get(evenings, first="2026-10-22", last="2026-10-24").json()["free"]
    assert [period["start"][:10] for period in free] == ["2026-10-22", "2026-10-23"]


def test_three_months_at_most(evenings: Space) -> None:
    assert len(get(evenings, first="2026-11-01", last="2027-02-01").json()["free"]) == 92
    response = get(evenings, first="2026-11-01", last="2027-02-02")
    assert (response.status_code, errors(response)) == (400, [("to", "too_long")])


@pytest.mark.parametrize(
    ("day", "start", "end", "hours"),
    [
        ("2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", 25),
        ("2027-03-28", "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00", 23),
    ],
)
def test_days_on_which_the_clocks_change(space: Space, day: str, start: str, end: str, hours: int) -> None:
    after = (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
    free = get(space, first=day, last=after).json()["free"]
    assert free == [{"start": start, "end": end}]
    period = [dt.datetime.fromisoformat(moment) for moment in (start, end)]
    assert period[1] - period[0] == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"first": "demain"}, ("from", "invalid")),
        ({"first": "2026-02-29"}, ("from", "invalid")),
        ({"first": "2026-10-22", "last": "2026-10-22"}, ("to", "before")),
        ({"first": "2026-10-22", "last": "2026-10-01"}, ("to", "before")),
        ({"last": "0001-01-01"}, ("to", "before")),
        ({"first": "0001-01-01"}, ("from", "out_of_range")),
        ({"first": "9999-12-31"}, ("from", "out_of_range")),
        ({"last": "9999-12-31"}, ("to", "too_long")),
        ({"first": "2026-10-22\0"}, ("from", "invalid")),
    ],
)
def test_mistakes_are_said(evenings: Space, asked: dict[str, str], wrong: tuple[str, str]) -> None:
    response = get(evenings, **asked)
    assert (response.status_code, errors(response)) == (400, [wrong])


def test_beyond_the_published_holidays(evenings: Space) -> None:
    assert len(get(evenings, first="2029-06-01", last="2029-06-08").json()["free"]) == 7


def test_few_statements(evenings: Space, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        get(evenings, first="2026-10-22", last="2027-01-20")
