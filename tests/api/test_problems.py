"""Why a space is not free at a time, by the API: who may ask, what is said, and never who is there."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import EVENING, errors
from tests.conftest import ROLES, Cast, paris
from venues.models import Space


def get(space: Space, client: Any = None, **asked: str) -> Any:
    return (client or APIClient()).get(f"/api/v1/spaces/{space.pk}/problems/", asked)


@pytest.mark.parametrize("role", ROLES)
def test_open_to_anyone(cast: Cast, space: Space, role: str) -> None:
    answer = get(space, cast.api(role), **EVENING)
    assert answer.status_code == 200
    assert answer.json() == {"free": True, "problems": [], "next_free": None, "same_day": None}


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (404, 404, 404, 404, 200, 200), strict=True))
def test_an_unpublished_space_is_its_schools_and_the_regions(
    cast: Cast, space: Space, role: str, status: int
) -> None:
    Space.objects.update(published=False)
    answer = get(space, cast.api(role), **EVENING)
    assert answer.status_code == status
    if status == 200:
        assert [problem["code"] for problem in answer.json()["problems"]] == ["unavailable"]


def test_why_and_when_instead(cast: Cast, space: Space) -> None:
    factories.BusyTimeFactory.create(
        space=space, start_at=paris("2026-10-22 18:30"), end_at=paris("2026-10-22 20:00"), reason="Secret"
    )
    cast.organisation.name = "Chorale des Trois Clochers"
    cast.organisation.save()
    factories.ClaimFactory.create(
        occurrence__spaces=[space],
        occurrence__request__organisation=cast.organisation,
        occurrence__request__school=cast.school,
        start_at=paris("2026-10-22 17:00"),
        end_at=paris("2026-10-22 18:30"),
    )
    answer = get(space, **EVENING)
    friday = {"start": "2026-10-23T18:00:00+02:00", "end": "2026-10-23T20:00:00+02:00"}
    later = "Prochaine date libre\u00a0: vendredi 23 octobre 2026, 18:00–20:00."
    said = {
        "lesson": f"Le lycée utilise la salle à ces heures. {later}",
        "taken": f"La salle est déjà prise à ces heures. {later}",
    }
    assert answer.json() == {
        "free": False,
        "problems": [
            {"code": code, "severity": "blocker", "message": message, "next_free": friday}
            for code, message in said.items()
        ],
        "next_free": friday,
        "same_day": {"start": "2026-10-22T20:00:00+02:00", "end": "2026-10-22T22:00:00+02:00"},
    }
    assert b"Clochers" not in answer.content and b"Secret" not in answer.content


def test_a_request_carries_the_same_values(cast: Cast, space: Space, body: dict[str, Any]) -> None:
    factories.ClosureFactory.create(school=cast.school, first_on=paris("2026-10-22 00:00").date())
    public = get(space, **EVENING).json()["problems"]
    sent = cast.api("member").post("/api/v1/requests/", body).json()
    assert sent["occurrences"][0]["problems"] == public
    assert public[0]["next_free"] == {
        "start": "2026-10-23T18:00:00+02:00",
        "end": "2026-10-23T20:00:00+02:00",
    }


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({}, [("start", "required"), ("end", "required")]),
        ({"start": EVENING["start"]}, [("end", "required")]),
        ({"start": "demain", "end": EVENING["end"]}, [("start", "invalid")]),
        ({"start": EVENING["end"], "end": EVENING["start"]}, [("end", "end_before_start")]),
        ({"start": "2027-03-28T02:30:00", "end": "2027-03-28T04:00:00"}, [("start", "nonexistent_time")]),
        ({"start": EVENING["start"], "end": "2027-10-22T20:00:00+02:00"}, [("end", "too_long")]),
        ({"start": "2036-10-22T18:00:00+02:00", "end": "2036-10-22T20:00:00+02:00"}, [("start", "too_far")]),
    ],
)
def test_mistakes_are_said(space: Space, asked: dict[str, str], wrong: list[tuple[str, str]]) -> None:
    answer = get(space, **asked)
    assert (answer.status_code, errors(answer)) == (400, wrong)


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
def test_no_such_space(db: None, pk: str) -> None:
    assert APIClient().get(f"/api/v1/spaces/{pk}/problems/", EVENING).status_code == 404


def test_few_statements(space: Space, django_assert_num_queries: Any) -> None:
    """The space and its features; what is known of its time."""
    with django_assert_num_queries(3):
        get(space, **EVENING)
