"""What lycées know of an organisation: how often it came or did not, and in what state it left the rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.utils import timezone

from venues import sql

from .models import BookingRequest, Message
from .states import HOSTED, OccurrenceState


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


# One statement, where Django's compiler would take six times as long as the database.
HISTORY = """
SELECT count(*) FILTER (WHERE date.state = %(took_place)s),
       count(*) FILTER (WHERE date.state = %(took_place)s AND asked.school_id = %(school)s),
       count(*) FILTER (WHERE date.state = %(not_used)s AND visit.missed_at IS NULL),
       count(*) FILTER (WHERE visit.missed_at IS NOT NULL),
       (SELECT count(*)
          FROM bookings_incident incident
          JOIN bookings_occurrence date ON date.id = incident.occurrence_id
          JOIN bookings_bookingrequest asked ON asked.id = date.request_id
         WHERE asked.organisation_id = %(organisation)s AND incident.side = %(by_school)s),
       count(*) FILTER (WHERE visit.left_clean IS NOT NULL),
       count(*) FILTER (WHERE visit.left_clean AND visit.left_whole AND visit.left_closed),
       CAST(avg(visit.satisfaction) AS double precision),
       (SELECT coalesce(sum(lent.quantity - lent.returned_quantity), 0)
          FROM bookings_occurrenceequipment lent
          JOIN bookings_occurrence date ON date.id = lent.occurrence_id
          JOIN bookings_bookingrequest asked ON asked.id = date.request_id
         WHERE asked.organisation_id = %(organisation)s AND lent.returned_at IS NOT NULL)
  FROM bookings_occurrence date
  JOIN bookings_bookingrequest asked ON asked.id = date.request_id
  LEFT JOIN bookings_visit visit ON visit.occurrence_id = date.id
 WHERE asked.organisation_id = %(organisation)s
"""


def of(asked: BookingRequest) -> History:
    """The history of the organisation that asks, for the lycée that decides: one statement."""
    (row,) = sql.rows(
        HISTORY,
        {
            "organisation": asked.organisation_id,
            "school": asked.school_id,
            "took_place": OccurrenceState.TOOK_PLACE,
            "not_used": OccurrenceState.NOT_USED,
            "by_school": Message.Side.SCHOOL,
        },
    )
    return History(*row)


TIMES_HERE = """
SELECT asked.organisation_id, asked.school_id, count(*)
  FROM bookings_occurrence date JOIN bookings_bookingrequest asked ON asked.id = date.request_id
 WHERE {hosted} AND date.end_at < %(now)s AND {of_organisations} AND {in_schools}
 GROUP BY 1, 2
"""


def times_here(requests: Collection[BookingRequest]) -> dict[tuple[int, int], int]:
    """How often each (organisation, school) of these met before; pairs that never did are left out: one statement."""
    if not requests:
        return {}
    rows = sql.rows(
        TIMES_HERE.format(
            hosted=sql.one_of("date.state", "hosted"),
            of_organisations=sql.among("asked.organisation_id", "organisations"),
            in_schools=sql.among("asked.school_id", "schools"),
        ),
        {
            "hosted": sql.ids(map(str, HOSTED)),
            "now": sql.moment(timezone.now()),
            "organisations": sql.ids({asked.organisation_id for asked in requests}),
            "schools": sql.ids({asked.school_id for asked in requests}),
        },
    )
    return {(organisation, school): n for organisation, school, n in rows}
