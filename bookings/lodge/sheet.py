"""What a lodge needs to know of a day, in time's order. A day goes on until the next morning."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from shareloc.web import formats
from venues.models import School, Space
from venues.periods import Period
from venues.templatetags.lending import lent

from ..models import Occurrence, OccurrenceEquipment, Visit
from ..models.request import OccurrenceQuerySet
from ..planner.evenings import period_of, spans_days
from ..states import HOSTED

# What has long been out is named, the longest first; nobody reads more on one sheet.
MOST_OVERDUE = 30


@dataclass(frozen=True)
class Guest:
    """One date of the day, as the lodge sees it: no address, no message, one contact."""

    date: Occurrence
    day: dt.date

    @property
    def hours(self) -> str:
        """The hours, with their days where they are others than the sheet's."""
        write = formats.period if self.spans_days else formats.hours
        return write(self.date.start_at, self.date.end_at)

    @property
    def spans_days(self) -> bool:
        return spans_days(self.date.period, self.day)

    @property
    def organisation(self) -> str:
        return self.date.request.organisation.name

    @property
    def purpose(self) -> str:
        return self.date.request.purpose

    @property
    def attendees(self) -> int:
        return self.date.request.attendees

    @property
    def contact(self) -> str:
        return self.date.request.contact_name

    @property
    def phone(self) -> str:
        """Of whoever is there; the organisation's own where that is not known."""
        asked = self.date.request
        return asked.contact_phone or ("" if asked.contact_name else asked.organisation.phone)

    @cached_property
    def rooms(self) -> list[Space]:
        return sorted(self.date.spaces.all(), key=lambda space: (space.name, space.pk))

    @cached_property
    def lent(self) -> list[OccurrenceEquipment]:
        return sorted(self.date.equipment.all(), key=lambda line: line.pk)

    @property
    def visit(self) -> Visit | None:
        return getattr(self.date, "visit", None)

    @property
    def equipment(self) -> list[str]:
        """`20 × Chaises – à remettre`."""
        return [f"{lent(line)} – {_where(line)}" for line in self.lent]


def _where(line: OccurrenceEquipment) -> str:
    if line.returned_at:
        return _("rendu")
    return _("remis") if line.collected_at else _("à remettre")


@dataclass(frozen=True)
class Sheet:
    """A day of a lycée. `overdue`: equipment that went out before and has not come back."""

    school: School
    day: dt.date
    guests: list[Guest]
    overdue: list[OccurrenceEquipment]

    @property
    def previous(self) -> dt.date:
        return self.day - dt.timedelta(days=1)

    @property
    def following(self) -> dt.date:
        return self.day + dt.timedelta(days=1)


def today() -> dt.date:
    """The day a lodge is in: after midnight still the one before, until the night is over."""
    until = settings.EVENING_UNTIL
    return timezone.localdate(timezone.now() - dt.timedelta(hours=until.hour, minutes=until.minute))


def sheet(school: School, day: dt.date) -> Sheet:
    """The sheet of that day: six statements. A lycée hosts no more in a day than it has rooms and pools."""
    dates = (
        hosted([school.pk], day)
        .select_related("request__organisation", "visit")
        .prefetch_related("spaces", "equipment__pool__kind")
        .order_by("start_at", "pk")
    )
    overdue = _overdue(school, _period(day).start)
    return Sheet(school, day, [Guest(date, day) for date in dates], overdue)


def hosted(schools: Any, day: dt.date) -> OccurrenceQuerySet:
    """The dates that these schools (their ids) host on that day."""
    return Occurrence.objects.in_state(*HOSTED).during(_period(day)).filter(request__school__in=schools)


def _period(day: dt.date) -> Period:
    return period_of(day, settings.EVENING_UNTIL)


def _overdue(school: School, before: dt.datetime) -> list[OccurrenceEquipment]:
    out = OccurrenceEquipment.objects.filter(
        occurrence__request__school=school,
        occurrence__end_at__lte=before,
        collected_at__isnull=False,
        returned_at__isnull=True,
    )
    found = out.select_related("pool__kind", "occurrence__request__organisation")
    return list(found.order_by("occurrence__end_at", "pk")[:MOST_OVERDUE])
