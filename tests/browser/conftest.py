"""People at their windows: wide and narrow, with and without JavaScript, each page they come to judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from shareloc.accounts.models import User
from tests.browser.reading import overflow

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request

    from tests.conftest import Judging, OpenWindow

# Width, and whether scripts run.
WINDOWS = [(320, True), (390, False), (1280, True), (1280, False)]


@dataclass
class Walk:
    """One person's way through the site: what was pressed, the pages that came; each is looked at."""

    page: Page
    judge: Callable[[Page], None]
    # Fields typed into or ticked are not among them.
    clicks: int = 0
    addresses: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if (
            request.is_navigation_request()
            and request.frame == self.page.main_frame
            and not request.redirected_from
        ):
            self.addresses.append(request.url)

    def begin(self, address: str = "/") -> None:
        """Open the page from which clicks and pages are counted."""
        self.page.goto(address)
        self.judge(self.page)
        self.clicks = 0
        self.addresses.clear()

    def press(self, role: Any, name: str, *, within: Locator | None = None) -> None:
        """Press what is called that, the last if several are, and look at what comes."""
        (within or self.page).get_by_role(role, name=name).last.click()
        self.clicks += 1
        self.judge(self.page)

    def menu(self, entry: str) -> None:
        """Go by the menu, which a narrow window folds where scripts run."""
        toggle = self.page.get_by_role("button", name="Menu", exact=True)
        if toggle.is_visible():
            toggle.click()
            self.clicks += 1
        self.press("link", entry, within=self.page.get_by_role("navigation", name="Menu principal"))

    def fill(self, **values: str) -> None:
        """Type into fields by their label; `_` stands for a space."""
        for label, value in values.items():
            self.page.get_by_label(label.replace("_", " ")).first.fill(value)

    def reads(self, text: str) -> None:
        """The page says so, to the eye."""
        self.page.get_by_text(text).first.wait_for()


@pytest.fixture(params=WINDOWS, ids=lambda window: f"{window[0]}-{'js' if window[1] else 'no-js'}")
def walk(
    request: pytest.FixtureRequest, open_window: OpenWindow, judge: Judge
) -> Callable[[User | None], Walk]:
    """`walk(user)`: that person, signed in, at a window of their own."""
    width, scripted = request.param
    return lambda user: Walk(
        open_window(user, scripted=scripted, size={"width": width, "height": 800}),
        partial(judge, scripted=scripted),
    )


class Judge(Protocol):
    """Judges the page as it stands."""

    def __call__(self, page: Page, *, scripted: bool = True) -> None: ...


@pytest.fixture
def judge(axe: Judging) -> Judge:
    """`judge(page)` fails where the page is wider than its window, or where axe finds anything (it is a script)."""

    def judged(page: Page, *, scripted: bool = True) -> None:
        # A click waits for the next page to begin, not for it to be there.
        page.wait_for_load_state()
        assert overflow(page) == 0, page.url
        if scripted:
            axe(page)

    return judged


# Telephones, and a desk of 1280 px looked at twice as large.
NARROW = (320, 390, 640)
# What may be told apart by colour alone is all that darkness changes.
BY_COLOUR = ("color-contrast", "link-in-text-block")


@pytest.fixture
def look_closely(axe: Judging) -> Callable[[Page], None]:
    """`look_closely(page)`, opened at any width: it runs out of no window, and axe finds nothing by day or by night."""

    def looked(page: Page) -> None:
        too_wide = {}
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 640})
            too_wide[width] = overflow(page)
        assert {width: by for width, by in too_wide.items() if by > 0} == {}, page.url
        page.set_viewport_size({"width": 1280, "height": 720})
        axe(page)
        # Colours that fade into each other would be measured on their way.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        axe(page, rules=BY_COLOUR)
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")

    return looked
