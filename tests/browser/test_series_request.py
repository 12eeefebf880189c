"""A series asked for in Chromium, with and without JavaScript, 320 px wide and at a desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bookings.models import BookingRequest
from tests import factories
from tests.browser import test_main_job as main
from tests.browser.conftest import Judge
from tests.browser.test_main_job import World
from tests.conftest import OpenWindow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
# Fixtures of the main job.
world, scripted = main.world, main.scripted


@pytest.fixture(params=[320, 1280])
def page(
    request: pytest.FixtureRequest,
    open_window: OpenWindow,
    scripted: bool,
    world: World,
) -> Page:
    """A window of the association's member."""
    return open_window(world.member, scripted=scripted, size={"width": request.param, "height": 800})


@pytest.fixture
def look(judge: Judge, scripted: bool) -> Callable[[Page], None]:
    return partial(judge, scripted=scripted)


def fill_in(page: Page, world: World) -> None:
    """Step 1: four weeks on the weekday of the world's day, holidays or not."""
    page.get_by_label("Chaque semaine, ou une semaine sur deux, sur trois…").check()
    weekday = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")[world.day.weekday()]
    page.get_by_label(weekday, exact=True).check()
    weekly = page.locator(".ask-weekly")
    weekly.get_by_label("De", exact=True).fill("18h")
    weekly.get_by_label("À", exact=True).fill("20h")
    weekly.get_by_label("À partir du").fill(str(world.day))
    weekly.get_by_label("Jusqu’au").fill(str(world.day + dt.timedelta(weeks=3)))
    page.get_by_label("Sauter les vacances scolaires").uncheck()
    page.get_by_label("Sauter les jours fériés").uncheck()
    page.get_by_label("Votre activité").fill("Répétition de la chorale")
    page.get_by_label("Nombre de personnes attendues").fill("25")
    page.get_by_label("Son téléphone").fill("03 20 00 00 00")


def test_an_association_asks_for_a_series(
    world: World,
    page: Page,
    look: Callable[[Page], None],
) -> None:
    hall = factories.SpaceFactory.create(
        school=world.school, name="Salle d’en face", kind="hall", capacity=60
    )
    for weeks in (1, 2):
        evening = world.evening(7 * weeks)
        factories.BusyTimeFactory.create(space=world.space, start_at=evening.start, end_at=evening.end)
    page.goto(f"/salles/{world.space.pk}/demander/")
    look(page)
    fill_in(page, world)
    expect(page.get_by_role("button", name="Ajouter une date")).to_be_hidden()
    look(page)
    page.get_by_role("button", name="Vérifier ma demande").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Choisir les dates")
    expect(page.get_by_role("heading", name="4 dates : 2 libres, 2 en conflit")).to_be_visible()
    look(page)
    lines = page.locator(".date-line")
    lines.nth(1).get_by_role("button", name="Salle d’en face").click()
    expect(page.get_by_role("heading", name="4 dates : 3 libres, 1 en conflit")).to_be_visible()
    lines.nth(2).get_by_role("button", name="Ce jour-là").click()
    expect(page.get_by_role("heading", name="4 dates", exact=True)).to_be_visible()
    lines.nth(3).get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Recompter les dates cochées").click()
    expect(page.get_by_role("heading", name="3 dates (et 1 écartée)")).to_be_visible()
    look(page)
    lines.nth(0).get_by_role("button", name="Changer").click()
    look(page)
    page.get_by_label("De", exact=True).fill("19:00")
    page.get_by_label("À", exact=True).fill("21:00")
    page.get_by_role("button", name="Changer cette date").click()
    expect(page.get_by_text("Déplacée : la série dit").first).to_be_visible()

    # Back to the rule and on again: what was changed date by date is still there.
    page.get_by_role("button", name="Modifier la série").click()
    expect(page.get_by_label("Votre activité")).to_have_value("Répétition de la chorale")
    expect(page.get_by_text("1 écartée, 2 déplacées et 1 dans une autre salle")).to_be_visible()
    look(page)
    page.get_by_label("Jusqu’au").fill(str(world.day + dt.timedelta(weeks=4)))
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    expect(page.get_by_role("heading", name="4 dates (et 1 écartée)")).to_be_visible()
    page.get_by_role("button", name="Continuer avec les dates cochées").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier ma demande")
    look(page)
    page.get_by_role("button", name="Modifier Activité").click()
    page.get_by_label("Votre activité").fill("Concert")
    page.get_by_role("button", name="Vérifier ma demande").last.click()
    page.get_by_role("button", name="Continuer avec les dates cochées").click()
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Concert")
    asked = BookingRequest.objects.get()
    starts = [
        (date.start_at.astimezone(factories.PARIS) - world.evening().start).days
        for date in asked.occurrences.all()
    ]
    assert starts == [0, 7, 14, 28]
    assert [list(date.spaces.all()) for date in asked.occurrences.all()] == [
        [world.space], [hall], [world.space], [world.space],
    ]  # fmt: skip

    page.get_by_role("link", name="Redemander l’an prochain").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demander Salle polyvalente")
    expect(page.get_by_label("Votre activité")).to_have_value("Concert")
    expect(page.get_by_label("Chaque semaine, ou une semaine sur deux, sur trois…")).to_be_checked()
    look(page)
