"""Evenings of one lycée, by how far they are from today, and when its rooms are free."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from bookings.availability import load
from venues.local_time import instant
from venues.models import School, Space
from venues.periods import Period, covered

DAY = dt.timedelta(days=1)
# Days before and after today that are looked at.
BEFORE, AFTER = 20, 100
# How far from the day asked for a free evening is looked for: past a week-end, public holidays or works.
NEAR = 7
SATURDAY = 5


class Nights:
    """What a lycée has, and what is free in it: one statement, when it is made."""

    def __init__(self, school: School, now: dt.datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)
        self.spaces = list(Space.objects.filter(school=school).select_related("school").order_by("pk"))
        self.times = load(self.spaces, Period(now - BEFORE * DAY, now + AFTER * DAY))

    def space(self, kind: str, number: int = 0) -> Space:
        return [space for space in self.spaces if space.kind == kind][number]

    def at(self, days: int, hour: int) -> dt.datetime:
        """An hour of the day so many days from today."""
        return instant(self.today + days * DAY, timezone.get_default_timezone(), hour * 60)

    def on(self, days: int) -> Period:
        """Two hours of that evening, free or not: earlier at the week-end."""
        hour = 16 if (self.today + days * DAY).weekday() >= SATURDAY else 18
        return Period(self.at(days, hour), self.at(days, hour + 2))

    def free(self, space: Space, days: int) -> Period:
        """The evening asked for, or the nearest beyond it, seen from today, in which the room is free."""
        step = 1 if days > 0 else -1
        evenings = [self.on(days + step * more) for more in range(NEAR)]
        return next((evening for evening in evenings if self._is_free(space, evening)), evenings[0])

    def weekly(self, space: Space, days: int, count: int) -> list[Period]:
        """So many free evenings of one weekday, the first in so many days at the earliest."""
        first = timezone.localdate(self.free(space, days).start)
        evenings = [self.on(ahead) for ahead in range((first - self.today).days, AFTER, 7)]
        return [evening for evening in evenings if self._is_free(space, evening)][:count]

    def _is_free(self, space: Space, evening: Period) -> bool:
        return covered(self.times[space.pk].free, evening)
