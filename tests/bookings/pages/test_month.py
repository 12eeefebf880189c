"""The month of a space on its page: its cells, where they lead, and how one walks on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings import workflow
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, words
from tests.conftest import ROLES, Cast, paris


def page(scene: Scene, query: str = "mois=2026-11") -> Any:
    return Client().get(f"/salles/{scene.space.pk}/?{query}")


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_month_of_a_space_that_is_not_proposed(cast: Cast, role: str) -> None:
    space = factories.SpaceFactory.create(school=cast.school, published=False)
    response = cast.client(role).get(f"/salles/{space.pk}/?mois=2026-11")
    assert response.status_code == (200 if role in ("manager", "region") else 404)


def test_cells_say_what_is_free(scene: Scene) -> None:
    said = words(page(scene))
    assert "Novembre 2026".lower() in said
    assert "lundi mardi mercredi jeudi vendredi samedi dimanche" in said
    assert (
        "mercredi 11 novembre 2026 mer. 11 nov. 11 Pas de prêt "
        "jeudi 12 novembre 2026 jeu. 12 nov. 12 18:00–22:00 Libre , demander le jeudi 12 novembre 2026 "
        "vendredi 13 novembre 2026"
    ) in said
    assert "Premier créneau libre : jeudi 5 novembre 2026, 18:00–20:00" in said


def test_lessons_and_bookings_look_alike_and_tell_nothing(scene: Scene) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space,
        start_at=paris("2026-11-12 18:00"),
        end_at=paris("2026-11-12 19:00"),
        reason="Conseil secret",
    )
    workflow.approve(scene.submit(evening("2026-11-13", "20:00", "21:00")), by=scene.manager)
    said = words(page(scene))
    assert "12 18:00–19:00 Occupé 19:00–22:00 Libre" in said
    assert "20:00–21:00 Occupé 21:00–22:00 Libre" in said
    assert not [secret for secret in ("Conseil secret", "Chorale", scene.organisation.name) if secret in said]


def test_closures_holidays_and_days_gone_are_told(scene: Scene) -> None:
    factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2026, 10, 15), reason="Examens")
    response = page(scene, "mois=2026-10")
    said = words(response)
    assert "mar. 13 oct. 13 Passé mercredi 14 octobre 2026 mer. 14 oct. 14 Aujourd’hui Pas de prêt" in said
    assert "jeu. 15 oct. 15 Fermé : Examens" in said
    assert "jeu. 22 oct. 22 Vacances 18:00–22:00 Libre" in said
    # Those who see it have the ground of the day.
    assert response.content.decode().count('<span class="visually-hidden">Passé</span>') == 13


def test_each_day_leads_on(scene: Scene) -> None:
    found = links(page(scene, "mois=2026-11&capacity=25"))
    ask = f"/salles/{scene.space.pk}/demander/?date=2026-11-12&start=18%3A00&end=20%3A00&capacity=25"
    assert ask in found
    assert "?capacity=25&semaine=2026-11-12#semaine" in found
    assert "?mois=2026-10&capacity=25#mois" in found
    assert "?mois=2026-12&capacity=25#mois" in found


def test_the_first_free_slot_is_at_the_hours_searched(scene: Scene) -> None:
    said = words(page(scene, "mois=2026-11&start=18:30&end=21:00"))
    assert "Premier créneau libre : jeudi 5 novembre 2026, 18:30–21:00" in said


def test_one_switches_between_week_and_month(scene: Scene) -> None:
    assert "?capacity=25&mois=2026-11#mois" in links(page(scene, "semaine=2026-W46&capacity=25"))
    # A week belongs to the month of its Thursday.
    assert "?mois=2026-12#mois" in links(page(scene, "semaine=2026-W49"))
    assert "?semaine=2026-11-01#semaine" in links(page(scene))


def test_the_day_looked_for_is_kept_from_month_to_week(scene: Scene) -> None:
    asked = "date=2026-11-12&start=18:30&end=21:00"
    kept = asked.replace(":", "%3A")
    assert f"?{kept}&mois=2026-11#mois" in links(page(scene, asked))
    month = page(scene, f"{asked}&mois=2026-11")
    assert "Novembre 2026".lower() in words(month)
    assert f"/salles/{scene.space.pk}/demander/?{kept}" in links(month)
    # The month of that day leads to its week, another one to its own first days.
    assert f"?{kept}&semaine=2026-11-12#semaine" in links(month)
    following = page(scene, f"{asked}&mois=2026-12")
    assert f"?{kept}&semaine=2026-12-01#semaine" in links(following)
    assert (fields(following)["date"], fields(following)["mois"]) == (["2026-11-12"] * 2, [""])
    assert "semaine 49" in words(page(scene, f"{asked}&semaine=2026-W49")).lower()


def test_what_comes_too_soon_cannot_be_asked(scene: Scene) -> None:
    scene.space.notice_hours = 60 * 24
    scene.space.save()
    response = page(scene)
    assert "18:00–22:00 Libre, non demandable" in words(response)
    assert "Plus rien de libre ce mois-ci. Voir décembre 2026" in words(response)
    assert not [link for link in links(response) if "demander/?date" in link]


def test_a_month_gone_says_so(scene: Scene) -> None:
    assert "Ce mois est passé. Voir octobre 2026" in words(page(scene, "mois=2026-09"))


def test_time_over_midnight_says_until_when(scene: Scene) -> None:
    factories.OpeningHoursFactory.create(
        school=scene.school, space=scene.space, weekday=3, starts_at=dt.time(20), minutes=8 * 60
    )
    said = words(page(scene))
    assert "12 20:00–24:00 Libre jusqu’au ven. 13 nov. 04:00" in said


@pytest.mark.parametrize("asked", ["", "demain", "2026-99", "9999-12-31", "%00"])
def test_a_month_that_means_nothing_is_this_month(scene: Scene, asked: str) -> None:
    response = page(scene, f"mois={asked}")
    assert (response.status_code, "octobre 2026" in words(response)) == (200, True)


@pytest.mark.parametrize("many", [1, 20])
def test_as_many_queries_whatever_happens_that_month(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for n in range(many):
        start = paris("2026-11-12 18:00") + n * dt.timedelta(minutes=10)
        factories.BusyTimeFactory.create(
            space=scene.space, start_at=start, end_at=start + dt.timedelta(minutes=5)
        )
        factories.ClosureFactory.create(school=scene.school, first_on=dt.date(2026, 11, 10))
    # The space with its school, features, photos; its time; equipment; reviews; the usual time to an answer.
    with django_assert_num_queries(7, own=True):
        page(scene)
