"""The search in a browser: filters refresh it in place, the map opens its groups by keyboard, nothing for axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shareloc.accounts.models import User
from tests import factories
from tests.browser.conftest import Judge
from venues.models import Space

Axe = Callable[[Page], None]


@pytest.fixture
def rooms(transactional_db: None) -> list[Space]:
    """Three lycées of Lille a few streets apart, one of Amiens."""
    places = [
        ("Lille", 50.63, 3.06),
        ("Lille", 50.631, 3.061),
        ("Lille", 50.632, 3.06),
        ("Amiens", 49.9, 2.3),
    ]
    return [
        factories.SpaceFactory.create(
            name=f"Salle {n}", capacity=10 * (n + 1),
            school__commune=commune, school__latitude=latitude, school__longitude=longitude,
        )
        for n, (commune, latitude, longitude) in enumerate(places)
    ]  # fmt: skip


@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize(("width", "stays_at_the_top"), [(390, False), (1280, True)])
def test_a_search_leads_to_what_it_found(page: Page, width: int, stays_at_the_top: bool) -> None:
    """On a telephone the form would fill the window; a desk shows both."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    page.get_by_role("main").get_by_role("button", name="Chercher").click()
    for _found in range(2):
        expect(page.locator("#resultats")).to_be_in_viewport()
        expect(page.locator("#resultats")).to_be_focused()
        assert (page.evaluate("scrollY") == 0) is stays_at_the_top
        page.get_by_role("link", name="Carte", exact=True).click()
        page.wait_for_url("**vue=carte*")


@pytest.mark.usefixtures("rooms")
def test_a_changed_filter_refreshes_the_list_and_says_so(page: Page) -> None:
    page.goto("/salles/", wait_until="networkidle")
    expect(page.get_by_role("status").get_by_text("4 salles")).to_be_visible()
    page.get_by_label("Personnes").fill("25")
    page.get_by_label("Personnes").press("Tab")
    expect(page.locator("#annonce")).to_have_text("2 salles")
    expect(page.locator("#trouve article")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"capacity=25"))
    expect(page).to_have_title(re.compile("2 salles"))
    # The other searches are led to with what is asked now.
    every_week = page.get_by_role("link", name="Chaque semaine")
    expect(every_week).to_have_attribute("href", re.compile(r"capacity=25"))
    # The status is the same element, its words changed: that is what screen readers announce.
    assert page.locator("#annonce").get_attribute("role") == "status"
    page.go_back(wait_until="networkidle")
    expect(page.locator("#annonce")).to_have_text("4 salles")


@pytest.mark.usefixtures("rooms")
def test_what_is_half_typed_leaves_the_list(page: Page) -> None:
    page.goto("/salles/", wait_until="networkidle")
    page.get_by_label("De", exact=True).fill("18:00")
    with page.expect_response(lambda answer: answer.status == 204):
        page.get_by_label("De", exact=True).press("Tab")
    expect(page.locator("#annonce")).to_have_text("4 salles")
    page.get_by_role("button", name="Chercher").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Indiquez aussi le jour.")


def test_groups_of_lycees_open_by_keyboard(rooms: list[Space], page: Page) -> None:
    page.goto("/salles/?vue=carte", wait_until="networkidle")
    group = page.get_by_role("button", name=re.compile("^3 lycées"))
    expect(group).to_have_text("3")
    group.focus()
    page.keyboard.press("Enter")
    one = page.get_by_role("button", name=f"{rooms[2].school.name}, Lille, 1 salle")
    expect(one).to_be_visible()
    one.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name=rooms[2].school.name)
    expect(link).to_be_visible()
    link.click()
    expect(page.locator("#annonce")).to_have_text("1 salle")


@pytest.mark.usefixtures("rooms")
def test_a_refreshed_map_is_drawn_anew(page: Page) -> None:
    page.goto("/salles/?vue=carte", wait_until="networkidle")
    page.get_by_label("Personnes").fill("40")
    page.get_by_label("Personnes").press("Tab")
    expect(page.locator("#annonce")).to_have_text("1 salle")
    expect(page.get_by_role("button", name=re.compile(", Amiens, 1 salle"))).to_be_visible()
    expect(page.locator(".leaflet-container")).to_have_count(1)


@pytest.mark.looks
@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("width", [320, 1280])
def test_no_finding_in_any_view(page: Page, judge: Judge, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for view in ("liste", "carte", "calendrier"):
        page.goto(f"/salles/?vue={view}", wait_until="networkidle")
        judge(page)


@pytest.mark.looks
@pytest.mark.usefixtures("rooms")
@pytest.mark.parametrize("width", [320, 1280])
def test_no_finding_on_the_regions_pages(signed_in: Callable[[User], Page], judge: Judge, width: int) -> None:
    factories.OrganisationFactory.create(verified_at=None)
    page = signed_in(factories.UserFactory.create(is_region_officer=True))
    page.set_viewport_size({"width": width, "height": 900})
    for name in ("", "lycees/", "organismes/", "journal/"):
        page.goto(f"/region/{name}", wait_until="networkidle")
        judge(page)
