"""Alerts asked again: when they fire, once each; the mail none lost and none twice, whatever breaks."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bookings import alerts, workflow
from bookings.alerts import firing
from bookings.filters import SpaceFilter
from bookings.models import Alert, Claim
from shareloc.accounts.models import User
from tests import factories
from tests.bookings.alerts.conftest import LABEL, QUERY, Scene, Work, make_scene
from tests.bookings.mail.conftest import told
from tests.bookings.mail.servers import answering, down, kill_worker_at, later
from tests.conftest import NOW, Mailbox, paris

WAITS = "attend@example.org"
SUBJECT = f"1 salle répond à votre alerte : {LABEL}"


def mails(mailbox: Mailbox) -> list[tuple[str, str]]:
    return [(address, subject.replace("\u00a0", " ").strip()) for address, subject in told(mailbox)]


def due() -> None:
    call_command("run_due")


# -- when ---------------------------------------------------------------------------------------


def test_nothing_found_nothing_said(scene: Scene) -> None:
    kept = scene.keep()
    with later(minutes=5):
        assert alerts.fire_due() == 0
    kept.refresh_from_db()
    assert (kept.fired_at, kept.checked_at) == (None, NOW + dt.timedelta(minutes=5))
    assert not DBTaskResult.objects.exists()


def test_a_room_is_published(scene: Scene, work: Work, smtp_server: Mailbox) -> None:
    kept = scene.keep()
    scene.publish()
    due()
    work()
    assert mails(smtp_server) == [(WAITS, SUBJECT)]
    kept.refresh_from_db()
    assert (kept.fired_at, kept.sent_at, kept.state(at=NOW)) == (NOW, NOW, "fired")
    due()
    work()
    assert mails(smtp_server) == []


def test_a_date_is_cancelled(scene: Scene, work: Work, smtp_server: Mailbox) -> None:
    """The other way a room becomes free; and what lies beside the hours asked changes nothing."""
    scene.publish()
    claim = factories.ClaimFactory.create(
        occurrence__spaces=[scene.space],
        occurrence__request__school=scene.school,
        start_at=paris("2026-10-22 19:00"),
        end_at=paris("2026-10-22 21:00"),
    )
    scene.keep()
    Claim.objects.filter(pk=claim.pk).update(start_at=paris("2026-10-22 20:00"))
    assert alerts.fire_due() == 0
    manager = factories.SchoolRoleFactory.create(school=scene.school).user
    workflow.cancel(claim.occurrence.request, by=manager, reason="Examens")
    assert alerts.fire_due() == 1
    work()
    assert (WAITS, SUBJECT) in mails(smtp_server)


def test_what_has_expired_or_was_taken_back_stays_silent(scene: Scene) -> None:
    scene.keep()
    taken_back = scene.keep("date=2026-11-12")
    alerts.revoke(taken_back, at=NOW)
    scene.publish()
    with time_machine.travel(paris("2026-10-22 18:30"), tick=False):
        assert alerts.fire_due() == 0
    assert not Alert.objects.exclude(fired_at=None).exists()


def test_the_same_question_is_asked_once_for_all(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(3):
        scene.keep(user=factories.UserFactory.create())
    scene.publish()
    asked: list[str] = []
    real = SpaceFilter.results

    def counted(self: SpaceFilter, **options: Any) -> Any:
        asked.append(self.query.urlencode())
        return real(self, **options)

    monkeypatch.setattr(SpaceFilter, "results", counted)
    assert alerts.fire_due() == 3
    assert len(asked) == 1
    assert DBTaskResult.objects.count() == 3


def test_a_run_ends_in_time_and_the_next_goes_on_with_the_rest(scene: Scene, settings: Any) -> None:
    for n, kind in enumerate(("kitchen", "hall", "library")):
        with later(seconds=n):
            scene.keep(f"kind={kind}")
    settings.ALERT_SECONDS = -1
    with later(minutes=5):
        assert alerts.fire_due() == 0
    assert not Alert.objects.filter(checked_at__gte=NOW + dt.timedelta(minutes=5)).exists()
    settings.ALERT_SECONDS = 30
    Alert.objects.filter(query="kind=kitchen").update(checked_at=NOW + dt.timedelta(minutes=1))
    assert firing._waiting(NOW + dt.timedelta(minutes=5)) == ["kind=hall", "kind=library", "kind=kitchen"]


def test_a_question_that_cannot_be_asked_keeps_nobody_waiting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = scene.keep("kind=kitchen"), scene.keep()
    scene.publish()
    real = SpaceFilter.results

    def breaks(self: SpaceFilter, **options: Any) -> Any:
        if "kitchen" in self.query.urlencode():
            raise RuntimeError
        return real(self, **options)

    monkeypatch.setattr(SpaceFilter, "results", breaks)
    with later(minutes=1):
        assert alerts.fire_due() == 1
    assert "alert: kind=kitchen" in caplog.text
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.fired_at, broken.checked_at) == (None, NOW + dt.timedelta(minutes=1))
    assert sound.fired_at is not None


def test_a_feature_that_is_gone_finds_nothing(scene: Scene) -> None:
    piano = factories.FeatureFactory.create(slug="piano")
    scene.keep("features=piano")
    scene.publish()
    piano.delete()
    assert alerts.fire_due() == 0


@pytest.mark.parametrize("many", [1, 12])
def test_statements_of_a_run_follow_the_questions_not_the_people(
    scene: Scene, django_assert_num_queries: Any, many: int
) -> None:
    for user in factories.UserFactory.create_batch(many):
        scene.keep(user=user)
    # The questions; vocabulary, the longest buffers, schools, how many; and that it was asked.
    with django_assert_num_queries(6):
        alerts.fire_due()


def test_a_loop_does_what_is_due_again_and_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`run_due --every` goes on after a failure and ends by Ctrl-C."""
    from bookings.management.commands import run_due

    rounds: list[str] = []

    def job() -> int:
        rounds.append("done")
        if len(rounds) == 1:
            raise RuntimeError
        return len(rounds)

    def sleep(seconds: float) -> None:
        if len(rounds) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(run_due, "JOBS", [(job, "%(count)s")])
    monkeypatch.setattr(run_due.time, "sleep", sleep)
    monkeypatch.setattr(run_due.connection, "close", lambda: None)
    call_command("run_due", every=300)
    assert (rounds, capsys.readouterr().out) == (["done", "done"], "2\n")


# -- the mail -----------------------------------------------------------------------------------


def test_five_rooms_are_named_with_a_link_that_starts_the_request(
    scene: Scene, work: Work, smtp_server: Mailbox
) -> None:
    scene.keep()
    factories.SpaceFactory.create_batch(6, school=scene.school)
    scene.publish()
    due()
    work()
    body: Any = smtp_server.messages[0].get_body(preferencelist=("plain",))
    text = body.get_content()
    assert text.count("/demander/?date=2026-10-22&start=18%3A30&end=20%3A30&capacity=25") == 5
    assert "et 2 autres salles" in text.replace("\u00a0", " ")
    assert f"/salles/?{QUERY.replace(':', '%3A')}" in text.replace("\r\n", "")
    stop = alerts.stop_address(scene.user)
    assert stop in text.replace("\r\n", "")
    message = smtp_server.messages[0]
    assert message["List-Unsubscribe"].endswith(f"{stop}>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_taken_again_before_the_mail_left_it_goes_on_watching(
    scene: Scene, work: Work, smtp_server: Mailbox
) -> None:
    kept = scene.keep()
    scene.publish()
    due()
    scene.publish(False)
    work()
    assert mails(smtp_server) == []
    kept.refresh_from_db()
    assert (kept.fired_at, kept.state(at=NOW)) == (None, "active")
    scene.publish()
    due()
    work()
    assert mails(smtp_server) == [(WAITS, SUBJECT)]


@pytest.mark.parametrize("gone", ["inactive", "unverified", "revoked"])
def test_nobody_is_written_to_who_cannot_or_will_not_be(
    scene: Scene, work: Work, smtp_server: Mailbox, gone: str
) -> None:
    kept = scene.keep()
    scene.publish()
    due()
    if gone == "inactive":
        User.objects.update(is_active=False)
    elif gone == "unverified":
        scene.user.emailaddress_set.update(verified=False)
    else:
        alerts.revoke(kept, at=NOW)
    work()
    with later(minutes=30):
        assert alerts.requeue_lost() == 0
        work()
    assert mails(smtp_server) == []


def test_refused_for_good_is_not_tried_again(scene: Scene, work: Work, smtp_server: Mailbox) -> None:
    answering(smtp_server, {WAITS: "550 no such mailbox"})
    scene.keep()
    scene.publish()
    due()
    work()
    answering(smtp_server, {})
    with later(minutes=30):
        due()
        work()
    assert mails(smtp_server) == []


def test_old_alerts_are_forgotten(scene: Scene) -> None:
    kept = {
        name: scene.keep(f"kind={kind}")
        for name, kind in {
            "fired": "kitchen",
            "revoked": "hall",
            "waits": "library",
            "expired": "workshop",
        }.items()
    }
    for name, field in {"fired": "fired_at", "revoked": "revoked_at", "expired": "expires_at"}.items():
        Alert.objects.filter(pk=kept[name].pk).update(**{field: NOW})
    with later(days=89):
        assert alerts.forget_old() == 0
    with later(days=91):
        assert alerts.forget_old() == 3
    assert list(Alert.objects.all()) == [kept["waits"]]


# -- servers and workers that die ---------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> Scene:
    return make_scene()


@pytest.mark.usefixtures("now")
class TestBroken:
    def test_the_mail_server_is_down(
        self, committed: Scene, work: Work, smtp_server: Mailbox, settings: Any
    ) -> None:
        committed.keep()
        committed.publish()
        due()
        with down(smtp_server, settings):
            work()
            for minutes in (1, 6, 21):
                with later(minutes=minutes):
                    work()
                    due()
        assert DBTaskResult.objects.filter(run_after__gt=NOW).count() >= 1
        with later(hours=2):
            work()
            assert mails(smtp_server) == [(WAITS, SUBJECT)]
            due()
            work()
        assert mails(smtp_server) == []

    def test_a_task_that_is_gone_is_queued_again_once(
        self, committed: Scene, work: Work, smtp_server: Mailbox
    ) -> None:
        committed.keep()
        committed.publish()
        due()
        DBTaskResult.objects.all().delete()
        with later(minutes=10):
            assert alerts.requeue_lost() == 0
        with later(minutes=11):
            assert alerts.requeue_lost() == 1
            assert alerts.requeue_lost() == 0
            work()
        assert mails(smtp_server) == [(WAITS, SUBJECT)]

    def test_runs_at_once_fire_each_once(self, committed: Scene) -> None:
        for user in factories.UserFactory.create_batch(3):
            committed.keep(user=user)
        committed.publish()

        def run(_number: int) -> int:
            try:
                return alerts.fire_due()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as crowd:
            assert sum(crowd.map(run, range(4))) == 3
        assert DBTaskResult.objects.count() == 3

    def test_workers_at_once_send_it_once(self, committed: Scene, smtp_server: Mailbox) -> None:
        kept = committed.keep()
        committed.publish()
        due()

        def send(_number: int) -> None:
            try:
                firing.tell.func(kept.pk, 0)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as workers:
            list(workers.map(send, range(6)))
        assert mails(smtp_server) == [(WAITS, SUBJECT)]


@pytest.mark.clients
@pytest.mark.parametrize("stage", ["MAIL", "DATA"])
def test_killed_in_the_middle_the_mail_leaves_later_and_once(
    committed: Scene, work: Work, smtp_server: Mailbox, database_url: str, stage: str
) -> None:
    # A worker of its own knows no other time than today's.
    day = timezone.localdate() + dt.timedelta(days=20)
    committed.keep(f"date={day}&start=18:00&end=20:00")
    committed.publish()
    due()
    kill_worker_at(stage, database_url)
    work()
    assert mails(smtp_server) == []
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        due()
        due()
        work()
    assert [address for address, _subject in mails(smtp_server)] == [WAITS]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=30)):
        due()
        work()
    assert mails(smtp_server) == []
