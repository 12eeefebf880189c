"""Sending a request: stored with its problems, promised at once where the school said so beforehand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from venues.models import School, StandingApproval
from venues.opening import Hours, Window

from ..availability import grid
from ..models import BookingRequest, Occurrence, OccurrenceEquipment, OccurrenceSpace
from ..problems import Asked
from ..problems import for_dates as problems_of
from ..states import Verb
from .acting import WorkflowError, write
from .deciding import approve
from .drafts import Draft, DraftDate


def submit(draft: Draft, *, by: Any, at: dt.datetime | None = None) -> BookingRequest:
    """Store the request with all its dates, problems or not; the same idempotency key gives the same request.

    Dates in a space's standing approvals, against which nothing stands, are then approved at once.
    """
    at = at or timezone.now()
    school = _only_school(draft)
    _refuse_seconds(draft)
    try:
        with transaction.atomic():
            if sent := _sent_before(draft, by):
                return sent
            request, stored = _store(draft, school, by=by, at=at)
    except IntegrityError:
        # The same form sent twice at the same instant: the other one got there first.
        if sent := _sent_before(draft, by):
            return sent
        raise
    _approve_standing(request, draft, stored, at=at)
    return request


def _only_school(draft: Draft) -> School:
    """The one school a draft speaks of."""
    schools = {space.school for date in draft.dates for space in date.spaces}
    schools |= {line.pool.school for date in draft.dates for line in date.equipment}
    if not schools:
        raise WorkflowError("nothing_asked", _("Choisissez une salle ou du matériel, et au moins une date."))
    if len(schools) > 1:
        raise WorkflowError(
            "several_schools", _("Une demande porte sur un seul lycée : faites-en une par lycée.")
        )
    return schools.pop()


def _refuse_seconds(draft: Draft) -> None:
    """Periods are whole minutes: claims keep no more, and the database refuses them."""
    if any(moment.second or moment.microsecond for date in draft.dates for moment in date.period):
        raise WorkflowError("seconds", _("Les heures se donnent à la minute près, sans secondes."))


def _sent_before(draft: Draft, by: Any) -> BookingRequest | None:
    if not draft.idempotency_key:
        return None
    return BookingRequest.objects.filter(created_by=by, idempotency_key=draft.idempotency_key).first()


def _store(
    draft: Draft, school: School, *, by: Any, at: dt.datetime
) -> tuple[BookingRequest, list[Occurrence]]:
    """The request and its dates, in the order of the draft."""
    request = BookingRequest.objects.create(
        organisation=draft.organisation,
        school=school,
        created_by=by,
        purpose=draft.purpose,
        attendees=draft.attendees,
        message=draft.message,
        contact_name=draft.contact_name,
        contact_phone=draft.contact_phone,
        rule=draft.rule,
        idempotency_key=draft.idempotency_key,
        submitted_at=at,
        answer_due_on=timezone.localdate(at) + dt.timedelta(days=school.answer_days),
    )
    stored = _store_dates(request, draft.dates, at=at)
    write(Verb.SUBMIT, request, by=by, at=at, occurrences=stored)
    return request, stored


def _store_dates(request: BookingRequest, dates: Sequence[DraftDate], *, at: dt.datetime) -> list[Occurrence]:
    stored = Occurrence.objects.bulk_create(
        Occurrence(request=request, start_at=date.period.start, end_at=date.period.end, changed_at=at)
        for date in dates
    )
    OccurrenceSpace.objects.bulk_create(
        OccurrenceSpace(occurrence=occurrence, space=space)
        for occurrence, date in zip(stored, dates, strict=True)
        for space in date.spaces
    )
    OccurrenceEquipment.objects.bulk_create(
        OccurrenceEquipment(occurrence=occurrence, pool=line.pool, quantity=line.quantity)
        for occurrence, date in zip(stored, dates, strict=True)
        for line in date.equipment
    )
    return stored


# -- promised at once ---------------------------------------------------------------------------


def _approve_standing(
    request: BookingRequest, draft: Draft, stored: Sequence[Occurrence], *, at: dt.datetime
) -> None:
    """Approve, in nobody's name, the dates that the school promised beforehand; what cannot be stays pending."""
    if not draft.organisation.is_verified:
        return
    promises = _promises({space.pk for date in draft.dates for space in date.spaces})
    if not promises:
        return
    promised = [
        replace(asked, request_id=request.pk, occurrence_id=date.pk)
        for asked, date in zip(draft.asked(at=at), stored, strict=True)
        if _is_promised(asked, promises)
    ]
    against = problems_of(promised, now=at, suggest=False)
    free = [
        asked.occurrence_id
        for asked, found in zip(promised, against, strict=True)
        if asked.occurrence_id and not found
    ]
    if free:
        try:
            approve(request, by=None, occurrences=free, at=at)
        except WorkflowError:
            return  # somebody else was quicker: the school decides


def _promises(spaces: set[int]) -> dict[int, Hours]:
    """The standing approvals of these spaces."""
    found: dict[int, list[Window]] = defaultdict(list)
    rows = StandingApproval.objects.filter(space__in=spaces).order_by()
    for space_id, *window in rows.values_list("space_id", *Window._fields):
        found[space_id].append(Window._make(window))
    return {space: grid(windows) for space, windows in found.items()}


def _is_promised(date: Asked, promises: dict[int, Hours]) -> bool:
    """Whether every space of the date is asked for within its standing approvals."""
    spaces = [space.pk for space in date.spaces]
    return bool(spaces) and all(space in promises and promises[space].covers(date.period) for space in spaces)
