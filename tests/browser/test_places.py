"""Places offered while one types, in Chromium: by keyboard, by pointer, on a phone, and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.reading import overflow
from tests.conftest import Judging, OpenWindow
from venues.models import Commune

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _places() -> None:
    for name, code, population in (
        ("Lille", "59350", 3),
        ("Lillers", "62516", 2),
        ("Lillebourg", "59001", 1),
    ):
        Commune.objects.create(
            name=name,
            insee_code=code,
            department=code[:2],
            population=population,
            latitude=50.63,
            longitude=3.06,
        )
    factories.SpaceFactory.create(name="Gymnase", school__name="Lycée des Écluses")


def field(page: Page, address: str = "/salles/") -> Locator:
    page.goto(address)
    return page.get_by_role("combobox", name="Où")


def typed(page: Page, text: str, address: str = "/salles/") -> Locator:
    where = field(page, address)
    where.press_sequentially(text)
    page.get_by_role("listbox", name="Lieux proposés").wait_for()
    return where


def active(page: Page, where: Locator) -> str | None:
    """The option that the keys have reached, which the field names too."""
    chosen = page.locator("[role=option][aria-selected=true]")
    if not chosen.count():
        assert where.get_attribute("aria-activedescendant") is None
        return None
    assert where.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    return chosen.inner_text()


@pytest.mark.parametrize("address", ["/salles/", "/"])
def test_a_place_is_chosen_by_keyboard(page: Page, address: str) -> None:
    where = typed(page, "lil", address)
    expect(where).to_have_attribute("aria-expanded", "true")
    expect(where).to_have_attribute("aria-controls", "lieux")
    expect(page.get_by_role("status").filter(has_text="4 lieux proposés")).to_have_count(1)
    assert active(page, where) is None
    for key, reached in (
        ("ArrowDown", "Lille (59)"),
        ("ArrowDown", "Lillers (62)"),
        ("ArrowUp", "Lille (59)"),
        ("ArrowUp", "Lycée des Écluses, Lille"),
        ("ArrowDown", "Lille (59)"),
    ):
        page.keyboard.press(key)
        assert active(page, where) == reached
    page.keyboard.press("Enter")
    expect(where).to_have_value("Lille (59)")
    expect(where).to_be_focused()
    expect(where).to_have_attribute("aria-expanded", "false")
    # A second Enter sends the form.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 salle à moins de 10 km de Lille")).to_be_visible()


def test_escape_closes_and_an_arrow_opens_again(page: Page) -> None:
    where = typed(page, "lil")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(where).to_have_value("lil")
    assert where.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    assert active(page, where) == "Lille (59)"
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(where).to_have_value("lil")


def test_what_is_typed_is_sent_when_nothing_is_chosen(page: Page) -> None:
    typed(page, "lillerz")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Résultats autour de Lillers (62)")).to_be_visible()


def test_a_place_is_chosen_by_pointer(page: Page) -> None:
    where = typed(page, "lil")
    page.get_by_role("option", name="Lillers (62)").click()
    expect(where).to_have_value("Lillers (62)")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_nothing_to_offer_is_said_and_stands_in_no_way(page: Page) -> None:
    where = field(page)
    where.press_sequentially("zzzz")
    expect(page.get_by_text("Pas de lieu de ce nom.")).to_be_visible()
    expect(where).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("status").filter(has_text="Aucun lieu proposé")).to_have_count(1)
    where.fill("")
    expect(page.get_by_text("Pas de lieu de ce nom.")).to_be_hidden()


def test_letters_typed_fast_are_asked_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/lieux/" in request.url else None)
    typed(page, "lille")
    assert [url.partition("/lieux/")[2] for url in asked] == ["?q=lille"]


@pytest.mark.parametrize(("address", "scheme"), [("/salles/", "light"), ("/", "dark")])
def test_axe_finds_nothing_with_the_list_open(page: Page, axe: Judging, address: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    typed(page, "lil", address)
    page.keyboard.press("ArrowDown")
    axe(page)


def test_axe_finds_nothing_where_other_places_are_offered(page: Page, axe: Judging) -> None:
    for query in ("lillebourgue", "lilleboorque"):
        page.goto(f"/salles/?q={query}")
        axe(page)


def test_it_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in ("/", "/salles/"):
        typed(page, "lil", address)
        assert overflow(page) == 0, address
        options = page.locator("#lieux [role=option]")
        heights = options.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert min(heights) >= 44


def test_the_strict_policy_is_kept(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    typed(page, "lil")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert said == []


def test_without_a_script_the_page_offers_what_it_did_not_understand(
    open_window: OpenWindow,
) -> None:
    page = open_window(scripted=False)
    page.goto("/")
    page.get_by_label("Où").fill("lilleboorque")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Lillebourg (59)").click()
    expect(page.get_by_role("heading", name="1 salle à moins de 10 km de Lillebourg")).to_be_visible()
