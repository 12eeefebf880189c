"""Eight client processes for all these tests, and a stage on which they meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .clients import Clients
from .scenes import Stage

PROCESSES = 8


@pytest.fixture(scope="session")
def kept_clients(django_db_setup: None) -> Iterator[Clients]:
    """Ended before the test database is dropped: they are connected to it."""
    clients = Clients(PROCESSES)
    yield clients
    clients.close()


@pytest.fixture
def clients(kept_clients: Clients, database_url: str) -> Clients:
    kept_clients.start(database_url)
    return kept_clients


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return Stage()
