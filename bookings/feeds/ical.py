"""The body of a calendar, from plain values. Pure: no database, no clock.

Each choice was seen to matter in a real client. One VEVENT a date and no RRULE: overrides went wrong in
two clients. Our own VTIMEZONE with yearly rules: the library's writes RDATEs, which some misread. Never
an empty calendar: clients keep stale events then. Nothing says "now": two fetches are byte-identical.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import icalendar
from django.utils.translation import gettext as _

PARIS = ZoneInfo("Europe/Paris")
# The number rises whenever the same entries make another body: stored ETags must die then.
PRODID = "-//Shareloc//Calendriers 1//FR"
# How often clients are asked to come back.
REFRESH, REFRESH_TEXT = dt.timedelta(hours=1), "PT1H"

# What ends a line for some reader or other becomes an ordinary line end…
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# …and what is no text, or turns the direction of what follows, is dropped.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


@dataclass(frozen=True)
class Entry:
    """One date as a calendar shows it.

    `status` is an iCalendar STATUS, `point` (latitude, longitude) in degrees; empty texts are left out.
    """

    uid: str
    start: dt.datetime
    end: dt.datetime
    status: str
    sequence: int
    changed_at: dt.datetime
    title: str
    place: str = ""
    point: tuple[float, float] | None = None
    url: str = ""
    contact: str = ""
    details: str = ""
    occupies: bool = True


@dataclass(frozen=True)
class Feed:
    """A calendar ready to be served: entries and body are made only when they are asked for.

    `stamp` changes with everything the entries are made of, `changed_at` is when that last happened.
    """

    name: str
    stamp: str
    changed_at: dt.datetime
    make_entries: Callable[[], Iterable[Entry]]

    @property
    def etag(self) -> str:
        """A strong ETag, quoted."""
        parts = "\n".join((PRODID, icalendar.__version__, self.stamp, self.name))
        return f'"{hashlib.sha256(parts.encode()).hexdigest()[:32]}"'

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self.make_entries())

    def body(self) -> bytes:
        """The calendar in UTF-8, lines ended by CRLF and folded at 75 octets."""
        calendar = _frame(clean(self.name))
        for entry in self.entries or (_marker(),):
            calendar.add_component(_event(entry))
        return bytes(calendar.to_ical())


@dataclass(frozen=True)
class Person:
    """Who invites, or who is invited."""

    name: str
    email: str


def invitation(entries: Iterable[Entry], *, method: str, organizer: Person, attendee: Person) -> bytes:
    """The same dates as an invitation (`method` REQUEST) or its end (CANCEL), as a mail carries it."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_paris())
    for entry in entries:
        event = _event(entry)
        event.add("organizer", _address(organizer))
        event.add(
            "attendee",
            _address(attendee),
            parameters={"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"},
        )
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _address(person: Person) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"MAILTO:{person.email}")
    # A name in a parameter cannot hold quotes.
    address.params["CN"] = clean(person.name).replace('"', "").replace("\n", " ")
    return address


def clean(text: str) -> str:
    """`text` without what no calendar can carry; line ends of every kind become one."""
    return _NO_TEXT.sub("", _LINE_ENDS.sub("\n", text))


def _frame(name: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # The library escapes only properties it knows to be text, and these are newer than it thinks.
    calendar.add("name", icalendar.vText(name))
    calendar.add("x-wr-calname", icalendar.vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH_TEXT)
    calendar.add_component(_paris())
    return calendar


def _paris() -> icalendar.Timezone:
    zone = icalendar.Timezone()
    zone.add("tzid", PARIS.key)
    _add_season(zone, icalendar.TimezoneDaylight(), "CEST", dt.datetime(1970, 3, 29, 2), offsets=(1, 2))
    _add_season(zone, icalendar.TimezoneStandard(), "CET", dt.datetime(1970, 10, 25, 3), offsets=(2, 1))
    return zone


def _add_season(
    zone: icalendar.Timezone,
    part: icalendar.TimezoneDaylight | icalendar.TimezoneStandard,
    name: str,
    first: dt.datetime,
    *,
    offsets: tuple[int, int],
) -> None:
    """Summer or winter time: when it began first, and the hours before and after each change to it."""
    before, after = offsets
    part.add("tzname", name)
    part.add("dtstart", first)
    part.add("rrule", {"freq": "yearly", "byday": "-1su", "bymonth": first.month})
    part.add("tzoffsetfrom", dt.timedelta(hours=before))
    part.add("tzoffsetto", dt.timedelta(hours=after))
    zone.add_component(part)


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    start, end = _moments(entry.start, entry.end)
    event.add("uid", entry.uid)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("transp", "OPAQUE" if entry.occupies else "TRANSPARENT")
    _add_texts(event, entry)
    return event


def _add_texts(event: icalendar.Event, entry: Entry) -> None:
    texts = {
        "summary": entry.title,
        "location": entry.place,
        "description": entry.details,
        "contact": entry.contact,
        "url": entry.url,
    }
    for name, text in texts.items():
        if text:
            event.add(name, clean(text))
    if entry.point is not None:
        event.add("geo", entry.point)


def _moments(start: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Both ends in Paris; in UTC where a local time would not say which of two is meant.

    A calendar reads a local time that happens twice as the first of the two. Both ends have the same form.
    """
    local = start.astimezone(PARIS), end.astimezone(PARIS)
    if any(moment.fold for moment in local):
        return start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return local


def _marker() -> Entry:
    """What an empty calendar holds: an event long past, always the same."""
    start = dt.datetime(2020, 1, 1, 12, tzinfo=PARIS)
    return Entry(
        uid="calendrier-vide@shareloc",
        start=start,
        end=start + dt.timedelta(minutes=5),
        status="CONFIRMED",
        sequence=0,
        changed_at=start,
        title=_("Calendrier Shareloc : aucune date pour l’instant"),
        occupies=False,
    )
