"""The agreement of a request: read it, sign it, download it; the Région's list; anybody's verification."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shareloc.web import rates, uploads
from shareloc.web.paging import page_of
from venues.models import SchoolRole

from .. import agreements, policies
from ..agreements import sheets, verifying
from ..agreements.standing import Standing, sides_of
from ..forms import SignForm, VerifyFileForm, VerifyForm
from ..models import Agreement, BookingRequest, Signature
from ..workflow import WorkflowError
from .following import load

PAGE_SIZE = 20
Forms = dict[str, SignForm]


# -- one agreement ------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The agreement of a request, who signed it, and where to."""
    return _show(request, load(request, reference))


@login_required
@require_POST
def draw_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Have the version drawn up that is late: whoever reads the request may."""
    asked = load(request, reference)
    if agreements.draw_up(asked.pk):
        messages.success(request, _("La convention est établie : elle peut être relue et signée."))
    return redirect("bookings:agreement", asked.reference)


@login_required
@require_POST
def sign(request: HttpRequest, reference: str, version: int, side: str) -> HttpResponse:
    """Sign a version in the name of one party."""
    asked = load(request, reference)
    agreement = get_object_or_404(Agreement, request=asked, version=version)
    if side not in policies.signs_for(request.user, asked):
        raise PermissionDenied
    form = _form(request, asked, agreement, side, request.POST)
    if not form.is_valid():
        return _show(request, asked, typed=(agreement, side, form))
    said = {name: form.cleaned_data[name] for name in ("name", "capacity")}
    try:
        agreements.sign(agreement, side=side, by=request.user, **said)
    except WorkflowError as error:
        return _show(request, asked, refusal=error.message)
    messages.success(request, _("Votre signature est enregistrée."))
    return redirect("bookings:agreement", asked.reference)


def _show(
    request: HttpRequest,
    asked: BookingRequest,
    *,
    typed: tuple[Agreement, str, SignForm] | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The page; what was `typed` stays in its form, if that version may still be signed for that party."""
    standing = agreements.standing_of(asked, list(asked.occurrences.all()))
    shown = _forms(request, asked, standing)
    if typed:
        agreement, side, form = typed
        if agreement == standing.current and side in shown:
            shown[side] = form
        else:
            refusal = _("Cette version n’est plus à signer pour cette partie : relisez celle qui l’est.")
    context = {
        "asked": asked,
        "agreement": standing,
        "forms": shown,
        "decides": policies.can_decide(request.user, asked),
        "refusal": refusal,
        "has_errors": bool(refusal) or any(form.errors for form in shown.values()),
    }
    return render(request, "bookings/agreements/page.html", context, status=409 if refusal else 200)


def _forms(request: HttpRequest, asked: BookingRequest, standing: Standing) -> Forms:
    """A form for each party that this person signs for and that has not signed."""
    current = standing.current
    if current is None:
        return {}
    may = set(policies.signs_for(request.user, asked))
    return {side: _form(request, asked, current, side) for side in standing.waits_for if side in may}


def _form(
    request: HttpRequest, asked: BookingRequest, agreement: Agreement, side: str, data: Any = None
) -> SignForm:
    user: Any = request.user
    return SignForm(
        data,
        party=_party(asked, side),
        version=agreement.version,
        auto_id=f"id_{side}_%s",
        initial={"name": user.name, "capacity": _capacity(user, asked, side)},
    )


def _party(asked: BookingRequest, side: str) -> str:
    names = {
        Signature.Side.ORGANISATION: asked.organisation.name,
        Signature.Side.SCHOOL: asked.school.name,
        Signature.Side.REGION: settings.REGION_NAME,
    }
    return names[Signature.Side(side)]


def _capacity(user: Any, asked: BookingRequest, side: str) -> str:
    """The capacity that is already known: the role in the school."""
    if side != Signature.Side.SCHOOL:
        return ""
    deciding = user.school_roles.filter(school=asked.school, role__in=SchoolRole.DECIDING)
    role = deciding.order_by("role").first()
    return str(role.get_role_display()) if role else ""


# -- files --------------------------------------------------------------------------------------


@login_required
@require_safe
def download(request: HttpRequest, reference: str, version: int) -> FileResponse:
    """The file that is signed, as it was drawn up."""
    agreement = _version(request, reference, version)
    return uploads.attached(
        agreement.file, name=f"convention-{agreement}.pdf", content_type="application/pdf"
    )


@login_required
@never_cache
@require_safe
def sheet(request: HttpRequest, reference: str, version: int) -> HttpResponse:
    """Who signed that version, as a PDF to keep with it."""
    agreement = _version(request, reference, version)
    return uploads.made(
        sheets.signatures(agreement), name=f"signatures-{agreement}.pdf", content_type="application/pdf"
    )


def _version(request: HttpRequest, reference: str, version: int) -> Agreement:
    """That version of a request this person may see; else 404."""
    seen = policies.visible_requests(request.user).filter(reference=reference.upper())
    versions = Agreement.objects.select_related("request__organisation", "request__school")
    return get_object_or_404(versions.prefetch_related("signatures"), request__in=seen, version=version)


# -- what waits for the Région ------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def region(request: HttpRequest) -> HttpResponse:
    """Agreements that the Région signs one by one and has not signed, the oldest first."""
    if not policies.signs_for_region(request.user):
        raise Http404
    waiting = (
        Agreement.objects.waiting_for_region()
        .select_related("request__organisation", "request__school")
        .prefetch_related("signatures")
        .order_by("generated_at", "pk")
    )
    shown = page_of(waiting, PAGE_SIZE, request)
    context = {"page": shown, "lines": [(agreement, sides_of(agreement)) for agreement in shown]}
    return render(request, "bookings/agreements/region.html", context)


# -- verification, for anybody ------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A number or a hash by GET; a file by POST, which leads to the address of its hash."""
    if not ("q" in request.GET or request.method == "POST"):
        return _verify_page(request, VerifyForm(), VerifyFileForm())
    if wait := rates.seconds_to_wait(request, "verifications"):
        return _too_often(request, wait)
    if request.method == "POST":
        by_file = VerifyFileForm(request.POST, request.FILES)
        if not by_file.is_valid():
            return _verify_page(request, VerifyForm(), by_file)
        digest = verifying.digest_of(by_file.cleaned_data["file"].chunks())
        return redirect("bookings:verified", digest)
    form = VerifyForm(request.GET)
    found = verifying.find(form.cleaned_data["q"]) if form.is_valid() else None
    return _verify_page(request, form, VerifyFileForm(), found, was_asked=form.is_valid())


@never_cache
@require_safe
def verified(request: HttpRequest, digest: str) -> HttpResponse:
    """The version with this hash, at an address to pass on."""
    if wait := rates.seconds_to_wait(request, "verifications"):
        return _too_often(request, wait)
    found = verifying.find(digest)
    form = VerifyForm(initial={"q": digest})
    return _verify_page(request, form, VerifyFileForm(), found, was_asked=True, status=200 if found else 404)


def _verify_page(
    request: HttpRequest,
    form: VerifyForm,
    by_file: VerifyFileForm,
    found: verifying.Verified | None = None,
    *,
    was_asked: bool = False,
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "by_file": by_file,
        "found": found,
        "was_asked": was_asked,
        "wait": wait,
        "has_errors": bool(form.errors or by_file.errors),
    }
    return render(request, "bookings/agreements/verify.html", context, status=status)


def _too_often(request: HttpRequest, wait: int) -> HttpResponse:
    response = _verify_page(request, VerifyForm(), VerifyFileForm(), wait=wait, status=429)
    response["Retry-After"] = str(wait)
    return response
