"""A client: sets Shareloc up by itself, then does the jobs it is told on standard input."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

import django


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def ready() -> None:
    """Called by a job that has loaded what it needs: wait until everybody has."""
    say(ready=True)
    sys.stdin.readline()


def do(order: dict[str, Any], jobs: dict[str, Callable[..., Any]]) -> None:
    from django.db import connections

    try:
        result = jobs[order["job"]](ready, **order["arguments"])
    except Exception:
        say(failed=traceback.format_exc())
    else:
        say(result=result)
    finally:
        connections.close_all()


def main() -> None:
    django.setup()
    from tests.concurrency.jobs import JOBS

    say(started=True)
    while line := sys.stdin.readline():
        do(json.loads(line), JOBS)


if __name__ == "__main__":
    main()
