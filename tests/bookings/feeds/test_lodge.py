"""The calendar of a lodge: who is expected and whom to call, for those who work there."""

from __future__ import annotations

from typing import Any

import pytest

from bookings import calendars, feeds
from bookings.models import CalendarToken
from bookings.models.calendar import Lodge
from tests import factories
from tests.conftest import NOW, Cast, paris

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
BASE = "https://shareloc.example.org/"


@pytest.fixture
def caretaker(cast: Cast) -> Any:
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    return cast.user("caretaker")


def date(cast: Cast, state: str = "approved", **asked: Any) -> Any:
    fields = {
        "contact_name": "Camille Exemple",
        "contact_phone": "06 00 00 00 00",
        "message": "Secret",
        **asked,
    }
    request = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, purpose="Judo", **fields
    )
    return factories.OccurrenceFactory.create(
        request=request, state=state, start_at=paris("2026-10-22 18:00"), reason="Motif", changed_at=NOW
    )


def entries(user: Any, cast: Cast) -> tuple[feeds.Entry, ...]:
    token, _secret = calendars.issue_for(user, Lodge(cast.school))
    return feeds.load(token, at=NOW, base=BASE).entries


def test_one_contact_and_no_more(cast: Cast, caretaker: Any) -> None:
    made = date(cast)
    (entry,) = entries(caretaker, cast)
    assert entry.uid == str(made.uid)
    assert entry.title == f"Judo – {cast.organisation.name}"
    assert entry.contact == "Camille Exemple, 06 00 00 00 00"
    assert entry.details == "Nombre de personnes : 20"
    assert entry.url == f"{BASE}lycees/{cast.school.uai}/loge/?date=2026-10-22"
    told = repr(entry)
    assert "Secret" not in told and cast.organisation.email not in told and made.request.reference not in told


@pytest.mark.parametrize(
    ("state", "shown"),
    [("approved", 1), ("took_place", 1), ("pending", 0), ("offered", 0), ("cancelled", 0), ("not_used", 0)],
)
def test_only_who_is_expected(cast: Cast, caretaker: Any, state: str, shown: int) -> None:
    date(cast, state)
    assert len(entries(caretaker, cast)) == shown


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("stranger", 404),
        ("member", 404),
        ("other_manager", 404),
        ("region", 404),
        ("manager", 201),
        ("caretaker", 201),
    ],
)
def test_who_may_have_it(cast: Cast, caretaker: Any, role: str, status: int) -> None:
    asked = {"scope": "caretaker", "id": cast.school.uai}
    response = cast.api(role).post("/api/v1/calendars/", asked)
    assert response.status_code == status
    if status == 201:
        assert response.json()["name"] == f"Loge – {cast.school.name}"
        page = cast.client(role).get(f"/compte/calendriers/nouveau/?scope=caretaker&id={cast.school.uai}")
        assert page.status_code == 200


def test_it_is_another_address_than_the_lycees(cast: Cast, caretaker: Any) -> None:
    lodge, _secret = calendars.issue_for(caretaker, Lodge(cast.school))
    school, _secret = calendars.issue_for(caretaker, cast.school)
    assert lodge.pk != school.pk
    assert calendars.subject_of(lodge) == Lodge(cast.school)
    again, _secret = calendars.rotate(lodge)
    assert (again.pk, CalendarToken.objects.count()) == (lodge.pk, 2)
    listed = cast.client("caretaker").get("/compte/calendriers/").content.decode()
    assert f"Loge – {cast.school.name}" in listed


def test_who_leaves_the_lycee_reads_it_no_more(cast: Cast, caretaker: Any) -> None:
    _token, secret = calendars.issue_for(caretaker, Lodge(cast.school))
    assert cast.client("anonymous").get(f"/calendars/{secret}.ics").status_code == 200
    caretaker.school_roles.all().delete()
    assert cast.client("anonymous").get(f"/calendars/{secret}.ics").status_code == 404
