"""Blocking rooms in the planner: the form, what it touches, the block itself; and all dates touched."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shareloc.web.paging import page_of
from venues.models import BusyTime, School, Space
from venues.periods import Period

from .. import blocking, blocks, bulk, policies, wording
from ..forms import BlockForm, ChangeDateForm, ChangeSeriesForm, ExcuseForm
from ..models import Occurrence
from ..states import OccurrenceState
from .queue import my_schools

PAGE_SIZE = 20
# Fields of the form, and what they are called in the address that leads to it.
POINTED_AT = {"day": "date", "start": "start", "end": "end", "until": "until"}


def _school(request: HttpRequest, uai: str) -> School:
    """The school, if this person blocks its rooms; else 404."""
    school = get_object_or_404(School, uai=uai.upper())
    if not policies.can_block(request.user, school):
        raise Http404
    return school


def _row(school: School, pk: int) -> BusyTime:
    return get_object_or_404(BusyTime.objects.select_related("space", "school"), school=school, pk=pk)


def _rooms(school: School) -> list[Space]:
    return list(Space.objects.for_school(school).order_by("kind", "name", "pk"))


# -- a new one ----------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, uai: str) -> HttpResponse:
    """Say what to block, look at what it touches, block."""
    school = _school(request, uai)
    rooms = _rooms(school)
    if request.method != "POST":
        return _form_page(request, school, BlockForm(rooms=rooms, initial=_pointed_at(request.GET)))
    form = BlockForm(request.POST, rooms=rooms)
    if not form.is_valid() or request.POST.get("action") == "edit":
        return _form_page(request, school, form)
    if request.POST.get("action") != "block":
        return _check_page(request, school, form, form.chosen, form.cleaned_data["periods"])
    row = blocking.block(school, form.plan, series=form.key)
    messages.success(request, _("C’est bloqué : plus personne ne peut demander ces heures."))
    return redirect("bookings:block", uai=school.uai, pk=row.pk)


def _pointed_at(query: QueryDict) -> dict[str, Any]:
    """What was chosen in the planner."""
    initial: dict[str, Any] = {field: query[name] for field, name in POINTED_AT.items() if query.get(name)}
    return {"spaces": query.getlist("salle"), **initial}


def _form_page(request: HttpRequest, school: School, form: Any, row: BusyTime | None = None) -> HttpResponse:
    context = {"school": school, "form": form, "row": row, "whole": isinstance(form, ChangeSeriesForm)}
    return render(request, "bookings/block_form.html", context)


def _check_page(
    request: HttpRequest,
    school: School,
    form: Any,
    spaces: list[Space],
    periods: list[Period],
    row: BusyTime | None = None,
) -> HttpResponse:
    """What would be blocked, and whom that touches."""
    touched = blocks.would_touch(spaces, periods, at=timezone.now())
    context = {
        "school": school,
        "row": row,
        "spaces": spaces,
        "periods": periods,
        "reason": form.cleaned_data["reason"],
        "touched": touched,
        "organisations": _organisations(touched),
        "offers": any(date.state == OccurrenceState.OFFERED for date in touched),
        "fields": _sent(request.POST),
    }
    return render(request, "bookings/block_check.html", context)


def _organisations(dates: list[Occurrence]) -> int:
    return len({date.request.organisation_id for date in dates})


def _sent(data: QueryDict) -> list[tuple[str, str]]:
    """Everything sent, to be carried to the next step in hidden fields."""
    return [
        (name, value)
        for name, values in data.lists()
        if name not in ("csrfmiddlewaretoken", "action")
        for value in values
    ]


# -- one ----------------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """A block: whom it touches, its dates, and what one may do to it."""
    school = _school(request, uai)
    row = _row(school, pk)
    to_come = blocking.to_come(row, at=timezone.now())
    dates = to_come.order_by("start_at").values("start_at", "end_at").distinct()
    touched = blocks.blocked_dates([school]).filter(pk__in=blocks.under(to_come).values("pk"))
    first = list(touched[:PAGE_SIZE])
    shown = page_of(dates, PAGE_SIZE, request)
    rooms, blocked = _dates(to_come, shown)
    context = {
        "school": school,
        "row": row,
        "page": shown,
        "rooms": rooms,
        "dates": blocked,
        "touched": first,
        "touched_count": touched.count() if len(first) == PAGE_SIZE else len(first),
        "organisations": _organisations(first),
        "excuse": ExcuseForm(),
    }
    return render(request, "bookings/block.html", context)


class BlockedDate(NamedTuple):
    """A date of a block; `rooms` where they are not the usual ones."""

    first: BusyTime
    rooms: str


def _dates(rows: Any, shown: Any) -> tuple[str, list[BlockedDate]]:
    """The rooms of most dates of a page, and its dates."""
    starts = [date["start_at"] for date in shown]
    found: dict[Period, list[BusyTime]] = {}
    here = rows.filter(start_at__in=starts).select_related("space").order_by("start_at", "space__name", "pk")
    for row in here:
        found.setdefault(Period(row.start_at, row.end_at), []).append(row)
    named = [(same[0], ", ".join(row.space.name for row in same)) for same in found.values()]
    usual = Counter(rooms for _first, rooms in named).most_common(1)[0][0] if named else ""
    return usual, [BlockedDate(first, "" if rooms == usual else rooms) for first, rooms in named]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Other hours, rooms or reason, for one date or (`serie`) all those to come."""
    school = _school(request, uai)
    row = _row(school, pk)
    whole = "serie" in request.GET
    rows = _rows(row, whole)
    form_class = ChangeSeriesForm if whole else ChangeDateForm
    form = form_class(request.POST or None, rooms=_rooms(school), initial=_as_it_is(row, rows))
    if request.method != "POST" or not form.is_valid() or request.POST.get("action") == "edit":
        return _form_page(request, school, form, row)
    if request.POST.get("action") != "block":
        moved = (form.moved(Period(*when)) for when in _whens(rows))
        return _check_page(request, school, form, form.chosen, [period for period in moved if period], row)
    kept = blocking.change(
        school, rows, spaces=form.chosen, moved=form.moved, reason=form.cleaned_data["reason"]
    )
    if kept is None:
        raise Http404
    messages.success(request, _("C’est changé."))
    return redirect("bookings:block", uai=school.uai, pk=kept.pk)


def _rows(row: BusyTime, whole: bool) -> Any:
    """The date of this row, or all of its series that is to come; 404 where that is over."""
    now = timezone.now()
    rows = blocking.to_come(row, at=now) if whole else blocking.same_date(row).filter(end_at__gt=now)
    if not rows.exists():
        raise Http404
    return rows


def _whens(rows: Any) -> list[tuple[Any, Any]]:
    return list(rows.order_by("start_at").values_list("start_at", "end_at").distinct())


def _as_it_is(row: BusyTime, rows: Any) -> dict[str, Any]:
    start, end = timezone.localtime(row.start_at), timezone.localtime(row.end_at)
    return {
        "day": start.date(),
        "start": start.time(),
        "end": end.time(),
        "until": blocking.last_day(Period(row.start_at, row.end_at)),
        "spaces": list(rows.order_by().values_list("space", flat=True).distinct()),
        "reason": row.reason,
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, uai: str, pk: int) -> HttpResponse:
    """Free one date again or (`serie`) all those to come."""
    school = _school(request, uai)
    row = _row(school, pk)
    whole = "serie" in request.GET
    rows = _rows(row, whole)
    if request.method != "POST":
        context = {"school": school, "row": row, "whole": whole, "whens": _whens(rows)}
        return render(request, "bookings/block_release.html", context)
    dates = blocking.unblock(school, rows)
    said = ngettext("%(n)s date libérée.", "%(n)s dates libérées.", dates) % {"n": dates}
    messages.success(request, said)
    return redirect(_planning(school, row))


def _planning(school: School, row: BusyTime) -> str:
    """The week of this row."""
    day = timezone.localdate(row.start_at)
    return f"{reverse('bookings:school_planning', args=[school.uai])}?semaine={day:%Y-%m-%d}"


# -- the dates touched --------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """Promised dates that my schools need the room of: offer something else, or cancel those ticked."""
    schools = my_schools(request)
    blocked = blocks.blocked_dates(schools)
    if request.method != "POST":
        return _conflicts_page(request, blocked, ExcuseForm())
    chosen = request.POST.getlist("shown" if "all" in request.POST else "dates")
    ticked = {int(pk) for pk in chosen[:PAGE_SIZE] if _is_number(pk)}
    form = ExcuseForm(request.POST)
    if not ticked or not form.is_valid():
        problem = "" if ticked else _("Cochez au moins une date.")
        return _conflicts_page(request, blocked, form, ticked=ticked, problem=problem)
    dates = list(blocked.filter(pk__in=ticked).select_related("request__school"))
    done, left = bulk.cancel(dates, by=request.user, reason=form.cleaned_data["reason"])
    messages.add_message(request, *wording.cancelled_many(done, left, len(ticked) - len(dates)))
    return redirect("bookings:conflicts")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _conflicts_page(
    request: HttpRequest, blocked: Any, form: ExcuseForm, *, ticked: Any = (), problem: str = ""
) -> HttpResponse:
    page = page_of(blocked, PAGE_SIZE, request)
    context = {
        "page": page,
        "touched": list(page),
        "excuse": form,
        "ticked": ticked,
        "problem": problem,
        "has_errors": bool(problem or form.errors),
    }
    return render(request, "bookings/conflicts.html", context)
