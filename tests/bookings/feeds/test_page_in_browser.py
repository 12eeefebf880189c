"""The page of addresses in a browser: complete by keyboard and for screen readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from bookings import calendars
from tests import factories
from tests.browser.reading import overflow
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db(transaction=True)]


def fits(page: Any) -> bool:
    """Whether nothing sticks out of a screen 320 px wide."""
    page.set_viewport_size({"width": 320, "height": 800})
    return overflow(page) == 0


@pytest.fixture
def page_of_manager(cast: Cast, signed_in: Callable[[Any], Any]) -> Any:
    space = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    calendars.issue_for(cast.user("manager"), space)
    return signed_in(cast.user("manager"))


def test_make_an_address_and_revoke_it(page_of_manager: Any, cast: Cast, axe: Callable[[Any], None]):
    page = page_of_manager
    page.goto("/compte/calendriers/")
    axe(page)
    page.get_by_role("button", name="Créer l’adresse Shareloc – mes réservations").click()
    page.get_by_role("heading", name="L’adresse de votre calendrier").wait_for()
    axe(page)
    address = page.get_by_label("Adresse à copier").input_value()
    assert page.request.get(address).headers["content-type"] == "text/calendar; charset=utf-8"
    assert page.get_by_role("img", name=re.compile("Code QR")).evaluate("image => image.naturalWidth") > 100
    assert address not in page.url
    page.get_by_role("link", name="J’ai copié l’adresse").click()
    page.get_by_role("link", name="Supprimer Shareloc – mes réservations").click()
    axe(page)
    page.get_by_role("button", name="Supprimer l’adresse").click()
    page.get_by_role("status").get_by_text("ne fonctionne plus").wait_for()
    assert page.request.get(address).status == 404


def test_fits_a_small_screen(page_of_manager: Any, cast: Cast):
    page = page_of_manager
    space = cast.school.spaces.get()
    for url in ("/compte/calendriers/", f"/compte/calendriers/nouveau/?scope=space&id={space.pk}"):
        page.goto(url)
        assert fits(page)
    page.get_by_role("button", name="Remplacer l’adresse").click()
    page.get_by_role("heading", name="L’adresse de votre calendrier").wait_for()
    assert fits(page)


def test_asking_from_a_space_is_accessible(page_of_manager: Any, cast: Cast, axe: Callable[[Any], None]):
    page = page_of_manager
    page.goto(f"/compte/calendriers/nouveau/?scope=space&id={cast.school.spaces.get().pk}")
    axe(page)
