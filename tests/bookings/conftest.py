"""A lending school, an insured association and its member: the ordinary case of the bookings tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Occurrence
from bookings.problems import Line
from shareloc.accounts.models import Organisation, User
from tests import factories
from tests.conftest import paris
from venues.models import School, Space
from venues.periods import Period


def evening(day: str, start: str = "18:00", end: str = "20:00") -> Period:
    return Period(paris(f"{day} {start}"), paris(f"{day} {end}"))


@dataclass
class Scene:
    """Thursdays are open from 18:00 to 22:00; dates in November 2026 are plain school Thursdays."""

    school: School
    space: Space
    organisation: Organisation
    member: User
    manager: User

    def draft(self, *periods: Period, equipment: tuple[Line, ...] = (), **fields: object) -> workflow.Draft:
        spaces = fields.pop("spaces", (self.space,))
        dates = [workflow.DraftDate(period, spaces, equipment) for period in periods]  # type: ignore[arg-type]
        values = {"organisation": self.organisation, "purpose": "Chorale", "attendees": 20, **fields}
        return workflow.Draft(dates=dates, **values)  # type: ignore[arg-type]

    def submit(self, *periods: Period, **fields: object) -> BookingRequest:
        return workflow.submit(self.draft(*periods, **fields), by=self.member)  # type: ignore[arg-type]


@pytest.fixture
def scene(now: dt.datetime, db: None) -> Scene:
    space = factories.SpaceFactory.create(name="Gymnase", capacity=60, needs_insurance=True)
    for weekday in (3, 4):
        factories.OpeningHoursFactory.create(school=space.school, weekday=weekday)
    insurance = factories.InsuranceFactory.create()
    member = factories.MembershipFactory.create(organisation=insurance.organisation).user
    manager = factories.SchoolRoleFactory.create(school=space.school).user
    return Scene(space.school, space, insurance.organisation, member, manager)


@pytest.fixture
def states() -> Callable[[BookingRequest], list[str]]:
    """The states of a request's dates, in order of time, as the database has them."""

    def read(request: BookingRequest) -> list[str]:
        return list(Occurrence.objects.filter(request=request).values_list("state", flat=True))

    return read
