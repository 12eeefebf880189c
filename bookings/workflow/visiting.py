"""The day itself and what is said of it afterwards: arrived, a problem, how it was, nobody came."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from shareloc.web import formats

from ..models import BookingRequest, Incident, Occurrence, Visit
from ..states import Verb
from .acting import Locked, Outcome, WorkflowError, do, end_locked, write


@dataclass(frozen=True)
class Answers:
    """What an organisation says of a date: three questions on the room, how content it is, and why."""

    satisfaction: int
    left_clean: bool | None = None
    left_whole: bool | None = None
    left_closed: bool | None = None
    comment: str = ""


def arrive(request: BookingRequest, *, by: Any, occurrence: int, at: dt.datetime | None = None) -> Outcome:
    """The organisation is there. Saying it again changes nothing: WorkflowError `already_said`."""

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        visit = _visit(date)
        if visit.arrived_at:
            raise WorkflowError(
                "already_said",
                _("Votre arrivée est déjà notée, à %(hour)s.") % {"hour": formats.hour(visit.arrived_at)},
            )
        visit.arrived_at = locked.at
        visit.save()
        return _told(Verb.ARRIVE, locked, by)

    return do(Verb.ARRIVE, request, act, occurrences=[occurrence], at=at)


def report(
    request: BookingRequest,
    *,
    by: Any,
    side: str,
    occurrence: int,
    text: str,
    photo: File[bytes] | None = None,
    at: dt.datetime | None = None,
) -> Outcome:
    """Either side reports a problem on a date; the other is told. `photo` was cleaned before."""

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        incident = Incident.objects.create(
            occurrence=date, side=side, text=text, photo=photo or "", reported_by=by, reported_at=locked.at
        )
        return _told(Verb.REPORT, locked, by, incident=incident.pk, side=side)

    return do(Verb.REPORT, request, act, occurrences=[occurrence], at=at)


def review(
    request: BookingRequest, *, by: Any, occurrence: int, answers: Answers, at: dt.datetime | None = None
) -> Outcome:
    """The organisation says how it was, once: WorkflowError `already_said`."""

    def act(locked: Locked) -> Outcome:
        (date,) = locked.dates
        visit = _visit(date)
        if visit.answered_at:
            raise WorkflowError(
                "already_said",
                _("Votre retour sur cette date est déjà donné, le %(day)s. Merci !")
                % {"day": formats.day(visit.answered_at)},
            )
        for name, value in asdict(answers).items():
            setattr(visit, name, value)
        visit.answered_at = locked.at
        visit.save()
        return _told(Verb.REVIEW, locked, by, satisfaction=answers.satisfaction)

    return do(Verb.REVIEW, request, act, occurrences=[occurrence], at=at)


def not_used(
    request: BookingRequest, *, by: Any, occurrence: int, reason: str = "", at: dt.datetime | None = None
) -> Outcome:
    """The organisation says that it did not come."""

    def act(locked: Locked) -> Outcome:
        _refuse_arrived(locked)
        return end_locked(Verb.NOT_USED, locked, by=by, reason=reason, **when(locked))

    return do(Verb.NOT_USED, request, act, occurrences=[occurrence], at=at)


def no_show(
    request: BookingRequest, *, by: Any, occurrence: int, reason: str = "", at: dt.datetime | None = None
) -> Outcome:
    """The school notes that nobody came, and nobody had said so."""

    def act(locked: Locked) -> Outcome:
        _refuse_arrived(locked)
        visit = _visit(locked.dates[0])
        visit.missed_at = locked.at
        visit.save()
        return end_locked(Verb.NO_SHOW, locked, by=by, reason=reason, **when(locked))

    return do(Verb.NO_SHOW, request, act, occurrences=[occurrence], at=at)


def _refuse_arrived(locked: Locked) -> None:
    """Who has arrived, or has said how it was, came."""
    visit = _visit(locked.dates[0])
    if visit.arrived_at or visit.answered_at:
        raise WorkflowError(
            "came", _("L’organisme a dit être venu à cette date : écrivez un message si c’est une erreur.")
        )


def when(locked: Locked) -> dict[str, str]:
    """Which date it was, for the journal: a request may have two hundred."""
    (date,) = locked.dates
    return {"when": formats.period(date.start_at, date.end_at)}


def _visit(date: Occurrence) -> Visit:
    return Visit.objects.filter(occurrence=date).first() or Visit(occurrence=date)


def _told(verb: Verb, locked: Locked, by: Any, **data: Any) -> Outcome:
    write(verb, locked.request, by=by, at=locked.at, occurrences=locked.dates, **when(locked), **data)
    return Outcome(locked.request, locked.dates)
