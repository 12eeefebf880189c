"""What clients do, in their own processes: the real verbs of workflow, guarded or not."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, connection, connections
from django.db.models import QuerySet

from bookings import workflow
from bookings.models import BookingRequest
from bookings.workflow import acting
from shareloc.accounts.models import Organisation, User
from venues.models import Space
from venues.periods import Period

Ready = Callable[[], None]
# Seconds a client waits for its turn, and the others for it.
PATIENCE, GATHERING = 60, 5

# --- The guards, taken off ---------------------------------------------------------------------


@contextmanager
def without(guards: list[str]) -> Iterator[None]:
    """`lock`: rows are read without locking them. `transaction`: every statement commits by itself.

    On SQLite the transaction is the lock. (The constraint is dropped by the test, in the database.)
    """
    with ExitStack() as off:
        if "lock" in guards:
            off.enter_context(
                patch.object(QuerySet, "select_for_update", lambda rows, **_options: rows.all())
            )
        if "transaction" in guards:
            off.enter_context(patch.object(acting, "transaction", SimpleNamespace(atomic=nullcontext)))
        yield


# --- Deciding ----------------------------------------------------------------------------------

VERBS: dict[str, Callable[[BookingRequest, User], workflow.Outcome]] = {
    "approve": lambda request, by: workflow.approve(request, by=by),
    "refuse": lambda request, by: workflow.refuse(request, by=by, reason="Salle en travaux"),
    "withdraw": lambda request, by: workflow.withdraw(request, by=by),
}


def answer(verb: str, request: BookingRequest, by: User) -> dict[str, Any]:
    """What the caller of the verb is told; an exception that is no refusal is an error."""
    try:
        outcome = VERBS[verb](request, by)
    except workflow.WorkflowError as refusal:
        return {"answer": "refused", "code": refusal.code, "message": refusal.message}
    except Exception as error:
        return {"answer": "error", "message": repr(error)}
    return {
        "answer": "approved",
        "done": [date.pk for date in outcome.done],
        "left": [date.pk for date, _why in outcome.left],
    }


def decide(
    ready: Ready, *, steps: list[tuple[str, int, int]], off: list[str] | None = None, threads: bool = False
) -> dict[str, Any]:
    """Do the steps one after another, or all at once in threads with connections of their own."""
    requests = BookingRequest.objects.in_bulk([request for _verb, request, _by in steps])
    users = User.objects.in_bulk([by for _verb, _request, by in steps])
    loaded = [(verb, requests[request], users[by]) for verb, request, by in steps]
    ready()
    began = time.monotonic()
    with without(off or []):
        answers = in_threads(loaded) if threads else [answer(*step) for step in loaded]
    return {"answers": answers, "seconds": time.monotonic() - began}


def in_threads(steps: list[tuple[str, BookingRequest, User]]) -> list[dict[str, Any]]:
    """Each step in a thread of its own, let go together; who finds the server full comes as soon as it can."""
    answers: dict[int, dict[str, Any]] = {}
    connected: list[int] = []
    gate = threading.Event()

    def one(n: int) -> None:
        connect()
        connected.append(n)
        gate.wait(timeout=PATIENCE)
        answers[n] = answer(*steps[n])
        connection.close()

    crowd = [threading.Thread(target=one, args=(n,)) for n in range(len(steps))]
    for each in crowd:
        each.start()
    late = time.monotonic() + GATHERING
    while len(connected) < len(steps) and time.monotonic() < late:
        time.sleep(0.01)
    gate.set()
    for each in crowd:
        each.join()
    return [answers[n] for n in range(len(steps))]


def connect() -> None:
    """Open this thread's connection; a server that has no place left has one in a moment."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return


# --- Sending -----------------------------------------------------------------------------------


def submit(
    ready: Ready, *, keys: list[str], organisation: int, by: int, space: int, start: str, end: str
) -> list[str]:
    """Send the same request once for each key; the references told, or the errors."""
    period = Period(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end))
    date = workflow.DraftDate(period, (Space.objects.select_related("school").get(pk=space),))
    asker, user = Organisation.objects.get(pk=organisation), User.objects.get(pk=by)
    ready()
    return [told(workflow.Draft(asker, "Chorale", 20, [date], idempotency_key=key), by=user) for key in keys]


def told(draft: workflow.Draft, *, by: User) -> str:
    try:
        return workflow.submit(draft, by=by).reference
    except Exception as error:
        return repr(error)


# --- Dying -------------------------------------------------------------------------------------


def die(ready: Ready, *, step: tuple[str, int, int], writes: int) -> int | None:
    """Begin a step in a process that kills itself after so many written statements.

    Returns the signal that ended it, or None when it got to the end of the step.
    """
    connections.close_all()
    ready()
    child = os.fork()
    if not child:
        begin_and_die(step, writes)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else None


def begin_and_die(step: tuple[str, int, int], writes: int) -> None:
    verb, request, by = step
    left = iter(range(writes - 1, -1, -1))

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not next(left):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    try:
        with connection.execute_wrapper(count):
            VERBS[verb](BookingRequest.objects.get(pk=request), User.objects.get(pk=by))
    finally:
        os._exit(0)


JOBS: dict[str, Callable[..., Any]] = {"decide": decide, "submit": submit, "die": die}
