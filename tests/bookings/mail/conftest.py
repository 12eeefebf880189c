"""A school and an association that write to each other, and the worker that sends their mail."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from bookings import followers, workflow
from bookings.models import BookingRequest
from bookings.problems import Line
from bookings.workflow import Draft, DraftDate
from shareloc.accounts.models import Membership, Organisation, User
from tests.conftest import Mailbox, paris
from tests.factories import (
    EquipmentKindFactory,
    EquipmentPoolFactory,
    MembershipFactory,
    OrganisationFactory,
    SchoolFactory,
    SchoolRoleFactory,
    SpaceFactory,
    UserFactory,
    open_always,
)
from venues.models import EquipmentPool, School, SchoolRole, Space
from venues.periods import Period

REFERENCE = "R-7K2M-9QXD"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)


@dataclass
class Scene:
    """An open school with a gymnasium and chairs, who decides there, and an association that asks."""

    school: School
    gymnasium: Space
    chairs: EquipmentPool
    manager: User
    head: User
    organisation: Organisation
    asker: User
    colleague: User

    def submit(self, *days: str, chairs: int = 0, **values: Any) -> BookingRequest:
        """A request of the asker for 18:00–20:00 on these days (in three weeks), under a reference that is always the same."""
        lines = (Line(self.chairs, chairs),) if chairs else ()
        dates = [
            DraftDate(Period(paris(f"{day} 18:00"), paris(f"{day} 20:00")), (self.gymnasium,), lines)
            for day in days or (f"{timezone.localdate() + dt.timedelta(days=22)}",)
        ]
        values = {"organisation": self.organisation, "purpose": "Cours de judo", "attendees": 20, **values}
        request = workflow.submit(Draft(dates=dates, **values), by=self.asker)
        BookingRequest.objects.filter(pk=request.pk).update(reference=REFERENCE)
        request.refresh_from_db()
        return request


@pytest.fixture
def scene(db: None) -> Scene:
    school = SchoolFactory.create(
        name="Lycée de l’Essai",
        phone="03 00 00 00 00",
        email="lycee@example.org",
        lending_contact="Service de gestion",
        access_notes="Portail de la rue de l’Essai.\nSonnez à la loge.",
    )
    open_always(school)
    organisation = OrganisationFactory.create(name="Judo-club d’essai")
    asker = UserFactory.create(email="demandeur@example.org", name="Demandeur d’essai")
    colleague = UserFactory.create(email="collegue@example.org", name="Collègue d’essai")
    manager = UserFactory.create(email="gestionnaire@example.org", name="Gestionnaire d’essai")
    head = UserFactory.create(email="proviseur@example.org", name="Proviseur d’essai")
    MembershipFactory.create(organisation=organisation, user=asker)
    MembershipFactory.create(organisation=organisation, user=colleague, role=Membership.Role.ADMIN)
    SchoolRoleFactory.create(school=school, user=manager)
    SchoolRoleFactory.create(school=school, user=head, role=SchoolRole.Role.HEAD)
    chairs = EquipmentPoolFactory.create(
        school=school, kind=EquipmentKindFactory.create(slug="chaises", name="Chaises"), quantity=60
    )
    gymnasium = SpaceFactory.create(school=school, name="Gymnase", kind=Space.Kind.GYMNASIUM, capacity=50)
    return Scene(school, gymnasium, chairs, manager, head, organisation, asker, colleague)


@pytest.fixture(autouse=True)
def _no_agreements(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an approval leads to besides its mails is another matter, unless a test is about `agreements_too`."""
    if "agreements_too" not in request.fixturenames:
        monkeypatch.setattr(followers, "_FOLLOWERS", {})


@pytest.fixture
def agreements_too() -> None:
    """The worker also draws up agreements, and sends the mail about them."""


@contextmanager
def signals_kept() -> Iterator[None]:
    """The worker takes signals over; a test gives them back."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture
def work(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Run the real worker until nothing is due; no task may fail."""
    if connection.in_atomic_block:
        # Between tasks the worker drops its connection, and with it the test's own transaction.
        monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)

    def run() -> None:
        with signals_kept():
            call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
        failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED)
        assert list(failed.values_list("traceback", flat=True)) == []

    return run


def told(mailbox: Mailbox) -> list[tuple[str, str]]:
    """(address, first words of the subject) of what the server received since last asked, in order."""
    found = [
        (addresses[0], message["Subject"])
        for addresses, message in zip(mailbox.recipients, mailbox.messages, strict=True)
    ]
    mailbox.messages.clear()
    mailbox.recipients.clear()
    return found
