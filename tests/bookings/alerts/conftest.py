"""A room that is not lent yet, and somebody who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from bookings import alerts
from bookings.models import Alert
from shareloc.accounts.models import User
from tests import factories
from tests.bookings.mail.conftest import work  # noqa: F401
from venues.models import School, Space

QUERY = "q=Lille&within_km=10&date=2026-10-22&start=18:30&end=20:30&capacity=25"
LABEL = "Salle libre jeudi 22 octobre 2026 de 18:30 à 20:30 à moins de 10 km de Lille, 25 personnes"


@dataclass
class Scene:
    """A lycée of Lille, open day and night; its only room is not published."""

    school: School
    space: Space
    user: User

    def keep(self, query: str = QUERY, user: User | None = None) -> Alert:
        filters = alerts.asked_by(query)
        assert filters.is_valid(), filters.errors
        return alerts.keep(filters, by=user or self.user, at=timezone.now())

    def publish(self, published: bool = True) -> None:
        Space.objects.filter(pk=self.space.pk).update(published=published)


def make_scene() -> Scene:
    space = factories.SpaceFactory.create(name="Salle polyvalente", capacity=40, published=False)
    factories.open_always(space.school)
    return Scene(space.school, space, factories.UserFactory.create(email="attend@example.org"))


@pytest.fixture
def scene(db: None, now: Any) -> Scene:
    return make_scene()


Work = Callable[[], None]
