"""Asking for a space: a form, a page to check it, and sending."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shareloc.web import formats
from venues.models import Space

from .. import insurance, pricing, problems, workflow
from ..forms import AskForms
from ..workflow import Draft, WorkflowError
from .lines import Line, lines_of
from .spaces import visible_space

# What somebody typed before signing in is kept in the session, up to this many characters.
KEPT_CHARACTERS = 50_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 1 fills, step 2 checks, step 3 sends: one address, the button says which."""
    space = visible_space(request, pk)
    if not request.user.is_authenticated:
        return _sign_in_first(request, space)
    if request.method != "POST":
        return _begin(request, space)
    action, _colon, number = request.POST.get("action", "check").partition(":")
    judged = action in ("check", "send", "insure")
    forms = AskForms(space, request.user, request.POST, judged=judged, first=request.GET.dict())
    if not judged:
        return _show(request, _changed(forms, action, number))
    if not forms.is_valid():
        return _show(request, forms)
    if action == "insure":
        return _insure_first(request, forms)
    return _send(request, forms) if action == "send" else _check(request, forms)


def _begin(request: HttpRequest, space: Space) -> HttpResponse:
    """The form as it opens; whoever comes back from depositing a certificate is at the summary again."""
    typed = _typed_before(request, space)
    judged = typed is not None and typed.get("action") == "insure"
    forms = AskForms(space, request.user, typed, judged=judged, first=request.GET.dict())
    return _check(request, forms) if judged and forms.is_valid() else _show(request, forms)


# -- step 1 -------------------------------------------------------------------------------------


def _changed(forms: AskForms, action: str, number: str) -> AskForms:
    """One row more or less; the rest stays as it was typed."""
    if action == "add":
        forms.add_row()
    elif action == "remove" and number.isdecimal():
        forms.remove_row(int(number[:6]))
    return forms


def _show(request: HttpRequest, forms: AskForms, *, refusal: str = "") -> HttpResponse:
    context = {
        "space": forms.space,
        "forms": forms,
        "has_errors": bool(refusal) or (forms.judged and not forms.is_valid()),
        "refusal": refusal,
        "query": request.GET.urlencode(),
        "may_last_days": forms.space.max_minutes > 24 * 60,
    }
    return render(request, "bookings/ask.html", context)


# -- steps 2 and 3 ------------------------------------------------------------------------------


def _check(request: HttpRequest, forms: AskForms) -> HttpResponse:
    draft, now = forms.draft(), timezone.now()
    lines = _lines(draft, now)
    context = {
        "space": forms.space,
        "forms": forms,
        "draft": draft,
        "equipment": draft.dates[0].equipment,
        "lines": lines,
        "blocked": sum(line.is_blocked for line in lines),
        "stuck": sum(line.is_stuck for line in lines),
        "cover": insurance.cover(draft.dates, draft.organisation),
        "estimate": pricing.estimate(draft.dates, draft.organisation),
        "answer_by": timezone.localdate(now) + dt.timedelta(days=forms.space.school.answer_days),
    }
    return render(request, "bookings/ask_check.html", context)


def _lines(draft: Draft, now: dt.datetime) -> list[Line]:
    found = problems.for_dates(draft.asked(at=now), now=now)
    return lines_of([date.period for date in draft.dates], found)


def _send(request: HttpRequest, forms: AskForms) -> HttpResponse:
    try:
        sent = workflow.submit(forms.draft(), by=request.user)
    except WorkflowError as error:
        return _show(request, forms, refusal=error.message)
    messages.success(
        request,
        _(
            "Votre demande %(reference)s est envoyée. Le lycée répond avant le %(day)s : vous recevrez un courriel."
        )
        % {"reference": sent.reference, "day": formats.day(sent.answer_due_on)},
    )
    return redirect(sent)


# -- depositing a certificate half-way ----------------------------------------------------------


def _insure_first(request: HttpRequest, forms: AskForms) -> HttpResponse:
    """Keep what was typed, let a certificate be put on file, and come back to the summary."""
    _keep(request, forms.space)
    page = reverse("accounts:document_new", args=[forms.draft().organisation.pk, "assurance"])
    return redirect(f"{page}?{urlencode({'suite': request.get_full_path()})}")


# -- signing in half-way ------------------------------------------------------------------------


def _key(space: Space) -> str:
    return f"asking-{space.pk}"


def _keep(request: HttpRequest, space: Space) -> None:
    if len(typed := request.POST.urlencode()) <= KEPT_CHARACTERS:
        request.session[_key(space)] = typed


def _sign_in_first(request: HttpRequest, space: Space) -> HttpResponse:
    """Keep what was typed, and come back after signing in."""
    if request.method == "POST":
        _keep(request, space)
    messages.info(request, _("Connectez-vous pour demander une salle : votre saisie est gardée."))
    return redirect_to_login(request.get_full_path())


def _typed_before(request: HttpRequest, space: Space) -> QueryDict | None:
    typed: str | None = request.session.pop(_key(space), None)
    return QueryDict(typed) if typed else None
