"""What lycées know of an organisation: how often it came or did not, and in what state it left the rooms."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Avg, Count, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from shareloc.accounts.models import Organisation

from .models import BookingRequest, Incident, Message, OccurrenceEquipment
from .states import OccurrenceState


class History(NamedTuple):
    """Counts over all lycées; `here` is that of one. `reviews` are dates it told of, `left_well` those left in order."""

    hosted: int
    here: int
    not_used: int
    no_shows: int
    incidents: int
    reviews: int
    left_well: int
    satisfaction: float | None
    missing: int

    @property
    def is_known(self) -> bool:
        return bool(self.hosted or self.not_used or self.no_shows)


def of(asked: BookingRequest) -> History:
    """The history of the organisation that asks, for the lycée that decides: one statement."""
    took_place = _dates(state=OccurrenceState.TOOK_PLACE)
    answered = _dates(visit__left_clean__isnull=False)
    well = _dates(visit__left_clean=True, visit__left_whole=True, visit__left_closed=True)
    row = (
        Organisation.objects.filter(pk=asked.organisation_id)
        .annotate(
            hosted=_count(took_place),
            here=_count(took_place & Q(requests__school=asked.school_id)),
            not_used=_count(_dates(state=OccurrenceState.NOT_USED, visit__missed_at=None)),
            no_shows=_count(_dates(visit__missed_at__isnull=False)),
            incidents=_total(Incident.objects.filter(side=Message.Side.SCHOOL), Count("pk")),
            reviews=_count(answered),
            left_well=_count(well),
            satisfaction=Avg("requests__occurrences__visit__satisfaction"),
            missing=_total(
                OccurrenceEquipment.objects.filter(returned_at__isnull=False),
                Sum(F("quantity") - F("returned_quantity")),
            ),
        )
        .values(*History._fields)
        .get()
    )
    return History(**row)


def _dates(**which: Any) -> Q:
    return Q(**{f"requests__occurrences__{name}": value for name, value in which.items()})


def _count(which: Q) -> Count:
    return Count("requests__occurrences", filter=which)


def _total(rows: Any, of_them: Any) -> Coalesce:
    """Of rows that hang on dates: counted apart, or each would multiply the others."""
    whose = "occurrence__request__organisation"
    mine = rows.filter(**{whose: OuterRef("pk")}).order_by().values(whose)
    return Coalesce(Subquery(mine.annotate(total=of_them).values("total"), output_field=IntegerField()), 0)
