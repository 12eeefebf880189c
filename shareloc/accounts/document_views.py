"""Pages of an organisation's documents: list them, put one on file, replace it, take it off.

The files themselves are served from bookings, which knows the schools that may read them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shareloc.web.paging import page_of

from . import documents, policies
from .forms import DOCUMENT_FORMS
from .models import Document, Organisation, User

PAGE_SIZE = 20
# Kinds as addresses say them.
KINDS = {"assurance": Document.Kind.INSURANCE, "statuts": Document.Kind.STATUTES}
# What a certificate says again when it is renewed.
KEPT = ("insurer", "policy_number", "cover_amount")


def _seen(request: HttpRequest, pk: int) -> Organisation:
    return get_object_or_404(policies.visible_organisations(request.user), pk=pk)


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _seen(request, pk)
    on_file = organisation.documents.on_file().select_related("created_by")
    page = page_of(on_file, PAGE_SIZE, request)
    context = {
        "organisation": organisation,
        "page": page,
        "rows": documents.rows(page, removable=policies.removes_documents(request.user, organisation)),
        "may_deposit": policies.can_deposit_for(request.user, organisation),
    }
    return render(request, "accounts/documents.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Put a document on file; `remplacer` names the one it replaces, `suite` where to go on afterwards."""
    organisation = _seen(request, pk)
    if not policies.can_deposit_for(request.user, organisation):
        raise PermissionDenied
    old = _replaced(request, organisation, kind)
    form_class = DOCUMENT_FORMS[_kind(kind)]
    if request.method != "POST":
        return _show(request, organisation, kind, form_class(initial=_kept(old)), old)
    form = form_class(request.POST, request.FILES, instance=Document(organisation=organisation))
    if not form.is_valid():
        return _show(request, organisation, kind, form, old)
    assert isinstance(request.user, User)
    documents.deposit(form.save(commit=False), by=request.user, replacing=old)
    messages.success(request, _("La pièce est au dossier : elle vaut pour tous les lycées."))
    return redirect(_onward(request) or reverse("accounts:documents", args=[pk]))


def _kind(slug: str) -> str:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _replaced(request: HttpRequest, organisation: Organisation, kind: str) -> Document | None:
    """The document to be replaced, if one is named and this person may."""
    named = request.GET.get("remplacer", "")
    if not named:
        return None
    if not (named.isdecimal() and len(named) < 19):
        raise Http404
    old = get_object_or_404(organisation.documents.on_file(), pk=int(named), kind=_kind(kind))
    if not policies.can_remove_document(request.user, old):
        raise PermissionDenied
    return old


def _kept(old: Document | None) -> dict[str, Any]:
    return {name: getattr(old, name) for name in KEPT} if old else {}


def _onward(request: HttpRequest) -> str:
    """Where to go on afterwards: an address of this site, or nothing."""
    onward = request.GET.get("suite", "")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return onward if safe else ""


def _show(
    request: HttpRequest, organisation: Organisation, kind: str, form: Any, old: Document | None
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "form": form,
        "old": old,
        "called": Document.Kind(_kind(kind)).label,
        "back": _onward(request),
    }
    return render(request, "accounts/document_new.html", context)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    found = get_object_or_404(_seen(request, pk).documents.on_file(), pk=document)
    if not policies.can_remove_document(request.user, found):
        raise PermissionDenied
    documents.remove(found)
    messages.success(request, _("La pièce est retirée du dossier."))
    return redirect("accounts:documents", pk)
