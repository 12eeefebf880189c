"""The first-use guide: three steps from a lycée that lends nothing to its first published room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import OpeningHours, School, Space


@dataclass(frozen=True)
class Guide:
    """Where a school stands; shown until it has a published room."""

    school: School
    has_hours: bool
    room: Space | None

    @property
    def number(self) -> int:
        """The step to take now, from 1."""
        if not self.has_hours:
            return 1
        return 2 if self.room is None else 3

    @property
    def steps(self) -> list[dict[str, Any]]:
        words = [
            (_("1. Les horaires"), _("quand le lycée prête ses salles")),
            (_("2. Une première salle"), _("son nom, son type, ses places")),
            (_("3. Publier"), _("et les associations la trouvent")),
        ]
        return [
            {"label": label, "detail": detail, "state": self._state(n)}
            for n, (label, detail) in enumerate(words, 1)
        ]

    def _state(self, step: int) -> str:
        if step == self.number:
            return "current"
        return "done" if step < self.number else "todo"

    @property
    def next_url(self) -> str:
        """The page of the step to take; the last one is a button of the overview."""
        names = {1: "venues:my_hours", 2: "venues:my_room_new", 3: "venues:my_school"}
        return reverse(names[self.number], args=[self.school.uai])


def of(school: School) -> Guide | None:
    """The guide while the school has no published room; then None."""
    rooms = list(Space.objects.for_school(school).order_by("-published", "pk")[:1])
    if rooms and rooms[0].published:
        return None
    hours = OpeningHours.objects.filter(school=school).exists()
    return Guide(school, has_hours=hours, room=rooms[0] if rooms else None)


def onward(school: School, usual: str) -> str:
    """Where one goes after saving: the guide's next step, or the usual page."""
    guide = of(school)
    return guide.next_url if guide else usual
