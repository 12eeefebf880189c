"""What loans were worth to my organisations, year by year: a page, and the certificate for their accounts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shareloc.accounts.models import Organisation
from shareloc.accounts.policies import visible_organisations
from shareloc.web import uploads

from ..agreements import value


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Whose value to show; for whoever belongs to one organisation, its page."""
    organisations = list(Organisation.objects.of(request.user).order_by("name", "pk"))
    if len(organisations) == 1:
        return redirect("bookings:value", organisations[0].pk)
    return render(request, "bookings/agreements/values.html", {"organisations": organisations})


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of one year, by lycée."""
    organisation = get_object_or_404(visible_organisations(request.user), pk=pk)
    years = value.years(organisation)
    year = value.year_of(request.GET.get("annee", "")) or years[0]
    context = {
        "organisation": organisation,
        "years": years,
        "year": year,
        "account": value.account(organisation, year),
    }
    return render(request, "bookings/agreements/value.html", context)


@login_required
@never_cache
@require_safe
def certificate(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The same as a PDF to keep."""
    organisation = get_object_or_404(visible_organisations(request.user), pk=pk)
    year = value.year_of(key)
    if year is None:
        raise Http404
    body = value.certificate(value.account(organisation, year))
    name = f"attestation-{slugify(organisation.name)[:60]}-{year.key}.pdf"
    return uploads.made(body, name=name, content_type="application/pdf")
