"""The Région's pages: what waits for an answer, lycées that sleep, organisations to verify, the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shareloc.accounts import organisations as accounts
from shareloc.accounts.models import Organisation
from shareloc.accounts.policies import can_verify
from shareloc.web import formats, sheets
from shareloc.web.paging import page_of
from shareloc.web.sheets import Table
from venues import maps
from venues.models import School

from .. import policies, region, region_files, wording, workflow
from ..forms import JournalForm
from ..models import BookingRequest
from ..workflow import WorkflowError

PAGE_SIZE = 20
SCHOOLS_PAGE_SIZE = 30
JOURNAL_PAGE_SIZE = 30

View = Callable[..., HttpResponse]


def _for(may: Callable[[Any], bool]) -> Callable[[View], View]:
    """A page of the Région: for others it does not exist."""

    def guard(view: View) -> View:
        @login_required
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def _back(request: HttpRequest, name: str) -> HttpResponse:
    """To the list somebody acted from, its filters and its page kept: the address of the act carries them."""
    query = request.GET.urlencode()
    return redirect(f"{reverse(name)}?{query}" if query else name)


def _wants_file(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv"


def _file(
    request: HttpRequest, name: str, make: Callable[[Any], Table], found: QuerySet[Any]
) -> HttpResponse:
    """The whole list, for a spreadsheet; never a part of it that would pass for the whole."""
    rows = list(found[: region_files.MOST_ROWS + 1])
    if len(rows) > region_files.MOST_ROWS:
        return _too_many(request)
    body = sheets.as_csv(make(rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}-{timezone.localdate()}.csv"'}
    return HttpResponse(body, content_type=sheets.CSV, headers=headers)


def _too_many(request: HttpRequest) -> HttpResponse:
    said = _(
        "Le fichier aurait plus de %(n)s lignes : choisissez des filtres plus étroits, puis téléchargez-le."
    )
    messages.error(request, said % {"n": formats.number(region_files.MOST_ROWS)})
    asked = request.GET.copy()
    del asked["format"]
    return redirect(f"{request.path}?{asked.urlencode()}")


# -- requests without an answer -----------------------------------------------------------------


@_for(policies.follows_everything)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How many lycées lend, and the requests that wait too long."""
    now = timezone.now()
    waiting = region.unanswered(at=now)
    if _wants_file(request):
        return _file(request, "sans-reponse", region_files.unanswered, waiting)
    context = {
        "schools": region.schools(),
        "page": page_of(waiting, PAGE_SIZE, request),
        "today": timezone.localdate(now),
        "days": settings.ESCALATION_DAYS,
    }
    return render(request, "bookings/region/overview.html", context)


@_for(policies.can_remind)
@require_POST
def remind(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the school a reminder."""
    asked = get_object_or_404(BookingRequest.objects.select_related("school"), reference=reference.upper())
    try:
        workflow.remind(asked, by=request.user)
    except WorkflowError as error:
        messages.error(request, error.message)
    else:
        told = {"school": asked.school.name, "reference": asked.reference}
        messages.success(request, _("%(school)s reçoit un rappel pour la demande %(reference)s.") % told)
    return _back(request, "bookings:region")


# -- lycées -------------------------------------------------------------------------------------

# What the address says of the lycées to show.
KINDS = {"sans-salle": False, "sans-demande": True}


@_for(policies.follows_everything)
@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """Lycées that sleep: a list, and the same on a map."""
    departments = dict(
        School.objects.open().order_by("department").values_list("department", "department_name").distinct()
    )
    department, kind = request.GET.get("departement", ""), request.GET.get("etat", "")
    found = region.dormant(department=department if department in departments else "", lends=KINDS.get(kind))
    if _wants_file(request):
        return _file(request, "lycees-dormants", region_files.dormant, found)
    context = {
        "schools": region.schools(),
        "page": page_of(found, SCHOOLS_PAGE_SIZE, request),
        "departments": departments,
        "department": department,
        "kind": kind if kind in KINDS else "",
        "map": maps.drawn(map(maps.marker, found.for_map())),
    }
    return render(request, "bookings/region/schools.html", context)


# -- organisations ------------------------------------------------------------------------------

STATES = {"a-verifier": False, "verifies": True, "tous": None}


@_for(can_verify)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Organisations to verify, with their numbers and documents."""
    state = request.GET.get("etat", "")
    state = state if state in STATES else "a-verifier"
    text = request.GET.get("q", "")[:100].replace("\0", "")
    found = region.organisations(verified=STATES[state], text=text)
    if _wants_file(request):
        return _file(request, "organismes", region_files.organisations, found)
    context = {
        "page": page_of(found, PAGE_SIZE, request),
        "state": state,
        "states": [("a-verifier", _("À vérifier")), ("verifies", _("Vérifiés")), ("tous", _("Tous"))],
        "q": text,
        "today": timezone.localdate(),
    }
    return render(request, "bookings/region/organisations.html", context)


@_for(can_verify)
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, pk=pk)
    accounts.verify(Organisation.objects.filter(pk=pk), by=request.user)
    messages.success(request, _("%(name)s est vérifié.") % {"name": organisation})
    return _back(request, "bookings:region_organisations")


@_for(can_verify)
@require_POST
def withdraw_verification(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, pk=pk)
    accounts.withdraw_verification(organisation)
    messages.success(request, _("%(name)s n’est plus vérifié.") % {"name": organisation})
    return _back(request, "bookings:region_organisations")


# -- the journal --------------------------------------------------------------------------------


@_for(policies.follows_everything)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """What happened lately in all lycées."""
    form = JournalForm(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        asked = form.cleaned_data
        lines = region.journal(text=asked["lycee"], verb=asked["fait"], first=asked["du"], last=asked["au"])
        if _wants_file(request):
            return _file(request, "journal", region_files.journal, lines)
        page = page_of(lines, JOURNAL_PAGE_SIZE, request)
        context |= {"page": page, "lines": [(line, wording.told(line)) for line in page]}
    return render(request, "bookings/region/journal.html", context)
