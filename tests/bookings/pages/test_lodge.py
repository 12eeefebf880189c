"""The lodge's sheet: who reads it, what it says of a day, and the same on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from bookings import lodge
from bookings.models import Occurrence, OccurrenceEquipment
from tests import factories
from tests.bookings.pages.reading import links, words
from tests.conftest import Cast, paris

AtParis = Callable[[str], AbstractContextManager[Any]]
ROLES = {
    "anonymous": 302, "stranger": 404, "member": 404, "other_manager": 404, "manager": 200, "head": 200,
    "caretaker": 200, "region": 404,
}  # fmt: skip


@pytest.fixture(autouse=True)
def staff(cast: Cast, now: dt.datetime) -> None:
    """The clock stands at 14 October 2026."""
    for role in ("caretaker", "head"):
        cast.users[role] = factories.SchoolRoleFactory.create(school=cast.school, role=role).user


def hosted(cast: Cast, start: str = "2026-10-14 18:00", **values: Any) -> Occurrence:
    fields = {"contact_name": "Camille Exemple", "contact_phone": "06 00 00 00 00", "message": "Secret"}
    asked = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, purpose="Judo", **fields
    )
    room = cast.school.spaces.first() or factories.SpaceFactory.create(
        school=cast.school, name="Gymnase", location="Bâtiment C"
    )
    made = {"state": "approved", "spaces": [room], **values}
    return factories.OccurrenceFactory.create(request=asked, start_at=paris(start), **made)


@pytest.mark.parametrize("rest", ["loge/", "loge.pdf"])
@pytest.mark.parametrize(("role", "status"), ROLES.items())
def test_who_reads_it(cast: Cast, role: str, status: int, rest: str) -> None:
    assert cast.client(role).get(f"/lycees/{cast.school.uai}/{rest}").status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [*((role, status) for role, status in ROLES.items() if role != "other_manager")]
)
def test_the_short_address_leads_there(cast: Cast, role: str, status: int) -> None:
    response = cast.client(role).get("/loge/")
    assert response.status_code == (302 if status == 200 else status)
    if status == 200:
        assert response["Location"] == f"/lycees/{cast.school.uai}/loge/"


def test_who_works_in_two_lycees_chooses(cast: Cast) -> None:
    factories.SchoolRoleFactory.create(
        school=cast.other_school, user=cast.user("caretaker"), role="caretaker"
    )
    found = links(cast.client("caretaker").get("/loge/"))
    assert {f"/lycees/{school.uai}/loge/" for school in (cast.school, cast.other_school)} <= set(found)


def sheet(cast: Cast, day: str = "") -> str:
    return words(cast.client("caretaker").get(f"/lycees/{cast.school.uai}/loge/{day and f'?date={day}'}"))


def test_says_who_comes_tonight_and_whom_to_call_but_nothing_more(cast: Cast) -> None:
    hosted(cast)
    said = sheet(cast)
    assert "Fiche de la loge, ce soir" in said
    assert (
        f"18:00–20:00 Gymnase Bâtiment C {cast.organisation.name} Judo 20 Camille Exemple 06 00 00 00 00"
        in said
    )
    assert "Secret" not in said
    assert cast.organisation.email not in said


def test_without_a_person_on_the_spot_the_organisation_is_called(cast: Cast) -> None:
    cast.organisation.phone = "03 20 00 00 00"
    cast.organisation.save()
    date = hosted(cast)
    date.request.contact_name = date.request.contact_phone = ""
    date.request.save()
    assert "20 03 20 00 00 00" in sheet(cast)


@pytest.mark.parametrize(
    ("start", "hours", "shown"),
    [
        ("2026-10-14 06:00", 2, "06:00–08:00"),
        ("2026-10-15 05:00", 2, "jeudi 15 octobre 2026, 05:00–07:00"),
        ("2026-10-14 22:00", 4, "du mercredi 14 octobre 2026, 22:00 au jeudi 15 octobre 2026, 02:00"),
        ("2026-10-12 18:00", 60, "du lundi 12 octobre 2026, 18:00 au jeudi 15 octobre 2026, 06:00"),
        ("2026-10-14 04:00", 2, ""),
        ("2026-10-15 06:00", 2, ""),
    ],
)
def test_a_day_goes_on_until_the_next_morning(cast: Cast, start: str, hours: int, shown: str) -> None:
    hosted(cast, start, end_at=paris(start) + dt.timedelta(hours=hours))
    said = sheet(cast)
    assert shown in said if shown else "Personne n’est attendu ce jour-là" in said


def test_after_midnight_the_evening_is_not_over(cast: Cast, at_paris: AtParis) -> None:
    hosted(cast, "2026-10-14 18:00")
    with at_paris("2026-10-15 02:00"):
        assert "Judo" in sheet(cast)
    with at_paris("2026-10-15 06:00"):
        assert "Judo" not in sheet(cast)


@pytest.mark.parametrize("state", ["pending", "offered", "refused", "cancelled", "not_used"])
def test_only_those_who_are_expected(cast: Cast, state: str) -> None:
    hosted(cast, state=state)
    assert "Judo" not in sheet(cast)


@pytest.mark.parametrize("day", ["", "n’importe", "9999-12-31", "0001-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_today(cast: Cast, day: str) -> None:
    hosted(cast)
    assert "Judo" in sheet(cast, day)


def test_equipment_goes_out_and_what_is_overdue_is_named(cast: Cast) -> None:
    pool = factories.EquipmentPoolFactory.create(
        school=cast.school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=20
    )
    hosted(cast, spaces=[], equipment={pool: 12})
    late = hosted(cast, "2026-10-08 18:00", spaces=[], state="took_place", equipment={pool: 8})
    assert "12 × Chaises – à remettre" in sheet(cast)
    assert "pas encore rendu" not in sheet(cast)
    OccurrenceEquipment.objects.filter(occurrence=late).update(collected_at=late.start_at)
    said = sheet(cast)
    assert "Matériel pas encore rendu 8 × " in said
    assert f"{cast.organisation.name}, à rendre depuis le jeudi 8 octobre 2026" in said


def test_statements_do_not_grow_with_the_guests(cast: Cast, django_assert_num_queries: Any) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    for guests in (1, 6):
        while Occurrence.objects.count() < guests:
            factories.VisitFactory.create(occurrence=hosted(cast, equipment={pool: 1}))
        with django_assert_num_queries(6, own=True):
            shown = lodge.sheet(cast.school, dt.date(2026, 10, 14))
            assert len([(guest.rooms, guest.equipment, guest.visit) for guest in shown.guests]) == guests


def test_on_paper(cast: Cast) -> None:
    hosted(cast)
    cast.school.emergency_instructions = "#panic() \N{FAMILY}"
    cast.school.save()
    page = cast.client("caretaker").get(f"/lycees/{cast.school.uai}/loge.pdf?date=2026-10-14")
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"] == f'inline; filename="loge-{cast.school.uai}-2026-10-14.pdf"'
    assert page.content.startswith(b"%PDF-") and b"pdfuaid" in page.content


def test_an_empty_day_on_paper(cast: Cast) -> None:
    page = cast.client("caretaker").get(f"/lycees/{cast.school.uai}/loge.pdf")
    assert page.content.startswith(b"%PDF-")
