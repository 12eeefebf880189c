"""The demonstration's data: about 5,000 rooms, the same for the same seed, plainly marked, ready to be tried."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings import lodge, planner, region
from bookings.availability import first_slot, load
from bookings.models import (
    Agreement,
    BookingRequest,
    Claim,
    Incident,
    Journal,
    Occurrence,
    Proposal,
    Signature,
    Visit,
)
from bookings.sending import GIVE_UP_AFTER
from bookings.workflow import Draft, DraftDate, approve, submit
from shareloc.accounts.models import Organisation, User
from shareloc.demo import accounts, evenings, rooms
from shareloc.web.uploads import document_type
from tests import factories
from venues.models import Closure, OpeningHours, School, SchoolRole, Space
from venues.periods import Period

AtParis = Callable[[str], AbstractContextManager[Any]]
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


def test_one_lycee_proposes_nothing_yet(demo: School):
    """Its manager makes a first room, as on the first day: no hours, no equipment, nothing asked."""
    role = SchoolRole.objects.get(user__email=accounts.NEWCOMER)
    assert (role.role, role.user.name) == ("manager", "Compte de démonstration – gestionnaire, premier jour")
    assert [*School.objects.filter(spaces=None)] == [role.school]
    assert role.school != demo
    assert not OpeningHours.objects.filter(school=role.school).exists()
    assert not role.school.pools.exists()
    assert not BookingRequest.objects.filter(school=role.school).exists()


def test_first_day_begins_with_the_guide(demo: School, client: Client):
    client.force_login(User.objects.get(email=accounts.NEWCOMER))
    school = SchoolRole.objects.get(user__email=accounts.NEWCOMER).school
    page = client.get(reverse("venues:my_school", args=[school.uai])).content.decode()
    assert "1. Les horaires" in page
    assert reverse("venues:my_hours", args=[school.uai]) in page


def test_one_lycee_alone_is_not_enough(db: None):
    call_command("load_vocabulary")
    factories.SchoolFactory.create()
    with pytest.raises(CommandError, match="au moins deux"):
        call_command("seed_demo")


def test_every_room_has_its_units(demo: School):
    assert not Space.objects.filter(units=None).exists()
    whole = Space.objects.get(school=demo, name="Gymnase entier")
    halves = Space.objects.filter(school=demo, name__startswith="Gymnase, moitié")
    assert {*whole.units.all()} == {unit for half in halves for unit in half.units.all()}
    assert whole.units.count() == halves.count() == 2


@pytest.mark.parametrize(
    "day", ["2026-12-24", "2027-02-27", "2027-05-05", "2027-07-14", "2027-08-10", "2027-11-20"]
)
def test_can_be_made_on_any_day(schools: list[School], day: str, at_paris: AtParis):
    """Whatever is closed elsewhere in the region: what the manager's lycée was asked for stands on its rooms."""
    with at_paris(f"{day} 09:00"):
        call_command("seed_demo")
    school = SchoolRole.objects.get(user__email=accounts.MANAGER).school
    assert not Closure.objects.filter(school=school).exists()
    asked = BookingRequest.objects.filter(school=school).annotate(dates=Count("occurrences"))
    assert {
        *asked.filter(purpose__in=["Atelier de lecture", "Auditions", "Concert"]).values_list(
            "dates", "purpose"
        )
    } == {
        (1, "Atelier de lecture"),
        (1, "Auditions"),
        (2, "Concert"),
    }


def test_seeding_twice_is_refused(demo: School):
    with pytest.raises(CommandError, match="déjà là"):
        call_command("seed_demo")


def test_nothing_half_written_when_something_lacks(db: None):
    factories.SchoolFactory.create_batch(2)
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


@pytest.mark.parametrize("email", accounts.SIGN_IN)
def test_accounts_can_sign_in(demo: School, email: str):
    user = User.objects.get(email=email)
    assert user.check_password(accounts.PASSWORD)
    assert user.emailaddress_set.get().verified


def test_nobody_else_has_a_password(demo: School):
    others = User.objects.exclude(email__in=accounts.SIGN_IN)
    assert [user.email for user in others if user.has_usable_password()] == []


def test_sign_in_page_names_those_who_can(db: None):
    page = Client().get(reverse("account_login")).content.decode()
    assert re.findall(r"<dd>(\S+@example\.org)</dd>", page) == list(accounts.SIGN_IN)


def test_school_has_a_manager_a_head_and_a_lodge(demo: School):
    assert set(demo.roles.values_list("user__email", "role")) == {
        (accounts.MANAGER, "manager"),
        (accounts.HEAD, "head"),
        (accounts.CARETAKER, "caretaker"),
    }


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


# On a Sunday before dawn, on Christmas Day at night, over the summer, across the change of clocks.
DAYS = ["2026-11-29 03:10", "2026-12-25 23:30", "2027-07-14 12:00", "2027-03-29 00:05"]


@pytest.fixture(params=DAYS)
def seeded_on(request: pytest.FixtureRequest, schools: list[School], at_paris) -> Iterator[School]:
    """The manager's school, on a day when the demonstration was seeded."""
    with at_paris(request.param):
        call_command("seed_demo")
        yield SchoolRole.objects.get(user__email=accounts.MANAGER).school


def asked_for(purpose: str) -> BookingRequest:
    return BookingRequest.objects.get(purpose=purpose)


def test_requests_in_every_state_whenever_it_is_seeded(seeded_on: School):
    asked = BookingRequest.objects.filter(school=seeded_on)
    dates = Occurrence.objects.filter(request__school=seeded_on)
    assert Counter(asked.values_list("state", flat=True)) == {
        "submitted": 9,
        "information_asked": 1,
        "decided": 9,
        "withdrawn": 1,
        "closed": 5,
    }
    assert Counter(dates.values_list("state", flat=True)) == {
        "pending": 13,
        "approved": 14,
        "offered": 1,
        "refused": 1,
        "withdrawn": 1,
        "cancelled": 1,
        "took_place": 4,
        "not_used": 1,
    }
    # Rooms: twelve of the approved, with what was offered; chairs and panels: three times ten, twenty, four.
    assert Claim.objects.filter(occurrence__request__school=seeded_on).count() == 14 + 30 + 20 + 4


def test_rooms_are_promised_tonight_and_the_lodge_knows(seeded_on: School):
    found = lodge.sheet(seeded_on, timezone.localdate())
    assert [(guest.purpose, guest.organisation, guest.contact) for guest in found.guests] == [
        ("Exposition de l’année", "Association de démonstration", accounts.CONTACT),
        ("Atelier d’écriture", "Association de démonstration", accounts.CONTACT),
        ("Écoute d’enregistrements", "Chorale de démonstration", accounts.CONTACT),
    ]
    assert [guest.equipment for guest in found.guests] == [
        ["4\u00a0× Grilles d’exposition – remis"],
        ["20\u00a0× Chaises – à remettre"],
        [],
    ]
    (late,) = found.overdue
    assert (late.occurrence.request.purpose, late.quantity) == ("Kermesse de la chorale", 1)


def test_what_is_over_was_spoken_of(seeded_on: School):
    praised = Visit.objects.get(answered_at__isnull=False)
    assert (praised.occurrence.request.purpose, praised.satisfaction) == ("Réunion des bénévoles", 5)
    assert "fictif" in praised.comment
    assert Visit.objects.get(missed_at__isnull=False).occurrence.request.purpose == "Lecture à voix haute"
    assert Incident.objects.get().occurrence.request.purpose == "Passage de grades"
    assert not Visit.objects.filter(occurrence__request__purpose="Permanence d’accueil").exists()


def test_proposals_wait_for_some_days_yet(seeded_on: School):
    offered, wished = Proposal.objects.open().order_by("-side")
    assert offered.occurrence.request.purpose == "Repas de quartier"
    assert wished.occurrence.request.purpose == "Réunion de bureau"
    soon = timezone.now() + dt.timedelta(days=5)
    assert min(offered.expires_at, wished.expires_at) > soon
    assert BookingRequest.objects.get(state="information_asked").purpose == "Tournoi de pétanque"


def test_series_is_weekly_and_approved_in_part(seeded_on: School):
    asked = asked_for("Club d’échecs")
    dates = list(asked.occurrences.order_by("start_at"))
    assert [date.state for date in dates] == ["approved"] * 4 + ["pending"] * 2
    assert len({timezone.localtime(date.start_at).strftime("%a %H:%M") for date in dates}) == 1
    assert asked.rule.startswith("FREQ=WEEKLY;INTERVAL=1;")
    assert [message.side for message in asked.messages.order_by("sent_at")] == ["school", "organisation"]


def test_agreements_wait_for_signatures_or_are_signed_by_all(seeded_on: School):
    counts = Agreement.objects.annotate(n=Count("signatures")).values_list("request__purpose", "n")
    complete = {purpose for purpose, n in counts if n == 3}
    assert complete == {
        "Réunion des bénévoles",
        "Passage de grades",
        "Lecture à voix haute",
        "Kermesse de la chorale",
        "Permanence d’accueil",
        "Atelier d’écriture",
    }
    assert {purpose for purpose, n in counts if n == 1} >= {"Club d’échecs", "Réunion de bureau"}
    standing = Signature.objects.filter(side="region").values_list("delegation", flat=True)
    assert set(standing) == {"Délégation fictive, donnée de démonstration."}
    assert seeded_on.board_decided_on


def test_a_firm_pays_by_the_half_day(demo: School):
    assert asked_for("Réunion publique d’information").occurrences.get().price == 120


def test_equipment_is_asked_for_alone(demo: School):
    date = asked_for("Repas de troupe en plein air").occurrences.get()
    assert not date.spaces.exists()
    assert {line.pool.kind.slug: line.quantity for line in date.equipment.all()} == {"tables": 6, "bancs": 4}


def test_the_region_has_work(demo: School):
    late = region.unanswered(at=timezone.now())
    assert [asked.purpose for asked in late] == ["Démonstration de judo", "Concert d’élèves"]
    assert demo.pk not in {asked.school_id for asked in late}
    waiting = {one.name: one for one in region.organisations(verified=False)}
    assert set(waiting) == {"Théâtre de démonstration", "Club photo de démonstration"}
    certificate = waiting["Club photo de démonstration"].documents.get()
    assert (certificate.valid_until - timezone.localdate()).days == 20


def test_what_is_due_at_once_is_little_and_then_nothing(demo: School, capsys):
    """The first `run_due` reminds and draws up; a second one finds nothing, and no promise is undone."""
    states = Counter(Occurrence.objects.values_list("state", flat=True))
    call_command("run_due")
    said = capsys.readouterr().out
    for nothing in ("échues", "Dates passées", "restées sans réponse", "touchées"):
        assert nothing not in said
    assert Counter(Occurrence.objects.values_list("state", flat=True)) == states
    call_command("run_due")
    assert capsys.readouterr().out == ""


def test_what_is_long_past_sends_no_mail(demo: School):
    """Mails are tried for a week: what is older would only be an error in the worker's log."""
    owing = Journal.objects.filter(notified_at=None)
    assert owing.exists()
    assert not owing.filter(at__lt=timezone.now() - GIVE_UP_AFTER).exists()
    assert Journal.objects.filter(notified_at=F("at")).exists()


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
        found = [one for one in hosted(timezone.localdate()) if one.school != school]
    assert len({one.period.start.date() for one in found}) >= 3
    for one in found:
        assert one.request.attendees <= min(room.capacity for room in one.rooms)
        assert "démonstration" in one.organisation.name and "fictive" in one.request.message


def test_same_seed_same_evenings(schools: list[School], now: dt.datetime):
    people = accounts.create(schools[0], today=timezone.localdate())
    chosen = [evenings.chosen(schools[0], seed=seed) for seed in (1, 1, 2)]
    assert chosen[0] == chosen[1]
    assert people.lender.has_usable_password() is False
