"""The demonstration's data: plainly marked, in every state, ready to be tried whenever it was made."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
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
from shareloc.demo import accounts, rooms
from shareloc.web.uploads import document_type
from tests import factories
from tests.conftest import paris
from venues.models import OpeningHours, School, SchoolRole, Space
from venues.periods import Period
from venues.school_calendar import is_holiday

KINDS = ["general_technological", "vocational", "polyvalent", "agricultural", "section", "micro_lycee"]


pytestmark = pytest.mark.django_db

# In term, on a Saturday at night and before the next dawn, on Christmas Day at night, across the change of clocks,
# before the summer and over it.
DAYS = [
    "2026-09-10 10:00",
    "2026-11-28 23:30",
    "2026-11-29 03:10",
    "2026-12-25 23:30",
    "2027-03-29 00:05",
    "2027-06-20 10:00",
    "2027-07-14 12:00",
]


@pytest.fixture(scope="module", params=DAYS)
def seeded(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[School]:
    """The manager's school, the demonstration made once a day for all tests of this file; the clock stands still."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(paris(request.param), tick=False),
        transaction.atomic(),
    ):
        call_command("load_vocabulary")
        for kind in KINDS:
            factories.SchoolFactory.create(kind=kind)
        call_command("seed_demo")
        yield SchoolRole.objects.get(user__email=accounts.MANAGER).school
        transaction.set_rollback(True)


@pytest.fixture
def demo(seeded: School, db: None) -> School:
    """The manager's school; what a test does to it is undone."""
    return School.objects.get(pk=seeded.pk)


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


def test_every_room_has_its_units(demo: School):
    assert not Space.objects.filter(units=None).exists()
    whole = Space.objects.get(school=demo, name="Gymnase entier")
    halves = Space.objects.filter(school=demo, name__startswith="Gymnase, moitié")
    assert {*whole.units.all()} == {unit for half in halves for unit in half.units.all()}
    assert whole.units.count() == halves.count() == 2


def test_seeding_twice_is_refused(demo: School):
    with pytest.raises(CommandError, match="déjà là"):
        call_command("seed_demo")


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


def test_free_for_three_hours_in_most_rooms(demo: School):
    found = weeks_ahead(demo)
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


def asked_for(purpose: str) -> BookingRequest:
    return BookingRequest.objects.get(purpose=purpose)


def test_requests_are_in_every_state(demo: School):
    asked = BookingRequest.objects.filter(school=demo)
    dates = Occurrence.objects.filter(request__school=demo)
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
    assert Claim.objects.filter(occurrence__request__school=demo).count() == 14 + 30 + 20 + 4


def test_rooms_are_promised_tonight_and_the_lodge_knows(demo: School):
    found = lodge.sheet(demo, timezone.localdate())
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


def test_what_is_over_was_spoken_of(demo: School):
    praised = Visit.objects.get(answered_at__isnull=False)
    assert (praised.occurrence.request.purpose, praised.satisfaction) == ("Réunion des bénévoles", 5)
    assert "fictif" in praised.comment
    assert Visit.objects.get(missed_at__isnull=False).occurrence.request.purpose == "Lecture à voix haute"
    assert Incident.objects.get().occurrence.request.purpose == "Passage de grades"
    assert not Visit.objects.filter(occurrence__request__purpose="Permanence d’accueil").exists()


def test_proposals_wait_for_some_days_yet(demo: School):
    offered, wished = Proposal.objects.open().order_by("-side")
    assert offered.occurrence.request.purpose == "Repas de quartier"
    assert wished.occurrence.request.purpose == "Réunion de bureau"
    soon = timezone.now() + dt.timedelta(days=5)
    assert min(offered.expires_at, wished.expires_at) > soon
    assert BookingRequest.objects.get(state="information_asked").purpose == "Tournoi de pétanque"


def test_series_is_weekly_and_approved_in_part(demo: School):
    asked = asked_for("Club d’échecs")
    dates = list(asked.occurrences.order_by("start_at"))
    assert [date.state for date in dates] == ["approved"] * 4 + ["pending"] * 2
    assert len({timezone.localtime(date.start_at).strftime("%a %H:%M") for date in dates}) == 1
    assert asked.rule.startswith("FREQ=WEEKLY;INTERVAL=1;")
    assert [message.side for message in asked.messages.order_by("sent_at")] == ["school", "organisation"]


def test_agreements_wait_for_signatures_or_are_signed_by_all(demo: School):
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
    assert demo.board_decided_on


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
    """The first `run_due` reminds and draws up, and closes tonight's at night; a second one finds nothing."""
    states = Counter(Occurrence.objects.values_list("state", flat=True))
    over = Occurrence.objects.filter(state="approved", end_at__lte=timezone.now()).count()
    call_command("run_due")
    said = capsys.readouterr().out
    for nothing in ("échues", "restées sans réponse", "touchées"):
        assert nothing not in said
    assert (f"Dates passées\N{NO-BREAK SPACE}: {over}\n" in said) == (over > 0) == ("Dates passées" in said)
    states.update({"approved": -over, "took_place": over})
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


def test_somebody_is_hosted_elsewhere_in_the_week_to_come(demo: School):
    today = timezone.localdate()
    found = [one for one in hosted(today) if one.school != demo]
    # Over the holidays not every lycée lends.
    assert is_holiday(today, settings.HOLIDAY_ZONE) or len({one.period.start.date() for one in found}) >= 3
    for one in found:
        assert one.request.attendees <= min(room.capacity for room in one.rooms)
        assert "démonstration" in one.organisation.name and "fictive" in one.request.message
