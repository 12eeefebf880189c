"""Several requests decided in one go: each by its own verb, none holding up the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from . import workflow
from .models import BookingRequest, Occurrence
from .states import OccurrenceState
from .workflow import Outcome, WorkflowError


def decide(
    requests: Iterable[BookingRequest], *, by: Any, reason: str | None
) -> tuple[list[Outcome], list[tuple[BookingRequest, str]]]:
    """Refuse them all for this reason or, without one, accept what is free of each.

    Returns what was done and, for each request to which nothing was done, why.
    """
    done: list[Outcome] = []
    left: list[tuple[BookingRequest, str]] = []
    for request in requests:
        try:
            if reason is None:
                done.append(workflow.approve(request, by=by))
            else:
                done.append(workflow.refuse(request, by=by, reason=reason))
        except WorkflowError as error:
            left.append((request, error.message))
    return done, left


def cancel(
    dates: Iterable[Occurrence], *, by: Any, reason: str
) -> tuple[list[Outcome], list[tuple[BookingRequest, str]]]:
    """Cancel these dates, of several requests, with one word of excuse; offers among them are taken back.

    Returns what `decide` does.
    """
    chosen: dict[tuple[BookingRequest, bool], list[int]] = defaultdict(list)
    for date in dates:
        chosen[date.request, date.state == OccurrenceState.OFFERED].append(date.pk)
    done: list[Outcome] = []
    left: list[tuple[BookingRequest, str]] = []
    for (request, offered), pks in chosen.items():
        end = workflow.refuse if offered else workflow.cancel
        try:
            done.append(end(request, by=by, reason=reason, occurrences=pks))
        except WorkflowError as error:
            left.append((request, error.message))
    return done, left
