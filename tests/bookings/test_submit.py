"""Sending a request: what is stored, once, with everything that follows."""

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from bookings import workflow
from bookings.models import BookingRequest, Claim, Journal
from bookings.problems import Line
from tests import factories
from tests.bookings.conftest import Scene, evening


def test_a_request_is_stored_with_its_dates_journal_and_mail(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school)
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"), equipment=(Line(pool, 3),))
    request.refresh_from_db()
    assert request.reference.startswith("R-")
    assert len(request.reference) == 11
    assert request.state == "submitted"
    assert request.school == scene.school
    assert request.answer_due_on == dt.date(2026, 10, 21)
    dates = list(request.occurrences.all())
    assert [date.period for date in dates] == [evening("2026-11-12"), evening("2026-11-19")]
    assert [list(date.spaces.all()) for date in dates] == [[scene.space]] * 2
    assert [[(line.pool, line.quantity) for line in date.equipment.all()] for date in dates] == [
        [(pool, 3)]
    ] * 2
    line = Journal.objects.get()
    assert (line.verb, line.actor, line.data["occurrences"]) == (
        "submit",
        scene.member,
        [d.pk for d in dates],
    )
    assert DBTaskResult.objects.get().args_kwargs == {"args": [line.pk, 0], "kwargs": {}}


def test_a_request_holds_nothing_until_it_is_approved(scene: Scene) -> None:
    scene.submit(evening("2026-11-12"))
    assert not Claim.objects.exists()


def test_the_same_key_twice_gives_one_request(scene: Scene) -> None:
    first = scene.submit(evening("2026-11-12"), idempotency_key="a-key")
    again = scene.submit(evening("2026-11-12"), idempotency_key="a-key")
    assert again.pk == first.pk
    assert BookingRequest.objects.count() == 1
    assert Journal.objects.count() == 1


def test_the_same_key_of_another_person_is_another_request(scene: Scene) -> None:
    scene.submit(evening("2026-11-12"), idempotency_key="a-key")
    other = factories.MembershipFactory.create(organisation=scene.organisation).user
    workflow.submit(scene.draft(evening("2026-11-12"), idempotency_key="a-key"), by=other)
    assert BookingRequest.objects.count() == 2


def test_spaces_of_two_schools_are_refused(scene: Scene) -> None:
    spaces = (scene.space, factories.SpaceFactory.create())
    with pytest.raises(workflow.WorkflowError) as refused:
        scene.submit(evening("2026-11-12"), spaces=spaces)
    assert refused.value.code == "several_schools"
    assert not BookingRequest.objects.exists()


def test_nothing_asked_is_refused(scene: Scene) -> None:
    with pytest.raises(workflow.WorkflowError) as refused:
        scene.submit(evening("2026-11-12"), spaces=())
    assert refused.value.code == "nothing_asked"


def test_a_failure_leaves_nothing_behind(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(line: Journal) -> None:
        raise RuntimeError("no mail can be queued")

    monkeypatch.setattr("bookings.notifications.queue", broken)
    with pytest.raises(RuntimeError):
        scene.submit(evening("2026-11-12"))
    assert not BookingRequest.objects.exists()


def test_forty_dates_take_as_many_statements_as_one(scene: Scene, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    first = dt.date(2026, 11, 12)
    forty = [evening(str(first + dt.timedelta(weeks=n))) for n in range(40)]
    with django_assert_num_queries(6, own=True):
        scene.submit(*forty[:1])
    with django_assert_num_queries(6, own=True):
        scene.submit(*forty)
