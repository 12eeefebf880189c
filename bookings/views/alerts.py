"""Alerts on pages: kept from an empty search, listed, taken back, stopped from the mail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shareloc.accounts.models import User
from shareloc.web import formats
from shareloc.web.paging import page_of

from .. import alerts
from ..alerts import AlertError
from ..alerts.questions import label
from ..filters import SpaceFilter
from ..models import Alert

PAGE_SIZE = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The question is in the address: GET says what will be kept, also after signing in; POST keeps it."""
    filters = alerts.asked_by(request.GET.urlencode())
    if not filters.is_valid():
        # The search's page says what is wrong, each error beside its field.
        return _to_search(request)
    if request.method == "POST":
        return _keep(request, filters)
    return render(request, "bookings/alerts/new.html", {"label": label(filters)})


def _keep(request: HttpRequest, filters: SpaceFilter) -> HttpResponse:
    assert isinstance(request.user, User)
    try:
        kept = alerts.keep(filters, by=request.user, at=timezone.now())
    except AlertError as error:
        messages.info(request, error.message)
        return redirect("bookings:alerts") if error.code == "too_many_alerts" else _to_search(request)
    said = _("Alerte créée. Vous recevrez un courriel dès qu’une salle se libère, jusqu’au %(day)s.")
    messages.success(request, said % {"day": formats.day(kept.expires_at)})
    return redirect("bookings:alerts")


def _to_search(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('bookings:search')}?{request.GET.urlencode()}")


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """My alerts, with what became of each."""
    now = timezone.now()
    page = page_of(Alert.objects.of(request.user), PAGE_SIZE, request)
    rows = [{"alert": alert, "state": alert.state(at=now)} for alert in page]
    return render(request, "bookings/alerts/list.html", {"page": page, "rows": rows})


@login_required
@never_cache
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(Alert.objects.of(request.user), pk=pk)
    alerts.revoke(alert, at=timezone.now())
    messages.success(request, _("L’alerte « %(label)s » est supprimée.") % {"label": alert.label})
    return redirect("bookings:alerts")


@csrf_exempt  # The signature in the address is the authority; mail programs post without a cookie.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """The link of the mails: GET only shows, POST stops all alerts of whoever got the mail."""
    holder = alerts.holder_of(signed)
    if holder is None:
        raise Http404
    now = timezone.now()
    stopped = alerts.revoke_all(holder, at=now) if request.method == "POST" else None
    context: dict[str, Any] = {
        "stopped": stopped,
        "active": Alert.objects.filter(user=holder).active(at=now).count(),
    }
    if stopped:
        said = ngettext("%(n)s alerte arrêtée.", "%(n)s alertes arrêtées.", stopped)
        context["said"] = said % {"n": stopped}
    return render(request, "bookings/alerts/stop.html", context)
