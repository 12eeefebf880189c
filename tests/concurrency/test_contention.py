"""Eight processes want the same things at once: no doubles, and a clear answer to every attempt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bookings.models import Occurrence
from tests.conftest import effort

from .clients import Clients, Decided
from .conftest import PROCESSES
from .guard import constraint_dropped
from .scenes import SCENES, Date, Stage
from .sweep import assert_all_is_well, doubles

pytestmark = pytest.mark.concurrency

Scene = Callable[[Stage, int], list[list[Date]]]
scenes = pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)

ATTEMPTS = 500


def compete(
    clients: Clients, stage: Stage, scene: Scene, *, attempts: int, off: tuple[str, ...] = ()
) -> Decided:
    requests = stage.ask_all(scene(stage, PROCESSES * attempts))
    decided = clients.decide([("approve", request, stage.manager.pk) for request in requests], off=off)
    print(
        f"{len(requests)} attempts, {len(requests) / decided.seconds:.0f} a second:"
        f" {len(decided.having('approved'))} approved, {len(doubles())} doubles"
    )
    return decided


def assert_clear_answers(decided: Decided) -> None:
    assert decided.having("error") == []
    assert {refusal.code for refusal in decided.having("refused")} == {"nothing_free"}
    assert all(refusal.message for refusal in decided.having("refused"))
    assert decided.having("approved")


def assert_told_the_truth(decided: Decided) -> None:
    """Dates said to be approved are; those said to be left still wait."""
    done = [date for each in decided.having("approved") for date in each.done]
    left = [date for each in decided.having("approved") for date in each.left]
    by_state = {state: set(ids(state)) for state in Occurrence.State}
    assert sorted(done) == sorted(by_state[Occurrence.State.APPROVED])
    assert set(left) <= by_state[Occurrence.State.PENDING]


def ids(state: str) -> list[int]:
    return list(Occurrence.objects.in_state(state).values_list("pk", flat=True))


@scenes
def test_nothing_is_booked_twice(clients: Clients, stage: Stage, scene: Scene) -> None:
    decided = compete(clients, stage, scene, attempts=effort(ATTEMPTS))
    assert_clear_answers(decided)
    assert_told_the_truth(decided)
    assert_all_is_well()


@scenes
def test_the_constraint_alone_is_enough(clients: Clients, stage: Stage, scene: Scene) -> None:
    """Locks off: what the constraint refuses, deadlocks included, is an ordinary refusal."""
    decided = compete(clients, stage, scene, attempts=effort(ATTEMPTS // 10), off=("lock",))
    assert decided.having("error") == []
    assert {refusal.code for refusal in decided.having("refused")} <= {"nothing_free", "taken"}
    assert_all_is_well()


@scenes
def test_the_lock_alone_is_enough(clients: Clients, stage: Stage, scene: Scene) -> None:
    with constraint_dropped():
        assert_clear_answers(compete(clients, stage, scene, attempts=effort(ATTEMPTS // 10)))
        assert_all_is_well()


@scenes
def test_without_guard_the_same_attempts_book_twice(clients: Clients, stage: Stage, scene: Scene) -> None:
    """Were no doubles found here, the tests above would prove nothing."""
    with constraint_dropped():
        for _round in range(50):
            compete(clients, stage, scene, attempts=ATTEMPTS // 50, off=("lock", "transaction"))
            if doubles():
                break
        else:
            pytest.fail("no doubles in as many attempts as with the guards on")
