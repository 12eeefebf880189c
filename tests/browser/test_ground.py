"""The site's and the accounts' pages in Chromium: axe finds nothing, 320 px suffice, keyboard and no JavaScript work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from playwright.sync_api import expect

from shareloc.accounts.models import Membership, User
from tests import factories
from tests.conftest import Judging, OpenWindow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

PUBLIC = [
    "/",
    "/aide/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/conditions/",
    "/accessibilite/",
    "/compte/connexion/",
    "/compte/inscription/",
    "/compte/mot-de-passe/oublie/",
    "/compte/mot-de-passe/oublie/envoye/",
    "/compte/mot-de-passe/change/",
    "/compte/mot-de-passe/nouveau/abc-faux/",
    "/compte/adresses/a-confirmer/",
    "/compte/adresses/confirmer/faux/",
    "/compte/inactif/",
    "/nulle-part/",
]
PRIVATE = [
    "/compte/",
    "/compte/adresses/",
    "/compte/mot-de-passe/",
    "/compte/deconnexion/",
    "/compte/organismes/nouveau/",
    "/compte/organismes/{organisation}/",
    "/compte/organismes/{organisation}/modifier/",
]
# Forms sent empty or wrong: (address, what is typed).
WRONG: list[tuple[str, dict[str, str]]] = [
    ("/compte/connexion/", {"login": "pas une adresse", "password": "x"}),
    ("/compte/inscription/", {"email": "pas une adresse", "password1": "court"}),
    ("/compte/mot-de-passe/oublie/", {"email": "pas une adresse"}),
    ("/compte/organismes/nouveau/", {"rna": "W12", "email": "x"}),
    ("/compte/organismes/{organisation}/", {"email": "pas une adresse"}),
    ("/compte/adresses/", {"email": "pas une adresse"}),
]


@pytest.fixture
def person() -> User:
    """Administrator of an organisation with another member and a certificate, and manager of a school."""
    user = factories.UserFactory.create(name="Camille Exemple")
    membership = factories.MembershipFactory.create(user=user, role=Membership.Role.ADMIN)
    factories.MembershipFactory.create(organisation=membership.organisation)
    factories.InsuranceFactory.create(organisation=membership.organisation)
    factories.SchoolRoleFactory.create(user=user)
    return user


def full(address: str, person: User) -> str:
    return address.format(organisation=person.memberships.get().organisation_id)


@pytest.mark.looks
def test_every_page_fits_is_accessible_and_keeps_the_strict_policy(
    page: Page,
    person: User,
    signed_in: Callable[[User], Page],
    look_closely: Callable[[Page], None],
    live_server: Any,
):
    factories.SpaceFactory.create()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    for address in PUBLIC:
        page.goto(address)
        look_closely(page)
    signed_in(person)
    for address in PRIVATE:
        page.goto(full(address, person))
        look_closely(page)
    # The missing page itself is the only thing to complain about.
    assert [line for line in said if "/nulle-part/" not in line] == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_refused_forms_fit_and_are_accessible(
    person: User, page: Page, signed_in: Callable[[User], Page], look_closely: Callable[[Page], None]
):
    for address, typed in WRONG:
        if "organismes" in address or "adresses" in address:
            signed_in(person)
        page.goto(full(address, person))
        form = page.locator(f"main form:has([name={next(iter(typed))}]:not([type=hidden]))").last
        for name, value in typed.items():
            form.locator(f"[name={name}]").fill(value)
        with page.expect_navigation():
            form.locator("button[type=submit]").click()
        expect(page).to_have_title(re.compile("^Erreur"))
        assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
        look_closely(page)


def test_axe_finds_nothing_on_messages_and_empty_states(signed_in: Callable[[User], Page], axe: Judging):
    page = signed_in(factories.UserFactory.create())
    page.goto("/compte/")
    page.get_by_label("Téléphone").fill("03 20 00 00 00")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Vos coordonnées sont enregistrées.")).to_be_visible()
    expect(page.get_by_text("Vous n’êtes dans aucun organisme")).to_be_visible()
    axe(page)


def test_a_new_password_can_be_chosen(page: Page, axe: Judging):
    user = factories.UserFactory.create()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    page.goto(f"/compte/mot-de-passe/nouveau/{key}/")
    axe(page)
    page.get_by_label("Mot de passe", exact=True).fill("quatre-mots-sans-rapport")
    page.get_by_label("Le même mot de passe").fill("quatre-mots-sans-rapport")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mot de passe changé")


@pytest.mark.looks
def test_targets_are_large_enough(page: Page):
    """44 px, WCAG 2.5.5; links within a sentence are exempt."""
    page.goto("/")
    small = page.evaluate(
        """() => [...document.querySelectorAll(".btn, .site-nav a, input:not([type=hidden]), select")]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_keyboard_reaches_the_content_first(page: Page):
    page.goto("/aide/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_menu_folds_on_a_phone_and_opens(page: Page):
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("/")
    link = page.get_by_role("link", name="Se connecter")
    expect(link).to_be_hidden()
    toggle = page.get_by_role("button", name="Menu")
    toggle.click()
    expect(link).to_be_visible()
    assert toggle.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-controls')") == "menu"


def test_everything_is_there_without_javascript(open_window: OpenWindow):
    user = factories.UserFactory.create()
    page = open_window(scripted=False, size={"width": 390, "height": 700})
    page.goto("/")
    page.get_by_role("link", name="Se connecter").click()
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")


def test_error_summary_leads_to_the_field(page: Page):
    page.goto("/compte/inscription/")
    page.get_by_role("button", name="Créer mon compte").click()
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "name"


def test_it_prints_without_navigation(page: Page):
    page.goto("/aide/")
    page.emulate_media(media="print")
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
