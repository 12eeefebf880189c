"""What is shown of what organisations said of a room: their words, never their name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings import reviews
from tests import factories
from tests.bookings.conftest import Scene
from tests.bookings.pages.reading import words
from tests.conftest import paris


def said(
    scene: Scene, comment: str, *, day: str = "2026-09-24", state: str = "took_place", **more: Any
) -> None:
    start = paris(f"{day} 18:00")
    date = factories.OccurrenceFactory.create(
        request__organisation=scene.organisation,
        request__school=scene.school,
        spaces=[more.pop("space", scene.space)],
        state=state,
        start_at=start,
    )
    factories.VisitFactory.create(occurrence=date, comment=comment, **more)


def test_words_kind_and_month_without_a_name(scene: Scene) -> None:
    said(scene, "Chauffage poussif,\nsol parfait.", satisfaction=4)
    page = words(Client().get(f"/salles/{scene.space.pk}/"))
    assert (
        "Ce qu’en disent ceux qui sont venus Chauffage poussif, sol parfait. "
        "Association, septembre 2026 · satisfaction : 4 sur 5"
    ) in page
    assert scene.organisation.name not in page


def test_only_words_on_dates_that_took_place_here(scene: Scene) -> None:
    said(scene, "")
    said(scene, "Nous n’y étions pas", state="not_used")
    said(scene, "Pas encore", state="approved")
    said(scene, "Ailleurs", space=factories.SpaceFactory.create(school=scene.school))
    assert reviews.of_space(scene.space) == []
    assert "Ce qu’en disent" not in words(Client().get(f"/salles/{scene.space.pk}/"))


def test_the_latest_five(scene: Scene) -> None:
    for day in range(10, 17):
        said(scene, f"Le {day}", day=f"2026-09-{day}")
    assert [review.comment for review in reviews.of_space(scene.space)] == [
        "Le 16", "Le 15", "Le 14", "Le 13", "Le 12"
    ]  # fmt: skip
    assert {review.month for review in reviews.of_space(scene.space)} == {dt.date(2026, 9, 1)}


def test_markup_stays_text(scene: Scene) -> None:
    said(scene, "<script>alert(1)</script>")
    assert b"<script>alert" not in Client().get(f"/salles/{scene.space.pk}/").content


@pytest.mark.parametrize("many", [1, 5])
def test_one_statement(scene: Scene, django_assert_num_queries: Callable[..., Any], many: int) -> None:
    for _n in range(many):
        said(scene, "Bien")
    with django_assert_num_queries(1):
        assert len(reviews.of_space(scene.space)) == many
