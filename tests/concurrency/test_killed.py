"""A process killed in mid transaction leaves nothing half-written, and holds nobody up."""

from __future__ import annotations

import signal

import pytest
from django_tasks_db.models import DBTaskResult

from bookings.models import BookingRequest, Claim, Journal, Occurrence
from tests.conftest import effort
from tests.factories import EquipmentPoolFactory

from .clients import Clients
from .scenes import Date, Stage, on_day
from .sweep import assert_all_is_well

pytestmark = pytest.mark.concurrency


def snapshot() -> list[list[tuple[object, ...]]]:
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (BookingRequest, Occurrence, Claim, Journal, DBTaskResult)
    ]


def test_killed_after_any_written_statement(clients: Clients, stage: Stage) -> None:
    chairs = EquipmentPoolFactory.create(school=stage.school, quantity=10)
    room = stage.space()
    request = stage.ask(*(Date(on_day(day), (room,), {chairs: 4}) for day in range(5)))
    before = snapshot()
    step = ("approve", request, stage.manager.pk)
    writes = 0
    while True:
        writes += 1
        [ended] = clients.run("die", [{"step": step, "writes": writes}])
        if ended is None:
            break
        assert ended == signal.SIGKILL
        assert snapshot() == before
    # Claims, dates, request, journal and task: each was followed by a death.
    assert writes > 4
    assert Occurrence.objects.filter(state=Occurrence.State.APPROVED).count() == 5
    assert_all_is_well()


def test_others_go_on_while_one_dies(clients: Clients, stage: Stage) -> None:
    room = stage.space()
    for day in range(effort(20, least=2)):
        dying, living = stage.ask_all([[Date(on_day(day), (room,))]] * 2)
        [ended] = clients.run("die", [{"step": ("approve", dying, stage.manager.pk), "writes": 2}])
        assert ended == signal.SIGKILL
        decided = clients.decide([("approve", living, stage.manager.pk)])
        assert [each.answer for each in decided.answers] == ["approved"]
    assert_all_is_well()
