"""Words about a request: information asked and given, messages from either side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..models import BookingRequest, Message
from ..states import RequestState, Verb
from .acting import Locked, Outcome, do, settle, write


def ask_information(request: BookingRequest, *, by: Any, text: str, at: dt.datetime | None = None) -> Outcome:
    """The school wants to know more before it decides: the clock of its promised answer stops."""

    def act(locked: Locked) -> Outcome:
        message = _say(locked, Message.Side.SCHOOL, by, text)
        settle(locked, RequestState.INFORMATION_ASKED)
        return _told(Verb.ASK_INFORMATION, locked, by, message)

    return do(Verb.ASK_INFORMATION, request, act, at=at)


def answer_information(
    request: BookingRequest, *, by: Any, text: str, at: dt.datetime | None = None
) -> Outcome:
    """The organisation says what the school wanted to know: the clock goes on, later by what was lost."""

    def act(locked: Locked) -> Outcome:
        message = _say(locked, Message.Side.ORGANISATION, by, text)
        settle(locked, RequestState.SUBMITTED)
        return _told(Verb.ANSWER_INFORMATION, locked, by, message)

    return do(Verb.ANSWER_INFORMATION, request, act, at=at)


def write_message(
    request: BookingRequest, *, by: Any, side: str, text: str, at: dt.datetime | None = None
) -> Outcome:
    """One side writes to the other, whatever the state of the request."""

    def act(locked: Locked) -> Outcome:
        return _told(Verb.MESSAGE, locked, by, _say(locked, side, by, text))

    return do(Verb.MESSAGE, request, act, at=at)


def _say(locked: Locked, side: str, by: Any, text: str) -> Message:
    return Message.objects.create(request=locked.request, side=side, author=by, text=text, sent_at=locked.at)


def _told(verb: Verb, locked: Locked, by: Any, message: Message) -> Outcome:
    write(verb, locked.request, by=by, at=locked.at, occurrences=(), message=message.pk, side=message.side)
    return Outcome(locked.request, locked.dates)
