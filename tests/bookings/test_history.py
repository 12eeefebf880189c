"""What lycées know of an organisation: counted in one statement, shown to those who decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from bookings import history
from bookings.history import History
from bookings.models import BookingRequest, OccurrenceEquipment
from tests import factories
from tests.bookings.pages.reading import words
from tests.conftest import Cast


@pytest.fixture
def asked(cast: Cast) -> BookingRequest:
    request = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    factories.OccurrenceFactory.create(request=request)
    return request


def past(cast: Cast, school: Any, state: str = "took_place", **visit: Any) -> Any:
    request = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=school, state="closed"
    )
    date = factories.OccurrenceFactory.create(request=request, state=state)
    if visit:
        factories.VisitFactory.create(occurrence=date, **{"arrived_at": None, **visit})
    return date


def test_nothing_is_known_of_who_never_came(asked: BookingRequest) -> None:
    assert history.of(asked) == History(0, 0, 0, 0, 0, 0, 0, None, 0)
    assert not history.of(asked).is_known


def test_everything_is_counted_once(
    cast: Cast, asked: BookingRequest, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    in_order = {"left_clean": True, "left_whole": True, "left_closed": True}
    date = past(cast, cast.school, satisfaction=5, answered_at=now, **in_order)
    past(cast, cast.school, satisfaction=2, answered_at=now, **{**in_order, "left_whole": False})
    past(cast, cast.other_school)
    past(cast, cast.school, "not_used", missed_at=now)
    past(cast, cast.school, "not_used")
    past(cast, cast.school, "cancelled")
    for side, count in (("school", 2), ("organisation", 3)):
        factories.IncidentFactory.create_batch(count, occurrence=date, side=side)
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    for lent, back in ((10, 7), (5, 5), (9, None)):
        other = past(cast, cast.school)
        OccurrenceEquipment.objects.create(
            occurrence=other, pool=pool, quantity=lent, returned_quantity=back, returned_at=back and now
        )
    stranger = factories.OccurrenceFactory.create(state="took_place")
    factories.VisitFactory.create(occurrence=stranger, satisfaction=1)
    with django_assert_num_queries(1):
        found = history.of(asked)
    assert found == History(
        hosted=6,
        here=5,
        not_used=1,
        no_shows=1,
        incidents=2,
        reviews=2,
        left_well=1,
        satisfaction=3.5,
        missing=3,
    )


@pytest.mark.parametrize(("role", "shown"), [("member", False), ("manager", True), ("region", False)])
def test_only_who_decides_reads_it(cast: Cast, asked: BookingRequest, role: str, shown: bool) -> None:
    past(cast, cast.school)
    past(cast, cast.school, "not_used", missed_at=timezone.now() - dt.timedelta(days=1))
    said = words(cast.client(role).get(asked.get_absolute_url()))
    assert ("accueilli 1 fois dans les lycées, dont 1 fois ici" in said) == shown
    assert ("1 absence constatée" in said) == shown


def test_who_never_came_is_said_to(cast: Cast, asked: BookingRequest) -> None:
    said = words(cast.client("manager").get(asked.get_absolute_url()))
    assert "N’a encore été accueilli nulle part." in said
