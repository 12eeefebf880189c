"""When the demonstration's lycées lend, close and teach. Pure, given the day and the random numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from venues.local_time import instant
from venues.periods import Period

TERM, HOLIDAYS = "term", "holidays"
WEDNESDAY, SATURDAY = 2, 5
WEEKS_OF_LESSONS = 9


class Hours(NamedTuple):
    """A weekly window: weekday (0 Monday), local start, minutes, season."""

    weekday: int
    starts_at: dt.time
    minutes: int
    season: str


def of_school(random: Random, *, everything: bool = False) -> list[Hours]:
    """Evenings and Wednesday afternoons in term; Saturdays and holidays in most lycées."""
    evenings = [Hours(day, dt.time(18), 4 * 60, TERM) for day in (0, 1, 3, 4)]
    term = [*evenings, Hours(WEDNESDAY, dt.time(13), 9 * 60, TERM)]
    if everything or random.random() < 0.85:
        term.append(Hours(SATURDAY, dt.time(8), 12 * 60, TERM))
    if everything or random.random() < 0.75:
        return term + [Hours(day, dt.time(9), 13 * 60, HOLIDAYS) for day in range(6)]
    return term


def of_kind(kind: str) -> list[Hours]:
    """Hours of their own for rooms that do not follow their lycée's; empty for the others."""
    if kind == "boarding_room":
        # Days that touch: a stay may last several nights.
        return [Hours(day, dt.time(14), 24 * 60, HOLIDAYS) for day in range(7)]
    return []


class Closed(NamedTuple):
    first_on: dt.date
    last_on: dt.date
    reason: str


def closures(today: dt.date, random: Random) -> Iterator[Closed]:
    """Examinations in June, and the weeks of summer in which nobody is there."""
    year = today.year if today < dt.date(today.year, 8, 20) else today.year + 1
    first = dt.date(year, 6, random.randint(10, 18))
    yield Closed(first, first + dt.timedelta(days=random.randint(2, 4)), "Épreuves du baccalauréat")
    yield Closed(dt.date(year, 7, 25), dt.date(year, 8, random.randint(15, 20)), "Fermeture d’été")


def works(today: dt.date, random: Random) -> Closed:
    """Some days of works in one room, soon."""
    first = today + dt.timedelta(days=random.randint(5, 60))
    return Closed(first, first + dt.timedelta(days=random.randint(2, 12)), "Travaux de peinture")


class Lesson(NamedTuple):
    """Every week, from Monday `weekday` on: minutes after midnight, length in minutes."""

    weekday: int
    starts: int
    minutes: int
    reason: str


TAUGHT_IN = ("classroom", "computer_room", "laboratory", "workshop", "library")


def lessons(kind: str, random: Random) -> Iterator[Lesson]:
    """The school's own weekly use of a room of that kind."""
    if kind == "gymnasium":
        yield Lesson(WEDNESDAY, 13 * 60 + 30, 150, "Association sportive")
        yield Lesson(
            random.choice((0, 1, 3, 4)),
            random.choice((8, 10, 14, 16)) * 60,
            120,
            "Cours d’éducation physique",
        )
    elif kind in TAUGHT_IN and random.random() < 0.25:
        yield Lesson(random.randrange(5), random.choice((8, 10, 14, 16)) * 60, 120, "Cours")
        if random.random() < 0.3:
            yield Lesson(WEDNESDAY, 13 * 60, 120, "Soutien")
    elif kind in ("hall", "amphitheatre"):
        yield Lesson(random.choice((1, 3)), 18 * 60, 120, "Réunion avec les parents")


def dates(
    lesson: Lesson, today: dt.date, tz: ZoneInfo, *, is_off: Callable[[dt.date], bool]
) -> Iterator[Period]:
    """The lesson in the weeks to come, days off left out; a parents' meeting every third week."""
    monday = today - dt.timedelta(days=today.weekday())
    every = 3 if lesson.reason.startswith("Réunion") else 1
    for week in range(0, WEEKS_OF_LESSONS, every):
        day = monday + dt.timedelta(weeks=week, days=lesson.weekday)
        if not is_off(day):
            yield Period(instant(day, tz, lesson.starts), instant(day, tz, lesson.starts + lesson.minutes))
