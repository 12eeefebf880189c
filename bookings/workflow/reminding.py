"""The Région asks a school for the answer that is overdue. What `run_due` reminds of by itself is in `due`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import BookingRequest
from ..states import Verb
from .acting import Locked, Outcome, WorkflowError, do, write


def remind(request: BookingRequest, *, by: Any, at: dt.datetime | None = None) -> Outcome:
    """Remind the school of a request that waits for longer than ESCALATION_DAYS; once a day, whoever reminded it."""

    def act(locked: Locked) -> Outcome:
        _refuse_too_soon(locked)
        write(Verb.REMIND, locked.request, by=by, at=locked.at, occurrences=locked.dates)
        return Outcome(locked.request, locked.dates)

    return do(Verb.REMIND, request, act, at=at)


def has_waited(request: BookingRequest, at: dt.datetime) -> bool:
    """Whether the school had ESCALATION_DAYS to answer, those in which it waited itself aside."""
    return request.submitted_at + dt.timedelta(days=settings.ESCALATION_DAYS + request.paused_days) <= at


def _refuse_too_soon(locked: Locked) -> None:
    if not has_waited(locked.request, locked.at):
        days = settings.ESCALATION_DAYS
        raise WorkflowError(
            "not_late_yet",
            ngettext(
                "Cette demande attend depuis moins de %(n)s jour : laissez au lycée le temps de répondre.",
                "Cette demande attend depuis moins de %(n)s jours : laissez au lycée le temps de répondre.",
                days,
            )
            % {"n": days},
        )
    if locked.request.journal.filter(verb=Verb.REMIND, at__date=timezone.localdate(locked.at)).exists():
        raise WorkflowError(
            "reminded_today", _("Le lycée a déjà reçu un rappel aujourd’hui : attendez demain.")
        )
