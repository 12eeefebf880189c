"""The searches at certain moments and of a series in Chromium: axe, 320 px, keyboard, with and without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Judge
from tests.browser.reading import unfold
from tests.conftest import OpenWindow
from venues.models import Space

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room() -> Space:
    """A room lent every evening, taken once: next Tuesday week."""
    space = factories.SpaceFactory.create(name="Salle polyvalente", kind="hall", step_free=True, is_demo=True)
    for weekday in range(7):
        factories.OpeningHoursFactory.create(school=space.school, weekday=weekday)
    space.features.add(factories.FeatureFactory.create(slug="piano", name="Piano"))
    factories.BusyTimeFactory.create(
        space=space,
        start_at=dt.datetime.combine(_tuesday(1), dt.time(18), factories.PARIS),
        end_at=dt.datetime.combine(_tuesday(1), dt.time(19), factories.PARIS),
    )
    return space


def _tuesday(weeks: int) -> dt.date:
    """The Tuesday after today, or one so many weeks later."""
    today = timezone.localdate()
    return today + dt.timedelta(days=(1 - today.weekday()) % 7 or 7, weeks=weeks)


@pytest.fixture
def look(judge: Judge) -> Callable[[Page], None]:
    """All unfolded, nothing is wider than the window and axe finds nothing."""

    def looking(page: Page) -> None:
        page.wait_for_load_state()
        unfold(page)
        judge(page)

    return looking


@pytest.mark.parametrize("width", [1280, 320])
def test_moments_are_chosen_by_keyboard(
    page: Page, room: Space, look: Callable[[Page], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/salles/")
    page.get_by_role("link", name="Quand c’est possible").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_contain_text("2 heures, les soirs de semaine ou le samedi")
    look(page)
    page.get_by_label("Où").fill("Lille")
    page.get_by_label("Samedi", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Durée").focus()
    page.get_by_role("button", name="Chercher").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_contain_text(
        "2 heures, les soirs de semaine, à moins de 10 km de Lille"
    )
    look(page)
    slot = page.locator("a.slot").first
    slot.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/compte/connexion/.*demander"))
    page.goto("/salles/souple/?minutes=600&moments=evenings&start=26:00")
    expect(page.get_by_role("alert")).to_contain_text("Écrivez l’heure sous la forme 18:30.")
    look(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_series_is_counted(page: Page, room: Space, look: Callable[[Page], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/salles/serie/")
    look(page)
    page.get_by_label("mardi", exact=True).focus()
    page.keyboard.press("Space")
    for label, value in (("De", "18:00"), ("À", "20h"), ("Jusqu’au", _tuesday(3).isoformat())):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Sauter les vacances").uncheck()
    page.keyboard.press("Enter")
    expect(page.locator("#resultats")).to_contain_text("1 salle libre chaque mardi de 18:00 à 20:00, ")
    page.locator("summary", has_text="1 date n’est pas libre").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dates-missing li")).to_be_visible()
    look(page)
    page.goto("/salles/serie/?weekdays=tuesday&until=")
    expect(page.get_by_role("alert")).to_contain_text("Indiquez le dernier jour.")
    look(page)


def test_no_script_is_needed(room: Space, open_window: OpenWindow) -> None:
    page = open_window(scripted=False)
    page.goto("/salles/souple/?q=Lille")
    page.get_by_role("button", name="Chercher").first.click()
    expect(page.locator("a.slot")).to_have_count(3)
    page.get_by_role("link", name="Chaque semaine").click()
    expect(page.get_by_label("Où")).to_have_value("Lille")
    page.get_by_label("mardi", exact=True).check()
    for label, value in (("De", "18:00"), ("À", "20:00"), ("Jusqu’au", _tuesday(3).isoformat())):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Chercher").first.click()
    expect(page.locator("#resultats")).to_contain_text("salle libre chaque mardi")
