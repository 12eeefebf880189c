"""A closure over promised dates says so as soon as it is saved."""

from __future__ import annotations

from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Occurrence
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from venues.models import Closure

SAVED = "La fermeture est enregistrée."
ONE = f"{SAVED} 1 date promise tombe dans cette fermeture. Régler cette date"
TWO = f"{SAVED} 2 dates promises tombent dans cette fermeture. Régler ces dates"
CONFLICTS = "/a-decider/conflits/"


@pytest.fixture
def promised(scene: Scene) -> BookingRequest:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"), evening("2026-11-26"))
    workflow.approve(asked, by=scene.manager)
    return asked


def page_of(scene: Scene, rest: str = "") -> str:
    return f"/mon-lycee/{scene.school.uai}/fermetures/{rest}"


def close(scene: Scene, first: str, last: str = "", *, rest: str = "", space: Any = "") -> Any:
    said = {"first_on": first, "last_on": last, "space": space, "reason": "Travaux"}
    return signed_in(scene.manager).post(page_of(scene, rest), said, follow=True)


def blocked() -> list[str]:
    found = Occurrence.objects.filter(blocked_at__isnull=False).order_by("start_at")
    return [f"{date.start_at:%m-%d}" for date in found]


@pytest.mark.parametrize(
    ("first", "last", "said", "dates"),
    [
        ("2026-11-19", "", ONE, ["11-19"]),
        ("2026-11-12", "2026-11-19", TWO, ["11-12", "11-19"]),
        ("2026-11-13", "2026-11-18", SAVED, []),
    ],
)
def test_a_new_closure_says_how_many_dates_it_touches(
    scene: Scene, promised: BookingRequest, first: str, last: str, said: str, dates: list[str]
) -> None:
    page = close(scene, first, last)
    assert f" {said} Fermetures Les jours" in f" {words(page)}"
    assert (CONFLICTS in links(page)) is bool(dates)
    assert blocked() == dates
    shown = words(signed_in(scene.manager).get(CONFLICTS))
    assert ("Aucune date promise n’est touchée." in shown) is not bool(dates)


def test_only_dates_in_this_closure_are_counted(scene: Scene, promised: BookingRequest) -> None:
    close(scene, "2026-11-12")
    assert ONE in words(close(scene, "2026-11-19"))
    assert blocked() == ["11-12", "11-19"]


def test_a_closed_room_touches_the_dates_that_hold_it(scene: Scene, promised: BookingRequest) -> None:
    other = factories.SpaceFactory.create(school=scene.school)
    assert "promise" not in words(close(scene, "2026-11-12", space=other.pk))
    assert blocked() == []
    half = factories.SpaceFactory.create(school=scene.school)
    half.units.add(*scene.space.units.all())
    assert ONE in words(close(scene, "2026-11-12", space=half.pk))
    assert blocked() == ["11-12"]


def test_a_request_that_nobody_promised_is_no_conflict(scene: Scene) -> None:
    scene.submit(evening("2026-11-12"))
    assert "promise" not in words(close(scene, "2026-11-12"))


def test_a_changed_closure_says_it_anew_and_a_deleted_one_touches_nothing(
    scene: Scene, promised: BookingRequest
) -> None:
    close(scene, "2026-11-12")
    closure = Closure.objects.get()
    page = close(scene, "2026-11-19", "2026-11-26", rest=f"{closure.pk}/")
    assert TWO in words(page)
    assert blocked() == ["11-19", "11-26"]
    page = signed_in(scene.manager).post(page_of(scene, f"{closure.pk}/supprimer/"), follow=True)
    assert "La fermeture est supprimée. Fermetures" in words(page)
    assert blocked() == []
