"""Processes of their own that do one job at the same instant, each with Shareloc set up by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Answer:
    """What one attempt came to. `answer` is approved, refused (a clear one) or error (anything else)."""

    answer: str
    code: str = ""
    message: str = ""
    done: tuple[int, ...] = ()
    left: tuple[int, ...] = ()


class Client:
    """One process. Orders and results are lines of JSON."""

    def __init__(self, database_url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.worker"],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "shareloc.settings", "DATABASE_URL": database_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self, expected: str) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        said = json.loads(line) if line else {"failed": f"the client ended ({self.process.wait()})"}
        assert expected in said, said
        return said[expected]

    def close(self) -> None:
        """The end of its orders is the end of the process."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Clients:
    """So many processes, started at first use and kept until `close`: setting Django up takes longest."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._started: list[Client] = []

    def start(self, database_url: str) -> None:
        if not self._started:
            self._started = [Client(database_url) for _ in range(self.count)]
            for client in self._started:
                client.hear("started")

    def close(self) -> None:
        for client in self._started:
            client.close()

    def run(self, job: str, orders: Iterable[dict[str, Any]]) -> list[Any]:
        """One order for each client (fewer are fine): all get ready, then all begin; their results."""
        orders = list(orders)
        assert len(orders) <= len(self._started)
        told = list(zip(self._started, orders, strict=False))
        for client, order in told:
            client.tell({"job": job, "arguments": order})
        for client, _order in told:
            client.hear("ready")
        for client, _order in told:
            client.tell({"go": True})
        return [client.hear("result") for client, _order in told]

    def decide(self, steps: Sequence[Step], **options: Any) -> Decided:
        """Deal the steps out, one by one, and have every client do its own in order."""
        hands = [steps[n :: self.count] for n in range(self.count)]
        results = self.run("decide", [{"steps": hand, **options} for hand in hands if hand])
        answers: list[Answer] = [Answer("error")] * len(steps)
        for n, result in enumerate(results):
            answers[n :: self.count] = [Answer(**answer) for answer in result["answers"]]
        return Decided(answers, max(result["seconds"] for result in results))


# A verb of workflow, the id of a request, and the id of who does it.
Step = tuple[str, int, int]


@dataclass(frozen=True)
class Decided:
    """Answers in the order of the steps, and how long the slowest client took."""

    answers: list[Answer]
    seconds: float

    def having(self, answer: str) -> list[Answer]:
        return [each for each in self.answers if each.answer == answer]
