"""`GET /api/v1/spaces/` through gunicorn with two workers, against a bare view that returns the same rows.

Both stand in one server and are asked in turns by the same few clients; what counts is throughput.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import include, path

WORKERS, CLIENTS, ASKED, ROUNDS = 2, 4, 60, 8
API, BARE = "/api/v1/spaces/", "/bare/"


def bare(request: HttpRequest) -> JsonResponse:
    """The same twenty rows, given by their ids, and nothing else."""
    from venues.models import Space

    spaces = Space.objects.with_page_details().in_bulk(list(map(int, request.GET["ids"].split(","))))
    rows = [
        {
            "id": space.pk,
            "name": space.name,
            "kind": space.kind,
            "capacity": space.capacity,
            "step_free": space.step_free,
            "features": [feature.slug for feature in space.features.all()],
            "school": {
                "uai": space.school.uai,
                "name": space.school.name,
                "commune": space.school.commune,
            },
            "hourly_rate": str(space.hourly_rate),
            "is_free_of_charge": space.is_free_of_charge,
            "is_demo": space.is_demo,
            "url": request.build_absolute_uri(space.get_absolute_url()),
        }
        for space in spaces.values()
    ]
    return JsonResponse({"results": rows})


urlpatterns = [path("bare/", bare), path("", include("shareloc.urls"))]


@dataclass(frozen=True)
class Measured:
    """Milliseconds of each request to the API; its queries; bare throughput over the API's."""

    times: list[float]
    queries: int
    ratio: float


def measure() -> Measured:
    from django.test import Client

    from tests.bench.questions import statements_of

    client = Client(HTTP_HOST="127.0.0.1")
    ids = ",".join(str(row["id"]) for row in client.get(API).json()["results"])
    with served() as port:
        per_second: dict[str, list[float]] = {API: [], BARE: []}
        times: list[float] = []
        for number in range(ROUNDS + 1):
            for address in (API, f"{BARE}?ids={ids}"):
                rate, took = load(port, address)
                if number:  # the first round warms both up
                    per_second[address.split("?")[0]].append(rate)
                    times += took if address == API else []
    ratio = statistics.median(per_second[BARE]) / statistics.median(per_second[API])
    return Measured(times, statements_of(lambda: client.get(API)), ratio)


@contextmanager
def served() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "shareloc.wsgi", "--workers", str(WORKERS), "--no-control-socket",
         "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.bench.settings"},
    )  # fmt: skip
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            assert get(port, API) == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def load(port: int, address: str) -> tuple[float, list[float]]:
    """Requests a second of a few clients at once, and how long each request took."""
    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        took = list(pool.map(lambda _n: timed(port, address), range(ASKED)))
    return ASKED / (time.perf_counter() - start), took


def timed(port: int, address: str) -> float:
    start = time.perf_counter()
    assert get(port, address) == 200, address
    return (time.perf_counter() - start) * 1000


def get(port: int, address: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", address, headers={"Host": f"127.0.0.1:{port}"})
    answer: Any = connection.getresponse()
    answer.read()
    connection.close()
    return int(answer.status)
