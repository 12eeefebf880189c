"""A series by the API: sent as a rule, and looked at before sending."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bookings.models import BookingRequest
from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast, paris
from venues.models import Space

URL, PREVIEW = "/api/v1/requests/", "/api/v1/requests/preview/"
Body = dict[str, Any]
THURSDAYS: Body = {
    "frequency": "weekly",
    "interval": 1,
    "weekdays": ["thursday"],
    "first": "2026-11-05",
    "until": "2026-11-26",
    "start_time": "18:00",
    "end_time": "20:00",
    "skip_holidays": True,
    "skip_public_holidays": True,
}


@pytest.fixture
def series(body: Body) -> Body:
    """A request for four Thursdays."""
    return {**{name: value for name, value in body.items() if name != "dates"}, "recurrence": {**THURSDAYS}}


def preview(cast: Cast, series: Body, **changes: Any) -> Any:
    return cast.api("member").post(PREVIEW, {**series, **changes}, format="json")


def test_a_series_is_sent_as_its_rule(cast: Cast, series: Body) -> None:
    response = cast.api("member").post(URL, series, format="json")
    assert response.status_code == 201, response.content
    assert [(date["start"], date["end"]) for date in response.json()["occurrences"]] == [
        (f"2026-11-{day}T18:00:00+01:00", f"2026-11-{day}T20:00:00+01:00") for day in ("05", "12", "19", "26")
    ]
    assert BookingRequest.objects.get().rule == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TH;UNTIL=20261126"


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ({"interval": 2}, ["05", "19"]),
        ({"weekdays": ["friday", "thursday"], "until": "2026-11-13"}, ["05", "06", "12", "13"]),
        ({"weekdays": ["wednesday"], "until": "2026-11-18"}, ["18"]),
        ({"weekdays": ["wednesday"], "until": "2026-11-18", "skip_public_holidays": False}, ["11", "18"]),
    ],
)
def test_which_days_a_rule_means(cast: Cast, series: Body, changed: Body, days: list[str]) -> None:
    seen = preview(cast, series, recurrence={**THURSDAYS, **changed}).json()
    assert [date["start"][8:10] for date in seen["dates"]] == days


def test_nights_end_on_the_next_day_and_clocks_change(cast: Cast, series: Body) -> None:
    nights = {
        **THURSDAYS, "weekdays": ["saturday"], "first": "2026-10-24", "until": "2026-10-25",
        "start_time": "22:00", "end_time": "06:00", "skip_holidays": False,
    }  # fmt: skip
    date = preview(cast, series, recurrence=nights).json()["dates"][0]
    assert (date["start"], date["end"]) == ("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00")


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"frequency": "daily"}, "frequency", "invalid_choice"),
        ({"interval": 0}, "interval", "min_value"),
        ({"interval": 9}, "interval", "max_value"),
        ({"weekdays": []}, "weekdays", "empty"),
        ({"start_time": "26:00"}, "start_time", "invalid"),
        ({"start_time": "18:00:30"}, "start_time", "whole_minute"),
        ({"until": "2026-11-04"}, "until", "before"),
        ({"until": "9999-12-31"}, "until", "too_far"),
        ({"first": "0001-01-01"}, "first", "too_old"),
        ({"first": "2026-11-06", "until": "2026-11-10"}, "until", "no_date"),
        (
            {"weekdays": ["sunday"], "start_time": "02:30", "first": "2027-03-28", "until": "2027-03-28",
             "end_time": "05:00"},
            "start_time", "nonexistent_time",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", [URL, PREVIEW])
def test_what_is_malformed_is_refused(
    cast: Cast, series: Body, url: str, changed: Body, field: str, code: str
) -> None:
    response = cast.api("member").post(url, {**series, "recurrence": {**THURSDAYS, **changed}}, format="json")
    assert response.status_code == 400
    name, found = errors(response)[0]
    assert (name.split(".")[1], found) == (field, code)
    assert not BookingRequest.objects.exists()


def test_dates_or_a_series_not_both_nor_neither(cast: Cast, body: Body, series: Body) -> None:
    both = cast.api("member").post(URL, {**series, "dates": body["dates"]}, format="json")
    assert (both.status_code, errors(both)) == (400, [("recurrence", "either")])
    neither = {name: value for name, value in series.items() if name != "recurrence"}
    refused = cast.api("member").post(URL, neither, format="json")
    assert (refused.status_code, errors(refused)) == (400, [("dates", "required")])


def test_no_more_dates_than_the_region_allows(cast: Cast, series: Body, settings: Any) -> None:
    settings.REQUEST_MAX_DATES = 3
    response = preview(cast, series)
    assert (response.status_code, errors(response)) == (400, [("recurrence.until", "too_many")])


# -- several spaces -----------------------------------------------------------------------------


def test_several_spaces_of_one_lycee(cast: Cast, series: Body, space: Space) -> None:
    kitchen = factories.SpaceFactory.create(school=cast.school, name="Cuisine", kind="kitchen", capacity=5)
    sent = cast.api("member").post(
        URL, {**series, "other_spaces": [kitchen.pk, kitchen.pk, space.pk]}, format="json"
    )
    assert sent.status_code == 201, sent.content
    assert {one["name"] for one in sent.json()["occurrences"][0]["spaces"]} == {"Salle A", "Cuisine"}
    elsewhere = factories.SpaceFactory.create()
    hidden = factories.SpaceFactory.create(school=cast.school, published=False)
    refused = cast.api("member").post(
        URL, {**series, "other_spaces": [elsewhere.pk, hidden.pk]}, format="json"
    )
    assert refused.status_code == 400
    assert errors(refused) == [("other_spaces.0", "other_school"), ("other_spaces.1", "unknown")]


def test_the_same_key_is_the_same_series(cast: Cast, series: Body) -> None:
    kitchen = factories.SpaceFactory.create(school=cast.school, name="Cuisine")
    asked = {**series, "other_spaces": [kitchen.pk]}
    answers = [
        cast.api("member").post(URL, asked, format="json", headers={"Idempotency-Key": "one"})
        for _time in range(2)
    ]
    assert answers[0].json()["reference"] == answers[1].json()["reference"]


# -- the look before sending --------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 403, 200, 403, 403, 403), strict=True))
def test_members_look_in_the_name_of_their_organisation(
    cast: Cast, series: Body, role: str, status: int
) -> None:
    assert cast.api(role).post(PREVIEW, series, format="json").status_code == status


def test_every_date_with_what_stands_against_it_and_what_is_free_instead(
    cast: Cast, series: Body, space: Space
) -> None:
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-11-12 19:00"), end_at=paris("2026-11-12 20:00")
    )
    other = factories.SpaceFactory.create(school=cast.school, name="Salle B")
    near = factories.SchoolFactory.create(name="Lycée voisin", latitude=50.64, longitude=3.07)
    factories.open_always(near)
    factories.SpaceFactory.create(school=near)
    seen = preview(cast, series).json()
    counts = [seen[f"dates_{name}"] for name in ("total", "free", "blocked", "wanted")]
    assert counts == [4, 3, 1, 0]
    assert seen["rule"] == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TH;UNTIL=20261126"
    taken, free = seen["dates"][1], seen["dates"][0]
    assert free["problems"] == []
    assert free["alternatives"] == {"time": None, "spaces": [], "schools": []}
    assert [problem["code"] for problem in taken["problems"]] == ["lesson"]
    instead = taken["alternatives"]
    assert instead["time"] == {"start": "2026-11-12T17:00:00+01:00", "end": "2026-11-12T19:00:00+01:00"}
    ref = {"id": other.pk, "name": "Salle B"}
    assert instead["spaces"] == [{"space": ref, "spaces": [ref]}]
    assert [one["school"]["name"] for one in instead["schools"]] == ["Lycée voisin"]
    assert 0 < instead["schools"][0]["distance_km"] < 2
    assert not BookingRequest.objects.exists()


def test_it_costs_the_same_whatever_the_number_of_dates(
    cast: Cast, series: Body, space: Space, django_assert_num_queries: Any
) -> None:
    first = dt.date(2026, 11, 5)
    factories.SpaceFactory.create(school=cast.school)
    near = factories.SpaceFactory.create()
    factories.open_always(near.school)
    for week in range(40):
        day = first + dt.timedelta(weeks=week)
        factories.BusyTimeFactory.create(
            space=space, start_at=paris(f"{day} 18:00"), end_at=paris(f"{day} 20:00")
        )
    for weeks in (0, 39):
        rule = {**THURSDAYS, "until": str(first + dt.timedelta(weeks=weeks)), "skip_holidays": False,
                "skip_public_holidays": False}  # fmt: skip
        with django_assert_num_queries(12, own=True):
            seen = preview(cast, series, recurrence=rule).json()
        assert seen["dates_blocked"] == weeks + 1
        assert all(date["alternatives"]["schools"] for date in seen["dates"])
