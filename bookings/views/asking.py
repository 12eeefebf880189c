"""Asking for a space: a form, its dates one by one, a page to check it all, and sending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shareloc.web.history import kept_in_history
from venues.models import Space

from .. import insurance, policies, pricing, workflow
from .. import wording_series as wording
from ..forms import AskForms, OneDateForm
from ..forms.again import fields_again
from ..forms.changes import as_fields, read_ids, read_period
from ..models import BookingRequest
from ..workflow import WorkflowError
from . import half_way
from .asked_dates import AskedLine, Checked, check
from .spaces import visible_space

# Objections that a document or the Région takes away, and no other date: the summary says how.
OF_THE_FILE = frozenset({"insurance_missing", "insurance_expired", "organisation_unverified"})
# The address's field that names a past request to ask for once more.
AGAIN = "comme"
PAST_REQUESTS = 3


@kept_in_history
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 1 fills, step 2 chooses the dates, step 3 checks, then it is sent: one address, the button says which."""
    space = visible_space(request, pk)
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    if request.method != "POST":
        return _begin(request, space)
    action, _colon, value = request.POST.get("action", "check").partition(":")
    step = STEPS.get(action)
    forms = AskForms(space, request.user, request.POST, judged=step is not None, first=request.GET)
    if step is None:
        return _show(request, _changed(forms, action, value))
    return step(request, forms, value) if forms.is_valid() else _show(request, forms)


def _begin(request: HttpRequest, space: Space) -> HttpResponse:
    """The form as it opens; whoever comes back from depositing a certificate is at the summary again."""
    typed = half_way.typed_before(request) or _asked_before(request, space)
    judged = typed is not None and typed.get("action") == "insure"
    forms = AskForms(space, request.user, typed, judged=judged, first=request.GET)
    return _to_summary(request, forms, "") if judged and forms.is_valid() else _show(request, forms)


# -- step 1: who, what for, when ----------------------------------------------------------------


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
        "kept": wording.changes(forms.changes.dropped, forms.changes.moved, forms.changes.swapped),
        "past": []
        if request.method == "POST" or AGAIN in request.GET
        else _past_requests(request, forms.space),
    }
    return render(request, "bookings/ask.html", context)


def _past_requests(request: HttpRequest, space: Space) -> list[BookingRequest]:
    """What this person's organisations asked for here before, the newest first."""
    mine = BookingRequest.objects.of_organisations_of(request.user).filter(occurrences__spaces=space)
    return list(mine.with_summary().newest_first()[:PAST_REQUESTS])


def _asked_before(request: HttpRequest, space: Space) -> QueryDict | None:
    """The fields of a past request, to be asked for once more; 404 unless one may ask in its name."""
    reference = request.GET.get(AGAIN, "").replace("\0", "")
    if not reference:
        return None
    asked = BookingRequest.objects.with_plain_dates().filter(reference=reference.upper()).first()
    if asked is None or asked.school_id != space.school_id or not policies.can_answer(request.user, asked):
        raise Http404
    asked.know_school(space.school)
    return fields_again(asked, space, today=timezone.localdate())


# -- step 2: the dates --------------------------------------------------------------------------


def _check(request: HttpRequest, forms: AskForms, _value: str = "") -> HttpResponse:
    """On to the dates; straight to the summary where there is nothing to choose."""
    checked = check(forms, now=timezone.now())
    if forms.is_weekly or any(map(_is_to_choose, checked.lines)):
        return _dates(request, forms, checked)
    return _summary(request, forms, checked)


def _is_to_choose(line: AskedLine) -> bool:
    """Whether another date or room would help: what the organisation's file lacks, it lacks on all of them."""
    return line.date.is_dropped or any(problem.code not in OF_THE_FILE for problem in line.problems)


def _refresh(request: HttpRequest, forms: AskForms, _value: str = "") -> HttpResponse:
    return _dates(request, forms, check(forms, now=timezone.now()))


def _dates(request: HttpRequest, forms: AskForms, checked: Checked, *, refusal: str = "") -> HttpResponse:
    context = {
        "space": forms.space,
        "forms": forms,
        "checked": checked,
        "refusal": refusal,
        "has_errors": bool(refusal),
        "listed": " ".join(line.date.key for line in checked.lines),
        "several": len(forms.spaces) > 1,
    }
    return render(request, "bookings/ask_dates.html", context)


def _drop_stuck(request: HttpRequest, forms: AskForms, _value: str) -> HttpResponse:
    """Leave out every date that even the school cannot accept."""
    stuck = [line.date.key for line in check(forms, now=timezone.now()).kept if line.is_stuck]
    forms.drop(stuck)
    return _refresh(request, forms)


def _restore(request: HttpRequest, forms: AskForms, key: str) -> HttpResponse:
    forms.restore(key)
    return _refresh(request, forms)


def _move(request: HttpRequest, forms: AskForms, value: str) -> HttpResponse:
    """A date at the hours of a button; one that is not there is passed over."""
    key, _colon, when = value.partition(":")
    period = read_period(when)
    if period and key in _keys(forms):
        forms.move(key, period)
    return _refresh(request, forms)


def _swap(request: HttpRequest, forms: AskForms, value: str) -> HttpResponse:
    """A date in the spaces of a button."""
    key, _colon, ids = value.partition(":")
    spaces = [pk for pk in read_ids(ids) if pk in forms.rooms]
    if spaces and key in _keys(forms):
        forms.swap(key, spaces)
    return _refresh(request, forms)


def _keys(forms: AskForms) -> set[str]:
    return {date.key for date in forms.asked_dates}


# -- one date -----------------------------------------------------------------------------------


def _open(request: HttpRequest, forms: AskForms, key: str) -> HttpResponse:
    """The form of one date."""
    for date in forms.asked_dates:
        if date.key == key:
            initial = {**as_fields(date.period), "spaces": [space.pk for space in date.spaces]}
            form = OneDateForm(initial=initial, rooms=forms.rooms.values())
            return _one_date(request, forms, key, form)
    return _refresh(request, forms)


def _one_date(request: HttpRequest, forms: AskForms, key: str, form: OneDateForm) -> HttpResponse:
    context = {
        "space": forms.space,
        "forms": forms,
        "form": form,
        "key": key,
        "date": next(date for date in forms.asked_dates if date.key == key),
        "has_errors": bool(form.errors),
        "may_last_days": any(room.max_minutes > 24 * 60 for room in forms.rooms.values()),
    }
    return render(request, "bookings/ask_date.html", context)


def _change(request: HttpRequest, forms: AskForms, key: str) -> HttpResponse:
    """Take over what the form of one date says."""
    if key not in _keys(forms):
        return _refresh(request, forms)
    form = OneDateForm(request.POST, rooms=forms.rooms.values())
    if not form.is_valid():
        return _one_date(request, forms, key, form)
    forms.swap(key, form.cleaned_data["spaces"])
    forms.move(key, form.cleaned_data["period"])
    return _refresh(request, forms)


# -- step 3: the summary, and sending -----------------------------------------------------------


def _to_summary(request: HttpRequest, forms: AskForms, _value: str) -> HttpResponse:
    return _summary(request, forms, check(forms, now=timezone.now()))


def _summary(request: HttpRequest, forms: AskForms, checked: Checked) -> HttpResponse:
    if not checked.kept:
        return _none_left(request, forms, checked)
    draft = forms.draft()
    # Of the dates, each once: another room may have taken the place of the one asked for.
    rooms = list(dict.fromkeys(space for line in checked.kept for space in line.date.spaces))
    context = {
        "space": forms.space,
        "rooms": rooms,
        "room_names": ", ".join(space.name for space in rooms),
        "forms": forms,
        "draft": draft,
        "equipment": draft.dates[0].equipment,
        "checked": checked,
        "rule": wording.rule(forms.weekly.recurrence) if forms.is_weekly else "",
        "cover": insurance.cover(draft.dates, draft.organisation),
        "estimate": pricing.estimate(draft.dates, draft.organisation),
        "answer_by": timezone.localdate() + dt.timedelta(days=forms.space.school.answer_days),
    }
    return render(request, "bookings/ask_check.html", context)


def _none_left(request: HttpRequest, forms: AskForms, checked: Checked) -> HttpResponse:
    return _dates(request, forms, checked, refusal=_("Gardez au moins une date, ou modifiez la série."))


def _send(request: HttpRequest, forms: AskForms, _value: str) -> HttpResponse:
    draft = forms.draft()
    if not draft.dates:
        return _none_left(request, forms, check(forms, now=timezone.now()))
    try:
        sent = workflow.submit(draft, by=request.user)
    except WorkflowError as error:
        return _show(request, forms, refusal=error.message)
    half_way.forget(request)
    messages.success(request, wording.sent(sent, list(sent.occurrences.values_list("state", flat=True))))
    return redirect(sent)


def _insure_first(request: HttpRequest, forms: AskForms, _value: str) -> HttpResponse:
    """Keep what was typed, let a certificate be put on file, and come back to the summary."""
    half_way.keep(request)
    organisation = forms.who.cleaned_data["organisation"]
    page = reverse("accounts:document_new", args=[organisation.pk, "assurance"])
    return redirect(f"{page}?{urlencode({'suite': request.get_full_path()})}")


# What a button does once the form is valid. The others, and those nobody made, change step 1.
STEPS: dict[str, Callable[[HttpRequest, AskForms, str], HttpResponse]] = {
    "check": _check,
    "dates": _refresh,
    "drop_stuck": _drop_stuck,
    "restore": _restore,
    "at": _move,
    "in": _swap,
    "open": _open,
    "change": _change,
    "summary": _to_summary,
    "insure": _insure_first,
    "send": _send,
}


# -- signing in half-way ------------------------------------------------------------------------


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Keep what was typed, and come back after signing in."""
    if request.method == "POST":
        half_way.keep(request)
    messages.info(request, _("Connectez-vous pour demander une salle : votre saisie est gardée."))
    return redirect_to_login(request.get_full_path())
