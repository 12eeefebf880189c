"""Real calendar programs on a real server: vdirsyncer fetches, khal shows what people would see."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from bookings import calendars, workflow
from bookings.models import BookingRequest
from tests import factories
from tests.conftest import Cast
from tests.factories import PARIS
from venues.periods import Period

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]

VDIRSYNCER = """
[general]
status_path = "{folder}/status"

[pair feed]
a = "remote"
b = "local"
collections = null
conflict_resolution = "a wins"

[storage remote]
type = "http"
url = "{url}"

[storage local]
type = "filesystem"
path = "{folder}/events"
fileext = ".ics"
"""

KHAL = """
[calendars]
[[feed]]
path = {folder}/events
readonly = True

[sqlite]
path = {folder}/khal.db

[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = Europe/Paris
local_timezone = Europe/Paris
"""


def tool(name: str) -> str:
    path = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if path is None:
        pytest.skip(f"{name} absent : installez les dépendances de développement")
    return path


class Agenda:
    """A person's agenda on their own machine, subscribed to one address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        (folder / "events").mkdir()
        (folder / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=folder, url=url))
        (folder / "khal.conf").write_text(KHAL.format(folder=folder))
        self._run("vdirsyncer", "discover", "feed")

    def sync(self) -> None:
        self._run("vdirsyncer", "sync", "feed")

    def lines(self, first: dt.date, days: int = 60) -> list[str]:
        """What khal lists from that day: “day start–end status title @ place”."""
        shown = self._run(
            "khal", "list", "--day-format", "", "--format",
            "{start-date} {start-time}-{end-time} {status}{title} @ {location}",
            first.isoformat(), f"{days}d",
        )  # fmt: skip
        return [line for line in shown.splitlines() if line.strip()]

    def files(self) -> list[Path]:
        return list((self.folder / "events").glob("*.ics"))

    def _run(self, name: str, *args: str) -> str:
        config = self.folder / f"{name}.conf"
        done = subprocess.run(
            [tool(name), "-c", config, *args],
            capture_output=True, text=True, timeout=60, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def subscribe(live_server: Any, tmp_path: Path) -> Callable[..., Agenda]:
    """`subscribe(user, subject)`: a new agenda that follows that calendar on the running server."""

    def made(user: Any, subject: calendars.Subject = None) -> Agenda:
        _token, secret = calendars.issue_for(user, subject)
        folder = tmp_path / secret
        folder.mkdir()
        return Agenda(folder, calendars.address(secret, base=live_server.url).url)

    return made


@pytest.fixture
def asked(cast: Cast) -> BookingRequest:
    """Two Thursdays from 18:30 to 20:30 in a gymnasium, on each side of the autumn change of clocks."""
    school, gymnasium = cast.school, factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    factories.open_always(school)
    draft = workflow.Draft(
        organisation=cast.organisation,
        purpose="Judo, débutants",
        attendees=12,
        dates=[workflow.DraftDate(_evening(day), (gymnasium,)) for day in thursdays()],
    )
    return workflow.submit(draft, by=cast.user("member"))


def thursdays() -> list[dt.date]:
    """The Thursdays before and after the next change to winter time that is well ahead."""
    today = timezone.localdate()
    year = today.year
    change = _last_sunday_of_october(year)
    if change - today < dt.timedelta(days=10):
        change = _last_sunday_of_october(year + 1)
    return [change - dt.timedelta(days=3), change + dt.timedelta(days=4)]


def _last_sunday_of_october(year: int) -> dt.date:
    last = dt.date(year, 10, 31)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def _evening(day: dt.date) -> Period:
    start = dt.datetime.combine(day, dt.time(18, 30), tzinfo=PARIS)
    return Period(start, start + dt.timedelta(hours=2))


def test_request_decision_and_cancellation_arrive(cast: Cast, asked: BookingRequest, subscribe: Any):
    first, second = thursdays()
    place = f"@ Gymnase – {cast.school.name} – 1 rue de l’Essai, 59000 Lille"
    title = f"Judo, débutants – {cast.organisation.name}"
    mine, theirs = subscribe(cast.user("member")), subscribe(cast.user("manager"))

    for agenda in (mine, theirs):
        agenda.sync()
        assert agenda.lines(first) == [
            f"{day} 18:30-20:30 TENTATIVE En attente\u00a0: {title} {place}" for day in (first, second)
        ]

    workflow.approve(asked, by=cast.user("manager"))
    mine.sync()
    assert mine.lines(first) == [f"{day} 18:30-20:30 CONFIRMED {title} {place}" for day in (first, second)]
    assert len(mine.files()) == 2

    gone = asked.occurrences.order_by("start_at")[1]
    workflow.cancel(asked, by=cast.user("member"), reason="Tournoi reporté", occurrences=[gone.pk])
    mine.sync()
    assert mine.lines(first) == [
        f"{first} 18:30-20:30 CONFIRMED {title} {place}",
        f"{second} 18:30-20:30 CANCELLED Annulé\u00a0: {title} {place}",
    ]
    assert len(mine.files()) == 2


def test_stranger_sees_occupied_once_approved(cast: Cast, asked: BookingRequest, subscribe: Any):
    first, second = thursdays()
    agenda = subscribe(cast.user("stranger"), cast.school)
    agenda.sync()
    assert agenda.lines(first) == []
    # The marker of an empty calendar, long past.
    assert len(agenda.files()) == 1

    workflow.approve(asked, by=cast.user("manager"))
    agenda.sync()
    assert [line.partition(" @")[0] for line in agenda.lines(first)] == [
        f"{day} 18:30-20:30 CONFIRMED Occupé" for day in (first, second)
    ]
    assert len(agenda.files()) == 2
    everything = "".join(file.read_text() for file in agenda.files())
    assert cast.organisation.name not in everything
    assert "Judo" not in everything


def test_nothing_left_means_an_empty_agenda(cast: Cast, asked: BookingRequest, subscribe: Any):
    """Clients keep stale events of a calendar that becomes empty: ours never does."""
    agenda = subscribe(cast.user("member"))
    agenda.sync()
    workflow.withdraw(asked, by=cast.user("member"))
    agenda.sync()
    assert agenda.lines(thursdays()[0]) == []
    assert len(agenda.files()) == 1


def test_the_long_night_of_october(cast: Cast, subscribe: Any):
    """01:00–04:00 on the night of the change is shown at these hours, and lasts four of them."""
    night = thursdays()[0] + dt.timedelta(days=3)
    start, end = (dt.datetime.combine(night, dt.time(hour), tzinfo=PARIS) for hour in (1, 4))
    factories.OccurrenceFactory.create(
        request__organisation=cast.organisation, state="approved", start_at=start, end_at=end
    )
    agenda = subscribe(cast.user("member"))
    agenda.sync()
    (line,) = agenda.lines(night, days=1)
    assert line.startswith(f"{night} 01:00-04:00 CONFIRMED Chorale")


def test_hostile_title_is_shown_as_text(cast: Cast, subscribe: Any):
    purpose = "Judo\nEND:VEVENT\nEND:VCALENDAR;,\\ 🥋"
    factories.OccurrenceFactory.create(
        request__organisation=cast.organisation, request__purpose=purpose, state="approved"
    )
    agenda = subscribe(cast.user("member"))
    agenda.sync()
    assert len(agenda.files()) == 1
    shown = "\n".join(agenda.lines(timezone.localdate(), days=30))
    assert "END:VEVENT" in shown
    assert "🥋" in shown


def test_revoked_address_stops_at_once(cast: Cast, subscribe: Any):
    agenda = subscribe(cast.user("member"))
    agenda.sync()
    calendars.revoke(cast.user("member").calendar_tokens.get())
    with pytest.raises(AssertionError, match="Not Found"):
        agenda.sync()
