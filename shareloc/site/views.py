"""Home, the account page, remarks, and what a site says of itself."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from shareloc.accounts import invitations
from shareloc.accounts.forms import ProfileForm
from shareloc.accounts.models import Membership, User
from shareloc.web import rates
from venues.models import School, SchoolRole, Space

from . import welcome
from .forms import FeedbackForm, HomeSearchForm

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
        "lines": welcome.lines(request.user, now=timezone.now()),
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
        "invitations": [(one, invitations.link(one)) for one in invitations.received(request.user)],
        "memberships": Membership.objects.filter(user=request.user)
        .select_related("organisation")
        .order_by("organisation__name"),
        "school_roles": SchoolRole.objects.filter(user=request.user)
        .select_related("school")
        .order_by("school__name"),
    }
    return render(request, "site/account.html", context)


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    context = {
        "publisher_address": settings.PUBLISHER_ADDRESS,
        "publication_director": settings.PUBLICATION_DIRECTOR,
        "hosting_provider": settings.HOSTING_PROVIDER,
    }
    return render(request, "site/legal.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"dpo_email": settings.DPO_EMAIL, "feedback_days": settings.FEEDBACK_DAYS}
    return render(request, "site/privacy.html", context)


# -- remarks ------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """A form for a remark; the page it is about comes with the link."""
    if request.method != "POST":
        form = FeedbackForm(
            initial={"page": request.GET.get("page", "")[:500], "email": _own_address(request)}
        )
        return _feedback_page(request, form)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _feedback_page(request, form)
    if wait := rates.seconds_to_wait(request, "feedback"):
        form.add_error(
            None,
            _(
                "Trop de remarques en peu de temps depuis cette connexion. Attendez un peu, puis envoyez de nouveau."
            ),
        )
        response = _feedback_page(request, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    if not form.is_trapped:
        form.save()
    return redirect("site:feedback_sent")


def _own_address(request: HttpRequest) -> str:
    return request.user.email if isinstance(request.user, User) else ""


def _feedback_page(request: HttpRequest, form: FeedbackForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "feedback_days": settings.FEEDBACK_DAYS}
    return render(request, "site/feedback.html", context, status=status)


@never_cache
@require_safe
def feedback_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "site/feedback_sent.html")


# -- what machines ask for ----------------------------------------------------------------------


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


@require_safe
def touch_icon(request: HttpRequest) -> HttpResponse:
    return redirect(static("web/touch-icon.png"))
