"""The planner in a browser: axe, keyboard alone, a screen 320 px wide, without JavaScript, on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import Judge
from tests.conftest import Cast, OpenWindow
from venues.periods import Period

pytestmark = [pytest.mark.django_db(transaction=True)]

DAY = dt.timedelta(days=1)


@pytest.fixture
def evening_of(cast: Cast) -> Period:
    """The school lends day and night; a week from now its gymnasium is lent, asked for and taught in."""
    factories.open_always(cast.school)
    space = factories.SpaceFactory.create(school=cast.school, name="Gymnase", kind="gymnasium")
    factories.SpaceFactory.create(school=cast.school, name="Salle 12")
    start = factories.next_week()
    approved, _pending = (
        factories.OccurrenceFactory.create(
            request__school=cast.school,
            request__purpose=purpose,
            request__organisation=cast.organisation,
            spaces=[space],
            state=state,
            start_at=start + later,
        )
        for purpose, state, later in (
            ("Répétition", "approved", dt.timedelta()),
            ("Théâtre", "pending", 2 * dt.timedelta(hours=1)),
        )
    )
    factories.ClaimFactory.create(occurrence=approved)
    factories.BusyTimeFactory.create(space=space, start_at=start - DAY, reason="Badminton")
    factories.ClosureFactory.create(school=cast.school, first_on=(start + DAY).date())
    return Period(start, approved.end_at)


def addresses(cast: Cast, evening: Period) -> dict[str, str]:
    day = evening.start.date()
    planning = f"/lycees/{cast.school.uai}/planning/"
    return {
        "month": f"/salles/{cast.school.spaces.get(name='Gymnase').pk}/?mois={day:%Y-%m}",
        "week": f"{planning}?semaine={day}",
        "day": f"{planning}?jour={day}",
        "lycée by month": f"{planning}?mois={day:%Y-%m}",
        "evening": f"/region/soiree/?date={day}",
    }


@pytest.mark.looks
@pytest.mark.parametrize(
    ("role", "scheme", "pixels"),
    [("member", "light", 1280), ("region", "dark", 1280), ("region", "light", 320)],
)
def test_axe_finds_nothing_and_a_small_screen_is_enough(
    cast: Cast,
    evening_of: Period,
    signed_in: Callable[[Any], Any],
    judge: Judge,
    role: str,
    scheme: Any,
    pixels: int,
) -> None:
    page = signed_in(cast.user(role))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": pixels, "height": 800})
    for name, address in addresses(cast, evening_of).items():
        if name == "evening" and role == "member":
            continue
        page.goto(address)
        judge(page)


def test_by_keyboard_from_the_week_to_a_request(
    cast: Cast, evening_of: Period, signed_in: Callable[[Any], Any]
) -> None:
    page = signed_in(cast.user("manager"))
    page.goto(addresses(cast, evening_of)["week"])
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("Répétition"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/demandes/R-*/")


def test_without_javascript(cast: Cast, evening_of: Period, open_window: OpenWindow) -> None:
    page = open_window(scripted=False)
    page.goto(addresses(cast, evening_of)["week"])
    day = evening_of.start.date() + DAY
    page.get_by_label("Aller au jour").fill(day.isoformat())
    page.get_by_label("Type de salle").select_option("gymnasium")
    page.get_by_role("button", name="Voir").click()
    page.wait_for_url(f"**semaine={day}&type=gymnasium")
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("link", name="Jour", exact=True).click()
    page.wait_for_url("**jour=*")
    expect(page.get_by_role("button", name="Imprimer")).not_to_be_visible()


def test_on_paper(cast: Cast, evening_of: Period, signed_in: Callable[[Any], Any]) -> None:
    page = signed_in(cast.user("region"))
    for name, address in addresses(cast, evening_of).items():
        page.goto(address)
        page.emulate_media(media="print")
        shown = {
            tag: page.locator(tag).first.is_visible() for tag in ("table", ".site-nav", "form.week-choose")
        }
        assert shown == {"table": True, ".site-nav": False, "form.week-choose": False}, name
        if name in ("week", "lycée by month"):  # marks alone say nothing on paper
            assert page.locator(".legend").is_visible() is (name == "lycée by month")
        page.emulate_media(media="screen")


def test_on_a_desk_the_days_stay_over_their_columns(
    cast: Cast, evening_of: Period, signed_in: Callable[[Any], Any]
) -> None:
    for number in range(20):
        factories.SpaceFactory.create(school=cast.school, name=f"Salle {20 + number}")
    page = signed_in(cast.user("manager"))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(addresses(cast, evening_of)["week"])
    frame, head = page.locator(".planner-frame"), page.locator(".planner thead th").nth(1)
    assert frame.evaluate("frame => frame.offsetHeight") == 680
    frame.evaluate("frame => frame.scrollTo(0, frame.scrollHeight)")
    assert round(head.bounding_box()["y"] - frame.bounding_box()["y"]) == 1
    # A link reached by keyboard is not under the days.
    link = page.locator(".planner tbody tr:nth-child(3) th a")
    link.focus()
    assert link.bounding_box()["y"] >= head.bounding_box()["y"] + head.bounding_box()["height"]
    page.emulate_media(media="print")
    paper = "frame => [getComputedStyle(frame).maxHeight, getComputedStyle(frame).overflowY]"
    assert frame.evaluate(paper) == ["none", "visible"]
