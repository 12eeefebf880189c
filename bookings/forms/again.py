"""A past request as the fields of a new one: “comme l’an dernier”."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import QueryDict

from venues.models import Space

from ..models import BookingRequest
from ..series import again
from .asking import PICKED, WEEKLY
from .changes import as_fields
from .dates import weekly_fields

SAME = ("purpose", "attendees", "contact_name", "contact_phone", "message")


def fields_again(asked: BookingRequest, space: Space, *, today: dt.date) -> QueryDict:
    """What one would type to ask for the same in the next school year, in this space and those that went with it."""
    fields = QueryDict(mutable=True)
    for name in SAME:
        fields[name] = str(getattr(asked, name))
    fields["organisation"] = str(asked.organisation_id)
    dates = list(asked.occurrences.all())
    if dates:
        _set(fields, _when(asked, today))
        spaces = {one.pk for date in dates for one in date.spaces.all()}
        fields.setlist("also", [str(pk) for pk in sorted(spaces - {space.pk})])
        _set(fields, {f"pool-{line.pool_id}": line.quantity for line in dates[0].equipment.all()})
    return fields


def _when(asked: BookingRequest, today: dt.date) -> dict[str, Any]:
    moved = again(asked.rule, [date.period for date in asked.occurrences.all()], today=today)
    if moved.recurrence:
        rule = weekly_fields(moved.recurrence).items()
        return {"how": WEEKLY, **{f"weekly-{name}": value for name, value in rule if value}}
    rows = [as_fields(period) for period in moved.periods]
    typed = {f"dates-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return {"how": PICKED, "dates-TOTAL_FORMS": max(len(rows), 1), "dates-INITIAL_FORMS": 0, **typed}


def _set(fields: QueryDict, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, list):
            fields.setlist(name, value)
        else:
            fields[name] = "on" if value is True else str(value)
