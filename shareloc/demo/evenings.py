"""Evenings in other lycées of the territory, for the Région to see: weekly dates, through the usual verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from django.utils import timezone

from bookings import workflow
from bookings.availability import load
from bookings.models import BookingRequest
from bookings.workflow import DraftDate
from shareloc.accounts.models import User
from venues.local_time import instant
from venues.models import School, Space
from venues.periods import Period, covered

from .accounts import Accounts
from .requests import Asker, ask, askers

LYCEES, WEEKS, DAYS_A_WEEK = 24, 6, 6
# Schools lend until eight o'clock in the evening on Saturdays.
SATURDAY = 5
DAY = dt.timedelta(days=1)


class Activity(NamedTuple):
    """What an organisation comes for, in which kinds of room, best first."""

    purpose: str
    attendees: int
    kinds: tuple[str, ...]


class Plan(NamedTuple):
    """A lycée and what comes there each week: weekday (0 Monday), minutes after midnight."""

    school: School
    weekday: int
    start: int
    organisation: str
    activity: Activity


ACTIVITIES = {
    "Chorale de démonstration": (
        Activity("Répétition de la chorale", 35, ("amphitheatre", "hall", "classroom")),
        Activity("Atelier de chant", 20, ("hall", "classroom")),
    ),
    "Judo-club de démonstration": (Activity("Entraînement", 24, ("gymnasium", "hall")),),
    "Théâtre de démonstration": (
        Activity("Atelier d’improvisation", 16, ("classroom", "hall")),
        Activity("Répétition de la troupe", 18, ("hall", "amphitheatre", "classroom")),
    ),
}


def create(accounts: Accounts, showcase: School, *, seed: int) -> list[BookingRequest]:
    """Some lycées that lend a room every week from today on, four or so each evening but Sunday."""
    now = timezone.now().replace(second=0, microsecond=0)
    members = {one.organisation.name: one for one in askers(accounts)}
    found = []
    for plan in chosen(showcase, seed=seed):
        if dates := _dates(plan, now):
            asker = members[plan.organisation]
            found.append(_hosted(asker, plan.activity, dates, by=accounts.lender, now=now))
    return found


def chosen(showcase: School, *, seed: int) -> list[Plan]:
    """Which lycées, each with a weekday and who comes for what."""
    random = Random(f"{seed}:evenings")
    schools = list(School.objects.open().exclude(pk=showcase.pk).order_by("uai"))
    organisations = list(ACTIVITIES)
    plans = []
    for number, school in enumerate(random.sample(schools, min(LYCEES, len(schools)))):
        organisation = organisations[number // DAYS_A_WEEK % len(organisations)]
        weekday = number % DAYS_A_WEEK
        start = 16 * 60 if weekday == SATURDAY else 18 * 60 + random.choice((0, 30))
        plans.append(Plan(school, weekday, start, organisation, random.choice(ACTIVITIES[organisation])))
    return plans


def _dates(plan: Plan, now: dt.datetime) -> list[DraftDate]:
    """The weeks in which the room that suits best is free at that hour."""
    kinds = plan.activity.kinds
    spaces = list(Space.objects.filter(school=plan.school, kind__in=kinds).select_related("school"))
    if not spaces:
        return []
    best = min(spaces, key=lambda space: (kinds.index(space.kind), space.pk))
    free = load([best], Period(now - DAY, now + (7 * WEEKS + 1) * DAY))[best.pk].free
    return [DraftDate(period, (best,)) for period in _weekly(plan, now) if covered(free, period)]


def _weekly(plan: Plan, now: dt.datetime) -> Iterator[Period]:
    tz = timezone.get_default_timezone()
    today = timezone.localdate(now)
    first = today + (plan.weekday - today.weekday()) % 7 * DAY
    for week in range(WEEKS):
        day = first + 7 * week * DAY
        yield Period(instant(day, tz, plan.start), instant(day, tz, plan.start + 120))


def _hosted(
    asker: Asker,
    activity: Activity,
    dates: list[DraftDate],
    *,
    by: User,
    now: dt.datetime,
) -> BookingRequest:
    attendees = min(activity.attendees, dates[0].spaces[0].capacity)
    asked = ask(asker, activity.purpose, attendees, dates, at=now - 6 * DAY)
    # Chosen one by one: a manager may pass over a certificate that is missing.
    everything = list(asked.occurrences.values_list("pk", flat=True))
    workflow.approve(asked, by=by, occurrences=everything, at=now - 4 * DAY)
    return asked
