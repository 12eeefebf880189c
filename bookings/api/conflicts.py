"""Refusals of the workflow as answers of the API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import ErrorDetail, ValidationError

from shareloc.web.api import Conflict

from ..workflow import WorkflowError


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 with the workflow's own code, or 400 where the request names dates it does not have."""
    try:
        yield
    except WorkflowError as error:
        if error.code == "unknown_dates":
            raise ValidationError({"occurrences": [ErrorDetail(error.message, error.code)]}) from error
        raise Conflict(error.message, error.code) from error
