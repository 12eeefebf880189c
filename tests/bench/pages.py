"""`make bench-pages`: what every page costs at the demonstration's size, as ratios to the home page in the same run.

    python -m tests.bench.pages        (DATABASE_URL names the database; it is seeded if it is empty)

Each page takes turns with the home page of the same person. What counts is the processor's time, SQLite's included,
and the quickest of some rounds: whatever else runs on the machine only adds. Nothing stays written: what the
demonstration lacks is added in a transaction and rolled back.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

ROUNDS, TARGET = 9, 3.0
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


def measure(made: Any, pages: Any) -> list[Cost]:
    """Every HTML page, the dearest first."""
    from tests.bench.questions import statements_of

    clients = {role: made.client(role) for role in AS}
    costs = []
    for page in pages.all_pages(made):
        role = next(role for role in AS if role in page.roles)
        client = clients[role]
        # Once before: what a process learns once is no cost of a page.
        response = client.get(page.address)
        assert response.status_code == 200, page
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        pairs = [
            (timed(lambda: client.get("/")), timed(lambda: client.get(page.address)))  # noqa: B023
            for _ in range(ROUNDS)
        ]
        home, mine = (min(times) for times in zip(*pairs, strict=True))
        count = statements_of(lambda: client.get(page.address))  # noqa: B023
        costs.append(Cost(page.label, role, mine, count, mine / home))
    return sorted(costs, key=lambda cost: -cost.ratio)


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
