"""`make bench`: seeds a scale once, asks random questions, prints times as ratios to a floor of the same run.

    python -m tests.bench [SCALE]      (DATABASE_URL names the database; it is filled if it is empty)

The floor is loading twenty given rooms with school and features. Search work goes from the question to the
page's ids and the exact total, loading not counted. Floor and work take turns, so that a machine that slows
down slows both. Answers are compared with `truth`, which is slow and obvious.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROUNDS, WARM_UP, CHECKS = 40, 5, 3


def main(scale: int) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    from bookings.models import Claim
    from tests.bench import seed

    if not Claim.objects.exists():
        print(f"Filling the database: {scale} million claims, some minutes…", flush=True)
        seed.seed(scale=scale)
    report(scale, measure(scale))


def measure(scale: int) -> dict[str, Any]:
    from tests.bench import documents, http
    from tests.bench.questions import Questions, statements_of

    questions = Questions()
    floors: list[float] = []
    told = []
    for work in questions.works:
        times, floor = in_turns(work.ask, questions.floor)
        floors += floor
        for _ in range(CHECKS):
            work.check(work.ask())
        told.append(
            line(
                work.name,
                times,
                statements_of(work.ask),
                statistics.median(times) / statistics.median(floor),
                work.target,
            )
        )
        print(sentence(told[-1], judged=scale == 1), flush=True)
    told.append(over_http(http.measure()))
    print(sentence(told[-1], judged=scale == 1), flush=True)
    if make := documents.agreement():
        told.append(document(make, documents.TARGET))
        print(sentence(told[-1], judged=scale == 1), flush=True)
    if grown := growth(scale, told):
        told.append(grown)
        print(sentence(grown), flush=True)
    return {"floor_ms": round(statistics.median(floors), 2), "work": told}


def in_turns(ask: Callable[[], Any], floor: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """Milliseconds of each round of both, after the warm-up."""
    for _ in range(WARM_UP):
        ask()
        floor()
    pairs = [(timed(ask), timed(floor)) for _ in range(ROUNDS)]
    return [mine for mine, _ in pairs], [other for _, other in pairs]


def timed(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def line(name: str, times: list[float], queries: int, ratio: float, target: float) -> dict[str, Any]:
    return {
        "name": name,
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 2),
        "queries": queries,
        "ratio": round(ratio, 2),
        "target": target,
    }


def over_http(found: Any) -> dict[str, Any]:
    """How many times as long the API's list takes as a bare view of the same rows, by throughput."""
    return line("GET /api/v1/spaces/ ÷ bare view, 2 workers", found.times, found.queries, found.ratio, 2)


def document(make: Callable[[], Any], target: float) -> dict[str, Any]:
    """One agreement, against the milliseconds it may take after the first."""
    from tests.bench.questions import statements_of

    make()
    times = [timed(make) for _ in range(ROUNDS)]
    return line("agreement PDF ÷ 100 ms", times, statements_of(make), statistics.median(times) / target, 1)


def growth(scale: int, told: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Circles on ten times the claims, in floors, over circles at scale 1."""
    before = kept(path_of(1))
    if scale == 1 or not before:
        return None
    circle, at_one = told[0], before["work"][0]
    ratio = circle["ratio"] / at_one["ratio"]
    return {**circle, "name": f"circles at scale {scale} ÷ scale 1", "ratio": round(ratio, 2), "target": 2}


# -- telling ------------------------------------------------------------------------------------


def report(scale: int, found: dict[str, Any]) -> None:
    from bookings.models import Claim
    from venues.models import School, Space

    told = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {
            "python": platform.python_version(),
            "django": django.get_version(),
            connection.vendor: ".".join(map(str, connection.get_database_version())),
        },
        "sizes": {
            "schools": School.objects.count(),
            "spaces": Space.objects.count(),
            "claims": Claim.objects.count(),
        },
        **found,
    }
    path = path_of(scale)
    before = kept(path) or {"work": []}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    print(f"{told['machine']}, {told['versions']}, {told['sizes']}; floor {told['floor_ms']} ms")
    last = {work["name"]: work["ratio"] for work in before["work"]}
    for work in told["work"]:
        if work["name"] in last:
            print(f"  {work['name']}: {work['ratio']}, last run {last[work['name']]}")


def sentence(work: dict[str, Any], *, judged: bool = True) -> str:
    """Targets are those of scale 1, but for how times grow."""
    met = "reached" if work["ratio"] <= work["target"] else "NOT REACHED" if judged else "at scale 1"
    return (
        f"{work['name']}: {work['ratio']} (at most {work['target']}: {met}); "
        f"median {work['median_ms']} ms, p95 {work['p95_ms']} ms, {work['queries']} queries"
    )


def path_of(scale: int) -> Path:
    return settings.VAR_DIR / "bench" / f"{connection.vendor}-{scale}.json"


def kept(path: Path) -> Any:
    return json.loads(path.read_text()) if path.exists() else None


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
