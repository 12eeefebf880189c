"""`make bench-pages`: what every page costs at the demonstration's size, as ratios to the home page in the same run.

    python -m tests.bench.pages        (DATABASE_URL names the database; it is seeded if it is empty)

Each page takes turns with the home page of the same person. What counts is the processor's time, SQLite's included.
A ratio is the median of some rounds over all pages: whatever slows the machine for a few seconds slows both pages of a
turn, and one round of several. Nothing stays written: what the demonstration lacks is added in a transaction and
rolled back.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

ROUNDS, TARGET = 12, 3.0
# As whom a page is measured: the first of these it opens for.
AS = ("manager", "association", "region", "caretaker", "anonymous")


class Cost(NamedTuple):
    """What a page took beside the home page: milliseconds, statements, ratio."""

    label: str
    role: str
    ms: float
    statements: int
    ratio: float


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    # Hashed names are found once for all pages in service; here nothing has been collected.
    os.environ.setdefault("STATICFILES_BACKEND", "django.contrib.staticfiles.storage.StaticFilesStorage")
    django.setup()
    from shareloc.demo import accounts
    from tests.demo import pages

    call_command("migrate", verbosity=0)
    if not accounts.exist():
        print("Seeding the demonstration…", flush=True)
        pages.seed()
    with transaction.atomic():
        costs = measure(pages.Made(), pages)
        transaction.set_rollback(True)
    tell(costs)


class Measured(NamedTuple):
    """A page, who looks at it, and what it and their home page took in each round, in milliseconds."""

    page: Any
    role: str
    client: Any
    mine: list[float]
    home: list[float]

    def round(self) -> None:
        self.home.append(timed(lambda: self.client.get("/")))
        self.mine.append(timed(lambda: self.client.get(self.page.address)))


def measure(made: Any, pages: Any) -> list[Cost]:
    """Every HTML page, the dearest first."""
    from tests.bench.questions import statements_of

    clients = {role: made.client(role) for role in AS}
    looked_at = list(_html_pages(pages.all_pages(made), clients))
    # As the server does: else some page pays for looking through all that is loaded.
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        for one in looked_at:
            one.round()
    costs = []
    for one in looked_at:
        ratio = statistics.median(mine / home for mine, home in zip(one.mine, one.home, strict=True))
        count = statements_of(lambda: one.client.get(one.page.address))  # noqa: B023
        costs.append(Cost(one.page.label, one.role, min(one.mine), count, ratio))
    return sorted(costs, key=lambda cost: -cost.ratio)


def _html_pages(pages: Any, clients: dict[str, Any]) -> Iterator[Measured]:
    """Each fetched once before it is measured: what a process learns once is no cost of a page."""
    for page in pages:
        role = next(role for role in AS if role in page.roles)
        response = clients[role].get(page.address)
        assert response.status_code == 200, page
        if response.headers["Content-Type"].startswith("text/html"):
            yield Measured(page, role, clients[role], [], [])


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds of the processor."""
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def tell(costs: list[Cost]) -> None:
    for cost in costs:
        print(
            f"{cost.ratio:5.2f} ×  {cost.ms:6.1f} ms  {cost.statements:2} queries  {cost.label} ({cost.role})"
        )
    above = sum(cost.ratio > TARGET for cost in costs)
    ratio, queries = (
        statistics.median(getattr(cost, what) for cost in costs) for what in ("ratio", "statements")
    )
    print(f"{len(costs)} pages, {above} above {TARGET:g} ×; median {ratio:.2f} ×, {queries:g} queries")
    path = settings.VAR_DIR / "bench" / "pages.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([cost._asdict() for cost in costs], indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
