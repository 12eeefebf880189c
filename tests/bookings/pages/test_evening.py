"""The Région's evening: who is where, who may know, and how it is narrowed down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings import planner
from bookings.models import Occurrence
from tests import factories
from tests.bookings.pages.reading import fields, links, words
from tests.conftest import ROLES, Cast, paris
from tests.factories import PARIS
from venues.models import School

DAY = "date=2026-11-26"


def host(
    school: School,
    start: str = "2026-11-26 18:00",
    end: str = "2026-11-26 20:00",
    *,
    state: str = "approved",
    room: str = "Gymnase",
    **asked: Any,
) -> Occurrence:
    """A date in a school, approved unless told otherwise."""
    spaces = (
        [factories.SpaceFactory.create(school=school, name=f"{room} {school.spaces.count() + 1}")]
        if room
        else []
    )
    return factories.OccurrenceFactory.create(
        request__school=school,
        spaces=spaces,
        state=state,
        start_at=paris(start),
        end_at=paris(end),
        **{f"request__{name}": value for name, value in asked.items()},
    )


def page(cast: Cast, query: str = DAY, role: str = "region") -> Any:
    return cast.client(role).get(f"/region/soiree/?{query}")


def purposes(day: str = "2026-11-26", **asked: Any) -> list[str]:
    found = planner.evening(dt.date.fromisoformat(day), **asked)
    return [one.request.purpose for one in found.hosted]


# -- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_it_is_the_regions(cast: Cast, now: dt.datetime, role: str) -> None:
    host(cast.school, purpose="Chorale")
    response = page(cast, role=role)
    if role == "region":
        assert "Chorale" in words(response)
    elif role == "anonymous":
        assert response.url.startswith("/compte/connexion/")
    else:
        assert (response.status_code, b"Chorale" in response.content) == (404, False)


def test_the_region_finds_it_in_its_navigation(cast: Cast) -> None:
    assert "/region/soiree/" in links(cast.client("region").get("/"))
    assert "/region/soiree/" not in links(cast.client("manager").get("/"))


def test_only_reading_is_allowed(cast: Cast) -> None:
    assert cast.client("region").post("/region/soiree/").status_code == 405


# -- what -----------------------------------------------------------------------------------------


def test_a_line_says_who_is_where(cast: Cast, now: dt.datetime) -> None:
    cast.organisation.name = "Chorale des Trois Clochers"
    cast.organisation.save()
    date = host(
        cast.school,
        organisation=cast.organisation,
        purpose="Répétition",
        attendees=35,
        contact_name="Responsable",
        contact_phone="03 20 00 00 00",
    )
    response = page(cast)
    assert (
        "1 accueil 1 lycée 1 organisme 35 personnes attendues Accueils du jeudi 26 novembre 2026, par département, "
        "commune et lycée Lycée Dépt Salle Heures Qui Personnes Contact sur place "
        f"{cast.school.name} Lille 59 Gymnase 1 18:00–20:00 Chorale des Trois Clochers "
        f"Répétition {date.request.reference} 35 Responsable 03 20 00 00 00"
    ) in words(response)
    assert {
        f"/demandes/{date.request.reference}/",
        f"/lycees/{cast.school.uai}/planning/?jour=2026-11-26",
        "tel:0320000000",
    } <= set(links(response))


def test_without_a_contact_on_the_spot_the_organisations_is_given(cast: Cast, now: dt.datetime) -> None:
    cast.organisation.phone = "03 21 00 00 00"
    cast.organisation.save()
    host(cast.school, organisation=cast.organisation)
    host(cast.school, organisation=factories.OrganisationFactory.create(email="un@example.org"))
    host(cast.school, organisation=factories.OrganisationFactory.create(email=""))
    said = words(page(cast))
    assert "Organisme : 03 21 00 00 00" in said
    assert "Organisme : un@example.org" in said
    assert "Non indiqué" in said


@pytest.mark.parametrize("state", Occurrence.State.values)
def test_only_what_is_agreed_is_hosted(cast: Cast, state: str) -> None:
    host(cast.school, state=state, purpose="Chorale")
    assert purposes() == (["Chorale"] if state in ("approved", "took_place") else [])


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [
        ("2026-11-26 15:00", "2026-11-26 17:00", False),
        ("2026-11-26 15:00", "2026-11-26 17:01", True),
        ("2026-11-26 22:00", "2026-11-27 02:00", True),
        ("2026-11-27 01:00", "2026-11-27 03:00", True),
        ("2026-11-27 06:00", "2026-11-27 08:00", False),
        ("2026-11-25 22:00", "2026-11-26 02:00", False),
        # Stays: of two nights, of three weeks, and one that ends in the afternoon.
        ("2026-11-25 14:00", "2026-11-27 12:00", True),
        ("2026-11-10 14:00", "2026-12-01 12:00", True),
        ("2026-11-20 14:00", "2026-11-26 12:00", False),
    ],
)
def test_an_evening_goes_from_five_to_the_small_hours(cast: Cast, start: str, end: str, seen: bool) -> None:
    host(cast.school, start, end, purpose="Chorale")
    assert purposes() == (["Chorale"] if seen else [])


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-10-24", 14), ("2027-03-27", 12), ("2026-11-26", 13), ("2026-10-25", 13)]
)
def test_the_night_the_clocks_change(db: None, day: str, hours: int) -> None:
    found = planner.evening(dt.date.fromisoformat(day))
    assert found.period.length == dt.timedelta(hours=hours)
    assert found.period.end.astimezone(PARIS).time() == dt.time(6)


def test_another_hour_may_be_set(cast: Cast, settings: Any) -> None:
    host(cast.school, "2026-11-26 10:00", "2026-11-26 12:00", purpose="Matin")
    assert purposes(since=dt.time(11, 59)) == ["Matin"]
    assert purposes(since=dt.time(12)) == []
    settings.EVENING_FROM = dt.time(9)
    assert purposes() == ["Matin"]


def test_what_goes_on_after_midnight_says_its_days(cast: Cast, now: dt.datetime) -> None:
    host(cast.school, "2026-11-26 22:00", "2026-11-27 02:00")
    assert "du jeudi 26 novembre 2026, 22:00 au vendredi 27 novembre 2026, 02:00" in words(page(cast))


def test_equipment_lent_alone_brings_nobody(cast: Cast) -> None:
    host(cast.school, room="", purpose="Chaises")
    assert purposes() == []


def test_a_date_in_two_rooms_counts_once(cast: Cast) -> None:
    date = host(cast.school, attendees=30)
    date.spaces.add(factories.SpaceFactory.create(school=cast.school, name="Annexe"))
    found = planner.evening(dt.date(2026, 11, 26), text="e")
    assert found.totals == (1, 1, 1, 30)
    assert [[room.name for room in one.rooms] for one in found.hosted] == [["Annexe", "Gymnase 1"]]


def test_totals_are_of_the_whole_evening(cast: Cast, settings: Any) -> None:
    settings.EVENING_PAGE_SIZE = 2
    for school in (cast.school, cast.school, cast.other_school):
        host(school, organisation=cast.organisation, attendees=10)
    found = planner.evening(dt.date(2026, 11, 26), page=2)
    assert (found.totals, len(found.hosted)) == ((3, 2, 1, 30), 1)


def test_by_departement_commune_lycee_and_hour(cast: Cast) -> None:
    for number, (department, commune, hour) in enumerate(
        [("80", "Amiens", 18), ("59", "Roubaix", 18), ("59", "Lille", 19), ("59", "Lille", 18)]
    ):
        school = (
            School.objects.filter(commune=commune)
            .exclude(pk__in=[cast.school.pk, cast.other_school.pk])
            .first()
        )
        school = school or factories.SchoolFactory.create(department=department, commune=commune)
        host(school, f"2026-11-26 {hour}:00", "2026-11-26 22:00", purpose=str(number))
    assert purposes() == ["3", "2", "1", "0"]


# -- narrowing down -------------------------------------------------------------------------------


@pytest.fixture
def two(cast: Cast, now: dt.datetime) -> Cast:
    """Two dates in two départements."""
    amiens = factories.SchoolFactory.create(
        name="Lycée Été", commune="Amiens", department="80", department_name="Somme"
    )
    organisation = factories.OrganisationFactory.create(name="Théâtre du Quai")
    host(amiens, purpose="Atelier", organisation=organisation, room="Salle bleue")
    host(cast.school, purpose="Judo", organisation=cast.organisation)
    return cast


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("judo", ["Judo"]),
        ("amiens", ["Atelier"]),
        ("ete", ["Atelier"]),
        ("quai", ["Atelier"]),
        ("bleue", ["Atelier"]),
        ("amiens judo", []),
        ("  atelier   QUAI ", ["Atelier"]),
        ("%", []),
        ("', --", []),
        ("", ["Judo", "Atelier"]),
    ],
)
def test_by_text(two: Cast, text: str, found: list[str]) -> None:
    assert purposes(text=text) == found


def test_by_departement(two: Cast) -> None:
    assert purposes(department="80") == ["Atelier"]
    response = page(two, f"{DAY}&departement=80&q=quai&a_partir=16:30")
    assert "1 accueil 1 lycée" in words(response)
    assert fields(response) == {
        "date": ["2026-11-26"],
        "a_partir": ["16:30"],
        "departement": ["80"],
        "q": ["quai"],
    }
    assert "?date=2026-11-27&departement=80&q=quai&a_partir=16%3A30" in links(response)


def test_tonight_unless_another_date_is_asked_for(cast: Cast, now: dt.datetime) -> None:
    said = words(page(cast, ""))
    assert "Qui est où ce soir" in said
    assert "Mercredi 14 octobre 2026".lower() in said
    assert "Personne n’est accueilli ce soir-là" in said
    assert "de 17:00 à 06:00 le lendemain" in said


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("date=demain", "id_date"),
        ("date=9999-12-31", "id_date"),
        ("date=0001-01-01", "id_date"),
        ("a_partir=25:00", "id_a_partir"),
        ("departement=99", "id_departement"),
        ("q=%00", "id_q"),
        (f"q={'x' * 101}", "id_q"),
    ],
)
def test_mistakes_are_said_and_kept(two: Cast, query: str, field: str) -> None:
    response = page(two, query)
    assert response.status_code == 200
    assert f"#{field}" in links(response)
    assert "<title>Erreur" in response.content.decode()
    assert "Judo" not in words(response)
    if "x" in query or "demain" in query:
        assert query.split("=")[1] in str(fields(response))


@pytest.mark.parametrize("number", ["0", "-1", "1000000", "x"])
def test_a_page_that_is_not_there_is_another(two: Cast, number: str) -> None:
    assert "Judo" in words(page(two, f"{DAY}&page={number}"))


# Départements; totals; the dates with their lycées and organisations; their rooms.
@pytest.mark.parametrize("many", [1, 36])
def test_as_many_queries_for_one_date_as_for_many(
    cast: Cast, now: dt.datetime, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for _number in range(many):
        host(factories.SchoolFactory.create(), organisation=factories.OrganisationFactory.create())
    client = cast.client("region")
    with django_assert_num_queries(4, own=True):
        assert client.get(f"/region/soiree/?{DAY}&departement=59&q=gymnase").status_code == 200
