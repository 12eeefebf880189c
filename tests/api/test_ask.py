"""Sending a request: malformed or impossible is refused, all else is stored with its problems."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings.models import BookingRequest, Occurrence
from tests import factories
from tests.api.conftest import EVENING, errors
from tests.conftest import ROLES, Cast
from venues.models import EquipmentPool, Space

URL = "/api/v1/requests/"
Body = dict[str, Any]


@pytest.fixture
def post(cast: Cast, body: Body) -> Callable[..., Any]:
    """`post(attendees=3)`: what the API answers the member who sends the body so changed; None leaves a field out."""

    def send(*, key: str | None = None, **changes: Any) -> Any:
        changed = {name: value for name, value in {**body, **changes}.items() if value is not ...}
        return cast.api("member").post(URL, changed, headers={"Idempotency-Key": key} if key else {})

    return send


def dated(start: str, end: str) -> list[dict[str, str]]:
    return [{"start": start, "end": end}]


def codes(response: Any) -> list[list[str]]:
    """The codes of the problems of each date."""
    assert response.status_code == 201, response.content
    return [[problem["code"] for problem in date["problems"]] for date in response.json()["occurrences"]]


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 403, 201, 403, 403, 403), strict=True))
def test_members_ask_in_the_name_of_their_organisation(
    cast: Cast, body: Body, role: str, status: int
) -> None:
    response = cast.api(role).post(URL, body)
    assert response.status_code == status
    assert BookingRequest.objects.count() == (status == 201)
    if status != 201:
        assert response.json()["code"] == {401: "not_authenticated", 403: "permission_denied"}[status]


def test_an_organisation_that_does_not_exist_answers_like_anothers(cast: Cast, post: Any) -> None:
    unknown, others = post(organisation=999_999), post(organisation=cast.other_organisation.pk)
    assert unknown.status_code == others.status_code == 403
    assert unknown.json() == others.json()


def test_a_session_needs_its_csrf_token(cast: Cast, body: Body) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.user("member"), backend="django.contrib.auth.backends.ModelBackend")
    refused = browser.post(URL, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    browser.get("/api/v1/docs/?script=")
    token = browser.cookies["csrftoken"].value
    sent = browser.post(URL, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 201


# -- what is stored -----------------------------------------------------------------------------


def test_the_shape(cast: Cast, space: Space, post: Any) -> None:
    response = post(message="Bonjour", contact_name="Camille", contact_phone="06 00 00 00 00")
    booking = BookingRequest.objects.get()
    date = booking.occurrences.get()
    assert response.status_code == 201
    assert response.json() == {
        "reference": booking.reference,
        "state": "submitted",
        "school": {"uai": cast.school.uai, "name": cast.school.name, "commune": "Lille"},
        "organisation": {"id": cast.organisation.pk, "name": cast.organisation.name},
        "purpose": "Répétition de la chorale",
        "attendees": 25,
        "message": "Bonjour",
        "contact_name": "Camille",
        "contact_phone": "06 00 00 00 00",
        "submitted_at": "2026-10-14T10:00:00+02:00",
        "answer_due_on": "2026-10-21",
        "decided_at": None,
        "deposit": None,
        "url": f"http://testserver/demandes/{booking.reference}/",
        "occurrences": [
            {
                "id": date.pk,
                **EVENING,
                "state": "pending",
                "reason": "",
                "price": None,
                "price_ground": "",
                "value": None,
                "spaces": [{"id": space.pk, "name": "Salle A"}],
                "equipment": [],
                "problems": [],
            }
        ],
    }
    assert booking.created_by == cast.user("member")
    assert booking.journal.get().verb == "submit"


def test_problems_are_said_for_each_date(space: Space, post: Any) -> None:
    factories.BusyTimeFactory.create(
        space=space,
        start_at=dt.datetime.fromisoformat(EVENING["start"]),
        end_at=dt.datetime.fromisoformat(EVENING["end"]),
    )
    factories.ClosureFactory.create(school=space.school, first_on=dt.date(2026, 11, 5), reason="Travaux")
    dates = [
        EVENING,
        {"start": "2026-10-29T18:00:00+01:00", "end": "2026-10-29T20:00:00+01:00"},
        {"start": "2026-11-05T18:00:00+01:00", "end": "2026-11-05T20:00:00+01:00"},
        {"start": "2026-10-01T18:00:00+02:00", "end": "2026-10-01T20:00:00+02:00"},
    ]
    response = post(dates=dates)
    # In the order of time, whatever the order sent.
    assert codes(response) == [["past"], ["lesson"], [], ["closure"]]
    assert response.json()["occurrences"][3]["problems"] == [
        {
            "code": "closure",
            "severity": "blocker",
            "message": "Fermé ce jour-là\N{NO-BREAK SPACE}: Travaux. "
            "Prochaine date libre\N{NO-BREAK SPACE}: vendredi 6 novembre 2026, 18:00–20:00.",
            "next_free": {"start": "2026-11-06T18:00:00+01:00", "end": "2026-11-06T20:00:00+01:00"},
        }
    ]


def test_a_past_date_is_stored_with_its_problem(post: Any) -> None:
    assert "past" in codes(post(dates=dated("2026-10-13T18:00:00+02:00", "2026-10-13T20:00:00+02:00")))[0]


def test_too_many_people_is_a_problem_not_an_error(post: Any) -> None:
    assert codes(post(attendees=31)) == [["capacity"]]


def test_the_same_date_twice_is_a_problem_not_an_error(post: Any) -> None:
    assert codes(post(dates=[EVENING, EVENING])) == [["within_request"], ["within_request"]]


def test_equipment_with_a_space(cast: Cast, post: Any) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school, kind__slug="chaises", quantity=20)
    response = post(equipment=[{"pool": pool.pk, "quantity": 21}])
    assert codes(response) == [["equipment"]]
    assert response.json()["occurrences"][0]["equipment"] == [
        {
            "pool": pool.pk,
            "kind": "chaises",
            "name": "Chaises",
            "quantity": 21,
            "collected_at": None,
            "returned_at": None,
            "returned_quantity": None,
            "damaged_quantity": 0,
            "condition": "",
        }
    ]


@pytest.mark.parametrize("space_sent", [None, ...])
def test_equipment_alone(cast: Cast, post: Any, space_sent: Any) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.other_school)
    response = post(space=space_sent, equipment=[{"pool": pool.pk, "quantity": 2}])
    assert codes(response) == [[]]
    assert response.json()["school"]["uai"] == cast.other_school.uai
    assert response.json()["occurrences"][0]["spaces"] == []


def test_what_is_not_asked_for_is_ignored(cast: Cast, post: Any) -> None:
    response = post(
        state="approved", school=cast.other_school.uai, reference="R-0000-0000", created_by=1, id=7
    )
    booking = BookingRequest.objects.get()
    assert (booking.state, booking.school, booking.reference) == (
        "submitted",
        cast.school,
        response.json()["reference"],
    )
    assert booking.created_by == cast.user("member")


def test_a_manager_may_ask_for_an_unpublished_room_of_theirs(cast: Cast, body: Body) -> None:
    Space.objects.update(published=False)
    membership = factories.MembershipFactory.create(user=cast.user("manager"))
    response = cast.api("manager").post(URL, {**body, "organisation": membership.organisation_id})
    assert codes(response) == [["unavailable"]]


# -- times --------------------------------------------------------------------------------------


def stored() -> Occurrence:
    return Occurrence.objects.get()


def test_the_night_of_autumn_is_four_hours(post: Any) -> None:
    response = post(dates=dated("2026-10-25T01:00:00+02:00", "2026-10-25T04:00:00+01:00"))
    assert codes(response) == [[]]
    date = stored()
    assert date.end_at - date.start_at == dt.timedelta(hours=4)
    assert response.json()["occurrences"][0]["start"] == "2026-10-25T01:00:00+02:00"
    assert response.json()["occurrences"][0]["end"] == "2026-10-25T04:00:00+01:00"


def test_without_an_offset_it_is_paris(post: Any) -> None:
    assert codes(post(dates=dated("2026-10-25T01:00", "2026-10-25T04:00"))) == [[]]
    assert stored().end_at - stored().start_at == dt.timedelta(hours=4)


def test_an_hour_that_comes_twice_is_the_first_unless_an_offset_says_otherwise(post: Any) -> None:
    first = post(dates=dated("2026-10-25T02:30:00", "2026-10-25T06:00:00")).json()["occurrences"][0]
    second = post(dates=dated("2026-10-25T02:30:00+01:00", "2026-10-25T06:00:00")).json()["occurrences"][0]
    assert (first["start"], second["start"]) == ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00")


def test_between_the_two_passes_of_the_same_hour(post: Any) -> None:
    response = post(dates=dated("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"))
    assert codes(response) == [[]]
    assert stored().end_at - stored().start_at == dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "start", ["2027-03-28T02:30:00", "2027-03-28T02:30:00+01:00", "2027-03-28T02:30:00+02:00"]
)
def test_an_hour_that_does_not_exist_is_refused(post: Any, start: str) -> None:
    response = post(dates=dated(start, "2027-03-28T06:00:00+02:00"))
    assert (response.status_code, errors(response)) == (400, [("dates.0.start", "nonexistent_time")])


@pytest.mark.parametrize(
    "start", ["2027-03-28T00:30:00Z", "2027-03-28T02:30:00+00:00", "2027-03-28T02:30:00-05:00"]
)
def test_elsewhere_it_exists(post: Any, start: str) -> None:
    assert post(dates=dated(start, "2027-03-28T18:00:00+02:00")).status_code == 201


def test_another_zones_offset_is_the_same_moment(post: Any) -> None:
    date = post(dates=dated("2026-10-22T11:00:00-05:00", "2026-10-22T18:00:00Z")).json()["occurrences"][0]
    assert (date["start"], date["end"]) == (EVENING["start"], EVENING["end"])


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (EVENING["end"], EVENING["start"], ("end", "end_before_start")),
        (EVENING["start"], EVENING["start"], ("end", "end_before_start")),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T02:45:00+02:00", ("end", "end_before_start")),
        ("2026-10-22T18:00:01+02:00", EVENING["end"], ("start", "whole_minute")),
        ("2026-10-22T18:00:00.5+02:00", EVENING["end"], ("start", "whole_minute")),
        ("2026-10-22T18:00:00+02:00:30", EVENING["end"], ("start", "whole_minute")),
        ("2026-10-22", EVENING["end"], ("start", "invalid")),
        ("22/10/2026 18:00", EVENING["end"], ("start", "invalid")),
        ("2026-02-30T18:00:00+01:00", EVENING["end"], ("start", "invalid")),
        ("2026-10-22T25:00:00+02:00", EVENING["end"], ("start", "invalid")),
        ("", EVENING["end"], ("start", "invalid")),
        (1_792_000_000, EVENING["end"], ("start", "invalid")),
        (None, EVENING["end"], ("start", "null")),
        (["2026"], EVENING["end"], ("start", "invalid")),
        ("0001-01-01T00:00:00+14:00", EVENING["end"], ("start", "out_of_range")),
        (EVENING["start"], "9999-12-31T23:59:00-14:00", ("end", "out_of_range")),
        (EVENING["start"], "9999-12-31T23:59:00", ("end", "out_of_range")),
        (EVENING["start"], "2026-12-22T18:00:00+01:00", ("end", "too_long")),
        ("2029-11-22T18:00:00+01:00", "2029-11-22T20:00:00+01:00", ("start", "too_far")),
        ("2024-12-22T18:00:00+01:00", "2024-12-22T20:00:00+01:00", ("start", "too_old")),
    ],
)  # fmt: skip
def test_impossible_periods(post: Any, start: Any, end: Any, wrong: tuple[str, str]) -> None:
    response = post(dates=[EVENING, {"start": start, "end": end}])
    field, code = wrong
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert errors(response) == [(f"dates.1.{field}", code)]
    assert not BookingRequest.objects.exists()


def test_sixty_days_three_years_and_two_hundred_dates_are_possible(post: Any) -> None:
    assert post(dates=dated("2026-10-22T18:00:00+02:00", "2026-12-21T17:00:00+01:00")).status_code == 201
    assert codes(post(dates=dated("2029-10-01T18:00:00+02:00", "2029-10-01T20:00:00+02:00"))) == [
        ["horizon", "uncalendared"]
    ]
    first = dt.datetime.fromisoformat(EVENING["start"])
    days = [first + n * dt.timedelta(days=1) for n in range(201)]
    many = [{"start": day.isoformat(), "end": (day + dt.timedelta(hours=2)).isoformat()} for day in days]
    assert len(post(dates=many[:200]).json()["occurrences"]) == 200
    response = post(dates=many)
    assert (response.status_code, errors(response)) == (400, [("dates", "max_length")])


# -- everything else that is malformed ----------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"space": ...}, ("space", "required")),
        ({"space": None, "equipment": []}, ("space", "required")),
        ({"space": 999_999}, ("space", "unknown")),
        ({"space": 2**63}, ("space", "max_value")),
        ({"space": 0}, ("space", "min_value")),
        ({"space": "x"}, ("space", "invalid")),
        ({"space": True}, ("space", "invalid")),
        ({"organisation": ...}, ("organisation", "required")),
        ({"organisation": None}, ("organisation", "null")),
        ({"organisation": {}}, ("organisation", "invalid")),
        ({"purpose": ...}, ("purpose", "required")),
        ({"purpose": ""}, ("purpose", "blank")),
        ({"purpose": " \t\u2003"}, ("purpose", "blank")),
        ({"purpose": "x" * 201}, ("purpose", "max_length")),
        ({"purpose": "a\0b"}, ("purpose", "control_characters")),
        ({"purpose": "a\x07b"}, ("purpose", "control_characters")),
        ({"purpose": ["a"]}, ("purpose", "invalid")),
        ({"attendees": ...}, ("attendees", "required")),
        ({"attendees": 0}, ("attendees", "min_value")),
        ({"attendees": -1}, ("attendees", "min_value")),
        ({"attendees": 100_001}, ("attendees", "max_value")),
        ({"attendees": 1.5}, ("attendees", "invalid")),
        ({"attendees": "1e9"}, ("attendees", "invalid")),
        ({"dates": ...}, ("dates", "required")),
        ({"dates": []}, ("dates", "empty")),
        ({"dates": {}}, ("dates", "not_a_list")),
        ({"dates": [1]}, ("dates.0", "invalid")),
        ({"dates": [{}]}, ("dates.0.start", "required")),
        ({"equipment": "x"}, ("equipment", "not_a_list")),
        ({"equipment": [{}]}, ("equipment.0.pool", "required")),
        ({"equipment": [{"pool": 999_999, "quantity": 1}]}, ("equipment.0.pool", "unknown")),
        ({"equipment": [{"pool": 1, "quantity": 0}]}, ("equipment.0.quantity", "min_value")),
        ({"equipment": [{"pool": 1, "quantity": 10_001}]}, ("equipment.0.quantity", "max_value")),
        ({"equipment": [{"pool": 5, "quantity": 1}, {"pool": 5, "quantity": 1}]}, ("equipment.1.pool", "duplicate")),
        ({"equipment": [{"pool": n, "quantity": 1} for n in range(1, 52)]}, ("equipment", "max_length")),
        ({"message": "x" * 4001}, ("message", "max_length")),
        ({"message": "\0"}, ("message", "null_characters_not_allowed")),
        ({"contact_name": "x" * 151}, ("contact_name", "max_length")),
        ({"contact_phone": "1" * 31}, ("contact_phone", "max_length")),
    ],
)  # fmt: skip
def test_malformed(post: Any, changes: Body, wrong: tuple[str, str]) -> None:
    response = post(**changes)
    assert (response.status_code, response.json()["code"]) == (400, "invalid"), response.content
    assert wrong in errors(response)
    assert not BookingRequest.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"[]", b"null", b"1", b"{", b'{"attendees": Infinity}', b"[" * 100_000, b"\xff"]
)
def test_not_an_object(cast: Cast, raw: bytes) -> None:
    response = cast.api("member").generic("POST", URL, raw, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("field", ["purpose", "message", "contact_name"])
def test_half_a_character(cast: Cast, body: Body, field: str) -> None:
    raw = json.dumps({**body, field: "a\ud800b"})
    response = cast.api("member").generic("POST", URL, raw, content_type="application/json")
    assert (response.status_code, errors(response)) == (400, [(field, "surrogate_characters_not_allowed")])


def test_more_than_anybody_needs(cast: Cast, body: Body, post: Any) -> None:
    response = post(message="x" * 1_000_000)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_unpublished_spaces_and_those_of_closed_schools_are_unknown(cast: Cast, post: Any) -> None:
    hidden = factories.SpaceFactory.create(published=False)
    closed = factories.SpaceFactory.create(school__closed_on=dt.date(2026, 9, 1))
    for space in (hidden, closed):
        response = post(space=space.pk)
        assert (response.status_code, errors(response)) == (400, [("space", "unknown")])


def test_equipment_of_another_school(cast: Cast, post: Any) -> None:
    mine = factories.EquipmentPoolFactory.create(school=cast.school)
    others = factories.EquipmentPoolFactory.create(school=cast.other_school)
    lines = [{"pool": mine.pk, "quantity": 1}, {"pool": others.pk, "quantity": 1}]
    assert errors(post(equipment=lines)) == [("equipment.1.pool", "other_school")]
    assert errors(post(space=None, equipment=lines)) == [("equipment.1.pool", "other_school")]
    EquipmentPool.objects.filter(pk=mine.pk).update(published=False)
    assert errors(post(equipment=lines[:1])) == [("equipment.0.pool", "unknown")]


HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}} {% now 'Y' %}",
    "=cmd|'/C calc'!A0",
    "'; DROP TABLE bookings_occurrence; --",
    "\u202eetsil al ed nif\u202c",
    "Fête 🎉 de l’Épiphanie, Œuvre n° 2",
    "日本語の合唱団",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_comes_back_as_it_went(cast: Cast, post: Any, text: str) -> None:
    reference = post(purpose=text, message=text).json()["reference"]
    answer = cast.api("manager").get(f"{URL}{reference}/").json()
    assert (answer["purpose"], answer["message"]) == (text, text)


def test_a_line_stays_one_line(post: Any) -> None:
    answer = post(purpose=" Chorale\r\nBcc: x@example.org\t ", message="Une\n\nautre").json()
    assert answer["purpose"] == "Chorale Bcc: x@example.org"
    assert answer["message"] == "Une\n\nautre"


# -- the same thing sent twice ------------------------------------------------------------------


def test_the_same_key_gives_the_same_request(post: Any) -> None:
    first, again = post(key="abc-123"), post(key="abc-123")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert BookingRequest.objects.count() == 1


def test_without_a_key_there_are_two(post: Any) -> None:
    assert post().json()["reference"] != post().json()["reference"]


def test_a_key_is_each_persons_own(cast: Cast, body: Body, post: Any) -> None:
    other = factories.MembershipFactory.create(organisation=cast.organisation).user
    cast.users["colleague"] = other
    mine = post(key="1").json()["reference"]
    theirs = cast.api("colleague").post(URL, body, headers={"Idempotency-Key": "1"}).json()["reference"]
    assert mine != theirs


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "Autre chose"},
        {"attendees": 3},
        {"dates": dated("2026-10-23T18:00+02:00", "2026-10-23T20:00+02:00")},
    ],
)
def test_a_key_sent_again_with_something_else_hides_nothing(post: Any, changes: Body) -> None:
    reference = post(key="1").json()["reference"]
    response = post(key="1", **changes)
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_reused")
    assert reference in response.json()["detail"]
    assert BookingRequest.objects.count() == 1


def test_a_key_after_the_decision_still_tells_the_request(cast: Cast, post: Any) -> None:
    reference = post(key="1").json()["reference"]
    cast.api("manager").post(f"{URL}{reference}/approve/")
    again = post(key="1")
    assert (again.status_code, again.json()["state"]) == (201, "decided")


@pytest.mark.parametrize("key", ["x" * 101, "a b", "é"])
def test_keys_that_cannot_be_kept(post: Any, key: str) -> None:
    response = post(key=key)
    assert (response.status_code, errors(response)) == (400, [("Idempotency-Key", "invalid")])


def test_statements_do_not_grow_with_the_dates(post: Any, django_assert_num_queries: Any) -> None:
    weeks = [
        {"start": f"2026-11-{day:02}T18:00:00+01:00", "end": f"2026-11-{day:02}T20:00:00+01:00"}
        for day in range(1, 21)
    ]
    with django_assert_num_queries(15, own=True):
        assert post(dates=weeks[:1]).status_code == 201
    with django_assert_num_queries(15, own=True):
        assert post(dates=weeks).status_code == 201
