"""Dates promised at once: verified organisations, within the hours the school set, nothing against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings.models import BookingRequest, Claim, Journal
from tests import factories
from tests.bookings.conftest import Scene, evening

States = Callable[[BookingRequest], list[str]]
THURSDAY, FRIDAY = 3, 4


@pytest.fixture(autouse=True)
def standing(scene: Scene) -> None:
    """Thursdays from 18:00 to 21:00."""
    factories.StandingApprovalFactory.create(
        space=scene.space, weekday=THURSDAY, starts_at=dt.time(18), minutes=180
    )


def test_what_is_promised_beforehand_is_approved_at_once(scene: Scene, states: States) -> None:
    request = scene.submit(
        evening("2026-11-12"), evening("2026-11-13"), evening("2026-11-19", "20:00", "22:00")
    )
    request.refresh_from_db()
    assert states(request) == ["approved", "pending", "pending"]
    assert request.state == "submitted"
    line = Journal.objects.get(verb="approve")
    assert line.actor is None
    assert line.data["occurrences"] == [request.occurrences.all()[0].pk]
    assert Claim.objects.count() == 1


def test_all_of_it(scene: Scene, states: States) -> None:
    request = scene.submit(evening("2026-11-12"))
    request.refresh_from_db()
    assert (states(request), request.state) == (["approved"], "decided")


@pytest.mark.parametrize(
    "spoil",
    [
        "unverified", "competing", "too_many", "taken", "another_room",
    ],
)  # fmt: skip
def test_whatever_stands_against_it_leaves_it_to_the_school(scene: Scene, states: States, spoil: str) -> None:
    values: dict[str, Any] = {}
    if spoil == "unverified":
        values["organisation"] = factories.InsuranceFactory.create(
            organisation__verified_at=None
        ).organisation
    elif spoil == "competing":
        scene.organisation.verified_at, kept = None, scene.organisation.verified_at
        scene.submit(
            evening("2026-11-12"), organisation=factories.OrganisationFactory.create(verified_at=None)
        )
        scene.organisation.verified_at = kept
    elif spoil == "too_many":
        values["attendees"] = 61
    elif spoil == "taken":
        scene.submit(evening("2026-11-12"), organisation=factories.InsuranceFactory.create().organisation)
    else:
        values["spaces"] = (scene.space, factories.SpaceFactory.create(school=scene.school))
    assert states(scene.submit(evening("2026-11-12"), **values)) == ["pending"]


def test_sent_twice_is_approved_once(scene: Scene) -> None:
    first = scene.submit(evening("2026-11-12"), idempotency_key="a-key")
    assert scene.submit(evening("2026-11-12"), idempotency_key="a-key") == first
    assert Journal.objects.filter(verb="approve").count() == 1


def test_the_season_of_the_window_counts(scene: Scene, states: States) -> None:
    factories.StandingApprovalFactory.create(
        space=scene.space, weekday=FRIDAY, starts_at=dt.time(18), minutes=180, season="holidays"
    )
    assert states(scene.submit(evening("2026-11-13"))) == ["pending"]
    assert states(scene.submit(evening("2026-10-23"))) == ["approved"]


def test_forty_dates_take_as_many_statements_as_one(scene: Scene, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    first = dt.date(2026, 11, 12)
    forty = [evening(str(first + dt.timedelta(weeks=n))) for n in range(41)]
    with django_assert_num_queries(24, own=True) as one:
        scene.submit(*forty[:1])
    with django_assert_num_queries(len(one), own=True, exact=False):
        scene.submit(*forty[1:])
