"""Blocking rooms in a browser: with and without JavaScript, by keyboard, by dragging, at 320 px, under axe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Occurrence
from tests import factories
from tests.browser.conftest import Judge
from tests.conftest import Cast, OpenWindow
from venues.models import BusyTime, Space

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def evening_of(cast: Cast) -> dt.datetime:
    """Every evening from 18:00 to 22:00 two rooms are lent; a week from now one is promised until 20:00."""
    for weekday in range(7):
        factories.OpeningHoursFactory.create(school=cast.school, weekday=weekday)
    hall = factories.SpaceFactory.create(school=cast.school, name="Gymnase", kind="gymnasium")
    factories.SpaceFactory.create(school=cast.school, name="Préau", kind="gymnasium")
    date = factories.OccurrenceFactory.create(
        request__school=cast.school,
        request__purpose="Répétition",
        request__organisation=cast.organisation,
        spaces=[hall],
        state="approved",
        start_at=factories.next_week(),
    )
    factories.ClaimFactory.create(occurrence=date)
    return timezone.localtime(date.start_at)


def planning(cast: Cast, evening: dt.datetime) -> str:
    return f"/lycees/{cast.school.uai}/planning/?semaine={evening.date()}"


def block_and_cancel(page: Any, cast: Cast, evening: dt.datetime) -> None:
    """Tick two rooms, block that evening, look whom it touches, cancel with a word of excuse."""
    page.goto(planning(cast, evening))
    for room in ("Gymnase", "Préau"):
        page.get_by_role("checkbox", name=f"Choisir {room}").check()
    page.get_by_role("button", name="Bloquer les salles cochées").click()
    page.get_by_label("Jour", exact=True).fill(evening.date().isoformat())
    page.get_by_label("De", exact=True).fill("18h")
    page.get_by_label("À", exact=True).fill("21:30")
    page.get_by_label("Motif").fill("Bac blanc")
    page.get_by_role("button", name="Voir ce que cela touche").click()
    expect(page.get_by_role("heading", name="1 association touchée")).to_be_visible()
    page.get_by_role("button", name="Bloquer", exact=True).click()
    page.wait_for_url("**/blocages/*/")
    expect(page.get_by_role("link", name="Proposer autre chose")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Annuler avec ce mot d’excuse").click()
    page.wait_for_url("**/a-decider/conflits/")
    expect(page.get_by_text("1 date annulée.")).to_be_visible()


def check_blocked(cast: Cast) -> None:
    assert list(BusyTime.objects.order_by("space__name").values_list("space__name", "reason")) == [
        ("Gymnase", "Bac blanc"),
        ("Préau", "Bac blanc"),
    ]
    date = Occurrence.objects.get()
    assert (date.state, date.reason.startswith("Le lycée a besoin")) == ("cancelled", True)


def test_block_and_cancel(cast: Cast, evening_of: dt.datetime, signed_in: Callable[[Any], Any]) -> None:
    block_and_cancel(signed_in(cast.user("manager")), cast, evening_of)
    check_blocked(cast)


def test_without_javascript(cast: Cast, evening_of: dt.datetime, open_window: OpenWindow) -> None:
    block_and_cancel(open_window(cast.user("manager"), scripted=False), cast, evening_of)
    check_blocked(cast)


def test_arrow_keys_walk_from_cell_to_cell_and_lead_to_the_form(
    cast: Cast, evening_of: dt.datetime, signed_in: Callable[[Any], Any]
) -> None:
    page = signed_in(cast.user("manager"))
    # The week after: all is free.
    page.goto(planning(cast, evening_of + dt.timedelta(days=7)))
    page.get_by_role("link", name="Gymnase", exact=True).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/bloquer/?**")
    monday = evening_of.date() + dt.timedelta(days=7 - evening_of.weekday())
    assert f"salle={Space.objects.get(name='Préau').pk}&date={monday}&start=18%3A00&end=22%3A00" in page.url


def test_dragging_chooses_rooms_and_hours(
    cast: Cast, evening_of: dt.datetime, signed_in: Callable[[Any], Any]
) -> None:
    page = signed_in(cast.user("manager"))
    page.goto(planning(cast, evening_of))
    day = evening_of.date()
    free = [
        page.locator(f"a[data-block][href*='salle={space.pk}&date={day}']")
        for space in cast.school.spaces.order_by("name")
    ]
    free[1].scroll_into_view_if_needed()
    boxes = [link.bounding_box() for link in free]
    page.mouse.move(boxes[0]["x"] + 9, boxes[0]["y"] + 9)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + 9, boxes[1]["y"] + 9, steps=8)
    page.mouse.up()
    page.wait_for_url("**/bloquer/?**")
    assert [page.get_by_label(room).is_checked() for room in ("Gymnase", "Préau")] == [True, True]
    assert page.get_by_label("Jour", exact=True).input_value() == day.isoformat()
    assert [page.get_by_label(name, exact=True).input_value() for name in ("De", "À")] == ["18:00", "22:00"]


@pytest.mark.looks
@pytest.mark.parametrize(("scheme", "pixels"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_and_a_small_screen_is_enough(
    cast: Cast,
    evening_of: dt.datetime,
    signed_in: Callable[[Any], Any],
    judge: Judge,
    scheme: Any,
    pixels: int,
) -> None:
    page = signed_in(cast.user("manager"))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": pixels, "height": 800})

    space = cast.school.spaces.get(name="Gymnase")
    start = f"{planning(cast, evening_of).partition('?')[0]}"
    for address in (
        planning(cast, evening_of),
        f"{start}?mois={evening_of:%Y-%m}",
        f"/salles/{space.pk}/",
        cast.school.get_absolute_url(),
        "/a-decider/conflits/",
        f"{start}bloquer/?salle={space.pk}&date={evening_of.date()}&start=18:00&end=20:00",
    ):
        page.goto(address)
        judge(page)
    page.get_by_role("button", name="Voir ce que cela touche").click()
    judge(page)
    page.get_by_role("button", name="Bloquer", exact=True).click()
    page.wait_for_url("**/blocages/*/")
    judge(page)
    for link in ("Changer", "Libérer"):
        block = page.url
        page.get_by_role("link", name=link).click()
        judge(page)
        page.goto(block)
    page.goto("/a-decider/conflits/")
    judge(page)
    page.get_by_role("button", name="Annuler avec ce mot d’excuse").click()
    expect(page.get_by_role("alert").get_by_text("Cochez au moins une date.")).to_be_visible()
    judge(page)
