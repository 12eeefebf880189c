"""A school's month: the page, and its files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shareloc.web import sheets
from shareloc.web.paging import page_of
from venues.models import School

from .. import policies, statements
from ..statements import Statement

PAGE_SIZE = 50
FILES = {
    "csv": (statements.as_csv, sheets.CSV),
    "xlsx": (statements.as_xlsx, sheets.XLSX),
    "pdf": (statements.as_pdf, "application/pdf"),
}


def _asked(request: HttpRequest, uai: str) -> Statement:
    """The month of a school whose requests this person reads; else 404."""
    school = get_object_or_404(School, uai=uai.upper())
    if not policies.reads_requests_of(request.user, school):
        raise Http404
    month = statements.month_of(request.GET.get("mois", ""), today=timezone.localdate())
    return statements.of(school, month)


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, uai: str) -> HttpResponse:
    statement = _asked(request, uai)
    context = {
        "statement": statement,
        "school": statement.school,
        "page": page_of(statement.dates, PAGE_SIZE, request),
        "this_month": timezone.localdate().replace(day=1),
    }
    return render(request, "bookings/statement.html", context)


@login_required
@never_cache
@require_safe
def file(request: HttpRequest, uai: str, kind: str) -> HttpResponse:
    if kind not in FILES:
        raise Http404
    statement = _asked(request, uai)
    make, content_type = FILES[kind]
    name = f"releve-{statement.school.uai}-{statement.month:%Y-%m}.{kind}"
    return HttpResponse(
        make(statement),
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
