"""Certificates that run out: told a month before, once, whatever breaks; forgotten when nobody needs them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bookings import expiring
from bookings.models import ExpiryNotice
from shareloc.accounts import documents
from shareloc.accounts.models import Document, Membership, Organisation, User
from tests import factories
from tests.bookings.mail.conftest import told
from tests.bookings.mail.servers import answering, down, kill_worker_at, later
from tests.conftest import NOW, Mailbox
from tests.documents import certificate

Work = Any
ADMIN = "responsable@example.org"


def make(days: int = 30, today: dt.date | None = None, **values: Any) -> Document:
    """A certificate that runs out in so many days, of an organisation with one administrator."""
    today = today or timezone.localdate()
    organisation = Organisation.objects.filter(name="Judo-club d’essai").first()
    if organisation is None:
        organisation = factories.OrganisationFactory.create(name="Judo-club d’essai")
        member(organisation, ADMIN, Membership.Role.ADMIN)
    return factories.InsuranceFactory.create(
        organisation=organisation,
        policy_number="P-1234",
        valid_from=today - dt.timedelta(days=300),
        valid_until=today + dt.timedelta(days=days),
        **values,
    )


def member(organisation: Organisation, email: str, role: str = "member") -> User:
    user = factories.UserFactory.create(email=email, name="Personne d’essai")
    factories.MembershipFactory.create(organisation=organisation, user=user, role=role)
    return user


def due() -> None:
    call_command("run_due")


def addresses(mailbox: Mailbox) -> list[str]:
    return sorted(address for address, _subject in told(mailbox))


@pytest.mark.usefixtures("now", "db")
class TestWhen:
    @pytest.mark.parametrize(("days", "count"), [(31, 0), (30, 1), (1, 1), (0, 1), (-1, 0)])
    def test_within_a_month(self, days: int, count: int) -> None:
        document = make(days)
        assert expiring.remind() == count
        document.refresh_from_db()
        assert document.reminded_at == (NOW if count else None)

    def test_once(self, work: Work, smtp_server: Mailbox) -> None:
        make()
        for _n in range(2):
            due()
            work()
        assert addresses(smtp_server) == [ADMIN]
        with later(minutes=60 * 24 * 20):
            due()
            work()
        assert addresses(smtp_server) == []

    def test_not_where_the_next_one_is_on_file(self) -> None:
        document = make()
        assert document.valid_until is not None
        after = document.valid_until + dt.timedelta(days=1)
        following = factories.InsuranceFactory.create(
            organisation=document.organisation,
            valid_from=after,
            valid_until=after + dt.timedelta(days=365),
        )
        assert expiring.remind() == 0
        documents.remove(following)
        assert expiring.remind() == 1

    def test_a_gap_between_two_is_told(self) -> None:
        document = make()
        assert document.valid_until is not None
        late = document.valid_until + dt.timedelta(days=2)
        factories.InsuranceFactory.create(
            organisation=document.organisation, valid_from=late, valid_until=late + dt.timedelta(days=365)
        )
        assert expiring.remind() == 1

    def test_neither_statutes_nor_what_was_taken_off(self) -> None:
        documents.remove(make())
        Document.objects.update(reminded_at=None)
        make(kind=Document.Kind.STATUTES)
        assert expiring.remind() == 0

    def test_whom(self, work: Work, smtp_server: Mailbox) -> None:
        document = make()
        organisation = document.organisation
        member(organisation, "simple@example.org")
        depositor = member(organisation, "deposant@example.org")
        muted = member(organisation, "muet@example.org", Membership.Role.ADMIN)
        User.objects.filter(pk=muted.pk).update(muted_mails=["certificates"])
        gone = member(organisation, "parti@example.org", Membership.Role.ADMIN)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        Document.objects.update(created_by=depositor)
        due()
        work()
        assert addresses(smtp_server) == ["deposant@example.org", ADMIN]

    def test_all_members_where_nobody_answers_for_it(self, work: Work, smtp_server: Mailbox) -> None:
        document = make()
        User.objects.filter(email=ADMIN).update(is_active=False)
        member(document.organisation, "simple@example.org")
        due()
        work()
        assert addresses(smtp_server) == ["simple@example.org"]

    @pytest.mark.parametrize("what", ["removed", "followed", "inactive"])
    def test_what_has_no_object_any_more_does_not_leave(
        self, work: Work, smtp_server: Mailbox, what: str
    ) -> None:
        document = make()
        due()
        if what == "removed":
            documents.remove(document)
        elif what == "followed":
            make(300)
        else:
            User.objects.update(is_active=False)
        work()
        assert addresses(smtp_server) == []
        assert not ExpiryNotice.objects.exists()

    def test_refused_for_good_is_not_tried_again(self, work: Work, smtp_server: Mailbox) -> None:
        answering(smtp_server, {ADMIN: "550 no such mailbox"})
        make()
        due()
        work()
        answering(smtp_server, {})
        with later(minutes=30):
            due()
            work()
        assert addresses(smtp_server) == []

    @pytest.mark.parametrize("many", [1, 10])
    def test_statements_follow_the_certificates(self, django_assert_num_queries: Any, many: int) -> None:
        for _n in range(many):
            factories.InsuranceFactory.create(valid_until=timezone.localdate())
        # Which are near; for each: lock, what follows, mark, its people twice.
        with django_assert_num_queries(1 + 5 * many, own=True):
            assert expiring.remind() == many


# -- servers and workers that die ---------------------------------------------------------------


@pytest.mark.usefixtures("now")
class TestBroken:
    def test_the_mail_server_is_down(
        self, transactional_db: None, work: Work, smtp_server: Mailbox, settings: Any
    ) -> None:
        make()
        due()
        with down(smtp_server, settings):
            work()
            for minutes in (1, 6, 21):
                with later(minutes=minutes):
                    work()
                    due()
        with later(hours=2):
            work()
            assert addresses(smtp_server) == [ADMIN]
            due()
            work()
        assert addresses(smtp_server) == []

    def test_a_task_that_is_gone_is_queued_again_once(
        self, transactional_db: None, work: Work, smtp_server: Mailbox
    ) -> None:
        make()
        due()
        DBTaskResult.objects.all().delete()
        with later(minutes=10):
            assert expiring.requeue_lost() == 0
        with later(minutes=11):
            assert expiring.requeue_lost() == 1
            assert expiring.requeue_lost() == 0
            work()
        assert addresses(smtp_server) == [ADMIN]

    def test_runs_and_workers_at_once_tell_once(self, transactional_db: None, smtp_server: Mailbox) -> None:
        make()

        def run(_number: int) -> int:
            try:
                return expiring.remind()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as crowd:
            assert sum(crowd.map(run, range(4))) == 1
        notice = ExpiryNotice.objects.get()

        def send(_number: int) -> None:
            try:
                expiring.tell.func(notice.pk, 0)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as crowd:
            list(crowd.map(send, range(4)))
        assert addresses(smtp_server) == [ADMIN]


@pytest.mark.clients
def test_killed_in_the_middle_the_mail_leaves_later_and_once(
    transactional_db: None, work: Work, smtp_server: Mailbox, database_url: str
) -> None:
    make(20)
    due()
    kill_worker_at("DATA", database_url)
    work()
    assert addresses(smtp_server) == []
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        due()
        due()
        work()
    assert addresses(smtp_server) == [ADMIN]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=30)):
        due()
        work()
    assert addresses(smtp_server) == []


# -- what is forgotten --------------------------------------------------------------------------


def on(day: str) -> Any:
    return time_machine.travel(dt.datetime.fromisoformat(f"{day}T10:00:00+02:00"), tick=False)


@pytest.mark.usefixtures("now", "media")
def test_a_certificate_is_forgotten_a_year_after_it_ran_out(
    db: None, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    certificate(valid_until=dt.date(2026, 10, 31))
    factories.InsuranceFactory.create(valid_until=dt.date(2027, 10, 31))
    statutes = factories.InsuranceFactory.create(kind="statutes", valid_until=None)
    assert len(list(media.rglob("*.pdf"))) == 1
    with on("2027-10-31"):
        assert expiring.forget_old() == 0
    with on("2027-11-01"), django_capture_on_commit_callbacks(execute=True):
        assert expiring.forget_old() == 1
    assert list(media.rglob("*.pdf")) == []
    with on("2030-01-01"):
        assert expiring.forget_old() == 1
    assert list(Document.objects.all()) == [statutes]


def test_what_is_taken_off_goes_at_once_unless_a_school_relied_on_it(db: None, now: dt.datetime) -> None:
    document = factories.InsuranceFactory.create(valid_until=None)
    other = factories.InsuranceFactory.create(organisation=document.organisation, valid_until=None)
    factories.OccurrenceFactory.create(request__organisation=document.organisation)
    with on("2027-01-10"):
        later_one = factories.InsuranceFactory.create(organisation=document.organisation)
        documents.remove(document)
        documents.remove(later_one)
        # The request's dates were over when the last one came.
        assert expiring.forget_old() == 1
    assert set(Document.objects.all()) == {document, other}
    with on("2028-01-10"):
        assert expiring.forget_old() == 0
    with on("2028-01-12"):
        assert expiring.forget_old() == 1
    assert list(Document.objects.all()) == [other]
