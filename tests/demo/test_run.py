"""The demonstration from nothing to serving, and to nothing left: the real command, real processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import free_port

pytestmark = pytest.mark.clients

PATIENCE = 120


class Demo:
    """A run of the demonstration in a folder of its own."""

    def __init__(self, folder: Path, *, port: int, reset: bool = False) -> None:
        self.port = port
        self.output = folder / "output.txt"
        command = [sys.executable, "manage.py", "run_demo", f"--port={port}", *(["--reset"] if reset else [])]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment(folder), stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_serving(self) -> None:
        wait_for(lambda: "Ctrl-C arrête tout" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def stop(self, by: signal.Signals) -> int:
        os.killpg(self.process.pid, by)
        return self.process.wait(PATIENCE)


def environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DEMO", "HTTPS")}
    return {**kept, "VAR_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "shareloc.settings"}


def wait_for(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, "waited too long"
        time.sleep(0.1)


def is_serving(port: int) -> bool:
    server = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        server.request("GET", "/admin/login/")
        return server.getresponse().status == 200
    except OSError:
        return False
    finally:
        server.close()


def count(folder: Path, table: str) -> int:
    with sqlite3.connect(folder / "var" / "shareloc.sqlite3") as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    started: list[Demo] = []

    def start(**options: bool) -> Demo:
        started.append(Demo(tmp_path, port=free_port(), **options))
        return started[-1]

    yield start
    for run in started:
        if run.process.poll() is None:
            run.stop(signal.SIGKILL)


def test_from_nothing_to_serving_and_back(demo: Callable[..., Demo], tmp_path: Path):
    first = demo()
    first.wait_until_serving()
    said = first.said()
    assert f"http://127.0.0.1:{first.port}" in said
    for account in ("association", "gestionnaire", "chef", "loge", "region"):
        assert f"{account}@example.org" in said
    assert "shareloc-demo" in said
    assert is_serving(first.port)
    assert count(tmp_path, "venues_school") == 274
    assert count(tmp_path, "venues_commune") == 3_878
    assert 4_500 <= count(tmp_path, "venues_space") <= 5_500
    # The worker sends what the seeded requests call for.
    wait_for(lambda: len(list((tmp_path / "var" / "courriels").glob("*.eml"))) >= 5)

    assert first.stop(signal.SIGINT) == 0
    assert not is_serving(first.port)

    # A second run keeps the data; killed outright, it takes its servers along.
    with sqlite3.connect(tmp_path / "var" / "shareloc.sqlite3") as database:
        database.execute("UPDATE venues_space SET name = 'Renommée' WHERE id = 1")
    database.close()
    second = demo()
    second.wait_until_serving()
    assert "Salles, comptes" not in second.said()
    second.stop(signal.SIGKILL)
    wait_for(lambda: not is_serving(second.port))
    with sqlite3.connect(tmp_path / "var" / "shareloc.sqlite3") as database:
        assert database.execute("SELECT name FROM venues_space WHERE id = 1").fetchone() == ("Renommée",)
    database.close()


def test_taken_port_is_said_before_anything_is_done(tmp_path: Path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = Demo(tmp_path, port=port)
        assert run.process.wait(PATIENCE) == 1
    assert f"Le port {port} n’est pas libre" in run.said()
    assert not (tmp_path / "var").exists()
