"""Claims and busy times are of the school of what they are about; the database sees to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from bookings.models import Claim
from tests import factories
from venues.models import BusyTime, School, Space, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> School:
    return factories.SchoolFactory.create()


def refused(act: Callable[[], object]) -> None:
    """Whether the database refuses it, at the latest when the transaction ends."""

    def do() -> None:
        with transaction.atomic():
            act()
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        do()


@pytest.mark.parametrize("factory", [factories.ClaimFactory, factories.BusyTimeFactory])
def test_the_school_is_that_of_the_unit_or_space(factory: type) -> None:
    row = factory.create()  # type: ignore[attr-defined]
    assert row.school_id == (row.unit if isinstance(row, Claim) else row.space).school_id


def test_many_at_once_get_it_too() -> None:
    one = factories.BusyTimeFactory.build(space=factories.SpaceFactory.create())
    BusyTime.objects.bulk_create([one])
    claim = factories.ClaimFactory.create()
    another = Claim(
        unit=factories.SpaceFactory.create().units.get(),
        occurrence=claim.occurrence,
        start_at=claim.start_at,
        end_at=claim.end_at,
    )
    Claim.objects.bulk_create([another])
    assert BusyTime.objects.get().school_id == one.space.school_id
    assert Claim.objects.get(pk=another.pk).school_id == another.unit.school_id


def test_another_school_is_refused(other: School) -> None:
    claim, busy = factories.ClaimFactory.create(), factories.BusyTimeFactory.create()
    refused(lambda: Claim.objects.filter(pk=claim.pk).update(school=other))
    refused(lambda: BusyTime.objects.filter(pk=busy.pk).update(school=other))
    assert Claim.objects.get().school_id == claim.unit.school_id
    assert BusyTime.objects.get().school_id == busy.space.school_id


def test_it_follows_when_a_unit_or_a_space_changes_school(other: School) -> None:
    claim, busy = factories.ClaimFactory.create(), factories.BusyTimeFactory.create()
    Unit.objects.filter(pk=claim.unit_id).update(school=other)
    Space.objects.filter(pk=busy.space_id).update(school=other)
    assert Claim.objects.get().school_id == BusyTime.objects.get().school_id == other.pk


def test_validation_says_so(other: School) -> None:
    claim = factories.ClaimFactory.create()
    claim.school = other
    with pytest.raises(ValidationError) as error:
        claim.validate_constraints()
    assert error.value.messages == ["Ce n’est pas du même lycée."]
