"""The main job in Chromium, as association and as manager: with and without JavaScript, on a phone and at a desk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings import workflow
from bookings.models import BookingRequest
from shareloc.accounts.models import Organisation, User
from shareloc.web import formats
from tests import factories
from tests.browser.conftest import Judge
from tests.browser.reading import unfold
from tests.conftest import OpenWindow
from tests.factories import PARIS
from venues.models import EquipmentPool, School, Space
from venues.periods import Period

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@dataclass
class World:
    """A lycée of Lille whose room is lent every evening, and the people of the main job."""

    school: School
    space: Space
    pool: EquipmentPool
    organisation: Organisation
    member: User
    manager: User

    @property
    def day(self) -> dt.date:
        return timezone.localdate() + dt.timedelta(days=14)

    def evening(self, days: int = 0, hour: int = 18) -> Period:
        start = dt.datetime.combine(self.day + dt.timedelta(days=days), dt.time(hour), PARIS)
        return Period(start, start + dt.timedelta(hours=2))

    def submit(self, *periods: Period, **fields: Any) -> BookingRequest:
        values = {"organisation": self.organisation, "purpose": "Chorale", "attendees": 20, **fields}
        lines = (workflow.Line(self.pool, 4),)
        dates = [workflow.DraftDate(period, (self.space,), lines) for period in periods]
        return workflow.submit(workflow.Draft(dates=dates, **values), by=self.member)


@pytest.fixture
def world() -> World:
    space = factories.SpaceFactory.create(
        name="Salle polyvalente", capacity=60, kind="hall", needs_insurance=True, step_free=True, is_demo=True
    )
    for weekday in range(7):
        factories.OpeningHoursFactory.create(school=space.school, weekday=weekday)
    pool = factories.EquipmentPoolFactory.create(
        school=space.school, kind=factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    )
    space.features.add(factories.FeatureFactory.create(slug="piano", name="Piano"))
    organisation = factories.InsuranceFactory.create().organisation
    member = factories.MembershipFactory.create(organisation=organisation).user
    manager = factories.SchoolRoleFactory.create(school=space.school).user
    return World(space.school, space, pool, organisation, member, manager)


@pytest.fixture(params=["js", "no-js"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "js")


@pytest.fixture(params=["phone", "desk"])
def visit(
    request: pytest.FixtureRequest, open_window: OpenWindow, scripted: bool
) -> Callable[[User | None], Page]:
    """`visit(user)`: a fresh window of that person, of that width, with or without JavaScript."""
    size = PHONE if request.param == "phone" else DESK
    return lambda user: open_window(user, scripted=scripted, size=size)


@pytest.fixture
def look(judge: Judge, scripted: bool) -> Callable[[Page], None]:
    return partial(judge, scripted=scripted)


# -- the association ----------------------------------------------------------------------------


def test_an_association_finds_a_room_and_asks_for_it(
    world: World, visit: Callable[[User | None], Page], look: Callable[[Page], None]
) -> None:
    page = visit(world.member)
    page.goto("/salles/")
    look(page)
    page.get_by_label("Où").fill("lille")
    page.get_by_label("Jour", exact=True).fill(world.day.isoformat())
    page.get_by_label("De", exact=True).fill("18:30")
    page.get_by_label("À", exact=True).fill("20:30")
    page.get_by_label("Personnes", exact=True).fill("25")
    page.get_by_role("button", name="Chercher").first.click()
    found = page.locator("#resultats")
    assert (
        found.inner_text()
        == f"1 salle libre {formats.day(world.day)} de 18:30 à 20:30 à moins de 10 km de Lille"
    )
    expect(page.get_by_text("Libre de 18:00 à 22:00")).to_be_visible()
    look(page)

    page.get_by_role("link", name="Salle polyvalente").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Salle polyvalente")
    look(page)
    page.get_by_role("link", name="Demander cette salle").click()
    expect(page.locator(".ask-picked").get_by_label("De", exact=True)).to_have_value("18:30")
    expect(page.get_by_label("Nombre de personnes attendues")).to_have_value("25")
    look(page)

    page.get_by_label("Votre activité").fill("Répétition de la chorale")
    page.get_by_role("button", name="Ajouter une date").click()
    second = page.get_by_role("group", name="Date 2")
    second.get_by_label("Jour").fill((world.day + dt.timedelta(days=7)).isoformat())
    second.get_by_label("De", exact=True).fill("03:00")
    second.get_by_label("À", exact=True).fill("04:00")
    page.get_by_label("Chaises").fill("10")
    page.get_by_label("Son téléphone").fill("03 20 00 00 00")
    look(page)
    page.get_by_role("button", name="Vérifier ma demande").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Choisir les dates")
    expect(page.get_by_text("1 date demande l’indulgence du lycée.")).to_be_visible()
    expect(page.get_by_text("Cette salle n’est pas prêtée à ces heures.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Modifier", exact=True).click()
    expect(page.get_by_label("Votre activité")).to_have_value("Répétition de la chorale")
    page.get_by_role("button", name="Retirer la date 2").click()
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier ma demande")
    expect(page.get_by_text("La salle est libre à cette date.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Envoyer ma demande").click()

    asked = BookingRequest.objects.get()
    expect(page.get_by_text(f"Votre demande {asked.reference} est envoyée.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Répétition de la chorale")
    look(page)
    page.goto("/demandes/")
    page.get_by_role("link", name="Répétition de la chorale").click()
    page.get_by_role("link", name="Retirer la demande").click()
    look(page)
    page.get_by_role("button", name="Retirer la demande").click()
    expect(page.get_by_text("Votre demande est retirée.")).to_be_visible()
    look(page)


def test_signing_in_half_way_loses_nothing(
    world: World, visit: Callable[[User | None], Page], look: Callable[[Page], None]
) -> None:
    page = visit(None)
    page.goto(f"/salles/{world.space.pk}/?date={world.day}")
    page.get_by_role("link", name="Demander").nth(1).click()
    page.get_by_label("Adresse électronique").fill(world.member.email)
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demander Salle polyvalente")
    picked = page.locator(".ask-picked")
    expect(picked.get_by_label("De", exact=True)).to_have_value("18:00")
    expect(picked.get_by_label("À", exact=True)).to_have_value("20:00")


def test_an_association_cancels_an_accepted_date(
    world: World, visit: Callable[[User | None], Page], look: Callable[[Page], None]
) -> None:
    asked = world.submit(world.evening(), world.evening(7))
    workflow.approve(asked, by=world.manager)
    page = visit(world.member)
    page.goto(f"/demandes/{asked.reference}/")
    look(page)
    page.get_by_role("link", name="Annuler des dates acceptées").click()
    page.get_by_role("button", name="Annuler les dates cochées").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    look(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("textbox", name="Motif").fill("Grippe")
    page.get_by_role("button", name="Annuler les dates cochées").click()
    expect(page.get_by_text("1 date annulée").first).to_be_visible()
    expect(page.get_by_text("Motif : Grippe").first).to_be_visible()
    look(page)


# -- the manager --------------------------------------------------------------------------------


def test_a_manager_empties_the_queue(
    world: World, visit: Callable[[User | None], Page], look: Callable[[Page], None]
) -> None:
    easy = world.submit(world.evening(), world.evening(7), purpose="Chorale")
    mixed = world.submit(world.evening(1), world.evening(2, hour=3), purpose="Judo")
    refused = world.submit(world.evening(3), purpose="Brocante")
    page = visit(world.manager)
    page.goto("/a-decider/")
    look(page)
    page.get_by_role("button", name=f"Accepter les 2 dates de la demande {easy.reference}").click()
    expect(page.get_by_text("2 dates acceptées")).to_be_visible()
    look(page)

    page.get_by_role("link", name=f"Voir et décider de la demande {mixed.reference}").click()
    page.wait_for_url(f"**/demandes/{mixed.reference}/")
    look(page)
    page.get_by_text("Choisir les dates à accepter").click()
    for box in page.locator("#choisir").get_by_role("checkbox").all():
        box.check()
    look(page)
    page.get_by_role("button", name="Accepter les dates cochées").click()
    expect(page.get_by_text("2 dates acceptées").first).to_be_visible()
    look(page)

    page.goto(f"/demandes/{refused.reference}/")
    page.get_by_text("Refuser…").click()
    page.get_by_role("button", name="Refuser").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    look(page)
    page.get_by_role("textbox", name="Motif").fill("Conseil de classe ce soir-là.")
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("1 date refusée. L’organisme reçoit votre motif.")).to_be_visible()
    look(page)
    page.goto("/a-decider/")
    expect(page.get_by_text("Tout est décidé")).to_be_visible()
    look(page)
    states = dict(BookingRequest.objects.values_list("reference", "state"))
    assert states == {one.reference: "decided" for one in (easy, mixed, refused)}


def test_the_second_manager_is_told(
    world: World, visit: Callable[[User | None], Page], look: Callable[[Page], None]
) -> None:
    asked = world.submit(world.evening())
    page = visit(world.manager)
    page.goto(f"/demandes/{asked.reference}/")
    colleague = factories.SchoolRoleFactory.create(school=world.school).user
    workflow.approve(asked, by=colleague)
    page.get_by_role("button", name="Accepter la date libre").click()
    expect(page.get_by_text(f"Dates acceptées par {colleague}")).to_be_visible()
    look(page)


# -- every page and state -----------------------------------------------------------------------


def addresses(world: World) -> list[str]:
    asked = world.submit(world.evening(), world.evening(2, hour=3))
    return [
        "/salles/",
        f"/salles/?q=lille&date={world.day}",
        f"/salles/?q=lille&date={world.day}&start=3&end=4&kind=kitchen",
        "/salles/?q=nulle-part",
        "/salles/?start=26:00&materiel-inconnu=1",
        f"/salles/?date={world.day}&until={world.day + dt.timedelta(days=3)}&materiel-chaises=2&features=piano",
        f"/salles/{world.space.pk}/?date={world.day}",
        f"/salles/{world.space.pk}/?semaine=2020-W01",
        f"/salles/{world.space.pk}/demander/",
        "/lycees/",
        "/lycees/?q=nulle-part",
        f"/lycees/{world.school.uai}/",
        f"/lycees/{factories.SchoolFactory.create().uai}/",
        "/demandes/",
        "/demandes/?etat=expired",
        f"/demandes/{asked.reference}/",
        f"/demandes/{asked.reference}/retirer/",
        "/a-decider/",
        "/a-decider/toutes/",
    ]


@pytest.fixture
def both(world: World) -> User:
    """A person of both sides, for whom every page has everything."""
    factories.SchoolRoleFactory.create(user=world.member, school=world.school)
    return world.member


@pytest.mark.looks
def test_every_page_fits_is_accessible_and_keeps_the_strict_policy(
    world: World,
    both: User,
    signed_in: Callable[[User], Page],
    look_closely: Callable[[Page], None],
    live_server: Any,
) -> None:
    page = signed_in(both)
    said: list[str] = []
    asked: list[str] = []
    # The summary of errors takes the focus by attribute and by script: Chromium says that one was enough.
    page.on(
        "console", lambda message: "Autofocus" in message.text or said.append(f"{page.url}: {message.text}")
    )
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    for address in addresses(world):
        page.goto(address, wait_until="networkidle")
        unfold(page)
        look_closely(page)
    assert said == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


# -- the map, the keyboard ----------------------------------------------------------------------


def test_the_map_shows_the_lycees_of_the_list(world: World, page: Page) -> None:
    page.goto(f"/salles/?q=lille&date={world.day}&vue=carte", wait_until="networkidle")
    marker = page.get_by_role("button", name=f"{world.school.name}, Lille")
    expect(marker).to_have_count(1)
    expect(page.locator(".map-outline")).to_have_count(5)
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup").get_by_role("link", name=world.school.name)).to_be_visible()
    expect(page.locator(".leaflet-popup").get_by_text("1 salle")).to_be_visible()


def test_without_scripts_there_is_no_map_and_the_list_stays(world: World, open_window: OpenWindow) -> None:
    page = open_window(scripted=False)
    page.goto(f"/salles/?q=lille&date={world.day}&vue=carte")
    expect(page.get_by_role("heading", name="Sur la carte")).to_be_hidden()
    page.get_by_role("link", name=world.school.name).click()
    expect(page.get_by_role("link", name="Salle polyvalente")).to_be_visible()


def test_the_keyboard_does_the_main_job(world: World, signed_in: Callable[[User], Page]) -> None:
    page = signed_in(world.member)
    page.goto("/salles/")
    page.get_by_label("Où").focus()
    page.keyboard.type("lille")
    tab_to(page, "#id_start")
    page.get_by_label("Jour", exact=True).fill(world.day.isoformat())
    # What is filled in refreshes the list already: the address alone does not say that Enter has led on.
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    assert "date=" in page.url
    tab_to(page, ".tile-link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/salles/*/**")
    tab_to(page, "a.slot")
    page.keyboard.press("Enter")
    page.wait_for_url("**/demander/**")
    page.get_by_label("Votre activité").focus()
    page.keyboard.type("Chorale")
    page.get_by_label("Nombre de personnes attendues").focus()
    page.keyboard.type("20")
    page.get_by_label("Son téléphone").focus()
    page.keyboard.type("03 20 00 00 00")
    # Enter in a field checks the request; it neither adds nor removes a date.
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Vérifier ma demande").wait_for()
    tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    page.get_by_text("est envoyée").wait_for()
    assert BookingRequest.objects.count() == 1


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is focused matches; the first of several is enough."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the Tab key never reached {selector}", pytrace=False)


def test_an_error_summary_leads_to_its_field(world: World, signed_in: Callable[[User], Page]) -> None:
    page = signed_in(world.member)
    page.goto(f"/salles/{world.space.pk}/demander/")
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    expect(page).to_have_title(re.compile("^Erreur"))
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "dates-0-day"


def test_a_double_click_sends_one_request(world: World, signed_in: Callable[[User], Page]) -> None:
    page = signed_in(world.member)
    page.goto(f"/salles/{world.space.pk}/demander/?date={world.day}&start=18:00&end=20:00&capacity=20")
    page.get_by_label("Votre activité").fill("Chorale")
    page.get_by_label("Son téléphone").fill("03 20 00 00 00")
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    page.get_by_role("button", name="Envoyer ma demande").dblclick()
    page.get_by_text("est envoyée").wait_for()
    assert BookingRequest.objects.count() == 1


# -- going back, and correcting twice -----------------------------------------------------------


def test_back_leads_to_the_step_before_as_it_was_typed(
    world: World, signed_in: Callable[[User], Page]
) -> None:
    """Browsers do not go back to an answer to a form that was not to be stored."""
    page = signed_in(world.member)
    page.goto(f"/salles/{world.space.pk}/demander/?date={world.day}&start=18:00&end=20:00&capacity=20")
    page.get_by_label("Son téléphone").fill("03 20 00 00 00")
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    expect(page).to_have_title(re.compile("^Erreur"))
    page.get_by_label("Votre activité").fill("Chorale")
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier ma demande")
    page.go_back()
    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.get_by_label("Son téléphone")).to_have_value("03 20 00 00 00")


def test_a_second_mistake_is_shown_like_the_first(world: World, signed_in: Callable[[User], Page]) -> None:
    """The address still names the field last corrected: what is wrong now comes first all the same."""
    page = signed_in(world.member)
    page.goto(f"/salles/{world.space.pk}/demander/")
    for _mistake in range(2):
        page.get_by_role("button", name="Vérifier ma demande").last.click()
        summary = page.get_by_role("alert").first
        expect(summary).to_be_in_viewport()
        expect(summary).to_be_focused()
        summary.locator("a[href='#id_purpose']").click()
        page.wait_for_url("**#id_purpose")
