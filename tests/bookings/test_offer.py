"""The school's counter-offer: held until it runs out, accepted, declined, lapsed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Claim, Journal, Occurrence, Proposal
from bookings.problems import Line
from bookings.workflow import DraftDate, due
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import NOW, paris

States = Callable[[BookingRequest], list[str]]
WEEK = dt.timedelta(days=7)


def later(scene: Scene, day: str = "2026-11-13") -> DraftDate:
    return DraftDate(evening(day), (scene.space,))


@pytest.fixture
def offered(scene: Scene) -> BookingRequest:
    """Thursday was asked for, Friday is offered instead."""
    request = scene.submit(evening("2026-11-12"))
    workflow.offer(
        request, by=scene.manager, occurrence=request.occurrences.get().pk, to=later(scene), message="Conseil"
    )
    request.refresh_from_db()
    return request


def test_what_is_offered_is_held(scene: Scene, offered: BookingRequest) -> None:
    date = offered.occurrences.get()
    assert (date.state, date.period, date.sequence) == ("offered", evening("2026-11-13"), 1)
    assert offered.state == "submitted"
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-13")]
    proposal = Proposal.objects.get()
    assert (proposal.side, proposal.outcome, proposal.made_by) == ("school", "", scene.manager)
    assert proposal.expires_at == NOW + WEEK
    assert proposal.was == {
        "start": "2026-11-12T17:00:00+00:00",
        "end": "2026-11-12T19:00:00+00:00",
        "spaces": ["Gymnase"],
        "equipment": [],
    }
    line = Journal.objects.get(verb="offer")
    assert (line.actor, line.reason) == (scene.manager, "Conseil")
    assert line.data == {
        "occurrences": [date.pk],
        "proposal": proposal.pk,
        "was_promised": False,
        "overridden": {},
    }
    assert not BookingRequest.objects.awaiting().exists()


def test_a_lesson_that_came_meanwhile_refuses_the_acceptance_before_run_due_finds_it(
    scene: Scene, offered: BookingRequest, states: States
) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-11-13 19:00"), end_at=paris("2026-11-13 21:00")
    )
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.accept_offer(offered, by=scene.member)
    assert refused.value.code == "not_free"
    assert states(offered) == ["offered"]
    assert (due.block(), due.block()) == (1, 0)
    assert Journal.objects.filter(verb="block").count() == 1


def test_what_was_offered_although_closed_may_be_accepted(scene: Scene, states: States) -> None:
    day = dt.date(2026, 11, 13)
    factories.ClosureFactory.create(school=scene.school, space=None, first_on=day, last_on=day)
    request = scene.submit(evening("2026-11-12"))
    workflow.offer(request, by=scene.manager, occurrence=request.occurrences.get().pk, to=later(scene))
    assert due.block() == 0
    workflow.accept_offer(request, by=scene.member)
    assert states(request) == ["approved"]


def test_an_offer_in_place_of_a_promise_is_taken_back(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(request, by=scene.manager)
    date = request.occurrences.all()[0].pk
    workflow.offer(request, by=scene.manager, occurrence=date, to=later(scene))
    workflow.refuse(request, by=scene.manager, reason="Examens", occurrences=[date])
    request.refresh_from_db()
    assert (states(request), request.state) == (["refused", "approved"], "decided")
    assert Proposal.objects.get().outcome == "dropped"
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-19")]


def test_another_asks_in_vain_for_what_is_offered(scene: Scene, offered: BookingRequest) -> None:
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(scene.submit(evening("2026-11-13")), by=scene.manager)
    assert refused.value.code == "nothing_free"


def test_what_was_asked_is_free_for_others(scene: Scene, offered: BookingRequest, states: States) -> None:
    other = scene.submit(evening("2026-11-12"))
    workflow.approve(other, by=scene.manager)
    assert states(other) == ["approved"]


def test_another_space_and_equipment(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school, quantity=5)
    hall = factories.SpaceFactory.create(school=scene.school)
    request = scene.submit(evening("2026-11-12"), equipment=(Line(pool, 4),))
    outcome = workflow.offer(
        request,
        by=scene.manager,
        occurrence=request.occurrences.get().pk,
        to=DraftDate(evening("2026-11-12"), (hall,), (Line(pool, 2),)),
    )
    (date,) = outcome.done
    assert [space.pk for space in date.spaces.all()] == [hall.pk]
    assert [(line.pool_id, line.quantity) for line in date.equipment.all()] == [(pool.pk, 2)]
    again = Occurrence.objects.get()
    assert list(again.spaces.all()) == [hall]
    assert [line.quantity for line in again.equipment.all()] == [2]
    assert Claim.objects.filter(unit__pool=pool).count() == 2
    assert Claim.objects.count() == 3


def test_accepted(scene: Scene, offered: BookingRequest, states: States) -> None:
    workflow.accept_offer(offered, by=scene.member)
    offered.refresh_from_db()
    assert states(offered) == ["approved"]
    assert offered.state == "decided"
    assert offered.decided_at == NOW
    assert Claim.objects.count() == 1
    proposal = Proposal.objects.get()
    assert (proposal.outcome, proposal.closed_at) == ("accepted", NOW)
    assert Journal.objects.get(verb="accept_offer").actor == scene.member


def test_declined(scene: Scene, offered: BookingRequest, states: States) -> None:
    workflow.decline_offer(offered, by=scene.member, reason="Trop tard")
    offered.refresh_from_db()
    assert states(offered) == ["declined"]
    assert offered.state == "decided"
    assert not Claim.objects.exists()
    assert Proposal.objects.get().outcome == "declined"
    assert Journal.objects.get(verb="decline_offer").reason == "Trop tard"


def test_withdrawing_drops_the_offer(scene: Scene, offered: BookingRequest, states: States) -> None:
    workflow.withdraw(offered, by=scene.member)
    assert states(offered) == ["withdrawn"]
    assert not Claim.objects.exists()
    assert Proposal.objects.get().outcome == "dropped"


def test_an_offer_that_ran_out_is_not_accepted(scene: Scene, offered: BookingRequest, states: States) -> None:
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.accept_offer(offered, by=scene.member, at=NOW + WEEK)
    assert refused.value.code == "offer_expired"
    assert states(offered) == ["offered"]


def test_run_out_offers_lapse_once(scene: Scene, offered: BookingRequest, states: States) -> None:
    assert due.lapse(at=NOW + WEEK - dt.timedelta(minutes=1)) == 0
    assert due.lapse(at=NOW + WEEK) == 1
    assert due.lapse(at=NOW + WEEK) == 0
    offered.refresh_from_db()
    assert states(offered) == ["expired"]
    assert offered.state == "expired"
    assert not Claim.objects.exists()
    assert Proposal.objects.get().outcome == "lapsed"
    line = Journal.objects.get(verb="lapse")
    assert line.actor is None


def test_whoever_needs_what_a_run_out_offer_holds_frees_it(
    scene: Scene, offered: BookingRequest, states: States
) -> None:
    other = scene.submit(evening("2026-11-13"))
    workflow.approve(other, by=scene.manager, at=NOW + WEEK)
    assert states(other) == ["approved"]
    assert states(offered) == ["expired"]
    assert [claim.occurrence.request for claim in Claim.objects.all()] == [other]
    assert Journal.objects.filter(request=offered, verb="lapse").count() == 1


def test_approving_frees_the_run_out_offer_of_the_same_request(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"), evening("2026-11-13", "20:00", "21:00"))
    first, second = request.occurrences.all()
    workflow.offer(request, by=scene.manager, occurrence=first.pk, to=later(scene))
    workflow.offer(
        request,
        by=scene.manager,
        occurrence=second.pk,
        to=DraftDate(
            evening("2026-11-13", "19:00", "21:00"), (factories.SpaceFactory.create(school=scene.school),)
        ),
    )
    workflow.accept_offer(request, by=scene.member, occurrences=[second.pk])
    assert due.lapse(at=NOW + WEEK) == 1
    request.refresh_from_db()
    assert states(request) == ["expired", "approved"]
    assert request.state == "decided"


def test_an_offer_never_outlives_its_beginning(scene: Scene) -> None:
    request = scene.submit(evening("2026-10-16"))
    workflow.offer(
        request, by=scene.manager, occurrence=request.occurrences.get().pk, to=later(scene, "2026-10-15")
    )
    assert Proposal.objects.get().expires_at == paris("2026-10-15 18:00")


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (DraftDate(evening("2026-10-01")), "nothing_asked"),
        ("past", "past"),
        ("elsewhere", "several_schools"),
        ("taken", "not_free"),
        ("seconds", "seconds"),
    ],
)
def test_impossible_offers_change_nothing(scene: Scene, states: States, to: object, code: str) -> None:
    taken = scene.submit(evening("2026-11-19"))
    workflow.approve(taken, by=scene.manager)
    request = scene.submit(evening("2026-11-12"))
    half = dt.timedelta(seconds=30)
    start, end = evening("2026-11-13")
    places = {
        "past": later(scene, "2026-10-08"),
        "elsewhere": DraftDate(evening("2026-11-13"), (factories.SpaceFactory.create(),)),
        "taken": later(scene, "2026-11-19"),
        "seconds": DraftDate(type(evening("2026-11-13"))(start + half, end + half), (scene.space,)),
    }
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.offer(
            request,
            by=scene.manager,
            occurrence=request.occurrences.get().pk,
            to=places[to] if isinstance(to, str) else to,  # type: ignore[arg-type]
        )
    assert refused.value.code == code
    assert states(request) == ["pending"]
    assert not Proposal.objects.exists()
    assert Claim.objects.count() == 1


def test_rules_of_the_school_do_not_stand_against_its_own_offer(scene: Scene) -> None:
    request = scene.submit(evening("2026-11-12"))
    date = request.occurrences.get()
    workflow.offer(request, by=scene.manager, occurrence=date.pk, to=later(scene, "2026-11-14"))
    assert Journal.objects.get(verb="offer").data["overridden"] == {str(date.pk): ["out_of_hours"]}


def test_an_approved_date_is_offered_elsewhere(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"))
    workflow.approve(request, by=scene.manager)
    workflow.offer(request, by=scene.manager, occurrence=request.occurrences.get().pk, to=later(scene))
    request.refresh_from_db()
    assert (states(request), request.state) == (["offered"], "decided")
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-13")]
    workflow.accept_offer(request, by=scene.member)
    assert states(request) == ["approved"]


def test_an_offer_overlapping_its_own_earlier_place(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"))
    workflow.approve(request, by=scene.manager)
    workflow.offer(
        request,
        by=scene.manager,
        occurrence=request.occurrences.get().pk,
        to=DraftDate(evening("2026-11-12", "19:00", "21:00"), (scene.space,)),
    )
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-12", "19:00", "21:00")]


def test_an_offered_date_is_not_offered_again(scene: Scene, offered: BookingRequest) -> None:
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.offer(
            offered, by=scene.manager, occurrence=offered.occurrences.get().pk, to=later(scene, "2026-11-19")
        )
    assert refused.value.code == "already_decided"
