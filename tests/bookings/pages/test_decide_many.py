"""Several requests in one go, and promised dates the school needs the room of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Journal
from bookings.workflow import due
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast, paris

States = Callable[[BookingRequest], list[str]]
ADDRESS = "/a-decider/plusieurs/"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("member", 404),
        ("other_manager", 302),
        ("manager", 302),
        ("region", 404),
    ],
)
def test_each_decides_for_their_own_school(cast: Cast, role: str, status: int) -> None:
    factories.open_always(cast.school)
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    date = factories.OccurrenceFactory.create(request=asked)
    response = cast.client(role).post(ADDRESS, {"requests": [asked.reference], "act": "approve"})
    assert response.status_code == status
    date.refresh_from_db()
    assert date.state == ("approved" if role == "manager" else "pending")


def test_all_that_is_free_is_accepted_and_the_rest_said(scene: Scene, states: States) -> None:
    free = scene.submit(evening("2026-11-12"))
    partly = scene.submit(evening("2026-11-19"), evening("2026-11-21"))
    rival = scene.submit(evening("2026-11-12"))
    others = scene.submit(evening("2026-11-26"))
    ticked = [free.reference, partly.reference, rival.reference]
    response = signed_in(scene.manager).post(ADDRESS, {"requests": ticked, "act": "approve"}, follow=True)
    said = words(response)
    assert "2 dates acceptées." in said
    assert f"{partly.reference} 1 date laissée en attente." in said
    assert f"{rival.reference} Cette date n’a pas pu être acceptée." in said
    assert [states(request) for request in (free, partly, rival, others)] == [
        ["approved"], ["approved", "pending"], ["pending"], ["pending"],
    ]  # fmt: skip


def test_all_are_refused_for_one_reason(scene: Scene, states: States) -> None:
    first, second = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    sent = {"requests": [first.reference, second.reference], "act": "refuse", "reason": "Travaux"}
    response = signed_in(scene.manager).post(ADDRESS, sent, follow=True)
    assert "2 dates refusées." in words(response)
    assert states(first) == states(second) == ["refused"]
    assert set(Journal.objects.filter(verb="refuse").values_list("reason", flat=True)) == {"Travaux"}


def test_without_a_reason_nothing_is_refused_and_the_ticks_stay(scene: Scene, states: States) -> None:
    first, second = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    response = signed_in(scene.manager).post(ADDRESS, {"requests": [first.reference], "act": "refuse"})
    assert "Écrivez le motif" in words(response)
    assert fields(response)["requests"] == [first.reference]
    assert states(first) == states(second) == ["pending"]


def test_nothing_ticked(scene: Scene) -> None:
    scene.submit(evening("2026-11-12"))
    response = signed_in(scene.manager).post(ADDRESS, {"act": "approve"})
    assert "Cochez au moins une demande." in words(response)


def test_what_a_colleague_decided_meanwhile_is_said(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager)
    response = signed_in(scene.manager).post(
        ADDRESS, {"requests": [asked.reference], "act": "approve"}, follow=True
    )
    assert "1 demande déjà décidée." in words(response)


# -- the school needs its rooms -----------------------------------------------------------------


@pytest.fixture
def promised(scene: Scene) -> BookingRequest:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(asked, by=scene.manager)
    return asked


def test_a_lesson_over_a_promise_is_a_new_conflict(scene: Scene, promised: BookingRequest) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-11-12 19:00"), end_at=paris("2026-11-12 21:00")
    )
    assert (due.block(), due.block()) == (1, 0)
    first, second = promised.occurrences.all()
    assert (first.blocked_at is not None, second.blocked_at) == (True, None)
    assert Journal.objects.get(verb="block").data == {"occurrences": [first.pk]}
    page = signed_in(scene.manager).get("/a-decider/")
    assert "Conflits nouveaux (1)" in words(page)
    assert f"/demandes/{promised.reference}/dates/{first.pk}/proposer/" in links(page)
    cancel = signed_in(scene.manager).get(f"/demandes/{promised.reference}/annuler/?dates={first.pk}")
    assert fields(cancel)["dates"] == [str(first.pk)]


@pytest.mark.parametrize("whole_school", [True, False])
def test_so_is_a_closure_of_the_school_or_of_a_room_that_shares_units(
    scene: Scene, promised: BookingRequest, whole_school: bool
) -> None:
    whole = factories.SpaceFactory.create(school=scene.school, units=[scene.space.units.get()])
    factories.ClosureFactory.create(
        school=scene.school,
        space=None if whole_school else whole,
        first_on="2026-11-12",
        last_on="2026-11-12",
    )
    assert due.block() == 1


def test_neighbours_do_not_touch(scene: Scene, promised: BookingRequest) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-11-12 20:00"), end_at=paris("2026-11-12 21:00")
    )
    factories.ClosureFactory.create(school=scene.school, first_on="2026-11-13", last_on="2026-11-18")
    factories.ClosureFactory.create(first_on="2026-11-12", last_on="2026-11-12")
    assert due.block() == 0


def test_what_is_freed_again_is_no_conflict(scene: Scene, promised: BookingRequest) -> None:
    closure = factories.ClosureFactory.create(
        school=scene.school, first_on="2026-11-12", last_on="2026-11-12"
    )
    due.block()
    closure.delete()
    assert due.block() == 0
    assert not promised.occurrences.filter(blocked_at__isnull=False).exists()


def test_a_closure_the_school_passed_over_is_no_surprise(scene: Scene) -> None:
    factories.ClosureFactory.create(school=scene.school, first_on="2026-11-12", last_on="2026-11-12")
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager, occurrences=[asked.occurrences.get().pk])
    assert due.block() == 0


def test_offering_elsewhere_settles_the_conflict(scene: Scene, promised: BookingRequest) -> None:
    factories.ClosureFactory.create(school=scene.school, first_on="2026-11-12", last_on="2026-11-12")
    due.block()
    date = promised.occurrences.all()[0]
    client, address = signed_in(scene.manager), f"/demandes/{promised.reference}/dates/{date.pk}/proposer/"
    sent: dict[str, Any] = {
        **fields(client.get(address)),
        "day": "2026-11-13",
        "message": "Toutes nos excuses.",
    }
    client.post(address, sent)
    date.refresh_from_db()
    assert (date.state, date.blocked_at) == ("offered", None)
    assert "Conflits nouveaux" not in words(client.get("/a-decider/"))
