"""The weekly windows of a school, of a space, of what it promises by itself: read and replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from .models import OpeningHours, School, Space, StandingApproval
from .opening import Window
from .weekly import merged


@dataclass(frozen=True)
class Week:
    """Windows of one owner: rows of `model` whose columns are `owner`."""

    model: Any
    owner: dict[str, Any]
    school: School

    def windows(self) -> list[Window]:
        rows = self.model.objects.filter(**self.owner).order_by("weekday", "starts_at", "season", "pk")
        return [Window(*values) for values in rows.values_list(*Window._fields)]

    @transaction.atomic
    def replace(self, windows: Iterable[Window]) -> None:
        """These windows and no others; those that stay are not touched."""
        School.objects.select_for_update().get(pk=self.school.pk)
        rows = self.model.objects.filter(**self.owner)
        wanted = set(merged(windows))
        kept = {Window(*values): pk for pk, *values in rows.values_list("pk", *Window._fields)}
        rows.exclude(pk__in=[pk for window, pk in kept.items() if window in wanted]).delete()
        new = sorted(wanted - kept.keys(), key=lambda one: (one.weekday, one.starts_at))
        self.model.objects.bulk_create(self.model(**self.owner, **window._asdict()) for window in new)


def of_school(school: School) -> Week:
    return Week(OpeningHours, {"school": school, "space": None}, school)


def of_space(space: Space) -> Week:
    """A space's own hours, which stand for those of its school."""
    return Week(OpeningHours, {"school": space.school, "space": space}, space.school)


def standing(space: Space) -> Week:
    """When the space is promised at once to a verified organisation."""
    return Week(StandingApproval, {"space": space}, space.school)
