"""The life of a request: one verb a function, and the only place where a state changes.

Each verb checks the transition, changes states, takes or frees claims, writes the journal and
queues the mail, in one transaction. Who may call a verb is decided in `policies`, before.
`due` holds what falls due by itself, without anybody.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from ..models import BookingRequest, Occurrence
from ..problems import Line
from ..states import Verb
from .acting import Outcome, WorkflowError, equipment_out
from .deciding import approve, cancel, refuse, withdraw
from .drafts import Draft, DraftDate
from .lending import Returned, hand_over, returnable, take_back
from .offering import accept_offer, decline_offer, offer
from .relocating import approve_move, ask_move, refuse_move
from .reminding import remind
from .submitting import submit
from .talking import answer_information, ask_information, write_message
from .transitions import TRANSITIONS, kept_by_equipment, movable
from .visiting import Answers, arrive, no_show, not_used, report, review

__all__ = [
    "TRANSITIONS",
    "Answers",
    "Draft",
    "DraftDate",
    "Line",
    "Outcome",
    "Returned",
    "WorkflowError",
    "accept_offer",
    "allowed",
    "answer_information",
    "approve",
    "approve_move",
    "arrive",
    "ask_information",
    "ask_move",
    "cancel",
    "decline_offer",
    "hand_over",
    "kept",
    "no_show",
    "not_used",
    "offer",
    "refuse",
    "refuse_move",
    "remind",
    "report",
    "returnable",
    "review",
    "submit",
    "take_back",
    "withdraw",
    "write_message",
]


def allowed(request: BookingRequest, occurrences: Iterable[Occurrence], verb: Verb) -> list[Occurrence]:
    """The dates of a loaded request that `verb` could move now."""
    return movable(request, list(occurrences), verb, timezone.now())


def kept(request: BookingRequest, occurrences: Iterable[Occurrence], verb: Verb) -> str:
    """Why `verb` could not move these dates of a loaded request now, where only their equipment keeps them."""
    dates = kept_by_equipment(request, list(occurrences), verb, timezone.now())
    return equipment_out().message if dates else ""
