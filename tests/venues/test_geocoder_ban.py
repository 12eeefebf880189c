"""The geocoder against a real server of the Base Adresse Nationale (addok, Redis) on loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import free_port
from venues.geo import Geocoder, Place
from venues.models import School

pytestmark = pytest.mark.clients

ADDOK = Path(sys.executable).with_name("addok")
STARTING_SECONDS = 30

# Two invented communes with a street of the same name.
ADDRESSES: list[dict[str, Any]] = [
    {
        "id": "59901",
        "type": "municipality",
        "name": "Essai-sur-Lys",
        "city": "Essai-sur-Lys",
        "citycode": "59901",
        "postcode": "59990",
        "context": "59, Nord",
        "lat": 50.60,
        "lon": 3.00,
        "importance": 0.5,
    },
    {
        "id": "59901_1",
        "type": "street",
        "name": "Avenue du Parc",
        "city": "Essai-sur-Lys",
        "citycode": "59901",
        "postcode": "59990",
        "context": "59, Nord",
        "lat": 50.605,
        "lon": 3.005,
        "importance": 0.3,
        "housenumbers": {"12": {"lat": 50.60612, "lon": 3.00612}},
    },
    {
        "id": "80901_1",
        "type": "street",
        "name": "Avenue du Parc",
        "city": "Modèle",
        "citycode": "80901",
        "postcode": "80990",
        "context": "80, Somme",
        "lat": 49.90,
        "lon": 2.30,
        "importance": 0.6,
        "housenumbers": {"12": {"lat": 49.90012, "lon": 2.30012}},
    },
]

CONFIG = """
REDIS = {{"unix_socket_path": "{folder}/redis.sock", "indexes": {{"db": 0}}, "documents": {{"db": 1}}}}
FILTERS = ["type", "postcode", "citycode"]
LOG_DIR = "{folder}"
BATCH_WORKERS = 1
"""


@pytest.fixture(scope="module")
def ban(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The domain of a BAN server that knows ADDRESSES; its Redis is its own and ends with it."""
    redis = shutil.which("redis-server")
    if redis is None or not ADDOK.exists():
        pytest.skip("serveur d’adresses absent : installez redis-server et addok")
    folder, port = tmp_path_factory.mktemp("ban"), free_port()
    (folder / "addok.conf").write_text(CONFIG.format(folder=folder))
    (folder / "ban.jsonl").write_text("\n".join(json.dumps(address) for address in ADDRESSES))
    addok = [str(ADDOK), "--config", str(folder / "addok.conf")]
    with running([redis, "--port", "0", "--unixsocket", "redis.sock", "--save", ""], folder):
        wait_for(lambda: (folder / "redis.sock").exists())
        for command in (["batch", "ban.jsonl"], ["ngrams"]):
            subprocess.run([*addok, *command], cwd=folder, check=True, capture_output=True)
        with running([*addok, "serve", "--host", "127.0.0.1", "--port", str(port)], folder):
            wait_for(lambda: answers(f"http://127.0.0.1:{port}/search?q=essai"))
            yield f"127.0.0.1:{port}"


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    with (
        (folder / "log.txt").open("ab") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process,
    ):
        try:
            yield
        finally:
            process.terminate()


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "the address server did not start"
        time.sleep(0.05)


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=1).ok
    except requests.ConnectionError:
        return False


def locate(
    domain: str, address: str, commune: str = "Essai-sur-Lys", insee_code: str = "59901"
) -> Place | None:
    # A CEDEX code, as most lycées have: no address on earth has it.
    school = School(
        address=address, commune=commune, insee_code=insee_code, postcode="59903", department=insee_code[:2]
    )
    return Geocoder(domain=domain, scheme="http").locate(school)


def test_house_number_in_the_right_commune(ban: str) -> None:
    assert locate(ban, "12 avenue du Parc") == Place(50.60612, 3.00612, School.Precision.SITE)
    assert locate(ban, "12 avenue du Parc", "Modèle", "80901") == Place(
        49.90012, 2.30012, School.Precision.SITE
    )


def test_street_when_the_number_is_unknown(ban: str) -> None:
    assert locate(ban, "99 avenue du Parc") == Place(50.605, 3.005, School.Precision.STREET)


def test_commune_when_the_street_is_unknown(ban: str) -> None:
    commune = Place(50.6, 3.0, School.Precision.COMMUNE)
    assert locate(ban, "3 impasse des Ormeaux") == commune
    assert locate(ban, "") == commune


def test_none_when_the_commune_is_unknown(ban: str) -> None:
    assert locate(ban, "12 avenue du Parc", "Ailleurs", "62999") is None
