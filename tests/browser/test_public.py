"""Public pages in Chromium: what axe sees and does not see, light and dark, weight, zoom, paper, less movement."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from shareloc.site.sitemaps import PAGES
from tests import factories
from tests.browser.reading import faults
from venues.models import School

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from tests.conftest import Judging

pytestmark = pytest.mark.django_db(transaction=True)

MORE = [
    "/lycees/?lettre=L",
    "/salles/souple/",
    "/salles/serie/",
    "/remarque/?page=/salles/",
    "/remarque/merci/",
    "/composants/",
    "/composants/?essai=1",
    "/demo/courriels/",
    "/compte/connexion/",
    "/compte/inscription/",
    "/nulle-part/",
]
LIMIT = 200_000


@pytest.fixture
def school() -> School:
    """A lycée open at all hours, with as many rooms as a page of results holds."""
    school = factories.SchoolFactory.create(phone="03 20 00 00 00")
    factories.open_always(school)
    factories.SpaceFactory.create_batch(25, school=school)
    factories.EquipmentPoolFactory.create(school=school)
    return school


def everywhere(school: School) -> list[str]:
    rooms = [f"/lycees/{school.uai}/", f"/salles/{school.spaces.first().pk}/", "/salles/?capacity=5"]  # type: ignore[union-attr]
    return [*map(reverse, PAGES), *rooms, *MORE]


@pytest.mark.looks
def test_every_public_page_is_named_ordered_labelled_spoken_and_fits(
    page: Page, school: School, look_closely: Callable[[Page], None]
):
    wrong, titles = {}, {}
    for address in everywhere(school):
        page.goto(address)
        look_closely(page)
        titles.setdefault(page.title().removeprefix("Erreur\u00a0: "), []).append(address)
        if said := faults(page):
            wrong[address] = said
    assert wrong == {}
    # The components with and without errors, and the search with and without a question, are one page each.
    twice = [found for found in titles.values() if len({address.split("?")[0] for address in found}) > 1]
    assert twice == []


BAD = """<html><head><title>Shareloc</title></head><body><a href="#nulle-part">x</a><main><h1>Un</h1><h1>Deux</h1><h3>Trois</h3>
<input placeholder="Nom"><table><tr><td>1</td></tr></table><table aria-label="t"><tr><th>a</th></tr></table>
<div onclick="x()">x</div><span class="press">x</span><a href="#">x</a><p id="a">x</p><p id="a">x</p>
<div class="notice-success">x</div><p class="field-error" id="e">x</p></main><style>.press { cursor: pointer }</style></body></html>"""


@pytest.mark.looks
def test_each_fault_is_found(page: Page):
    page.set_content(BAD)
    assert sorted({said.split(": ")[0] for said in faults(page)}) == [
        "2 h1",
        "error that no field speaks of",
        "field without label",
        "first link does not lead to the content",
        "header without scope",
        "heading skips a level",
        "id used twice",
        "link to nowhere",
        "looks like something to press",
        "no description",
        "no language",
        "nothing would be announced",
        "pressed by the mouse only",
        "row without header",
        "silent message",
        "table without a name",
        "table without headers",
        "title says nothing of the page",
    ]


# --- a remark ----------------------------------------------------------------------------------


def test_a_remark_in_three_steps_by_keyboard(page: Page, axe: Judging):
    page.goto("/aide/")
    page.get_by_role("link", name="Une remarque sur cette page").press("Enter")
    expect(page.get_by_label("Page concernée")).to_have_value("/aide/")
    page.get_by_role("button", name="Envoyer").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Écrivez votre remarque.")
    axe(page)
    page.get_by_role("alert").get_by_role("link").press("Enter")
    page.keyboard.type("Très clair, merci.")
    page.get_by_role("button", name="Envoyer").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merci\u202f!")


# --- weight ------------------------------------------------------------------------------------


@dataclass
class Weight:
    """What a page asked for, as WhiteNoise sends it: scripts and styles compressed."""

    requests: list[str] = field(default_factory=list)
    code: int = 0


def weigh(page: Page, address: str) -> Weight:
    weight = Weight()
    answers: list[Response] = []
    page.context.clear_cookies()

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    page.remove_listener("response", note)
    weight.requests = [answer.url for answer in answers if not answer.url.startswith("data:")]
    weight.code = sum(
        len(gzip.compress(answer.body()))
        for answer in answers
        if answer.request.resource_type in ("script", "stylesheet") and answer.ok
    )
    return weight


@pytest.mark.looks
def test_pages_are_light_and_ask_nobody_else(page: Page, school: School, live_server: Any):
    room = school.spaces.first()
    assert room
    addresses = [
        "/",
        "/salles/",
        "/salles/?capacity=5",
        "/salles/souple/",
        "/salles/serie/",
        "/lycees/",
        f"/lycees/{school.uai}/",
        f"/lycees/{school.uai}/planning/",
        f"/salles/{room.pk}/",
        "/composants/",
    ]
    weights = {address: weigh(page, address) for address in addresses}
    assert {address: found.code for address, found in weights.items() if not 0 < found.code < LIMIT} == {}
    outside = [
        url for found in weights.values() for url in found.requests if not url.startswith(live_server.url)
    ]
    assert outside == []
    assert len(weights["/salles/?capacity=5"].requests) < 30


# --- paper, movement, waiting ------------------------------------------------------------------


@pytest.mark.looks
def test_paper_has_the_page_and_nothing_to_press(page: Page, school: School):
    page.emulate_media(media="print")
    for address in ("/comment-ca-marche/", f"/lycees/{school.uai}/", f"/lycees/{school.uai}/planning/"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        left = page.locator(
            "nav, .btn, .skip-link, .site-footer a[href^='/'], search, [role=search], .map-section"
        )
        assert [left.nth(at).inner_text() for at in range(left.count()) if left.nth(at).is_visible()] == [], (
            address
        )


def test_who_wants_less_movement_gets_none(page: Page):
    moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
    page.goto("/composants/")
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    page.goto("/composants/")
    page.wait_for_timeout(100)
    assert page.evaluate(moving) == 0


def test_a_form_that_was_sent_says_that_it_waits(page: Page):
    page.goto("/remarque/")
    # After our own script has seen it, the sending is held up.
    page.evaluate("window.addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_label("Votre remarque").fill("Un essai.")
    button = page.get_by_role("button", name="Envoyer")
    button.click()
    expect(page.locator("form[data-sent]")).to_have_count(1)
    assert button.evaluate("node => getComputedStyle(node, '::after').animationName") == "turn"
