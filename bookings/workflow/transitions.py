"""The transition table: from where each verb takes a request and its dates, and to where. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from django.conf import settings

from venues.periods import Period

from ..models import BookingRequest, Occurrence
from ..states import HOSTED, UNDECIDED, OccurrenceState, RequestState, Verb


class Transition(NamedTuple):
    """From which states a verb takes a request's dates, and to which.

    `to` empty: the dates stay as they are. `request`: the state the request gets, where it does not
    follow from those of its dates. `to_come`: only dates that have not begun. `during`: only
    within this period around the date. `out`: what it says of dates whose equipment is outside, if
    anything: never those (False), or those whatever became of them (True).
    """

    requests: Collection[str]
    dates: Collection[str]
    to: str = ""
    request: str = ""
    to_come: bool = False
    during: Callable[[Occurrence], Period] | None = None
    out: bool | None = None


DAY = dt.timedelta(days=1)


def around(date: Occurrence) -> Period:
    """When people are there: from a while before it begins until it ends."""
    return Period(date.start_at - dt.timedelta(minutes=settings.ARRIVAL_MINUTES), date.end_at)


def around_and_after(date: Occurrence) -> Period:
    """From a while before it begins until nobody remembers."""
    return Period(around(date).start, afterwards(date).end)


def afterwards(date: Occurrence) -> Period:
    """When it is over, and people still remember."""
    return Period(date.end_at, date.end_at + settings.REVIEW_DAYS * DAY)


def soon_after(date: Occurrence) -> Period:
    """When it is over, and the school still knows who did not come."""
    return Period(date.end_at, date.end_at + settings.NO_SHOW_DAYS * DAY)


def day_before(date: Occurrence) -> Period:
    """From a day before it begins until it ends."""
    return Period(date.start_at - DAY, date.end_at)


def once_begun(date: Occurrence) -> Period:
    """From its beginning on, where nobody noted that it went out: it may come back late, but it comes back."""
    return Period(date.start_at, date.end_at + settings.RETURN_DAYS * DAY)


Date = OccurrenceState
LIVING = frozenset({*UNDECIDED, RequestState.DECIDED})
# Requests with dates that took place: the last one closes its request.
LIVED = LIVING | {RequestState.CLOSED}

TRANSITIONS: dict[Verb, Transition] = {
    Verb.APPROVE: Transition(UNDECIDED, {Date.PENDING}, Date.APPROVED),
    # What was offered in place of a promise is taken back of a decided request too.
    Verb.REFUSE: Transition(LIVING, {Date.PENDING, Date.OFFERED}, Date.REFUSED),
    Verb.WITHDRAW: Transition(UNDECIDED, {Date.PENDING, Date.OFFERED}, Date.WITHDRAWN),
    # What a date holds is free again: equipment that somebody has at home must not be.
    Verb.CANCEL: Transition(LIVING, {Date.APPROVED}, Date.CANCELLED, to_come=True, out=False),
    # An approved date is offered elsewhere when the school itself needs its place.
    Verb.OFFER: Transition(LIVING, {Date.PENDING, Date.APPROVED}, Date.OFFERED, to_come=True, out=False),
    Verb.ACCEPT_OFFER: Transition(LIVING, {Date.OFFERED}, Date.APPROVED),
    Verb.DECLINE_OFFER: Transition(LIVING, {Date.OFFERED}, Date.DECLINED),
    Verb.LAPSE: Transition(LIVING, {Date.OFFERED}, Date.EXPIRED),
    # A wish to move leaves the date where it is until the school agrees.
    Verb.ASK_MOVE: Transition(LIVING, {Date.APPROVED}, to_come=True),
    Verb.APPROVE_MOVE: Transition(LIVING, {Date.APPROVED}, to_come=True),
    Verb.REFUSE_MOVE: Transition(LIVING, {Date.APPROVED}),
    Verb.ASK_INFORMATION: Transition(
        {RequestState.SUBMITTED}, {Date.PENDING}, request=RequestState.INFORMATION_ASKED
    ),
    Verb.ANSWER_INFORMATION: Transition(
        {RequestState.INFORMATION_ASKED}, {Date.PENDING}, request=RequestState.SUBMITTED
    ),
    Verb.EXPIRE: Transition(UNDECIDED, {Date.PENDING}, Date.EXPIRED),
    Verb.TAKE_PLACE: Transition(LIVING, {Date.APPROVED}, Date.TOOK_PLACE),
    Verb.BLOCK: Transition(LIVING, {Date.APPROVED, Date.OFFERED}, to_come=True),
    Verb.REMIND: Transition({RequestState.SUBMITTED}, {Date.PENDING}),
    Verb.ESCALATE: Transition({RequestState.SUBMITTED}, {Date.PENDING}),
    Verb.MESSAGE: Transition(frozenset(RequestState), frozenset(Date)),
    # The day; an approved date that is over took place, whether `run_due` came by since or not.
    Verb.PREPARE: Transition(LIVING, {Date.APPROVED}, to_come=True),
    Verb.ARRIVE: Transition(LIVING, {Date.APPROVED}, during=around),
    Verb.REPORT: Transition(LIVED, HOSTED, during=around_and_after),
    Verb.REVIEW: Transition(LIVED, HOSTED, during=afterwards),
    Verb.NOT_USED: Transition(LIVED, HOSTED, Date.NOT_USED, during=afterwards),
    Verb.NO_SHOW: Transition(LIVED, HOSTED, Date.NOT_USED, during=soon_after),
    Verb.HAND_OVER: Transition(LIVING, {Date.APPROVED}, during=day_before),
    Verb.TAKE_BACK: Transition(LIVED, HOSTED, during=once_begun, out=True),
}

OPEN_OR_PROMISED = frozenset({Date.PENDING, Date.OFFERED, Date.APPROVED})
HAPPENED = frozenset({Date.TOOK_PLACE, Date.NOT_USED})


def movable(
    request: BookingRequest, dates: Iterable[Occurrence], verb: Verb, at: dt.datetime
) -> list[Occurrence]:
    """The dates that `verb` could move now."""
    rule = TRANSITIONS[verb]

    def fits(date: Occurrence) -> bool:
        if rule.out is not None and date.has_equipment_out:
            return rule.out
        return _in_time(request, date, rule, at)

    return [date for date in dates if fits(date)]


def kept_by_equipment(
    request: BookingRequest, dates: Iterable[Occurrence], verb: Verb, at: dt.datetime
) -> list[Occurrence]:
    """The dates that `verb` could move now, were their equipment not outside."""
    rule = TRANSITIONS[verb]
    if rule.out is not False:
        return []
    return [date for date in dates if date.has_equipment_out and _in_time(request, date, rule, at)]


def _in_time(request: BookingRequest, date: Occurrence, rule: Transition, at: dt.datetime) -> bool:
    """Whether the date is in a state that the rule is for, at a moment at which it is."""
    if request.state not in rule.requests or date.state not in rule.dates:
        return False
    if rule.to_come:
        return date.start_at > at
    return rule.during is None or rule.during(date).holds(at)


def state_of(dates: set[str], current: str) -> str:
    """The state of a request whose dates have these states."""
    if dates & {Date.PENDING, Date.OFFERED}:
        return current
    if dates == {Date.WITHDRAWN}:
        return RequestState.WITHDRAWN
    if Date.EXPIRED in dates and dates <= {Date.EXPIRED, Date.WITHDRAWN}:
        return RequestState.EXPIRED
    if dates & HAPPENED and not dates & OPEN_OR_PROMISED:
        return RequestState.CLOSED
    return RequestState.DECIDED
