"""`python -m tests.lighthouse`: measures the main pages on a demonstration of its own, served as in production.

Prints the median of RUNS for each page and fails where one is below what was promised.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests import stage
from tests.chromium import chromium
from tests.web_server import free_port

HERE = Path(__file__).parent
RUNS = 3
LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MEMBER = "association@example.org"
PATIENCE = 60


@contextmanager
def serving() -> Iterator[str]:
    """The address of gunicorn over the demonstration's data: compressed files, no debugging."""
    site = f"127.0.0.1:{free_port()}"
    options = ["--workers", "2", "--bind", site, "--no-control-socket", "--log-level", "warning"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "shareloc.wsgi", *options])
    try:
        _wait(f"http://{site}/healthz")
        yield f"http://{site}"
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    # Without the proxy of a machine that has one.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return opener.open(address).close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def pages() -> dict[str, dict[str, str]]:
    """Each page by its name: its path, and the cookie of whoever looks at it."""
    from shareloc.demo.seed import showcase_school
    from venues.models import Space

    hall = Space.objects.filter(school=showcase_school(), kind="hall")[0].pk
    asked = {"date": _thursday(), "start": "18:30", "end": "20:30"}
    found = urlencode({"q": "Lille", "within_km": 10, **asked, "capacity": 25})
    return {
        "accueil": {"path": "/"},
        "recherche": {"path": f"/salles/?{found}"},
        "salle": {"path": f"/salles/{hall}/"},
        "demande": {
            "path": f"/salles/{hall}/demander/?{urlencode(asked)}",
            "cookie": f"sessionid={stage.session(MEMBER)}",
        },
    }


def _thursday() -> dt.date:
    """The first one in term, a week from now or later."""
    from django.conf import settings

    from venues.school_calendar import is_holiday, public_holiday

    day = _today() + dt.timedelta(days=7)
    while day.weekday() != 3 or is_holiday(day, settings.HOLIDAY_ZONE) or public_holiday(day):
        day += dt.timedelta(days=1)
    return day


def _today() -> dt.date:
    from django.utils import timezone

    return timezone.localdate()


def measured(site: str, asked: dict[str, dict[str, str]]) -> list[dict[str, object]]:
    """What Lighthouse said, each run of each page."""
    command = ["node", str(HERE / "run.mjs"), chromium() or "chromium", str(RUNS), site]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        [*command, json.dumps(list(asked.values()))],
        env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]


def report(asked: dict[str, dict[str, str]], runs: list[dict[str, object]]) -> int:
    """The table of medians, and how many scores are too low. Who is signed in is not found by search engines."""
    low = 0
    print(f"Lighthouse {runs[0]['version']}, médiane de {RUNS} mesures, {_today():%d/%m/%Y}\n")
    print(f"| page | {' | '.join(CATEGORIES)} |\n|---|{'---|' * len(CATEGORIES)}")
    for name, page in asked.items():
        mine = [run for run in runs if run["path"] == page["path"]]
        scores = {one: round(median(run["scores"][one] for run in mine)) for one in CATEGORIES}
        low += sum(scores[one] < LEAST for one in CATEGORIES if one != "seo" or "cookie" not in page)
        print(f"| {name} | {' | '.join(str(scores[one]) for one in CATEGORIES)} |")
        if failed := sorted({audit for run in mine for audit in run["failed"]}):
            print(f"  {name} : {', '.join(failed)}", file=sys.stderr)
    return low


if __name__ == "__main__":
    with stage.fresh():
        stage.fill()
        asked = pages()
        with serving() as site:
            runs = measured(site, asked)
    sys.exit(report(asked, runs) and 1)
