"""Invitations in mails: what enters the asker's calendar and leaves it, in the form clients understand."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from bookings import workflow
from bookings.workflow import DraftDate
from tests.conftest import Mailbox, paris
from venues.periods import Period

from .conftest import Scene

pytestmark = pytest.mark.usefixtures("now")
ASKER, MANAGER = "demandeur@example.org", "gestionnaire@example.org"


@pytest.fixture
def mail_to(work: Callable[[], None], smtp_server: Mailbox) -> Callable[[str], EmailMessage]:
    """Let the worker send, and return the last mail that person got."""

    def last(address: str) -> EmailMessage:
        work()
        return [message for message in smtp_server.messages if message["To"] == address][-1]

    return last


def calendars(message: EmailMessage) -> list[Any]:
    return [part for part in message.walk() if part.get_content_type() == "text/calendar"]


def events(message: EmailMessage) -> tuple[str, list[Any]]:
    """(METHOD, events) of the mail's invitation."""
    (part,) = calendars(message)
    calendar: Any = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    return str(calendar["METHOD"]), calendar.walk("VEVENT")


def test_the_form_that_outlook_reads(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    message = mail_to(ASKER)
    (part,) = calendars(message)
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    assert part["Content-Transfer-Encoding"] == "base64"
    assert message.get_content_type() == "multipart/mixed"
    alternatives, attached = message.iter_parts()
    assert [inner.get_content_type() for inner in alternatives.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert attached.get_filename() == f"{request.reference}.ics"
    assert attached.get_payload(decode=True) == part.get_payload(decode=True)


def test_what_is_approved_enters_the_calendar(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    request = scene.submit("2026-11-05", "2026-11-12")
    workflow.approve(request, by=scene.manager)
    method, found = events(mail_to(ASKER))
    dates = list(request.occurrences.all())
    assert method == "REQUEST"
    assert [str(event["UID"]) for event in found] == [str(date.uid) for date in dates]
    first = found[0]
    assert first["DTSTART"].dt == paris("2026-11-05 18:00")
    assert (int(first["SEQUENCE"]), str(first["STATUS"])) == (1, "CONFIRMED")
    attendee = first["ATTENDEE"]
    assert str(attendee) == f"MAILTO:{ASKER}"
    assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")
    assert first["ORGANIZER"].params["CN"] == "Lycée de l’Essai"


def test_what_is_cancelled_leaves_it(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    workflow.cancel(request, by=scene.manager, reason="Travaux")
    method, (event,) = events(mail_to(ASKER))
    assert (method, str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 2)
    assert str(event["UID"]) == str(request.occurrences.get().uid)


def test_what_is_moved_moves_there_too(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    date = request.occurrences.get().pk
    place = DraftDate(Period(paris("2026-11-06 18:00"), paris("2026-11-06 20:00")), (scene.gymnasium,))
    workflow.ask_move(request, by=scene.asker, occurrence=date, to=place)
    workflow.approve_move(request, by=scene.manager, occurrence=date)
    method, (event,) = events(mail_to(ASKER))
    assert (method, event["DTSTART"].dt, int(event["SEQUENCE"])) == ("REQUEST", paris("2026-11-06 18:00"), 2)


def test_a_promised_date_offered_elsewhere_leaves_it_until_it_is_accepted(
    scene: Scene, mail_to: Callable[[str], EmailMessage]
) -> None:
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    date = request.occurrences.get().pk
    place = DraftDate(Period(paris("2026-11-06 18:00"), paris("2026-11-06 20:00")), (scene.gymnasium,))
    workflow.offer(request, by=scene.manager, occurrence=date, to=place)
    assert events(mail_to(ASKER))[0] == "CANCEL"
    workflow.accept_offer(request, by=scene.asker)
    method, (event,) = events(mail_to(ASKER))
    assert (method, int(event["SEQUENCE"])) == ("REQUEST", 3)


def test_the_school_gets_none(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    request = scene.submit("2026-11-05")
    workflow.approve(request, by=scene.manager)
    workflow.cancel(request, by=scene.asker, reason="Grippe")
    assert calendars(mail_to(MANAGER)) == []


def test_nor_does_what_only_asks(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    request = scene.submit("2026-11-05")
    assert calendars(mail_to(ASKER)) == []
    workflow.refuse(request, by=scene.manager, reason="Travaux")
    assert calendars(mail_to(ASKER)) == []


def test_hostile_names_stay_names(scene: Scene, mail_to: Callable[[str], EmailMessage]) -> None:
    scene.school.name = 'Lycée "X";CN=autre\nEND:VEVENT'
    scene.school.save()
    request = scene.submit("2026-11-05", purpose="Judo\nEND:VCALENDAR")
    workflow.approve(request, by=scene.manager)
    _method, found = events(mail_to(ASKER))
    assert len(found) == 1
    assert str(found[0]["ORGANIZER"]).startswith("MAILTO:")
