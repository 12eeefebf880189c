"""The day through the API: role matrices, what each verb answers, what it refuses and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bookings.models import BookingRequest, Incident, Occurrence, Visit
from tests import factories
from tests.api.conftest import errors
from tests.api.test_approve import address, states
from tests.conftest import ROLES, Cast, paris

AtParis = Callable[[str], AbstractContextManager[Any]]
DURING, AFTER = "2026-10-22 19:00", "2026-10-22 20:30"
EVERYBODY = (*ROLES, "caretaker")


@pytest.fixture
def date(cast: Cast, now: dt.datetime) -> Occurrence:
    """Thursday 22 October 2026, 18:00–20:00, approved, with five of something."""
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    asked = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, created_by=cast.user("member"), state="decided"
    )
    pool = factories.EquipmentPoolFactory.create(school=cast.school, quantity=5)
    return factories.OccurrenceFactory.create(
        request=asked, start_at=paris("2026-10-22 18:00"), state="approved", equipment={pool: 5}
    )


def body(date: Occurrence, verb: str) -> dict[str, Any]:
    return {
        "report": {"text": "La porte est fermée."},
        "review": {"satisfaction": 4, "left_clean": True},
        "take-back": {"returned": [{"pool": date.equipment.get().pool_id, "quantity": 5}]},
    }.get(verb, {}) | {"occurrence": date.pk}


# anonymous, stranger, member, other_manager, manager, region, caretaker
MATRIX = {
    "arrive": (DURING, (401, 404, 200, 404, 403, 403, 404)),
    "report": (DURING, (401, 404, 200, 404, 200, 403, 404)),
    "review": (AFTER, (401, 404, 200, 404, 403, 403, 404)),
    "not-used": (AFTER, (401, 404, 200, 404, 403, 403, 404)),
    "no-show": (AFTER, (401, 404, 403, 404, 200, 403, 404)),
    "hand-over": (DURING, (401, 404, 403, 404, 200, 403, 200)),
    "take-back": (DURING, (401, 404, 403, 404, 200, 403, 200)),
}


@pytest.mark.parametrize(
    ("verb", "role", "status"),
    [
        (verb, role, status)
        for verb, (_moment, row) in MATRIX.items()
        for role, status in zip(EVERYBODY, row, strict=True)
    ],
)
def test_who_may(cast: Cast, date: Occurrence, at_paris: AtParis, verb: str, role: str, status: int) -> None:
    with at_paris(MATRIX[verb][0]):
        response = cast.api(role).post(address(date.request, verb), body(date, verb))
    assert response.status_code == status
    written = list(date.request.journal.values_list("verb", "actor"))
    assert written == ([(verb.replace("-", "_"), cast.user(role).pk)] if status == 200 else [])


@pytest.mark.parametrize("verb", MATRIX)
def test_not_at_any_time(cast: Cast, date: Occurrence, verb: str) -> None:
    role = "manager" if verb in ("no-show", "hand-over", "take-back") else "member"
    response = cast.api(role).post(address(date.request, verb), body(date, verb))
    assert (response.status_code, response.json()["code"]) == (409, "not_now")


def test_a_date_nobody_used(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    with at_paris(AFTER):
        response = cast.api("manager").post(
            address(date.request, "no-show"), {"occurrence": date.pk, "reason": "Personne."}
        )
    assert states(response) == ["not_used"]
    assert response.json()["state"] == "closed"
    assert response.json()["occurrences"][0]["reason"] == "Personne."


def test_who_said_to_be_there_came(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    with at_paris(DURING):
        member = cast.api("member")
        assert member.post(address(date.request, "arrive"), {"occurrence": date.pk}).status_code == 200
        again = member.post(address(date.request, "arrive"), {"occurrence": date.pk})
        assert (again.status_code, again.json()["code"]) == (409, "already_said")
    with at_paris(AFTER):
        response = cast.api("manager").post(address(date.request, "no-show"), {"occurrence": date.pk})
    assert (response.status_code, response.json()["code"]) == (409, "came")


def test_a_review(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    said = {"occurrence": date.pk, "satisfaction": 2, "left_closed": False, "comment": "Froid."}
    with at_paris(AFTER):
        assert cast.api("member").post(address(date.request, "review"), said).status_code == 200
    visit = Visit.objects.get()
    assert (visit.satisfaction, visit.left_clean, visit.left_closed, visit.comment) == (
        2,
        None,
        False,
        "Froid.",
    )


def image(kind: str = "PNG") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (3, 2)).save(file, kind)
    return SimpleUploadedFile("photo", file.getvalue())


def test_a_problem_with_its_photo(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    sent = {"occurrence": date.pk, "text": "Vitre cassée", "photo": image()}
    with at_paris(DURING):
        response = cast.api("manager").post(address(date.request, "report"), sent, format="multipart")
    assert response.status_code == 200
    incident = Incident.objects.get()
    assert (incident.side, incident.text) == ("school", "Vitre cassée")
    assert Image.open(incident.photo).size == (3, 2)


def test_out_and_back(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    lodge, pool = cast.api("caretaker"), date.equipment.get().pool_id
    with at_paris(DURING):
        out = lodge.post(address(date.request, "hand-over"), {"occurrence": date.pk}).json()
        again = lodge.post(address(date.request, "hand-over"), {"occurrence": date.pk}).json()
        back = {"pool": pool, "quantity": 4, "damaged": 1, "condition": "Un pied tordu"}
        answer = lodge.post(
            address(date.request, "take-back"), {"occurrence": date.pk, "returned": [back]}
        ).json()
    assert out["occurrence"] == date.pk
    assert out["equipment"][0]["collected_at"] == "2026-10-22T19:00:00+02:00"
    assert again["code"] == "nothing_to_do"
    (line,) = answer["equipment"]
    assert {name: line[name] for name in ("pool", "quantity", "returned_quantity", "damaged_quantity", "condition")} == {
        "pool": pool, "quantity": 5, "returned_quantity": 4, "damaged_quantity": 1, "condition": "Un pied tordu",
    }  # fmt: skip
    told = cast.api("member").get(f"/api/v1/requests/{date.request.reference}/").json()
    assert told["occurrences"][0]["equipment"] == [line]


@pytest.mark.parametrize(
    ("verb", "sent", "wrong"),
    [
        ("arrive", {}, [("occurrence", "required")]),
        ("arrive", {"occurrence": 2**63}, [("occurrence", "max_value")]),
        ("report", {"text": ""}, [("occurrence", "required"), ("text", "blank")]),
        ("review", {"occurrence": 1}, [("satisfaction", "required")]),
        ("review", {"occurrence": 1, "satisfaction": 6}, [("satisfaction", "max_value")]),
        ("take-back", {"occurrence": 1, "returned": []}, [("returned", "empty")]),
        (
            "take-back",
            {"occurrence": 1, "returned": [{"pool": 1, "quantity": 1}] * 2},
            [("returned", "duplicate")],
        ),
        ("no-show", {"occurrence": 1, "reason": "x" * 501}, [("reason", "max_length")]),
    ],
)
def test_malformed(
    cast: Cast, date: Occurrence, verb: str, sent: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    role = "manager" if verb in ("no-show", "take-back") else "member"
    response = cast.api(role).post(address(date.request, verb), sent)
    assert (response.status_code, errors(response)) == (400, wrong)


def test_a_photo_that_is_none(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    sent = {"occurrence": date.pk, "text": "Voyez", "photo": image("GIF")}
    with at_paris(DURING):
        response = cast.api("member").post(address(date.request, "report"), sent, format="multipart")
    assert (response.status_code, errors(response)) == (400, [("photo", "not_a_photo")])
    assert not Incident.objects.exists()


def test_a_date_of_another_request(cast: Cast, date: Occurrence, at_paris: AtParis) -> None:
    other = factories.OccurrenceFactory.create(state="approved")
    with at_paris(DURING):
        response = cast.api("member").post(address(date.request, "arrive"), {"occurrence": other.pk})
    assert (response.status_code, errors(response)) == (400, [("occurrences", "unknown_dates")])
    assert BookingRequest.objects.count() == 2
