"""What falls due by itself, done by `run_due`: each job finds its requests, then does them one by one.

A request is locked, looked at again and written in one transaction, and left to the other where
somebody is at it: twice, or two at once, is the same as once. Each job returns how much it did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone

from venues.local_time import instant

from .. import blocks
from ..models import BookingRequest, Journal, Occurrence, Proposal
from ..states import HOLDING, UNDECIDED, OccurrenceState, Verb
from .acting import Locked, end_locked, free, lock, move, write
from .lapsing import lapse_moves, lapse_offers
from .reminding import has_waited
from .transitions import LIVING, movable

DAY = dt.timedelta(days=1)
# A reminder goes so many days before the promised answer, and on its day.
REMINDERS = (3 * DAY, 0 * DAY)

# What is done to one locked request; how many things that were.
Step = Callable[[list[Occurrence], dt.datetime], int]


def _each(requests: Iterable[int], step: Step, at: dt.datetime) -> int:
    done = 0
    for request_id in requests:
        with transaction.atomic():
            dates = lock(request_id, skip=True)
            done += step(dates, at) if dates else 0
    return done


# -- offers and wishes that ran out -------------------------------------------------------------


def lapse(*, at: dt.datetime | None = None) -> int:
    """Free what offers held that nobody took in time; forget wishes to move that nobody answered."""
    at = at or timezone.now()
    due = Proposal.objects.open().filter(expires_at__lte=at)
    return _each(_ids(due.values_list("occurrence__request_id", flat=True)), _lapse, at)


def _lapse(dates: list[Occurrence], at: dt.datetime) -> int:
    return len(lapse_offers(dates, {date.pk for date in dates}, at=at)) + len(lapse_moves(dates, at=at))


# -- the promised answer ------------------------------------------------------------------------


def remind(*, at: dt.datetime | None = None) -> int:
    """Remind the school of requests whose promised answer is near."""
    at = at or timezone.now()
    near = BookingRequest.objects.awaiting().filter(answer_due_on__lte=timezone.localdate(at) + REMINDERS[0])
    told = near.annotate(told_at=Max("journal__at", filter=Q(journal__verb=Verb.REMIND)))
    late = told.filter(Q(told_at=None) | Q(told_at__date__lt=F("answer_due_on")))
    return _each(_ids(late.values_list("pk", flat=True)), _remind, at)


def _remind(dates: list[Occurrence], at: dt.datetime) -> int:
    request = dates[0].request
    waiting = movable(request, dates, Verb.REMIND, at)
    since = _reminder_day(request, timezone.localdate(at))
    if not waiting or since is None or request.journal.filter(verb=Verb.REMIND, at__date__gte=since).exists():
        return 0
    write(Verb.REMIND, request, by=None, at=at, occurrences=waiting)
    return 1


def _reminder_day(request: BookingRequest, today: dt.date) -> dt.date | None:
    """The last day on which a reminder was to go, if that was after the request came."""
    reached = [request.answer_due_on - before for before in REMINDERS]
    past = [day for day in reached if timezone.localdate(request.submitted_at) < day <= today]
    return max(past, default=None)


def escalate(*, at: dt.datetime | None = None) -> int:
    """Show the Région the requests that a school left without an answer, once."""
    at = at or timezone.now()
    long_ago = at - settings.ESCALATION_DAYS * DAY
    already = Journal.objects.filter(request=OuterRef("pk"), verb=Verb.ESCALATE)
    late = BookingRequest.objects.awaiting().filter(
        ~Exists(already), answer_due_on__lt=timezone.localdate(at), submitted_at__lte=long_ago
    )
    return _each(_ids(late.values_list("pk", flat=True)), _escalate, at)


def _escalate(dates: list[Occurrence], at: dt.datetime) -> int:
    request = dates[0].request
    waiting = movable(request, dates, Verb.ESCALATE, at)
    if not waiting or not has_waited(request, at) or request.journal.filter(verb=Verb.ESCALATE).exists():
        return 0
    write(Verb.ESCALATE, request, by=None, at=at, occurrences=waiting)
    return 1


# -- the day before -----------------------------------------------------------------------------


def prepare(*, at: dt.datetime | None = None) -> int:
    """Remind the organisation of tomorrow's dates: how to come in, whom to call, what to do in an emergency."""
    at = at or timezone.now()
    until = _prepared_until(at)
    coming = Occurrence.objects.filter(
        state=OccurrenceState.APPROVED,
        prepared_at=None,
        start_at__gt=at,
        start_at__lt=until,
        request__state__in=LIVING,
    )

    def step(dates: list[Occurrence], at: dt.datetime) -> int:
        return _prepare(dates, until, at)

    return _each(_ids(coming.values_list("request_id", flat=True)), step, at)


def _prepared_until(at: dt.datetime) -> dt.datetime:
    """The end of tomorrow; before the hour at which reminders go, that of today."""
    today, tz = timezone.localdate(at), timezone.get_default_timezone()
    days = 2 if timezone.localtime(at).time() >= settings.PREPARE_FROM else 1
    return instant(today + days * DAY, tz)


def _prepare(dates: list[Occurrence], until: dt.datetime, at: dt.datetime) -> int:
    request = dates[0].request
    coming = [
        date
        for date in movable(request, dates, Verb.PREPARE, at)
        if date.start_at < until and date.prepared_at is None
    ]
    if coming:
        Occurrence.objects.filter(pk__in=[date.pk for date in coming]).update(prepared_at=at)
        write(Verb.PREPARE, request, by=None, at=at, occurrences=coming)
    return len(coming)


# -- dates that came ----------------------------------------------------------------------------


def expire(*, at: dt.datetime | None = None) -> int:
    """End the dates that came before an answer did."""
    at = at or timezone.now()
    begun = Occurrence.objects.filter(
        state=OccurrenceState.PENDING, start_at__lte=at, request__state__in=UNDECIDED
    )
    return _each(_ids(begun.values_list("request_id", flat=True)), _expire, at)


def _expire(dates: list[Occurrence], at: dt.datetime) -> int:
    """All pending dates of a request nobody answered at all by the first; else those that began."""
    request = dates[0].request
    pending = movable(request, dates, Verb.EXPIRE, at)
    begun = [date for date in pending if date.start_at <= at]
    if not begun:
        return 0
    gone = pending if all(date.state in UNANSWERED for date in dates) else begun
    end_locked(Verb.EXPIRE, Locked(request, dates, gone, at), by=None)
    return len(gone)


UNANSWERED = frozenset({OccurrenceState.PENDING, OccurrenceState.WITHDRAWN, OccurrenceState.EXPIRED})


def take_place(*, at: dt.datetime | None = None) -> int:
    """Approved dates that are over took place, unless somebody says otherwise; the last one closes its request."""
    at = at or timezone.now()
    over = Occurrence.objects.filter(
        state=OccurrenceState.APPROVED, end_at__lte=at, request__state__in=LIVING
    )
    return _each(_ids(over.values_list("request_id", flat=True)), _take_place, at)


def _take_place(dates: list[Occurrence], at: dt.datetime) -> int:
    request = dates[0].request
    over = [date for date in movable(request, dates, Verb.TAKE_PLACE, at) if date.end_at <= at]
    if not over:
        return 0
    locked = Locked(request, dates, over, at)
    free(over)
    move(locked, over, OccurrenceState.TOOK_PLACE)
    write(Verb.TAKE_PLACE, request, by=None, at=at, occurrences=over)
    return len(over)


# -- the school needs its rooms -----------------------------------------------------------------


def block(*, at: dt.datetime | None = None) -> int:
    """Tell the school of promised and offered dates that its own use or a closure lies over, each once.

    What is not touched any more is forgotten. Whoever blocks a room on a page may call this at once.
    """
    at = at or timezone.now()
    touched = blocks.touched(at=at)
    known = Occurrence.objects.in_state(*HOLDING).filter(blocked_at__isnull=False)
    known.exclude(pk__in=touched).update(blocked_at=None)
    new = dict(
        Occurrence.objects.filter(pk__in=touched, blocked_at=None).values_list("pk", "request_id").order_by()
    )
    surprising = set(new) - blocks.agreed_in_spite(set(new), set(new.values()))

    def step(dates: list[Occurrence], at: dt.datetime) -> int:
        return _block(dates, surprising, at)

    return _each(_ids(new[pk] for pk in surprising), step, at)


def _block(dates: list[Occurrence], touched: Collection[int], at: dt.datetime) -> int:
    request = dates[0].request
    found = [
        date
        for date in movable(request, dates, Verb.BLOCK, at)
        if date.pk in touched and date.blocked_at is None
    ]
    if found:
        Occurrence.objects.filter(pk__in=[date.pk for date in found]).update(blocked_at=at)
        write(Verb.BLOCK, request, by=None, at=at, occurrences=found)
    return len(found)


def _ids(rows: Iterable[int]) -> list[int]:
    return sorted(set(rows))
