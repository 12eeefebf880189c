"""The whole job of each role in Chromium: with and without JavaScript, on a phone and at a desk, clicks counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from bookings import agreements, workflow
from bookings.models import BookingRequest, Occurrence, Signature, Visit
from shareloc.accounts.models import Organisation, User
from tests import factories
from tests.bookings.mail.conftest import work  # noqa: F401
from tests.browser.conftest import Walk
from tests.conftest import Mailbox
from tests.factories import PARIS
from venues.models import BusyTime, EquipmentPool, School, Space
from venues.periods import Period

pytestmark = pytest.mark.django_db(transaction=True)

Walking = Callable[[User | None], Walk]
HOUR = dt.timedelta(hours=1)


@dataclass
class Town:
    """A lycée of Lille that lends a hall and chairs, who works there, and an insured association."""

    school: School
    hall: Space
    chairs: EquipmentPool
    organisation: Organisation
    member: User
    manager: User
    head: User
    caretaker: User
    region: User

    @property
    def day(self) -> dt.date:
        return timezone.localdate() + dt.timedelta(days=14)

    def ask(
        self, *, days_ahead: int = 14, purpose: str = "Chorale", at: dt.datetime | None = None
    ) -> BookingRequest:
        day = timezone.localdate() + dt.timedelta(days=days_ahead)
        start = dt.datetime.combine(day, dt.time(18), PARIS)
        lines = (workflow.Line(self.chairs, 4),)
        date = workflow.DraftDate(Period(start, start + 2 * HOUR), (self.hall,), lines)
        draft = workflow.Draft(self.organisation, purpose, 20, [date])
        return workflow.submit(draft, by=self.member, at=at)

    def agree(self) -> BookingRequest:
        """One evening accepted, its agreement drawn up."""
        asked = self.ask()
        workflow.approve(asked, by=self.manager)
        agreements.draw_up(asked.pk)
        return asked


@pytest.fixture
def town() -> Town:
    school = factories.SchoolFactory.create(region_signature=School.RegionSignature.STEP)
    factories.open_always(school)
    hall = factories.SpaceFactory.create(school=school, name="Salle polyvalente", kind="hall", capacity=60)
    chairs = factories.EquipmentPoolFactory.create(
        school=school, kind=factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    )
    organisation = factories.InsuranceFactory.create().organisation
    roles = {
        role: factories.SchoolRoleFactory.create(school=school, role=role).user
        for role in ("manager", "head", "caretaker")
    }
    member = factories.MembershipFactory.create(organisation=organisation).user
    region = factories.UserFactory.create(is_region_officer=True)
    return Town(school, hall, chairs, organisation, member, region=region, **roles)


def happens(asked: BookingRequest, *, since: dt.timedelta) -> None:
    """The first date of the request began that long ago, and lasts two hours."""
    start = timezone.now() - since
    Occurrence.objects.filter(request=asked).update(start_at=start, end_at=start + 2 * HOUR)


def sign(walk: Walk, capacity: str) -> None:
    walk.press("link", "Lire et signer la convention")
    sign_here(walk, capacity)


def sign_here(walk: Walk, capacity: str) -> None:
    walk.fill(Qualité=capacity)
    walk.page.get_by_label("J’ai lu la version 1").check()
    walk.press("button", "Signer la convention")
    walk.reads("Votre signature est enregistrée.")


# -- the association ------------------------------------------------------------------------------


def test_an_association_asks_in_few_clicks_and_pages(town: Town, walk: Walking) -> None:
    way = walk(town.member)
    way.begin()
    way.fill(Où="lille", Quel_jour=f"{town.day}", Personnes="25")
    for name, value in (("De", "18:30"), ("À", "20:30")):
        way.page.get_by_label(name, exact=True).select_option(value)
    way.press("button", "Chercher")
    way.press("link", "Salle polyvalente")
    way.press("link", "Demander cette salle")
    way.fill(Votre_activité="Répétition de la chorale", Son_téléphone="03 20 00 00 00")
    way.press("button", "Vérifier ma demande")
    way.press("button", "Envoyer ma demande")
    asked = BookingRequest.objects.get()
    way.reads(f"Votre demande {asked.reference} est envoyée.")
    assert way.clicks <= 8
    # The confirmation is not counted.
    assert len(way.addresses) - 1 <= 4


def test_an_association_follows_signs_comes_and_says_how_it_was(town: Town, walk: Walking) -> None:
    asked = town.agree()
    way = walk(town.member)
    way.begin()
    way.menu("Mes demandes")
    way.press("link", "Chorale")
    way.reads("Réponse du lycée")
    sign(way, "Présidente")
    happens(asked, since=HOUR)
    way.press("link", asked.reference)
    way.press("link", "Le jour : accès, arrivée, problème")
    way.press("button", "Je suis arrivé")
    way.reads("C’est noté : vous êtes là.")
    happens(asked, since=3 * HOUR)
    way.begin(way.page.url)
    for yes in way.page.get_by_role("radio", name="Oui").all():
        yes.check()
    way.page.get_by_role("radio", name="4").check()
    way.press("button", "Envoyer mon retour")
    way.reads("Merci ! Le lycée lit votre retour sur cette page.")
    assert Visit.objects.get().satisfaction == 4
    assert Signature.objects.get().side == "organisation"


# -- the school -----------------------------------------------------------------------------------


def test_a_manager_decides_from_the_mail_in_two_clicks(
    town: Town,
    walk: Walking,
    smtp_server: Mailbox,
    live_server: Any,
    work: Callable[[], None],  # noqa: F811
) -> None:
    with override_settings(SITE_URL=live_server.url):
        asked = town.ask()
        work()
    link = next(
        word
        for message in smtp_server.messages
        if "demande une date" in message["Subject"]
        for word in message.get_body(("plain",)).get_content().split()  # type: ignore[union-attr]
        if asked.reference in word and word.startswith(live_server.url)
    )
    way = walk(town.manager)
    way.begin(link)
    # Following the link.
    clicks = 1
    way.reads("La date est libre.")
    assert Occurrence.objects.get().state == "pending"
    way.press("button", "Accepter la date libre")
    way.reads("1 date acceptée")
    assert clicks + way.clicks == 2
    assert Occurrence.objects.get().state == "approved"


def test_a_manager_decides_from_the_queue_looks_at_the_week_blocks_an_evening_and_goes_home(
    town: Town, walk: Walking
) -> None:
    asked = town.ask()
    way = walk(town.manager)
    way.begin("/a-decider/")
    way.press("button", f"Accepter de la demande {asked.reference}")
    way.reads("1 date acceptée")
    assert way.clicks == 1

    way.menu("Planning")
    way.page.get_by_role("checkbox", name="Choisir Salle polyvalente").check()
    way.press("button", "Bloquer les salles cochées")
    for name, value in (("Jour", f"{town.day + dt.timedelta(days=1)}"), ("De", "18:00"), ("À", "20:00")):
        way.page.get_by_label(name, exact=True).fill(value)
    way.fill(Motif="Bac blanc")
    way.press("button", "Voir ce que cela touche")
    way.page.get_by_role("button", name="Bloquer", exact=True).click()
    way.reads("C’est bloqué")
    way.judge(way.page)
    assert BusyTime.objects.get().reason == "Bac blanc"
    way.menu("Mon lycée")
    way.press("link", "Modifier Salle polyvalente")


def test_a_head_signs(town: Town, walk: Walking) -> None:
    town.agree()
    way = walk(town.head)
    way.begin("/a-decider/toutes/")
    way.press("link", "Chorale")
    sign(way, "Proviseure")
    assert Signature.objects.get().side == "school"


def test_a_caretaker_sees_who_comes_and_hands_over_the_chairs(town: Town, walk: Walking) -> None:
    asked = town.agree()
    happens(asked, since=HOUR)
    way = walk(town.caretaker)
    way.begin()
    way.menu("Loge")
    way.reads("Chorale")
    way.press("link", "Remettre, reprendre")
    way.press("button", "Matériel remis")
    happens(asked, since=3 * HOUR)
    way.begin(way.page.url)
    way.press("button", "Matériel rendu")
    assert Occurrence.objects.get().equipment.get().returned_at is not None


# -- the Région -----------------------------------------------------------------------------------


def test_the_region_reminds_verifies_and_signs(town: Town, walk: Walking) -> None:
    town.agree()
    town.ask(days_ahead=21, purpose="Judo", at=timezone.now() - dt.timedelta(days=9))
    unknown = factories.OrganisationFactory.create(name="Théâtre d’essai", verified_at=None)
    way = walk(town.region)
    way.begin()
    way.menu("Suivi")
    way.press("button", "Relancer")
    way.reads("Dernier rappel")
    way.press("link", "Organismes", within=way.page.get_by_role("main"))
    way.press("button", f"Vérifier {unknown.name}")
    unknown.refresh_from_db()
    assert unknown.is_verified
    way.menu("Conventions")
    way.page.get_by_role("link", name="version 1").click()
    sign_here(way, "Cheffe de service")
    assert Signature.objects.get().side == "region"
