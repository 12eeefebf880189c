"""The moments of a week that people speak of, as parts of it: their hours are the region's (settings)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .search import Part

EVERY_DAY = frozenset(range(7))
MIDNIGHT = dt.time()


class Weekday(TextChoices):
    """The days of a week, in order: Monday is 0 elsewhere."""

    MONDAY = "monday", _("lundi")
    TUESDAY = "tuesday", _("mardi")
    WEDNESDAY = "wednesday", _("mercredi")
    THURSDAY = "thursday", _("jeudi")
    FRIDAY = "friday", _("vendredi")
    SATURDAY = "saturday", _("samedi")
    SUNDAY = "sunday", _("dimanche")


class Moment(TextChoices):
    """Several may be chosen: any of them will do."""

    EVENINGS = "evenings", _("Soirs de semaine")
    DAYTIME = "daytime", _("Journées de semaine")
    WEDNESDAY_AFTERNOONS = "wednesday_afternoons", _("Mercredi après-midi")
    SATURDAYS = "saturdays", _("Samedi")
    SUNDAYS = "sundays", _("Dimanche")


def numbers(weekdays: Iterable[str]) -> tuple[int, ...]:
    """`tuesday` → 1, in the order of the week."""
    chosen = set(weekdays)
    return tuple(n for n, weekday in enumerate(Weekday.values) if weekday in chosen)


def part(moment: str) -> Part:
    """The hours of a moment here."""
    working = frozenset(range(5))
    day, noon = settings.DAY_STARTS, settings.AFTERNOON_STARTS
    evening, night = settings.EVENING_STARTS, settings.EVENING_ENDS
    return {
        Moment.EVENINGS: Part(working, evening, night),
        Moment.DAYTIME: Part(working, day, evening),
        Moment.WEDNESDAY_AFTERNOONS: Part(frozenset({2}), noon, evening),
        Moment.SATURDAYS: Part(frozenset({5}), day, night),
        Moment.SUNDAYS: Part(frozenset({6}), day, night),
    }[Moment(moment)]


def parts(
    moments: Iterable[str], weekdays: Iterable[str], start: dt.time | None, end: dt.time | None
) -> tuple[Part, ...]:
    """Any of these moments, or such days between such hours; the whole week if nothing is said."""
    return tuple(_parts(list(moments), numbers(weekdays), start, end))


def _parts(
    moments: list[str], weekdays: tuple[int, ...], start: dt.time | None, end: dt.time | None
) -> Iterator[Part]:
    yield from map(part, moments)
    if weekdays or start or end or not moments:
        yield Part(frozenset(weekdays) or EVERY_DAY, start or MIDNIGHT, end or MIDNIGHT)


class Usual(NamedTuple):
    """Hours that stand for a part of the day."""

    label: Any
    start: dt.time
    end: dt.time


# How far into the part of the day they begin, and how long they last.
INTO_MORNING, INTO_AFTERNOON, INTO_EVENING, USUAL_HOURS = 2, 1, 0, 2


def usual_hours() -> list[Usual]:
    """Two hours of a morning, of an afternoon and of an evening."""
    return [
        _usual(_("Matin"), settings.DAY_STARTS, INTO_MORNING),
        _usual(_("Après-midi"), settings.AFTERNOON_STARTS, INTO_AFTERNOON),
        _usual(_("Soir"), settings.EVENING_STARTS, INTO_EVENING),
    ]


def _usual(label: Any, begins: dt.time, into: int) -> Usual:
    start = dt.datetime.combine(dt.date.min, begins) + dt.timedelta(hours=into)
    return Usual(label, start.time(), (start + dt.timedelta(hours=USUAL_HOURS)).time())
