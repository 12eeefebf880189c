"""Calendars as programs fetch them, and the page on which their addresses are made and revoked."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from venues.models import School

from .. import calendars, feeds
from ..models import CalendarToken
from ..models.calendar import Lodge

# -- what programs fetch ------------------------------------------------------------------------


@csrf_exempt
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of this secret: no session, no redirect, nothing built when nothing changed."""
    token = calendars.find(secret)
    if token is None:
        return HttpResponseNotFound(
            _("Ce calendrier n’existe pas ou plus.\n"), content_type="text/plain; charset=utf-8"
        )
    now = timezone.now()
    loaded = feeds.load(token, at=now, base=request.build_absolute_uri("/"))
    calendars.note_access(token, at=now)
    return _served(request, loaded)


def _served(request: HttpRequest, loaded: feeds.Feed) -> HttpResponse:
    modified = int(loaded.changed_at.timestamp())
    response = get_conditional_response(request, etag=loaded.etag, last_modified=modified)
    if response is None:
        response = HttpResponse(loaded.body(), content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = loaded.etag
    response.headers["Last-Modified"] = http_date(modified)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


# -- the page of addresses ----------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """My addresses, without their secrets, and the calendars I have none of yet."""
    tokens = CalendarToken.objects.of(request.user)
    had = [calendars.subject_of(token) for token in tokens]
    context = {
        "addresses": [
            {"token": token, "name": calendars.name_of(subject)}
            for token, subject in zip(tokens, had, strict=True)
        ],
        "missing": [_choice(subject) for subject in _likely(request.user) if subject not in had],
    }
    return render(request, "bookings/calendars/list.html", context)


def _likely(user: Any) -> list[calendars.Subject]:
    """The calendars most people want: their own, and those of the schools where they work."""
    mine = list(School.objects.run_by(user))
    return [None, *mine, *map(Lodge, mine)]


def _choice(subject: calendars.Subject) -> dict[str, str]:
    return {
        "scope": calendars.scope_of(subject),
        "id": calendars.ref_of(subject),
        "name": calendars.name_of(subject),
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Asked for from a space or a school: GET says what will be made, POST makes it and shows it once."""
    asked = request.POST if request.method == "POST" else request.GET
    if "scope" not in asked:
        # Back from signing in after a button: what it asked for is lost, the list says how to go on.
        return redirect("bookings:calendars")
    try:
        subject = calendars.asked_subject(request.user, asked["scope"], asked.get("id", ""))
    except LookupError as error:
        raise Http404 from error
    if request.method == "POST":
        return _show_once(request, *calendars.issue_for(request.user, subject))
    context = {"choice": _choice(subject), "replaces": calendars.existing(request.user, subject)}
    return render(request, "bookings/calendars/new.html", context)


@login_required
@never_cache
@require_POST
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    token = _own(request, pk)
    if not calendars.is_readable(token):
        raise Http404
    return _show_once(request, *calendars.rotate(token))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = _own(request, pk)
    name = calendars.name_of(calendars.subject_of(token))
    if request.method == "POST":
        calendars.revoke(token)
        messages.success(
            request, _("L’adresse du calendrier « %(name)s » ne fonctionne plus.") % {"name": name}
        )
        return redirect("bookings:calendars")
    return render(request, "bookings/calendars/revoke.html", {"token": token, "name": name})


def _own(request: HttpRequest, pk: int) -> CalendarToken:
    return get_object_or_404(CalendarToken.objects.of(request.user), pk=pk)


def _show_once(request: HttpRequest, token: CalendarToken, secret: str) -> HttpResponse:
    """The address, in the answer itself: neither in a redirect nor kept in the session."""
    address = calendars.address(secret, base=request.build_absolute_uri("/"))
    context = {
        "name": calendars.name_of(calendars.subject_of(token)),
        "address": address,
        # A telephone's camera opens its calendar program by the webcal scheme.
        "qr": segno.make(address.webcal_url, micro=False).svg_data_uri(scale=5, light="#fff"),
    }
    return render(request, "bookings/calendars/address.html", context)
