"""Refusals of the workflow as answers of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import ErrorDetail, ValidationError

from shareloc.web.api import Conflict

from ..workflow import WorkflowError

# What is wrong with the call itself, and the field that says it.
MALFORMED = {
    "unknown_dates": "occurrences",
    "nothing_asked": "spaces",
    "several_schools": "spaces",
    "past": "start",
    "already_expired": "expires_at",
}


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 with the workflow's own code, or 400 where the call asks for what cannot be."""
    try:
        yield
    except WorkflowError as error:
        if field := MALFORMED.get(error.code):
            raise ValidationError({field: [ErrorDetail(error.message, error.code)]}) from error
        raise Conflict(error.message, error.code) from error
