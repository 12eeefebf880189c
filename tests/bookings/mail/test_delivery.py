"""Mail servers that are down, pick and choose, or never answer; workers that die: none lost, none twice."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from bookings import mails, notifications, sending, workflow
from bookings.models import Delivery, Journal
from tests.conftest import NOW, Mailbox

from .conftest import Scene, told
from .servers import answering, down, kill_worker_at, later, worker

pytestmark = pytest.mark.usefixtures("transactional_db")

ASKER, MANAGER, HEAD = "demandeur@example.org", "gestionnaire@example.org", "proviseur@example.org"
EVERYBODY = [ASKER, MANAGER, HEAD]

Work = Callable[[], None]


def addresses(mailbox: Mailbox) -> list[str]:
    return [address for address, _subject in told(mailbox)]


def waiting() -> list[dt.timedelta]:
    """After how long each task that waits will run."""
    ready = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, run_after__lt=NOW + dt.timedelta(days=365)
    )
    return [run_after - NOW for run_after in ready.order_by("run_after").values_list("run_after", flat=True)]


# -- the server is down -------------------------------------------------------------------------


@pytest.mark.usefixtures("now")
class TestDown:
    def test_nothing_is_lost_and_each_is_sent_once(
        self, scene: Scene, work: Work, smtp_server: Mailbox, settings: Any
    ):
        with down(smtp_server, settings):
            scene.submit()
            work()
            work()
        assert waiting() == [dt.timedelta(minutes=1)]
        work()
        assert addresses(smtp_server) == []
        with later(minutes=1):
            work()
            assert addresses(smtp_server) == EVERYBODY
        with later(days=2):
            work()
        assert addresses(smtp_server) == []

    def test_attempts_become_hourly(self, scene: Scene, work: Work, smtp_server: Mailbox, settings: Any):
        attempts = []
        with down(smtp_server, settings):
            scene.submit()
            work()
            for _ in range(7):
                [after] = waiting()
                attempts.append(after / dt.timedelta(minutes=1))
                with later(seconds=after.total_seconds()):
                    work()
        assert attempts == [1, 6, 21, 51, 111, 171, 231]

    def test_hours_later_mails_leave_in_order(
        self, scene: Scene, work: Work, smtp_server: Mailbox, settings: Any
    ):
        with down(smtp_server, settings):
            request = scene.submit()
            work()
            with later(hours=5):
                work()
                workflow.approve(request, by=scene.manager)
                work()
            with later(hours=5, minutes=0.5):
                workflow.cancel(request, by=scene.manager, reason="Examens")
        # The task of the last line comes first: it sends what is owed before.
        with later(hours=5, minutes=0.6):
            work()
        subjects = [subject for address, subject in told(smtp_server) if address == ASKER]
        assert [re.findall("envoyée|acceptée|annulée", subject) for subject in subjects] == [
            ["envoyée"],
            ["acceptée"],
            ["annulée"],
        ]
        assert not Journal.objects.filter(notified_at=None).exists()

    def test_after_a_week_it_is_given_up(
        self, scene: Scene, work: Work, smtp_server: Mailbox, settings: Any, caplog: pytest.LogCaptureFixture
    ):
        with down(smtp_server, settings):
            scene.submit()
            work()
        with later(days=7, seconds=1):
            work()
        assert addresses(smtp_server) == []
        assert "mails given up" in caplog.text
        assert Delivery.objects.filter(sent_at=None).count() == 3
        with later(days=8):
            assert notifications.requeue_lost() == 0
        assert DBTaskResult.objects.filter(status=TaskResultStatus.READY).count() == 0


# -- the server picks and chooses ---------------------------------------------------------------


@pytest.mark.usefixtures("now")
class TestRefusals:
    @pytest.mark.parametrize("stage", ["RCPT", "DATA"])
    def test_refused_for_good_keeps_nobody_up_and_is_not_tried_again(
        self, scene: Scene, work: Work, smtp_server: Mailbox, stage: str
    ):
        answering(smtp_server, {ASKER: "550 no such mailbox"}, to=stage)
        request = scene.submit()
        work()
        assert addresses(smtp_server) == [MANAGER, HEAD]
        assert waiting() == []
        assert request.journal.get().notified_at == NOW
        assert Delivery.objects.get(recipient=scene.asker).sent_at is None

    @pytest.mark.parametrize("stage", ["RCPT", "DATA"])
    def test_not_now_is_tried_again_for_that_person_alone(
        self, scene: Scene, work: Work, smtp_server: Mailbox, stage: str
    ):
        answering(smtp_server, {ASKER: "451 try again later"}, to=stage)
        request = scene.submit()
        work()
        assert addresses(smtp_server) == [MANAGER, HEAD]
        assert request.journal.get().notified_at is None
        answering(smtp_server, {}, to=stage)
        with later(minutes=1):
            work()
        assert addresses(smtp_server) == [ASKER]
        assert request.journal.get().notified_at is not None

    def test_a_mail_missed_is_not_overtaken_by_the_next(self, scene: Scene, work: Work, smtp_server: Mailbox):
        answering(smtp_server, {ASKER: "451 try again later"})
        request = scene.submit()
        work()
        told(smtp_server)
        # Her first mail waits for a minute; what happens meanwhile waits with it.
        with later(seconds=30):
            answering(smtp_server, {MANAGER: "451 try again later"})
            workflow.withdraw(request, by=scene.colleague)
            work()
            assert [to for to, _ in told(smtp_server)] == [ASKER, ASKER, HEAD]

    def test_whatever_goes_wrong_in_one_mail_the_others_leave(
        self, scene: Scene, work: Work, smtp_server: Mailbox, monkeypatch: pytest.MonkeyPatch
    ):
        """A mail that cannot be written (an error of ours) is tried again like one that cannot be sent."""
        real = mails.message

        def broken(delivery: Delivery, line: Journal) -> Any:
            if delivery.recipient == scene.manager:
                raise KeyError("what the template needs")
            return real(delivery, line)

        with monkeypatch.context() as patch:
            patch.setattr(mails, "message", broken)
            scene.submit()
            work()
        assert addresses(smtp_server) == [ASKER, HEAD]
        with later(minutes=1):
            work()
        assert addresses(smtp_server) == [MANAGER]

    def test_errors_of_the_server_as_a_whole_are_not_taken_for_refusals(self, scene: Scene):
        delivery = Delivery()
        for error in (
            smtplib.SMTPServerDisconnected("gone"),
            smtplib.SMTPSenderRefused(550, b"no", "a@example.org"),
            smtplib.SMTPAuthenticationError(535, b"no"),
            TimeoutError(),
        ):
            with pytest.raises(sending.MailServerDown):
                sending.is_final(error, delivery)


# -- the same task twice ------------------------------------------------------------------------


@pytest.mark.usefixtures("now")
class TestTwice:
    def test_a_task_run_twice_sends_nothing_twice(self, scene: Scene, work: Work, smtp_server: Mailbox):
        line = scene.submit().journal.get()
        notifications.queue(line)
        work()
        notifications.queue(line)
        work()
        assert addresses(smtp_server) == EVERYBODY

    def test_a_mail_another_worker_is_at_is_left_to_it(self, scene: Scene, work: Work, smtp_server: Mailbox):
        line = scene.submit().journal.get()
        held = Delivery.objects.create(
            journal=line,
            recipient=scene.manager,
            template="to_decide",
            leased_until=NOW + sending.LEASE,
        )
        work()
        assert addresses(smtp_server) == [ASKER, HEAD]
        line.refresh_from_db()
        assert line.notified_at is None
        # That worker never came back.
        with later(minutes=6):
            work()
            assert addresses(smtp_server) == [MANAGER]
        held.refresh_from_db()
        assert held.sent_at is not None

    def test_workers_at_once_send_each_mail_once(self, scene: Scene, smtp_server: Mailbox):
        line = scene.submit().journal.get()

        def send(_number: int) -> None:
            try:
                notifications.notify.func(line.pk, 0)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as workers:
            list(workers.map(send, range(6)))
        assert sorted(addresses(smtp_server)) == sorted(EVERYBODY)

    def test_the_same_mail_keeps_its_identity(self, scene: Scene, work: Work, smtp_server: Mailbox):
        """Where a worker dies after the server took the mail, readers recognise the second copy."""
        line = scene.submit().journal.get()
        work()
        line.deliveries.update(sent_at=None, leased_until=None)
        Journal.objects.update(notified_at=None)
        notifications.queue(line)
        work()
        identities = [message["Message-ID"] for message in smtp_server.messages]
        assert len(set(identities)) == 3
        assert identities[:3] == identities[3:]


# -- tasks that are gone ------------------------------------------------------------------------


def run_due() -> None:
    call_command("run_due")


@pytest.mark.usefixtures("now")
class TestRunDue:
    @pytest.fixture
    def lost(self, scene: Scene) -> Journal:
        """A line whose task is gone."""
        line = scene.submit().journal.get()
        DBTaskResult.objects.all().delete()
        return line

    def test_a_lost_task_is_queued_again(self, lost: Journal, work: Work, smtp_server: Mailbox):
        with later(minutes=10, seconds=1):
            run_due()
            work()
        assert addresses(smtp_server) == EVERYBODY

    def test_a_task_that_failed_is_queued_again(self, scene: Scene, work: Work, smtp_server: Mailbox):
        scene.submit()
        DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
        with later(minutes=10, seconds=1):
            run_due()
            DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).delete()
            work()
        assert addresses(smtp_server) == EVERYBODY

    def test_ten_minutes_are_left_to_the_worker(self, lost: Journal):
        with later(minutes=10):
            assert notifications.requeue_lost() == 0

    def test_what_waits_for_the_mail_server_is_not_queued_twice(
        self, scene: Scene, work: Work, smtp_server: Mailbox, settings: Any
    ):
        scene.submit()
        with down(smtp_server, settings):
            for hours in range(4):
                with later(hours=hours):
                    work()
                    run_due()
        assert len(waiting()) == 1

    def test_a_worker_still_at_it_is_left_in_peace(self, scene: Scene):
        scene.submit()
        started = NOW + dt.timedelta(minutes=8)
        DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=started)
        with later(minutes=15):
            assert notifications.requeue_lost() == 0
        with later(minutes=19):
            assert notifications.requeue_lost() == 1

    def test_what_has_left_stays_left(self, scene: Scene, work: Work, smtp_server: Mailbox):
        scene.submit()
        work()
        told(smtp_server)
        with later(days=1):
            run_due()
            work()
        assert addresses(smtp_server) == []

    def test_twice_at_once_queues_once(self, lost: Journal):
        def due(_number: int) -> int:
            try:
                return notifications.requeue_lost()
            finally:
                connection.close()

        with later(minutes=11), ThreadPoolExecutor(4) as crowd:
            assert sum(crowd.map(due, range(4))) == 1
        assert DBTaskResult.objects.count() == 1

    def test_says_what_it_did_and_nothing_otherwise(self, lost: Journal, capsys: pytest.CaptureFixture[str]):
        with later(minutes=11):
            run_due()
            assert capsys.readouterr().out == "Envois de courriels repris\N{NO-BREAK SPACE}: 1\n"
            run_due()
            assert capsys.readouterr().out == ""

    def test_a_job_that_fails_does_not_stop_the_others(self, lost: Journal, monkeypatch: pytest.MonkeyPatch):
        from bookings.management.commands import run_due as command

        def breaks() -> int:
            raise RuntimeError

        monkeypatch.setattr(command, "JOBS", [(breaks, "%(count)s"), *command.JOBS])
        with later(minutes=11), pytest.raises(CommandError, match="breaks"):
            run_due()
        assert DBTaskResult.objects.count() == 1


# -- a worker killed ----------------------------------------------------------------------------


@pytest.mark.clients
@pytest.mark.parametrize("stage", ["MAIL", "DATA"])
def test_killed_in_the_middle_the_mail_leaves_later_and_once(
    scene: Scene, work: Work, smtp_server: Mailbox, database_url: str, stage: str
):
    scene.submit()
    kill_worker_at(stage, database_url)
    work()
    assert addresses(smtp_server) == []
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        run_due()
        run_due()
        work()
    assert addresses(smtp_server) == EVERYBODY
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=30)):
        run_due()
        work()
    assert addresses(smtp_server) == []


@pytest.mark.clients
def test_a_worker_of_its_own_sends_everything(scene: Scene, smtp_server: Mailbox, database_url: str):
    scene.submit()
    with worker(database_url, smtp_server.port) as process:
        assert process.wait(60) == 0
    assert addresses(smtp_server) == EVERYBODY
