"""The engine: a transaction waits in a queue for its turn to begin.

SQLite has no queue. Who finds it locked sleeps and asks again, every 100 ms after a while; where
several processes write without a pause, the one that has just committed begins again long before
the sleepers ask, and one of them may hear "database is locked" after all its patience. Here only
the head of the queue asks, and the one that has just committed stands behind the others.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# Seconds between two questions of the head of the queue: much less than a transaction takes.
PAUSE = 0.0005


@contextmanager
def head_of(queue: Path) -> Iterator[None]:
    """The kernel keeps the queue in order, and lets go for a process that dies."""
    with queue.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        # Out of the queue once it has begun: from then on SQLite's own lock keeps the others out.
        with head_of(Path(f"{self.settings_dict['NAME']}-queue")), self._asking_by_itself() as patience:
            self._begin(time.monotonic() + patience)

    @contextmanager
    def _asking_by_itself(self) -> Iterator[float]:
        """SQLite answers at once instead of sleeping; yields how many seconds to insist."""
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield patience
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    def _begin(self, deadline: float) -> None:
        while True:
            try:
                super()._start_transaction_under_autocommit()  # type: ignore[misc]
            except OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)
            else:
                return
