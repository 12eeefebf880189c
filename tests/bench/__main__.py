"""`make bench`: seeds a scale once, asks random questions, prints times as ratios to a floor of the same run.

    python -m tests.bench [SCALE]      (DATABASE_URL names the database; it is filled if it is empty)

Answers are checked against the slow reference on rooms drawn at random. The floor is loading twenty
given rooms with school and features; search work goes from the question to the page's ids and the
exact total, loading not counted.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS, WARM_UP, CHECKED = 40, 5, 8
NOW = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)


def main(scale: int) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    from bookings.models import Claim
    from tests.bench import seed

    if not Claim.objects.exists():
        print(f"Filling the database: {scale} million claims, a few minutes…", flush=True)
        seed.seed(scale=scale)
    report(scale, measure(Questions()))


class Questions:
    """Random questions, the same ones in the same order in each run."""

    def __init__(self) -> None:
        from venues.models import Feature, School, Space

        self.chance = random.Random(7)
        self.spaces = Space.objects
        self.ids = list(Space.objects.values_list("pk", flat=True))
        self.points = [school.point for school in School.objects.all()]
        self.features = list(Feature.objects.values_list("slug", flat=True))

    def floor(self) -> None:
        found = self.spaces.with_page_details().in_bulk(self.chance.sample(self.ids, 20))
        for space in found.values():
            assert space.school.name and all(feature.slug for feature in space.features.all())

    def circle(self) -> Any:
        from bookings.search import Place

        spaces = self.spaces.published().with_features(
            self.chance.sample(self.features, self.chance.randrange(3))
        )
        place = Place(near=self.chance.choice(self.points), within_km=self.chance.choice([10, 20, 30, 50]))
        return self._ask(spaces, place)

    def region(self) -> Any:
        from bookings.search import Place

        return self._ask(self.spaces.published(), Place())

    def _ask(self, spaces: Any, place: Any) -> Any:
        from bookings.search import Question, Results, When

        day = dt.date(2026, 10, 5) + dt.timedelta(days=self.chance.randrange(300))
        start = self.chance.choice([17, 18, 19, 20])
        when = When(day, None, dt.time(start), dt.time(start + self.chance.choice([1, 2])))
        results = Results(spaces, Question(place, when), now=NOW)
        assert len(results) >= len(results.found[:20])
        return results

    def check(self, results: Any) -> None:
        """Rooms drawn at random are in the answer exactly if the reference finds them free."""
        from tests.bookings import reference

        if results.question.place.within_km is not None:
            return
        found = {pk for pk, _school in results.found}
        period = results.question.when.fixed
        for space in self.spaces.filter(pk__in=self.chance.sample(self.ids, CHECKED)):
            expected = reference.is_free(space, period, step=30 if period.start.minute in (0, 30) else 15)
            assert (space.pk in found) == expected, (space.pk, period)


def measure(questions: Questions) -> dict[str, Any]:
    floor, _queries = timed(questions.floor)
    work = []
    for name, ask, target in (
        ("search, circle of 10 to 50 km, 0 to 2 features", questions.circle, 1.5),
        ("search, whole region", questions.region, 5.0),
    ):
        times, queries = timed(ask)
        for _ in range(3):
            questions.check(ask())
        median = statistics.median(times)
        work.append(
            {
                "name": name,
                "median_ms": round(median, 2),
                "p95_ms": round(sorted(times)[int(len(times) * 0.95)], 2),
                "queries": queries,
                "ratio": round(median / statistics.median(floor), 2),
                "target": target,
            }
        )
    return {"floor_ms": round(statistics.median(floor), 2), "work": work}


def timed(ask: Callable[[], Any]) -> tuple[list[float], int]:
    """Milliseconds of each round after the warm-up, and the statements of one."""
    for _ in range(WARM_UP):
        ask()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as captured:
        ask()
    return times, len(captured)


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
    path = settings.VAR_DIR / "bench" / f"{connection.vendor}-{scale}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text()) if path.exists() else {"work": []}
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    print(f"{told['machine']}, {told['versions']}, {told['sizes']}")
    print(f"floor {told['floor_ms']} ms")
    last = {work["name"]: work["ratio"] for work in before["work"]}
    for work in told["work"]:
        print(
            f"{work['name']}: median {work['median_ms']} ms, p95 {work['p95_ms']} ms, {work['queries']} queries,"
            f" {work['ratio']} × floor (target {work['target']}, last run {last.get(work['name'], '–')})"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
