"""“Mon lycée” in Chromium: from nothing to a published room, counted in clicks, and every page at 320 px."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from shareloc.accounts.models import User
from tests import factories
from tests.browser.conftest import Judge
from tests.browser.reading import unfold
from tests.conftest import OpenWindow
from venues import gallery
from venues.models import School, Space

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

NARROW, DESK = {"width": 320, "height": 740}, {"width": 1280, "height": 900}
# From the home page to a published room: fields are not counted.
MOST_CLICKS = 5


@pytest.fixture
def manager() -> User:
    """Of a lycée that has set up nothing yet."""
    return factories.SchoolRoleFactory.create().user


@pytest.fixture(params=[NARROW, DESK], ids=["narrow", "desk"])
def window(request: pytest.FixtureRequest, open_window: OpenWindow) -> Callable[[User, bool], Page]:
    """`window(user, scripted)`: that person's browser, with or without JavaScript."""
    return lambda user, scripted: open_window(user, scripted=scripted, size=request.param)


@pytest.mark.parametrize("scripted", [True, False], ids=["js", "no-js"])
def test_a_first_room_is_published_in_a_few_clicks(
    manager: User,
    window: Callable[[User, bool], Page],
    scripted: bool,
    judge: Judge,
) -> None:
    page = window(manager, scripted)
    clicks = 0

    def click(role: Any, name: str) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=name).first.click()
        judge(page, scripted=scripted)

    page.goto("/")
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    click("link", "Mon lycée")
    expect(page.get_by_text("étape 1 sur 3")).to_be_visible()
    click("link", "Commencer par les horaires")
    expect(page.get_by_role("group", name="Lundi, plage 1").get_by_label("Début")).to_have_value("18:00")
    click("button", "Enregistrer et continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Une première salle")
    page.get_by_label("Nom de la salle").fill("Salle polyvalente")
    page.get_by_label("Type de salle").select_option("hall")
    page.get_by_label("Nombre de places").fill("60")
    click("button", "Enregistrer et continuer")
    expect(page.get_by_text("étape 3 sur 3")).to_be_visible()
    click("button", "Publier Salle polyvalente")
    expect(page.get_by_text("Salle polyvalente est proposée au prêt.")).to_be_visible()
    assert clicks == MOST_CLICKS
    assert Space.objects.get().published
    assert School.objects.get().opening_hours.count() == 6


@pytest.mark.parametrize("scripted", [True, False], ids=["js", "no-js"])
def test_a_window_is_added_copied_and_removed_in_the_grid(
    manager: User, window: Callable[[User, bool], Page], scripted: bool
) -> None:
    school = School.objects.get()
    factories.OpeningHoursFactory.create(school=school)
    page = window(manager, scripted)
    page.goto(f"/mon-lycee/{school.uai}/horaires/")
    page.get_by_role("button", name="Ajouter une plage Lundi").click()
    second = page.get_by_role("group", name="Lundi, plage 2")
    second.get_by_label("Début").fill("08:00")
    second.get_by_label("Fin", exact=True).fill("09:00")
    page.get_by_role("button", name="Mettre les mêmes du mardi au vendredi").click()
    expect(page.get_by_text("Rien n’est enregistré avant")).to_be_in_viewport()
    friday = page.get_by_role("group", name="Vendredi, plage 2")
    expect(friday.get_by_label("Début")).to_have_value("08:00")
    friday.get_by_label("Début").fill("")
    page.get_by_role("button", name="Enregistrer").last.click()
    expect(page.locator("[data-error-summary]")).to_be_in_viewport()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_role("link", name="Vendredi, début")).to_be_visible()
    page.get_by_role("group", name="Vendredi, plage 2").get_by_label("Fin", exact=True).fill("")
    page.get_by_role("button", name="Enregistrer").first.click()
    page.wait_for_load_state()
    found = school.opening_hours.order_by("weekday", "starts_at").values_list(
        "weekday", "starts_at", "minutes"
    )
    assert [(day, start.hour, minutes) for day, start, minutes in found] == [
        *((day, hour, minutes) for day in range(4) for hour, minutes in ((8, 60), (18, 240))),
        (4, 18, 240),
    ]


@pytest.mark.looks
def test_every_page_fits_and_is_accessible(
    manager: User,
    signed_in: Callable[[User], Page],
    look_closely: Callable[[Page], None],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    school = School.objects.get()
    space = factories.SpaceFactory.create(school=school, published=True, name="Amphithéâtre")
    factories.FeatureFactory.create()
    closure = factories.ClosureFactory.create(school=school, space=space)
    pool = factories.EquipmentPoolFactory.create(school=school)
    factories.open_always(school)
    written = io.BytesIO()
    Image.new("RGB", (800, 600), (30, 90, 80)).save(written, "JPEG")
    photo = gallery.add(space, written, size=1, alt="Gradins et tableau")
    mine, room = f"/mon-lycee/{school.uai}/", f"/mon-lycee/{school.uai}/salles/{space.pk}/"
    page = signed_in(manager)
    for address in (
        mine,
        *(f"{mine}{name}/" for name in ("horaires", "fermetures", "regles", "personnes", "salles/nouvelle")),
        *(f"{mine}{name}/" for name in (f"fermetures/{closure.pk}", f"photos/{photo.pk}/decrire")),
        f"{mine}personnes/{factories.SchoolRoleFactory.create(school=school).pk}/retirer/",
        *(f"{mine}materiel/{name}/" for name in ("nouveau", pool.pk)),
        room,
        *(f"{room}{name}/" for name in ("photos", "horaires", "tarifs", "accords", "diviser")),
        f"/salles/{space.pk}/",
    ):
        page.goto(address)
        unfold(page)
        look_closely(page)
    page.goto(f"{room}photos/")
    page.get_by_role("button", name="Ajouter la photo").click()
    expect(page.get_by_text("Il reste quelque chose à corriger")).to_be_visible()
    look_closely(page)
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
