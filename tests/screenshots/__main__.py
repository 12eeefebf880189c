"""`python -m tests.screenshots [names]`: takes the pictures of docs/screenshots, or those named.

The clock stands still and references are drawn from one seed, so that a picture changes only with its page.
"""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING
from unittest import mock
from zoneinfo import ZoneInfo

import time_machine

from tests import stage
from tests.chromium import CHROMIUM_ARGS, chromium

from . import gallery
from .shots import ASSOCIATION, SHOTS, Shot

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Tuesday: the requests of the demonstration begin eight days later, far from any holiday.
NOW = dt.datetime(2026, 11, 17, 10, tzinfo=ZoneInfo("Europe/Paris"))
BEFORE = dt.timedelta(minutes=30)
HEIGHT = 900
ROOMS = ("hall", "amphitheatre", "gymnasium")
# Debian's Chromium draws fields of dates and times in English: written as everybody reads them here.
IN_FRENCH = """
for (const field of document.querySelectorAll("input[type=date], input[type=time]")) {
  const value = field.value.split("-").reverse().join("/");
  const blank = field.type === "date" ? "jj/mm/aaaa" : "--:--";
  field.type = "text";
  field.value = value || blank;
}
"""


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server on a free port, in this process, whose clock it shares."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    from shareloc.wsgi import application

    class Silent(WSGIRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def world() -> tuple[dict[str, object], dt.datetime]:
    """What the addresses of the shots name, and when the association comes for the first time."""
    from bookings.models import BookingRequest
    from shareloc.accounts.models import Organisation
    from shareloc.demo.seed import showcase_school
    from venues.models import Space

    school = showcase_school()
    rooms = {kind: Space.objects.filter(school=school, kind=kind)[0].pk for kind in ROOMS}
    own = Organisation.objects.get(members__email=ASSOCIATION)
    asked = BookingRequest.objects.filter(school=school, organisation=own, occurrences__state="approved")[0]
    date = asked.occurrences.order_by("start_at")[0]
    names = {"uai": school.uai, "organisation": own.pk, "approved": asked.reference, "date": date.pk}
    return {**rooms, **names}, date.start_at


def take(browser: Browser, shot: Shot, site: str, path: str, now: dt.datetime) -> bytes:
    """The page as that person sees it at that moment."""
    window = browser.new_context(
        viewport={"width": shot.width, "height": HEIGHT},
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        locale="fr-FR",
        timezone_id="Europe/Paris",
    )
    if shot.who:
        window.add_cookies([{"name": "sessionid", "value": stage.session(shot.who), "url": site}])
    page = window.new_page()
    page.clock.set_fixed_time(now)
    page.goto(site + path)
    if shot.steps:
        shot.steps(page)
    page.wait_for_load_state("networkidle")
    page.evaluate(IN_FRENCH)
    height = min(shot.height, page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": shot.width, "height": height}
    png = page.screenshot(full_page=True, clip=clip, animations="disabled")
    window.close()
    return png


def picture(shots: list[Shot]) -> None:
    """Take them all, those of the day itself last."""
    from playwright.sync_api import sync_playwright

    with time_machine.travel(NOW, tick=False) as clock:
        with mock.patch("secrets.choice", Random(1).choice):
            stage.fill()
        names, day = world()
        with serving() as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
            for shot in sorted(shots, key=lambda shot: shot.that_day):
                if shot.that_day:
                    clock.move_to(day - BEFORE)
                now = day - BEFORE if shot.that_day else NOW
                gallery.keep(shot, take(browser, shot, site, shot.address.format(**names), now))
                print(shot.name, flush=True)
            browser.close()


if __name__ == "__main__":
    asked = sys.argv[1:]
    with stage.fresh():
        picture([shot for shot in SHOTS if not asked or shot.name in asked])
    (gallery.FOLDER / "README.md").write_text(gallery.page(), encoding="utf-8")
