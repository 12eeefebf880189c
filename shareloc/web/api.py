"""What every API endpoint shares: pages, and one shape for every error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict

from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ParseError, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler


class Pages(PageNumberPagination):
    """`{count, next, previous, results}`; a page beyond the last is a 404."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class Conflict(APIException):
    """409: the state of things forbids it. `code` says which state."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy("Quelqu’un a changé cela entre-temps. Rechargez, puis décidez.")
    default_code = "conflict"


class Problem(TypedDict):
    """One thing wrong. `field` is a dotted path (`dates.0.start`), empty when it is no field's."""

    field: str
    code: str
    message: str


def errors(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: `{code, detail, errors: [{field, code, message}]}`; None for a real fault."""
    if isinstance(exception, DjangoValidationError):
        exception = ValidationError(as_serializer_error(exception))
    if isinstance(exception, Http404):
        # Its message names our models, in English.
        exception = NotFound()
    response = exception_handler(exception, context)
    if response is not None:
        response.data = _body(exception, response)
    return response


def _body(exception: Exception, response: Response) -> dict[str, Any]:
    if isinstance(exception, ValidationError):
        detail = _("La demande est incomplète ou fautive : voyez les champs.")
        return {"code": "invalid", "detail": detail, "errors": list(_problems(exception.detail))}
    if isinstance(exception, ParseError):
        problem = Problem(field="", code="parse_error", message=force_str(exception.detail))
        return {"code": "invalid", "detail": _("Le corps n’est pas du JSON lisible."), "errors": [problem]}
    detail = response.data["detail"]
    return {"code": getattr(detail, "code", "error"), "detail": force_str(detail), "errors": []}


def _problems(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """The leaves of DRF's nested errors, each with its way there."""
    if isinstance(detail, dict):
        for name, inside in detail.items():
            yield from _problems(
                inside, path if name == api_settings.NON_FIELD_ERRORS_KEY else (*path, str(name))
            )
    elif isinstance(detail, list):
        for index, inside in enumerate(detail):
            # A list of messages belongs to the field itself; a list of forms is numbered.
            yield from _problems(inside, (*path, str(index)) if isinstance(inside, (dict, list)) else path)
    else:
        yield Problem(
            field=".".join(path), code=getattr(detail, "code", "invalid"), message=force_str(detail)
        )
