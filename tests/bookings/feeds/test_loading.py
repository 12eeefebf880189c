"""What a calendar holds, for whom: scopes, states, window, names, and when its ETag changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings import calendars, feeds
from bookings.models import CalendarToken, Occurrence
from bookings.states import OccurrenceState
from shareloc.accounts.models import Organisation
from tests import factories
from tests.conftest import NOW, Cast, paris
from tests.factories import OccurrenceFactory, SpaceFactory
from venues.models import School, Space

BASE = "https://shareloc.example.org/"
State = OccurrenceState


def load(user: Any, subject: calendars.Subject = None, *, at: dt.datetime = NOW) -> feeds.Feed:
    token, _secret = calendars.issue_for(user, subject)
    return feeds.load(token, at=at, base=BASE)


def make_date(cast: Cast, start: str = "2026-10-22 18:00", *, hours: float = 2, **fields: Any) -> Occurrence:
    """An approved date of the cast's organisation in the cast's school."""
    about = {
        "request__organisation": cast.organisation,
        "request__school": cast.school,
        "state": State.APPROVED,
        "changed_at": NOW,
    }
    start_at = paris(start)
    return OccurrenceFactory.create(
        start_at=start_at, end_at=start_at + dt.timedelta(hours=hours), **{**about, **fields}
    )


def shown(feed: feeds.Feed) -> set[str]:
    return {entry.uid for entry in feed.entries}


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


# -- whose dates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("member", {"ours"}),
        ("manager", {"ours", "guests"}),
        ("stranger", {"guests", "elsewhere"}),
        ("other_manager", {"elsewhere"}),
        ("region", set()),
    ],
)
def test_own_calendar_holds_what_concerns_its_owner(cast: Cast, role: str, expected: set[str]):
    theirs = {"request__organisation": cast.other_organisation}
    dates = {
        "ours": make_date(cast),
        "guests": make_date(cast, **theirs),
        "elsewhere": make_date(cast, request__school=cast.other_school, **theirs),
    }
    assert shown(load(cast.user(role))) == {str(dates[name].uid) for name in expected}


def test_own_calendar_says_once_what_concerns_twice(cast: Cast):
    factories.MembershipFactory.create(user=cast.user("manager"), organisation=cast.organisation)
    factories.SchoolRoleFactory.create(user=cast.user("manager"), school=cast.school, role="head")
    make_date(cast)
    assert len(load(cast.user("manager")).entries) == 1


def test_calendar_of_a_space_holds_its_units_too(cast: Cast):
    left, right, other = SpaceFactory.create_batch(3, school=cast.school)
    whole = SpaceFactory.create(school=cast.school, units=[left.units.get(), right.units.get()])
    in_left, in_whole, in_both = (make_date(cast, spaces=s) for s in ([left], [whole], [left, right]))
    make_date(cast, spaces=[other])
    manager = cast.user("manager")
    assert shown(load(manager, whole)) == {str(date.uid) for date in (in_left, in_whole, in_both)}
    assert shown(load(manager, right)) == {str(in_whole.uid), str(in_both.uid)}
    assert len(load(manager, whole).entries) == 3


def test_calendar_of_a_school_holds_its_dates_alone(cast: Cast):
    here = make_date(cast)
    make_date(cast, request__school=cast.other_school)
    assert shown(load(cast.user("manager"), cast.school)) == {str(here.uid)}


# -- states -------------------------------------------------------------------------------------

STATUSES = {
    State.PENDING: "TENTATIVE",
    State.OFFERED: "TENTATIVE",
    State.APPROVED: "CONFIRMED",
    State.TOOK_PLACE: "CONFIRMED",
    State.NOT_USED: "CONFIRMED",
    State.CANCELLED: "CANCELLED",
    State.REFUSED: None,
    State.DECLINED: None,
    State.WITHDRAWN: None,
    State.EXPIRED: None,
}


@pytest.mark.parametrize("state", State)
def test_status_of_each_state_for_those_concerned(cast: Cast, state: State):
    make_date(cast, state=state)
    expected = [STATUSES[state]] if STATUSES[state] else []
    assert [entry.status for entry in load(cast.user("member")).entries] == expected


@pytest.mark.parametrize("state", State)
def test_strangers_see_only_what_is_taken(cast: Cast, state: State):
    make_date(cast, state=state)
    expected = [STATUSES[state]] if STATUSES[state] and state != State.PENDING else []
    assert [entry.status for entry in load(cast.user("stranger"), cast.school).entries] == expected


def test_title_says_what_calendars_do_not_show(cast: Cast):
    name = f"Chorale – {cast.organisation.name}"
    for hour, state in enumerate((State.PENDING, State.APPROVED, State.CANCELLED), start=10):
        make_date(cast, f"2026-10-22 {hour}:00", hours=1, state=state)
    titles = [entry.title for entry in load(cast.user("member")).entries]
    assert titles == [f"En attente\u00a0: {name}", name, f"Annulé\u00a0: {name}"]


@pytest.mark.parametrize(("days", "kept"), [(89, 1), (91, 0)])
def test_cancelled_date_is_kept_ninety_days(cast: Cast, days: int, kept: int):
    make_date(cast, "2027-03-01 18:00", state=State.CANCELLED, changed_at=NOW - dt.timedelta(days=days))
    assert len(load(cast.user("member")).entries) == kept


# -- window -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "inside"),
    [
        ("2026-07-15 22:00", False),  # ends as the window begins: 16 July, 90 days before 14 October
        ("2026-07-15 22:01", True),
        ("2028-04-14 23:59", True),
        ("2028-04-15 00:00", False),
    ],
)
def test_window_is_ninety_days_back_and_eighteen_months_ahead(cast: Cast, start: str, inside: bool):
    make_date(cast, start)
    assert bool(load(cast.user("member")).entries) is inside


def test_same_calendar_has_the_same_etag_every_day(cast: Cast):
    make_date(cast)
    token, _secret = calendars.issue_for(cast.user("member"), None)
    etags = {feeds.load(token, at=NOW + dt.timedelta(days=n), base=BASE).etag for n in range(3)}
    assert len(etags) == 1


def test_window_moves_with_the_day(cast: Cast):
    make_date(cast, "2026-07-16 10:00")
    token, _secret = calendars.issue_for(cast.user("member"), None)
    today, tomorrow = (feeds.load(token, at=NOW + dt.timedelta(days=n), base=BASE) for n in (0, 1))
    assert (len(today.entries), len(tomorrow.entries)) == (1, 0)
    assert today.etag != tomorrow.etag
    assert tomorrow.changed_at > today.changed_at


# -- names --------------------------------------------------------------------------------------

NAMES = {"stranger": False, "member": False, "other_manager": False, "manager": True, "region": True}


@pytest.mark.parametrize("scope", ["space", "school"])
@pytest.mark.parametrize("role", NAMES)
def test_names_are_for_people_of_the_school(cast: Cast, role: str, scope: str):
    space = SpaceFactory.create(school=cast.school, name="Gymnase")
    date = make_date(cast, spaces=[space], request__purpose="Judo secret", reason="Motif secret")
    (entry,) = load(cast.user(role), space if scope == "space" else cast.school).entries
    told = " ".join(map(str, vars(entry).values()))
    for private in ("secret", cast.organisation.name, date.request.reference):
        assert (private in told) is NAMES[role]
    assert (entry.title == "Occupé") is not NAMES[role]
    assert "Gymnase" in entry.place


def test_caretaker_is_of_the_school(cast: Cast):
    caretaker = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    make_date(cast)
    assert load(caretaker, cast.school).entries[0].title != "Occupé"


def test_who_left_the_school_reads_occupied_at_the_next_fetch(cast: Cast):
    make_date(cast)
    token, _secret = calendars.issue_for(cast.user("manager"), cast.school)
    before = feeds.load(token, at=NOW, base=BASE)
    cast.user("manager").school_roles.all().delete()
    after = feeds.load(token, at=NOW, base=BASE)
    assert [entry.title for entry in after.entries] == ["Occupé"]
    assert before.etag != after.etag


def test_strangers_learn_no_unpublished_space(cast: Cast):
    hidden = SpaceFactory.create(school=cast.school, name="Réserve", published=False)
    shown_space = SpaceFactory.create(school=cast.school, name="Salle 12")
    make_date(cast, "2026-10-22 10:00", spaces=[hidden])
    make_date(cast, "2026-10-22 14:00", spaces=[hidden, shown_space])
    (entry,) = load(cast.user("stranger"), cast.school).entries
    assert entry.place.startswith("Salle 12 – ")
    assert len(load(cast.user("manager"), cast.school).entries) == 2


# -- what an entry says -------------------------------------------------------------------------


def test_entry_of_an_association(cast: Cast):
    cast.school.phone, cast.school.lending_contact = "03 20 00 00 00", "Intendance"
    cast.school.save()
    chairs = factories.EquipmentPoolFactory.create(school=cast.school, kind__name="Chaises")
    space = SpaceFactory.create(school=cast.school, name="Salle 12", location="bâtiment B")
    date = make_date(
        cast, spaces=[space], equipment={chairs: 8}, sequence=3,
        request__contact_name="Personne d’essai", request__reference="R-7K2M-9QXD",
    )  # fmt: skip
    (entry,) = load(cast.user("member")).entries
    assert entry == feeds.Entry(
        uid=str(date.uid),
        start=paris("2026-10-22 18:00"),
        end=paris("2026-10-22 20:00"),
        status="CONFIRMED",
        sequence=3,
        changed_at=NOW,
        title=f"Chorale – {cast.organisation.name}",
        place=f"Salle 12, bâtiment B – {cast.school.name} – 1 rue de l’Essai, 59000 Lille",
        point=(50.6333, 3.0667),
        url=f"{BASE}demandes/R-7K2M-9QXD/",
        contact="Intendance, 03 20 00 00 00",
        details=(
            "Demande R-7K2M-9QXD\u00a0: acceptée\n"
            f"Organisme\u00a0: {cast.organisation.name}\n"
            "Nombre de personnes\u00a0: 20\n"
            "Matériel\u00a0: 8\u00a0× Chaises"
        ),
    )


@pytest.mark.parametrize(
    ("fields", "contact"),
    [
        ({"request__contact_name": "Personne", "request__contact_phone": "06 00"}, "Club, Personne, 06 00"),
        ({}, "Club, club@example.org"),
    ],
)
def test_the_school_is_told_whom_to_call(cast: Cast, fields: dict[str, str], contact: str):
    Organisation.objects.filter(pk=cast.organisation.pk).update(name="Club", email="club@example.org")
    make_date(cast, **fields)
    assert load(cast.user("manager"), cast.school).entries[0].contact == contact
    assert "Personne" not in load(cast.user("region"), cast.school).entries[0].contact


def test_equipment_alone_is_lent_at_the_school(cast: Cast):
    make_date(cast, spaces=[])
    (entry,) = load(cast.user("member")).entries
    assert entry.place == f"{cast.school.name} – 1 rue de l’Essai, 59000 Lille"
    assert load(cast.user("stranger"), cast.school).entries == ()


# -- what changes the ETag ----------------------------------------------------------------------

CHANGES: dict[str, Callable[[Occurrence], Any]] = {
    "state": lambda date: Occurrence.objects.update(state=State.CANCELLED),
    "time": lambda date: Occurrence.objects.update(end_at=date.end_at + dt.timedelta(hours=1)),
    "space": lambda date: date.spaces.set([SpaceFactory.create(school=date.request.school)]),
    "name of the space": lambda date: Space.objects.update(name="Renommée"),
    "name of the school": lambda date: School.objects.update(name="Renommé"),
    "address of the school": lambda date: School.objects.update(address="2 rue de l’Essai"),
    "name of the organisation": lambda date: Organisation.objects.update(name="Renommée"),
    "activity": lambda date: type(date.request).objects.update(purpose="Autre chose"),
    "one date more": lambda date: OccurrenceFactory.create(request=date.request, start_at=date.end_at),
    "one date less": lambda date: date.delete(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_etag_changes_with(cast: Cast, what: str):
    """Even by a statement that leaves every `changed_at` as it was."""
    date = make_date(cast)
    token, _secret = calendars.issue_for(cast.user("member"), None)
    before = feeds.load(token, at=NOW, base=BASE)
    CHANGES[what](date)
    after = feeds.load(token, at=NOW, base=BASE)
    assert after.etag != before.etag
    assert after.body() != before.body()


def test_withdrawing_moves_last_modified(cast: Cast):
    date = make_date(cast, state=State.PENDING, changed_at=NOW - dt.timedelta(hours=1))
    later = NOW + dt.timedelta(minutes=7)
    Occurrence.objects.filter(pk=date.pk).update(state=State.WITHDRAWN, changed_at=later)
    feed = load(cast.user("member"))
    assert feed.entries == ()
    assert feed.changed_at == later


# -- statements ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "expected"), [("person", 5), ("space", 6), ("school", 6)])
@pytest.mark.parametrize("count", [1, 25])
def test_statements_do_not_follow_the_number_of_dates(
    cast: Cast, scope: str, expected: int, count: int, django_assert_num_queries: Any
):
    space = SpaceFactory.create(school=cast.school)
    chairs = factories.EquipmentPoolFactory.create(school=cast.school)
    for number in range(count):
        make_date(cast, f"2026-11-{number + 1:02d} 18:00", spaces=[space], equipment={chairs: 1})
    subject = {"person": None, "space": space, "school": cast.school}[scope]
    made, _secret = calendars.issue_for(cast.user("manager"), subject)
    token = (
        CalendarToken.objects.of(cast.user("manager"))
        .select_related("user", "space__school", "school")
        .get(pk=made.pk)
    )
    with django_assert_num_queries(expected):
        feed = feeds.load(token, at=NOW, base=BASE)
        feed.body()
    assert len(feed.entries) == count
