"""Refusing, withdrawing, cancelling: who is left where, and claims freed."""

from collections.abc import Callable

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Claim, Journal
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris

States = Callable[[BookingRequest], list[str]]


def test_refusing_says_why(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.refuse(request, by=scene.manager, reason="Conseil de classe")
    request.refresh_from_db()
    assert states(request) == ["refused", "refused"]
    assert {date.reason for date in request.occurrences.all()} == {"Conseil de classe"}
    assert request.state == "decided"
    assert Journal.objects.get(verb="refuse").reason == "Conseil de classe"


def test_refusing_one_date_leaves_the_others_to_decide(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.refuse(
        request, by=scene.manager, reason="Examens", occurrences=[request.occurrences.all()[0].pk]
    )
    request.refresh_from_db()
    assert states(request) == ["refused", "pending"]
    assert request.state == "submitted"


def test_withdrawing_before_any_decision(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"))
    workflow.withdraw(request, by=scene.member)
    request.refresh_from_db()
    assert states(request) == ["withdrawn"]
    assert request.state == "withdrawn"


def test_withdrawing_keeps_what_was_approved(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(request, by=scene.manager, occurrences=[request.occurrences.all()[0].pk])
    workflow.withdraw(request, by=scene.member)
    request.refresh_from_db()
    assert states(request) == ["approved", "withdrawn"]
    assert request.state == "decided"
    assert Claim.objects.count() == 1


def test_withdrawing_after_the_decision_is_refused(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"))
    workflow.approve(request, by=scene.manager)
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.withdraw(request, by=scene.member)
    assert refused.value.code == "forbidden_now"


def test_cancelling_frees_the_claims_at_once(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(request, by=scene.manager)
    first = request.occurrences.all()[0]
    workflow.cancel(request, by=scene.member, reason="Concert reporté", occurrences=[first.pk])
    assert states(request) == ["cancelled", "approved"]
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-19")]
    again = scene.submit(evening("2026-11-12"))
    workflow.approve(again, by=scene.manager)
    assert states(again) == ["approved"]


def test_cancelling_raises_the_sequence_for_calendars(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"))
    assert request.occurrences.get().sequence == 0
    workflow.approve(request, by=scene.manager)
    workflow.cancel(request, by=scene.manager, reason="Travaux")
    assert request.occurrences.get().sequence == 2


def test_past_dates_are_not_cancelled(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(request, by=scene.manager)
    workflow.cancel(request, by=scene.manager, reason="Travaux", at=paris("2026-11-13 09:00"))
    assert states(request) == ["approved", "cancelled"]


def test_cancelling_what_was_never_approved_is_refused(scene: Scene) -> None:
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.cancel(scene.submit(evening("2026-11-12")), by=scene.member, reason="Changement")
    assert refused.value.code == "nothing_to_do"
