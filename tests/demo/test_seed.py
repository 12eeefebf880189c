"""The demonstration's data: about 5,000 rooms, the same for the same seed, plainly marked, ready to be tried."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings import planner
from bookings.availability import first_slot, load
from bookings.models import BookingRequest, Claim, Occurrence
from bookings.workflow import Draft, DraftDate, approve, submit
from shareloc.accounts.models import Organisation, User
from shareloc.demo import accounts, evenings, rooms
from shareloc.web.uploads import document_type
from tests import factories
from venues.models import School, SchoolRole, Space
from venues.periods import Period

KINDS = ["general_technological", "vocational", "polyvalent", "agricultural", "section", "micro_lycee"]


@pytest.fixture
def schools(db: None) -> list[School]:
    call_command("load_vocabulary")
    return [factories.SchoolFactory.create(kind=kind) for kind in KINDS]


@pytest.fixture
def demo(schools: list[School]) -> School:
    """A seeded demonstration; the school its manager runs."""
    call_command("seed_demo")
    return SchoolRole.objects.get(user__email=accounts.MANAGER).school


# --- rooms, without a database -------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "maritime", "other"])
def test_every_lycee_has_6_to_40_rooms_of_distinct_names(kind: str):
    for number in range(200):
        made = rooms.rooms(kind, Random(number))
        assert 6 <= len(made) <= 40
        assert len({room.name for room in made}) == len(made)


def test_same_seed_same_rooms():
    assert rooms.rooms("polyvalent", Random("1:x")) == rooms.rooms("polyvalent", Random("1:x"))
    assert rooms.rooms("polyvalent", Random("1:x")) != rooms.rooms("polyvalent", Random("2:x"))


def test_halves_share_the_units_of_the_whole():
    gymnasium = {room.name: set(room.units) for room in rooms.showcase(Random(1)) if room.kind == "gymnasium"}
    assert gymnasium["Gymnase entier"] == gymnasium["Gymnase, moitié nord"] | gymnasium["Gymnase, moitié sud"]
    assert not gymnasium["Gymnase, moitié nord"] & gymnasium["Gymnase, moitié sud"]


# --- what is written -----------------------------------------------------------------------------


def test_rooms_are_marked_as_demonstration(demo: School):
    assert not Space.objects.exclude(is_demo=True, description__startswith=rooms.NOTICE).exists()
    assert not School.objects.filter(spaces=None).exists()


def test_every_room_has_its_units(demo: School):
    assert not Space.objects.filter(units=None).exists()
    whole = Space.objects.get(school=demo, name="Gymnase entier")
    halves = Space.objects.filter(school=demo, name__startswith="Gymnase, moitié")
    assert {*whole.units.all()} == {unit for half in halves for unit in half.units.all()}
    assert whole.units.count() == halves.count() == 2


def test_seeding_twice_is_refused(demo: School):
    with pytest.raises(CommandError, match="déjà là"):
        call_command("seed_demo")


def test_nothing_half_written_when_something_lacks(db: None):
    factories.SchoolFactory.create()
    with pytest.raises(CommandError, match="vocabulaire"):
        call_command("seed_demo")
    assert not Space.objects.exists()
    assert not User.objects.exists()


def test_refused_outside_the_demonstration(schools: list[School], settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="démonstration"):
        call_command("seed_demo")
    assert not User.objects.exists()


# --- accounts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [accounts.ASSOCIATION, accounts.MANAGER, accounts.REGION])
def test_accounts_can_sign_in(demo: School, email: str):
    user = User.objects.get(email=email)
    assert user.check_password(accounts.PASSWORD)
    assert user.emailaddress_set.get().verified


def test_nobody_else_has_a_password(demo: School):
    others = User.objects.exclude(email__in=[accounts.ASSOCIATION, accounts.MANAGER, accounts.REGION])
    assert [user.email for user in others if user.has_usable_password()] == []


def test_association_is_verified_and_insured_for_a_year(demo: School):
    own = Organisation.objects.get(members__email=accounts.ASSOCIATION)
    in_a_year = timezone.localdate() + dt.timedelta(days=365)
    assert own.is_verified
    certificate = own.documents.get()
    assert certificate.covers(in_a_year)
    assert document_type(certificate.file.open()) == "application/pdf"


def test_the_halls_have_prices_of_their_own(demo: School):
    ruled = demo.spaces.filter(price_rules__isnull=False).distinct()
    assert {space.kind for space in ruled} <= {"hall", "amphitheatre", "gymnasium"}
    assert all(space.price_rules.count() == 2 for space in ruled)
    assert ruled.exists()


def test_only_the_region_is_staff(demo: School):
    assert [user.email for user in User.objects.filter(is_staff=True)] == [accounts.REGION]


# --- the manager's school ------------------------------------------------------------------------


def weeks_ahead(school: School) -> list[tuple[Space, list[Period]]]:
    """Each room of the school with its free time 20 to 48 days ahead."""
    now = timezone.now()
    spaces = list(school.spaces.select_related("school"))
    times = load(spaces, Period(now + dt.timedelta(days=20), now + dt.timedelta(days=48)))
    return [(space, times[space.pk].free) for space in spaces]


# In term, over the Christmas holidays, over the summer, and across the change of clocks.
@pytest.mark.parametrize("day", ["2026-09-10", "2026-11-23", "2027-06-20", "2027-02-25"])
def test_free_for_three_hours_in_most_rooms_whenever_it_is_seeded(schools: list[School], at_paris, day: str):
    with at_paris(f"{day} 10:00"):
        call_command("seed_demo")
        school = SchoolRole.objects.get(user__email=accounts.MANAGER).school
        found = weeks_ahead(school)
    free = [space for space, periods in found if sum(p.length >= dt.timedelta(hours=3) for p in periods) >= 5]
    assert len(free) >= 0.9 * len(found)


def test_rooms_take_two_hours_at_any_half_hour(demo: School):
    assert {space.step_minutes for space in demo.spaces.all()} == {30}
    assert all(space.min_minutes <= 120 <= space.max_minutes for space in demo.spaces.all())


def test_association_asks_and_manager_approves(demo: School):
    """Each room of the manager's school can really be had by the demonstration's association."""
    own = Organisation.objects.get(members__email=accounts.ASSOCIATION)
    asker, manager = (User.objects.get(email=email) for email in (accounts.ASSOCIATION, accounts.MANAGER))
    for space, free in weeks_ahead(demo):
        if space.name == "Gymnase entier":
            continue  # its halves are asked for in this loop
        slot = first_slot(free, minutes=120, step=30)
        request = submit(Draft(own, "Essai", 10, [DraftDate(slot, (space,))]), by=asker)
        assert approve(request, by=manager).left == []


# --- requests ------------------------------------------------------------------------------------


def test_requests_in_several_states(demo: School):
    asked = BookingRequest.objects.filter(school=demo)
    dates = Occurrence.objects.filter(request__school=demo).exclude(state="pending")
    assert Counter(asked.values_list("state", flat=True)) == {"submitted": 5, "decided": 4, "withdrawn": 1}
    assert Counter(dates.values_list("state", flat=True)) == {
        "approved": 5,
        "refused": 1,
        "withdrawn": 1,
        "cancelled": 1,
    }
    # Three dates of a computer room with ten chairs each, and two of the amphitheatre.
    assert Claim.objects.filter(occurrence__request__school=demo).count() == 3 * 11 + 2


# --- evenings elsewhere --------------------------------------------------------------------------


def hosted(day: dt.date) -> list[planner.Hosted]:
    return [
        one
        for ahead in range(7)
        for one in planner.evening(day + dt.timedelta(days=ahead), since=dt.time(16)).hosted
    ]


# In term, over the summer, and on a Saturday at night.
@pytest.mark.parametrize("when", ["2026-11-23 10:00", "2027-06-20 10:00", "2026-11-28 23:30"])
def test_somebody_is_hosted_elsewhere_in_the_week_to_come(schools: list[School], at_paris, when: str):
    with at_paris(when):
        call_command("seed_demo")
        school = SchoolRole.objects.get(user__email=accounts.MANAGER).school
        found = hosted(timezone.localdate())
    assert len({one.period.start.date() for one in found}) >= 3
    assert school.pk not in {one.school.pk for one in found}
    for one in found:
        assert one.request.attendees <= min(room.capacity for room in one.rooms)
        assert "démonstration" in one.organisation.name and "fictive" in one.request.message


def test_same_seed_same_evenings(schools: list[School], now: dt.datetime):
    people = accounts.create(schools[0], today=timezone.localdate())
    chosen = [evenings.chosen(schools[0], seed=seed) for seed in (1, 1, 2)]
    assert chosen[0] == chosen[1]
    assert people.lender.has_usable_password() is False
