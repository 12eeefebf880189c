"""Approving: all free dates or chosen ones, claims, and what is left with its reasons."""

import datetime as dt
from collections.abc import Callable

import pytest
from django_tasks_db.models import DBTaskResult

from bookings import workflow
from bookings.models import BookingRequest, Claim, Journal
from bookings.problems import Line
from tests import factories
from tests.bookings.conftest import Scene, evening
from venues.models import SpaceUnit

States = Callable[[BookingRequest], list[str]]


def test_all_free_dates_are_approved(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    outcome = workflow.approve(request, by=scene.manager)
    request.refresh_from_db()
    assert len(outcome.done) == 2
    assert outcome.left == []
    assert states(request) == ["approved", "approved"]
    assert request.state == "decided"
    assert request.decided_at is not None
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-12"), evening("2026-11-19")]
    line = Journal.objects.get(verb="approve")
    assert line.actor == scene.manager
    assert line.data == {"occurrences": [d.pk for d in outcome.done], "left": [], "overridden": {}}
    assert DBTaskResult.objects.filter(args_kwargs__args=[line.pk, 0]).count() == 1


def test_claims_carry_the_buffers(scene: Scene) -> None:
    scene.space.setup_minutes, scene.space.cleanup_minutes = 30, 15
    scene.space.save()
    workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    assert Claim.objects.get().period == evening("2026-11-12", "17:30", "20:15")


def test_taken_dates_are_left_with_their_reason(scene: Scene, states: States) -> None:
    workflow.approve(scene.submit(evening("2026-11-12", "19:00", "21:00")), by=scene.manager)
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    outcome = workflow.approve(request, by=scene.manager)
    request.refresh_from_db()
    assert states(request) == ["pending", "approved"]
    assert request.state == "submitted"
    [(left, problems)] = outcome.left
    assert left.period == evening("2026-11-12")
    assert [problem.code for problem in problems] == ["taken"]


def test_chosen_dates_pass_over_what_a_manager_may_pass_over(scene: Scene, states: States) -> None:
    saturday = evening("2026-11-14")
    request = scene.submit(saturday, evening("2026-11-19"))
    with_hours = workflow.approve(request, by=scene.manager)
    assert [problem.code for problem in with_hours.left[0][1]] == ["out_of_hours"]
    chosen = with_hours.left[0][0].pk
    workflow.approve(request, by=scene.manager, occurrences=[chosen])
    assert states(request) == ["approved", "approved"]
    assert Journal.objects.filter(verb="approve").last().data["overridden"] == {str(chosen): ["out_of_hours"]}  # type: ignore[union-attr]


def test_chosen_dates_never_pass_over_safety_or_another_claim(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"), attendees=61)
    chosen = request.occurrences.get().pk
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(request, by=scene.manager, occurrences=[chosen])
    assert refused.value.code == "nothing_free"
    assert (
        refused.value.message
        == "Cette date n’a pas pu être acceptée. Gymnase accueille au plus 60 personnes."
    )
    assert not Claim.objects.exists()


def test_a_chosen_date_already_decided_is_said(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    first, second = request.occurrences.all()
    workflow.approve(request, by=scene.manager, occurrences=[first.pk])
    outcome = workflow.approve(request, by=scene.manager, occurrences=[first.pk, second.pk])
    assert [date.pk for date in outcome.done] == [second.pk]
    assert [(date.pk, problems[0].code) for date, problems in outcome.left] == [(first.pk, "already_decided")]


def test_the_second_manager_is_told_who_and_when(scene: Scene) -> None:
    scene.manager.name = "Première gestionnaire"
    scene.manager.save()
    request = scene.submit(evening("2026-11-12"))
    workflow.approve(request, by=scene.manager)
    second = factories.SchoolRoleFactory.create(school=scene.school).user
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(request, by=second)
    assert refused.value.code == "already_decided"
    assert refused.value.message.replace("\u00a0", " ") == (
        "Dates acceptées par Première gestionnaire le mercredi 14 octobre 2026 à 10:00 :"
        " il n’y a plus rien à faire ici."
    )


def test_dates_of_another_request_are_refused(scene: Scene) -> None:
    request, other = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(request, by=scene.manager, occurrences=[other.occurrences.get().pk])
    assert refused.value.code == "unknown_dates"


def test_half_a_gymnasium_excludes_the_whole_and_not_the_other_half(scene: Scene, states: States) -> None:
    other_half = factories.SpaceFactory.create(school=scene.school)
    whole = factories.SpaceFactory.create(
        school=scene.school, units=[scene.space.units.get(), other_half.units.get()]
    )
    assert SpaceUnit.objects.filter(space=whole).count() == 2
    workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    refused = scene.submit(evening("2026-11-12"), spaces=(whole,))
    with pytest.raises(workflow.WorkflowError):
        workflow.approve(refused, by=scene.manager)
    half = scene.submit(evening("2026-11-12"), spaces=(other_half,))
    workflow.approve(half, by=scene.manager)
    assert states(half) == ["approved"]


def test_equipment_is_claimed_unit_by_unit(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school, quantity=5)
    workflow.approve(scene.submit(evening("2026-11-12"), equipment=(Line(pool, 3),)), by=scene.manager)
    assert Claim.objects.filter(unit__pool=pool).count() == 3
    other = factories.SpaceFactory.create(school=scene.school)
    too_many = scene.submit(evening("2026-11-12"), spaces=(other,), equipment=(Line(pool, 3),))
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(too_many, by=scene.manager)
    assert "2 disponibles sur 3 demandés" in refused.value.message
    assert Claim.objects.count() == 4
    enough = scene.submit(evening("2026-11-12"), spaces=(other,), equipment=(Line(pool, 2),))
    workflow.approve(enough, by=scene.manager)
    assert Claim.objects.filter(unit__pool=pool).count() == 5


def test_dates_whose_buffers_collide_are_not_both_approved(scene: Scene, states: States) -> None:
    scene.space.cleanup_minutes = 60
    scene.space.save()
    request = scene.submit(evening("2026-11-12", "18:00", "19:00"), evening("2026-11-12", "19:30", "20:30"))
    outcome = workflow.approve(request, by=scene.manager)
    assert states(request) == ["approved", "pending"]
    assert [problem.code for problem in outcome.left[0][1]] == ["buffer"]


def test_a_claim_that_bypassed_the_locks_is_told_as_taken(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading before insertion misses it; the constraint does not."""
    other = factories.OccurrenceFactory.create(spaces=[])
    Claim.objects.create(
        unit=scene.space.units.get(),
        occurrence=other,
        start_at=evening("2026-11-12").start,
        end_at=evening("2026-11-12").end,
    )
    monkeypatch.setattr(
        "bookings.availability.SpaceTime.held", property(lambda time: [], lambda *_: None), raising=False
    )
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    assert refused.value.code == "taken"
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("dates", [1, 40])
def test_the_number_of_statements_does_not_depend_on_the_dates(  # type: ignore[no-untyped-def]
    scene: Scene, django_assert_num_queries, dates: int
) -> None:
    first = dt.date(2026, 11, 12)
    request = scene.submit(*(evening(str(first + dt.timedelta(weeks=n))) for n in range(dates)))
    with django_assert_num_queries(15, own=True):
        workflow.approve(request, by=scene.manager)
