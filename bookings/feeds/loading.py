"""From bookings to the entries of a calendar: which dates, and what of them this reader may see.

The number of statements does not depend on the number of dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from shareloc.accounts.models import Organisation
from venues.models import School, Space
from venues.periods import Period

from ..calendars import name_of, subject_of
from ..models import CalendarToken, Occurrence, OccurrenceEquipment
from ..policies import sees_names_in
from ..states import HOLDING, ONCE_APPROVED, OccurrenceState
from .ical import PARIS, Entry, Feed

BACK = dt.timedelta(days=90)
AHEAD = relativedelta(months=18)
# How long a cancelled date goes on saying that it is cancelled.
CANCELLED_KEPT = dt.timedelta(days=90)

# What strangers see as taken; a pending date holds nothing.
TAKEN = HOLDING | ONCE_APPROVED
SHOWN = TAKEN | {OccurrenceState.PENDING}
STATUS = {
    OccurrenceState.PENDING: "TENTATIVE",
    OccurrenceState.OFFERED: "TENTATIVE",
    OccurrenceState.CANCELLED: "CANCELLED",
}


@dataclass(frozen=True)
class Reader:
    """Through whose eyes a calendar is seen.

    `names`: who comes and why is shown, not only “Occupé”. `schools`: ids of the schools where they work.
    `space`: the one space the calendar is about. `base`: the site's address, with its final slash.
    """

    names: bool
    schools: frozenset[int]
    space: Space | None
    base: str


def load(token: CalendarToken, *, at: dt.datetime, base: str) -> Feed:
    """The calendar of this token as its owner may see it at that moment."""
    today = dt.datetime.combine(at.astimezone(PARIS).date(), dt.time(), tzinfo=PARIS)
    dates = list(_dates(token, Period(today - BACK, today + AHEAD + dt.timedelta(days=1))))
    reader = _reader(token, base)
    shown = (date for date in dates if _is_shown(date, reader, today - CANCELLED_KEPT))
    return Feed(
        name=name_of(subject_of(token)),
        entries=tuple(_entry(date, reader) for date in shown),
        # Withdrawn dates count too, and each new day: what leaves a calendar changes it as well.
        changed_at=max([today, token.created_at, *(_changed_at(date) for date in dates)]),
    )


# -- which dates --------------------------------------------------------------------------------


def _dates(token: CalendarToken, window: Period) -> Any:
    return (
        Occurrence.objects.overlapping(window)
        .filter(_concerning(token))
        .select_related("request__organisation", "request__school")
        .prefetch_related(
            "spaces",
            Prefetch("equipment", OccurrenceEquipment.objects.select_related("pool__kind").order_by("pk")),
        )
        .order_by("start_at", "pk")
    )


def _concerning(token: CalendarToken) -> Q:
    if token.space_id is not None:
        return Q(pk__in=_sharing_units_with(token.space_id))
    if token.school_id is not None:
        return Q(request__school=token.school_id)
    return Q(request__organisation__in=Organisation.objects.of(token.user)) | Q(
        request__school__in=School.objects.run_by(token.user)
    )


def _sharing_units_with(space_id: int) -> Any:
    """Dates in that space, and in those it cannot be used beside: the halves of a gymnasium and the whole."""
    links = Occurrence.spaces.through.objects
    return links.filter(space__space_units__unit__space_units__space=space_id).values("occurrence")


def _is_shown(date: Occurrence, reader: Reader, cancelled_since: dt.datetime) -> bool:
    if date.state == OccurrenceState.CANCELLED and date.changed_at < cancelled_since:
        return False
    if reader.names:
        return date.state in SHOWN
    return date.state in TAKEN and any(space.published for space in date.spaces.all())


# -- what of them -------------------------------------------------------------------------------


def _reader(token: CalendarToken, base: str) -> Reader:
    school = token.space.school if token.space else token.school
    return Reader(
        names=school is None or sees_names_in(token.user, school),
        schools=frozenset(token.user.school_roles.values_list("school_id", flat=True)),
        space=token.space,
        base=base.rstrip("/"),
    )


def _entry(date: Occurrence, reader: Reader) -> Entry:
    school = date.request.school
    texts: dict[str, Any] = _named(date, reader) if reader.names else _anonymous(date, reader)
    return Entry(
        uid=str(date.uid),
        start=date.start_at,
        end=date.end_at,
        status=STATUS.get(OccurrenceState(date.state), "CONFIRMED"),
        sequence=date.sequence,
        changed_at=_changed_at(date) if reader.names else _changed_place_at(date),
        point=school.point,
        **texts,
    )


def _named(date: Occurrence, reader: Reader) -> dict[str, str]:
    asked = date.request
    return {
        "title": _title(date),
        "place": _place(date.spaces.all(), asked.school),
        "url": reader.base + asked.get_absolute_url(),
        "contact": _visitor(date) if asked.school_id in reader.schools else _lender(asked.school),
        "details": _details(date),
    }


def _anonymous(date: Occurrence, reader: Reader) -> dict[str, str]:
    school = date.request.school
    spaces = [reader.space] if reader.space else [space for space in date.spaces.all() if space.published]
    return {
        "title": _("Occupé"),
        "place": _place(spaces, school),
        "url": reader.base + reverse("bookings:space", args=[spaces[0].pk]),
        "contact": _lender(school),
    }


def _title(date: Occurrence) -> str:
    title = f"{date.request.purpose} – {date.request.organisation.name}"
    # Most calendars show neither TENTATIVE nor CANCELLED: the title says it too.
    match date.state:
        case OccurrenceState.PENDING | OccurrenceState.OFFERED:
            return _("En attente : %(title)s") % {"title": title}
        case OccurrenceState.CANCELLED:
            return _("Annulé : %(title)s") % {"title": title}
        case _other:
            return title


def _place(spaces: Iterable[Space], school: School) -> str:
    rooms = (", ".join(part for part in (space.name, space.location) if part) for space in spaces)
    return " – ".join(part for part in (" + ".join(rooms), school.name, school.full_address) if part)


def _lender(school: School) -> str:
    """Whom an organisation calls."""
    return ", ".join(
        part for part in (school.lending_contact or school.name, school.phone, school.email) if part
    )


def _visitor(date: Occurrence) -> str:
    """Whom the school calls: the person in charge on the spot, or else the organisation."""
    asked, organisation = date.request, date.request.organisation
    if asked.contact_name or asked.contact_phone:
        known = (asked.contact_name, asked.contact_phone)
    else:
        known = (organisation.phone, organisation.email)
    return ", ".join(part for part in (organisation.name, *known) if part)


def _details(date: Occurrence) -> str:
    asked = date.request
    lines = [
        _("Demande %(reference)s : %(state)s")
        % {"reference": asked.reference, "state": date.get_state_display().lower()},
        _("Organisme : %(name)s") % {"name": asked.organisation.name},
        _("Nombre de personnes : %(count)s") % {"count": asked.attendees},
        *_equipment(date),
    ]
    if date.reason:
        lines.append(_("Motif : %(reason)s") % {"reason": date.reason})
    return "\n".join(lines)


def _equipment(date: Occurrence) -> list[str]:
    asked = [f"{line.quantity} × {line.pool}" for line in date.equipment.all()]
    return [_("Matériel : %(list)s") % {"list": ", ".join(asked)}] if asked else []


def _changed_at(date: Occurrence) -> dt.datetime:
    """When anything last changed that a named entry is made of."""
    asked = date.request
    return max(_changed_place_at(date), asked.changed_at, asked.organisation.changed_at)


def _changed_place_at(date: Occurrence) -> dt.datetime:
    spaces = (space.changed_at for space in date.spaces.all())
    return max(date.changed_at, date.request.school.changed_at, *spaces)
