"""Pages for what went wrong. Those for a broken server need neither database nor session nor manifest."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

RETRY_AFTER_SECONDS = 60


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request itself may be unreadable, hence a page that asks nothing of it."""
    if _is_api(request):
        return _json("invalid", _("Cette requête est malformée."), 400)
    return HttpResponse(render_to_string("400.html"), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return _json("permission_denied", _("Vous n’avez pas le droit de faire cela."), 403)
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return _json("not_found", _("Rien à cette adresse."), 404)
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that does not answer."""
    database_gone = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status, code = (503, "unavailable") if database_gone else (500, "error")
    if _is_api(request):
        response = _json(code, _("Le service est en panne. Réessayez dans quelques minutes."), status)
    else:
        response = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if database_gone:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _json(code: str, detail: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code, "detail": detail, "errors": []}, status=status)
