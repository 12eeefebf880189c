"""What the time asked has against it in one space, whoever asks; and when the same hours are free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.web import formats
from venues.local_time import aligned, days
from venues.models import Space
from venues.periods import Period
from venues.school_calendar import is_published

from .. import availability
from ..availability import SpaceTime
from . import later
from .codes import Problem

# What must be loaded after a period to find its next free date: the clocks may go back on the way.
LOOK_AHEAD = dt.timedelta(days=later.DAYS + 1)


# -- the space's rules --------------------------------------------------------------------------


def of_rules(period: Period, space: Space, *, sent_at: dt.datetime) -> Iterator[Problem]:
    """Length, step, notice and horizon, whatever else happens that day."""
    yield from _of_length(period, space)
    yield from _of_lead(period, space, sent_at)


def _of_length(period: Period, space: Space) -> Iterator[Problem]:
    minutes = period.length.total_seconds() / 60
    if minutes < space.min_minutes:
        yield Problem(
            "duration",
            _("La durée minimale est de %(length)s.") % {"length": formats.duration(space.min_minutes)},
        )
    if minutes > space.max_minutes:
        yield Problem(
            "duration",
            _("La durée maximale est de %(length)s.") % {"length": formats.duration(space.max_minutes)},
        )
    if aligned(period.start, space.step_minutes, timezone.get_default_timezone()) != period.start:
        yield Problem(
            "start_step",
            _("Le début doit tomber sur un multiple de %(step)s.")
            % {"step": formats.duration(space.step_minutes)},
        )


def _of_lead(period: Period, space: Space, sent_at: dt.datetime) -> Iterator[Problem]:
    """Notice and horizon, from the moment the request is sent."""
    bounds = later.lead(space, sent_at)
    # What begins before it is asked for is past, which is said already.
    if sent_at < period.start < bounds.start:
        yield Problem(
            "notice",
            _("La demande doit arriver au moins %(hours)s heures avant la date.")
            % {"hours": space.notice_hours},
        )
    if period.start > bounds.end:
        yield Problem(
            "horizon",
            _("La demande ne peut pas être faite plus de %(days)s jours avant la date.")
            % {"days": later.horizon_days(space)},
        )


# -- hours, closures, lessons, claims -----------------------------------------------------------


def of_time(
    period: Period,
    space: Space,
    time: SpaceTime,
    *,
    ignoring: int | None = None,
    sent_at: dt.datetime | None = None,
) -> Iterator[Problem]:
    """What is closed, out of hours, busy or taken, by what was loaded of the space.

    `ignoring` is a date that does not stand in its own way. With `sent_at`, the next free date of
    the same hours goes with each objection, if it may be asked for at that moment.
    """

    @cache
    def next_free() -> Period | None:
        return later.same_hours(time, space, period, sent_at=sent_at) if sent_at else None

    for code, reason in _against(period, time, ignoring):
        yield Problem(code, reason, next_free())
    last_day = days(period.start, period.end, timezone.get_default_timezone())[-1]
    if not is_published(last_day, settings.HOLIDAY_ZONE):
        yield Problem(
            "uncalendared",
            _(
                "Le calendrier scolaire de cette date n’est pas encore publié : elle est comptée en période scolaire."
            ),
        )


def _against(period: Period, time: SpaceTime, ignoring: int | None) -> Iterator[tuple[str, str]]:
    closures = [closure for closure in time.closures if closure.period.overlaps(period)]
    for closure in closures:
        yield "closure", _closure_sentence(closure.reason)
    if not closures and not time.hours.covers(period):
        yield _outside_hours(time, period)
    yield from _of_occupation(period, time, ignoring)


def _closure_sentence(reason: str) -> str:
    if reason:
        return _("Fermé ce jour-là : %(reason)s.") % {"reason": reason}
    return _("Fermé ce jour-là.")


def _outside_hours(time: SpaceTime, period: Period) -> tuple[str, str]:
    """Out of hours; called a holiday where the hours of term would have been open."""
    in_holidays = any(
        availability.zone_holiday(day)
        for day in days(period.start, period.end, timezone.get_default_timezone())
    )
    if in_holidays and availability.in_term(time.hours).covers(period):
        return "holiday", _("Cette salle n’est pas prêtée à ces heures pendant les vacances scolaires.")
    return "out_of_hours", _("Cette salle n’est pas prêtée à ces heures.")


def _of_occupation(period: Period, time: SpaceTime, ignoring: int | None) -> Iterator[tuple[str, str]]:
    """Lessons and claims: inside the period itself, or only in its set-up and clean-up."""
    widened = period.widened(time.setup, time.cleanup)
    claims = [held.period for held in time.held if held.occurrence_id != ignoring]
    if any(busy.overlaps(period) for busy in time.busy):
        yield "lesson", _("Le lycée utilise la salle à ces heures.")
    if any(claim.overlaps(period) for claim in claims):
        yield "taken", _("La salle est déjà prise à ces heures.")
    elif any(other.overlaps(widened) and not other.overlaps(period) for other in [*claims, *time.busy]):
        yield "buffer", _("Il ne reste pas le temps de préparer ou de remettre en état la salle.")
