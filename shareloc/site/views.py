"""Home, the account page, and what a site says of itself."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from shareloc.accounts.forms import ProfileForm
from shareloc.accounts.models import Membership, User
from venues.models import School, SchoolRole, Space

from .forms import HomeSearchForm

# Without a token: public pages set no cookie for one, and nothing is at stake but the page's language.
language = csrf_exempt(require_POST(set_language))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        **School.objects.open().aggregate(
            schools=Count("pk"), departments=Count("department", distinct=True)
        ),
        "spaces": Space.objects.published().count(),
        "search": HomeSearchForm(auto_id="home_%s"),
    }
    return render(request, "site/home.html", context)


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Vos coordonnées sont enregistrées."))
        return redirect("site:account")
    context = {
        "form": form,
        "memberships": Membership.objects.filter(user=request.user)
        .select_related("organisation")
        .order_by("organisation__name"),
        "school_roles": SchoolRole.objects.filter(user=request.user)
        .select_related("school")
        .order_by("school__name"),
    }
    return render(request, "site/account.html", context)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116. It must be renewed, so it is always valid for half a year from now."""
    expires = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0) + dt.timedelta(days=182)
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("web/favicon.svg"))
