"""Several people act on one thing at one instant: the first wins, the others are told."""

from __future__ import annotations

import pytest

from bookings.models import BookingRequest, Claim, Journal, Occurrence
from bookings.states import Verb
from shareloc.accounts.models import User
from tests.conftest import effort
from tests.factories import EquipmentPoolFactory, SchoolRoleFactory

from .clients import Answer, Clients
from .conftest import PROCESSES
from .scenes import Date, Stage, on_day
from .sweep import assert_all_is_well

pytestmark = pytest.mark.concurrency

ROUNDS = 10


def test_of_fifty_who_want_one_slot_one_gets_it(clients: Clients, stage: Stage) -> None:
    room = stage.space()
    for day in range(effort(ROUNDS, least=2)):
        requests = stage.ask_all([[Date(on_day(day), (room,))]] * 50)
        decided = clients.decide([("approve", each, stage.manager.pk) for each in requests], threads=True)
        assert decided.having("error") == []
        assert len(decided.having("approved")) == 1
        assert [refusal.code for refusal in decided.having("refused")] == ["nothing_free"] * 49
        assert all("déjà prise" in refusal.message for refusal in decided.having("refused"))
    assert_all_is_well()


def test_of_fifty_who_want_overlapping_slots_one_gets_it(clients: Clients, stage: Stage) -> None:
    """Every period holds the same half hour."""
    room = stage.space()
    for day in range(effort(ROUNDS, least=2)):
        asks = [
            [Date(on_day(day, hour=12 + n // 10, minute=30 * (n % 2), length=420 - 30 * (n % 5)), (room,))]
            for n in range(50)
        ]
        requests = stage.ask_all(asks)
        decided = clients.decide([("approve", each, stage.manager.pk) for each in requests], threads=True)
        assert decided.having("error") == []
        assert len(decided.having("approved")) == 1
        assert len(decided.having("refused")) == 49
    assert_all_is_well()


def test_of_fifty_who_want_three_of_ten_three_get_them(clients: Clients, stage: Stage) -> None:
    chairs = EquipmentPoolFactory.create(school=stage.school, quantity=10)
    for day in range(effort(ROUNDS, least=2)):
        requests = stage.ask_all([[Date(on_day(day), (), {chairs: 3})]] * 50)
        decided = clients.decide([("approve", each, stage.manager.pk) for each in requests], threads=True)
        assert decided.having("error") == []
        assert len(decided.having("approved")) == 3
        assert [refusal.code for refusal in decided.having("refused")] == ["nothing_free"] * 47
    assert_all_is_well()


@pytest.fixture
def colleague(stage: Stage) -> User:
    return SchoolRoleFactory.create(school=stage.school).user


def meet(
    clients: Clients, requests: list[int], one: tuple[str, User], other: tuple[str, User]
) -> list[list[Answer]]:
    """Two people act on each request at once; both answers of each."""
    pairs = []
    for request in requests:
        steps = [(verb, request, user.pk) for verb, user in (one, other)]
        pairs.append(clients.decide(steps).answers)
    return pairs


@pytest.mark.parametrize(
    ("verb", "other_verb"), [("approve", "approve"), ("approve", "refuse"), ("refuse", "refuse")]
)
def test_of_two_managers_the_first_wins_and_the_second_is_told(
    clients: Clients, stage: Stage, colleague: User, verb: str, other_verb: str
) -> None:
    rooms = stage.ask_all(
        [[Date(on_day(day), (stage.space(),))] for day in range(effort(ROUNDS * 10, least=5))]
    )
    for request, answers in zip(
        rooms, meet(clients, rooms, (verb, stage.manager), (other_verb, colleague)), strict=True
    ):
        assert sorted(each.answer for each in answers) == ["approved", "refused"]
        told = next(each for each in answers if each.answer == "refused")
        line = Journal.objects.get(request=request)
        assert told.code == "already_decided"
        assert str(line.actor) in told.message
        assert line.verb == (verb, other_verb)[[each.answer for each in answers].index("approved")]
        assert Claim.objects.filter(occurrence__request=request).exists() is (line.verb == Verb.APPROVE)
    assert_all_is_well()


def test_approved_or_withdrawn_never_both(clients: Clients, stage: Stage) -> None:
    requests = stage.ask_all(
        [[Date(on_day(day), (stage.space(),))] for day in range(effort(ROUNDS * 10, least=5))]
    )
    meet(clients, requests, ("approve", stage.manager), ("withdraw", stage.asker))
    for request in requests:
        line = Journal.objects.get(request=request)
        date = Occurrence.objects.get(request=request)
        assert (line.verb, date.state) in {("approve", "approved"), ("withdraw", "withdrawn")}
    assert_all_is_well()


def test_the_same_form_sent_by_all_at_once_is_one_request(clients: Clients, stage: Stage) -> None:
    keys = [f"formulaire-{n}" for n in range(effort(ROUNDS * 10, least=10))]
    period = on_day(0)
    order = {
        "keys": keys,
        "organisation": stage.organisation.pk,
        "by": stage.asker.pk,
        "space": stage.space().pk,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }
    told = clients.run("submit", [order] * PROCESSES)
    stored = list(BookingRequest.objects.order_by("pk").values_list("reference", "idempotency_key"))
    assert sorted(key for _reference, key in stored) == sorted(keys)
    reference = {key: reference for reference, key in stored}
    assert told == [[reference[key] for key in keys]] * PROCESSES
    assert Occurrence.objects.count() == Journal.objects.filter(verb=Verb.SUBMIT).count() == len(keys)
