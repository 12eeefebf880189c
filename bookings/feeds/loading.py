"""From rows to the entries of a calendar: what of each date its reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from venues.periods import Period

from ..calendars import name_of, subject_of
from ..models import CalendarToken
from ..policies import sees_names_in
from ..states import HOLDING, HOSTED, ONCE_APPROVED, OccurrenceState
from . import rows
from .ical import PARIS, Entry, Feed
from .rows import Row

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


class Reader(NamedTuple):
    """Through whose eyes a calendar is seen.

    `names`: who comes and why is shown, not only “Occupé”. `schools`: ids of the schools where they work.
    `room`: id, name and location of the one space the calendar is about. `base`: the site's address.
    `lodge`: the UAI of the lycée whose lodge reads it; it sees who is expected, and whom to call.
    """

    names: bool
    schools: tuple[int, ...]
    room: tuple[int, str, str] | None
    base: str
    lodge: str = ""


def load(token: CalendarToken, *, at: dt.datetime, base: str) -> Feed:
    """The calendar of this token as its owner may see it at that moment."""
    today = dt.datetime.combine(at.astimezone(PARIS).date(), dt.time(), tzinfo=PARIS)
    found = rows.load(token, Period(today - BACK, today + AHEAD + dt.timedelta(days=1)))
    reader = _reader(token, base)
    shown = [row for row in found if _is_shown(row, reader, today - CANCELLED_KEPT)]
    return Feed(
        name=name_of(subject_of(token)),
        stamp=rows.digest(reader, shown),
        # Withdrawn dates count too, and each new day: what leaves a calendar changes it as well.
        changed_at=max([today, token.created_at, *(row.changed_at for row in found)]),
        make_entries=lambda: (_entry(row, reader) for row in shown),
    )


def entries(dates: Any, *, base: str) -> list[Entry]:
    """These dates as those who asked for them see them, for an invitation by mail."""
    reader = Reader(names=True, schools=(), room=None, base=base.rstrip("/"))
    return [_entry(row, reader) for row in rows.of(dates)]


def _reader(token: CalendarToken, base: str) -> Reader:
    space = token.space
    school = space.school if space else token.school
    return Reader(
        names=school is None or sees_names_in(token.user, school),
        schools=tuple(sorted(set(token.user.school_roles.values_list("school_id", flat=True)))),
        room=(space.pk, space.name, space.location) if space else None,
        base=base.rstrip("/"),
        lodge=school.uai if school and token.scope == CalendarToken.Scope.CARETAKER else "",
    )


def _is_shown(row: Row, reader: Reader, cancelled_since: dt.datetime) -> bool:
    state = row.date.state
    if reader.lodge:
        return state in HOSTED
    if state == OccurrenceState.CANCELLED and row.date.changed_at < cancelled_since:
        return False
    if reader.names:
        return state in SHOWN
    return state in TAKEN and any(room.published for room in row.rooms)


def _entry(row: Row, reader: Reader) -> Entry:
    date = row.date
    texts: dict[str, Any] = _texts(row, reader)
    return Entry(
        uid=str(date.uid),
        start=date.start_at,
        end=date.end_at,
        status=STATUS.get(OccurrenceState(date.state), "CONFIRMED"),
        sequence=date.sequence,
        changed_at=row.changed_at if reader.names else row.place_changed_at,
        point=row.place.point,
        **texts,
    )


def _texts(row: Row, reader: Reader) -> dict[str, str]:
    if reader.lodge:
        return _for_lodge(row, reader)
    return _named(row, reader) if reader.names else _anonymous(row, reader)


def _named(row: Row, reader: Reader) -> dict[str, str]:
    return {
        "title": _title(row),
        "place": _where(((room.name, room.location) for room in row.rooms), row),
        "url": reader.base + reverse("bookings:request", args=[row.date.reference]),
        "contact": _visitor(row) if row.date.school_id in reader.schools else row.place.contact,
        "details": _details(row),
    }


def _for_lodge(row: Row, reader: Reader) -> dict[str, str]:
    """What the lodge's sheet says: one contact, and nothing that only a decision needs."""
    date = row.date
    page = reverse("bookings:lodge", args=[reader.lodge])
    known = (date.contact_name, date.contact_phone)
    details = [_("Nombre de personnes : %(count)s") % {"count": date.attendees}]
    if row.equipment:
        details.append(_("Matériel : %(list)s") % {"list": ", ".join(row.equipment)})
    return {
        "title": _title(row),
        "place": _where(((room.name, room.location) for room in row.rooms), row),
        "url": f"{reader.base}{page}?date={timezone.localdate(date.start_at):%Y-%m-%d}",
        "contact": ", ".join(
            filter(None, known if any(known) else (date.organisation, date.organisation_phone))
        ),
        "details": "\n".join(details),
    }


def _anonymous(row: Row, reader: Reader) -> dict[str, str]:
    published = [(room.pk, room.name, room.location) for room in row.rooms if room.published]
    rooms = [reader.room] if reader.room else published
    return {
        "title": _("Occupé"),
        "place": _where((names for _pk, *names in rooms), row),
        "url": reader.base + reverse("bookings:space", args=[rooms[0][0]]),
        "contact": row.place.contact,
    }


def _title(row: Row) -> str:
    title = f"{row.date.purpose} – {row.date.organisation}"
    # Most calendars show neither TENTATIVE nor CANCELLED: the title says it too.
    match STATUS.get(OccurrenceState(row.date.state)):
        case "TENTATIVE":
            return _("En attente : %(title)s") % {"title": title}
        case "CANCELLED":
            return _("Annulé : %(title)s") % {"title": title}
        case _other:
            return title


def _where(rooms: Iterable[Iterable[str]], row: Row) -> str:
    named = " + ".join(", ".join(filter(None, names)) for names in rooms)
    return " – ".join(filter(None, (named, row.place.name, row.place.address)))


def _visitor(row: Row) -> str:
    """Whom the school calls: the person in charge on the spot, or else the organisation."""
    date = row.date
    known = (date.contact_name, date.contact_phone)
    if not any(known):
        known = (date.organisation_phone, date.organisation_email)
    return ", ".join(filter(None, (date.organisation, *known)))


def _details(row: Row) -> str:
    date = row.date
    lines = [
        _("Demande %(reference)s : %(state)s")
        % {"reference": date.reference, "state": OccurrenceState(date.state).label.lower()},
        _("Organisme : %(name)s") % {"name": date.organisation},
        _("Nombre de personnes : %(count)s") % {"count": date.attendees},
    ]
    if row.equipment:
        lines.append(_("Matériel : %(list)s") % {"list": ", ".join(row.equipment)})
    if date.reason:
        lines.append(_("Motif : %(reason)s") % {"reason": date.reason})
    return "\n".join(lines)
