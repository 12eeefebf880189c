"""The search of a series: what it says, which dates are missing, pages, what it costs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import factories
from tests.bookings.conftest import Scene
from tests.bookings.pages.reading import fields, links, title, words
from tests.bookings.pages.test_flexible import asks
from tests.bookings.pages.test_search import sentence
from tests.conftest import paris

THURSDAYS = "weekdays=thursday&start=18:00&end=20:00&first=2026-11-02&until=2026-12-17"


def search(query: str = "") -> HttpResponse:
    response = Client().get(f"/salles/serie/?{query}")
    assert response.status_code == 200
    return response


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            THURSDAYS,
            "1 salle libre chaque jeudi de 18:00 à 20:00, 7 dates du 5 novembre 2026 au 17 décembre 2026",
        ),
        (
            f"{THURSDAYS}&q=Lille&within_km=20&weekdays=friday&every=1",
            "1 salle libre chaque jeudi et chaque vendredi de 18:00 à 20:00, 13 dates du 5 novembre 2026 au "
            "17 décembre 2026, à moins de 20 km de Lille",
        ),
        (
            f"{THURSDAYS}&every=2",
            "1 salle libre un jeudi sur deux de 18:00 à 20:00, 4 dates du 5 novembre 2026 au 17 décembre 2026",
        ),
        (
            f"{THURSDAYS}&every=3&weekdays=friday",
            "1 salle libre le jeudi et le vendredi toutes les 3 semaines de 18:00 à 20:00, 5 dates du "
            "5 novembre 2026 au 17 décembre 2026",
        ),
        (
            "weekdays=thursday&start=18h&end=20h&until=2026-11-12&skip_holidays=on",
            "1 salle libre chaque jeudi de 18:00 à 20:00, 3 dates du 15 octobre 2026 au 12 novembre 2026, "
            "sans les vacances ni les jours fériés",
        ),
        (
            "weekdays=wednesday&start=18:00&end=20:00&first=2026-11-11&until=2026-11-18&skip_holidays=on",
            "Aucune salle libre chaque mercredi de 18:00 à 20:00, une seule date, le 18 novembre 2026, "
            "sans les vacances ni les jours fériés",
        ),
        (
            "weekdays=thursday&start=22:00&end=02:00&until=2026-10-22",
            "Aucune salle libre chaque jeudi de 22:00 à 02:00 le lendemain, 2 dates du 15 octobre 2026 au "
            "22 octobre 2026",
        ),
    ],
)
def test_what_was_asked_is_a_sentence(scene: Scene, query: str, said: str) -> None:
    page = search(query)
    assert sentence(page) == said
    assert title(page) == f"{said} – Shareloc"


def test_the_best_rooms_come_first_and_say_what_is_missing(scene: Scene) -> None:
    better = factories.SpaceFactory.create(school=scene.school, name="Salle entière")
    for day in ("2026-11-05", "2026-11-19"):
        factories.BusyTimeFactory.create(
            space=scene.space, start_at=paris(f"{day} 19:00"), end_at=paris(f"{day} 20:00")
        )
    page = search(f"{THURSDAYS}&capacity=20")
    said = words(page)
    assert (
        "5 dates libres sur 7 2 dates ne sont pas libres jeudi 5 novembre 2026 jeudi 19 novembre 2026 "
        "Demander cette série"
    ) in said
    assert "7 dates libres sur 7 Demander cette série" in said
    assert said.index("Salle entière") < said.index("Gymnase Lycée")
    assert (
        asks(page)
        == ["weekdays=thursday&start=18%3A00&end=20%3A00&first=2026-11-02&until=2026-12-17&capacity=20"] * 2
    )
    assert f"/salles/{better.pk}/?date=2026-11-05&start=18%3A00&end=20%3A00&capacity=20" in links(page)


def test_the_hours_stay_when_the_clocks_change(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    factories.OpeningHoursFactory.create(school=scene.school, weekday=6, starts_at=dt.time(0), minutes=6 * 60)
    nights = "weekdays=sunday&start=01:00&end=04:00"
    page = search(f"{nights}&first=2026-10-18&until=2026-11-01")
    # On 25 October these are four hours, on 28 March two: both are lent.
    assert "3 dates libres sur 3" in words(page)
    with at_paris("2027-03-20 10:00"):
        page = search(f"{nights}&until=2027-04-04")
        assert "3 dates libres sur 3" in words(page)
        # An hour that the clocks skip begins when they have.
        page = search("weekdays=sunday&start=02:30&end=05:00&first=2027-03-28&until=2027-03-28")
        assert "1 date libre sur 1" in words(page)


def test_pages_have_a_true_total_and_no_repeats(scene: Scene, settings: Any) -> None:
    settings.SEARCH_PAGE_SIZE = 2
    for number in range(4):
        factories.SpaceFactory.create(school=scene.school, name=f"Salle {number}")
    seen: list[str] = []
    for number in (1, 2, 3):
        page = search(f"{THURSDAYS}&page={number}")
        assert sentence(page).startswith("5 salles libres chaque jeudi")
        seen += [link.split("/")[2] for link in links(page) if "/demander/" in link]
    assert len(seen) == len(set(seen)) == 5
    assert f"?{THURSDAYS}&page=2#resultats".replace(":", "%3A") in links(search(THURSDAYS))


def test_nothing_is_asked_before_a_day_or_an_hour(scene: Scene) -> None:
    page = search("q=Lille&within_km=35&kind=classroom&step_free=on")
    assert title(page) == "Rechercher une salle chaque semaine – Shareloc"
    assert "Choisissez un jour, des heures et une fin" in words(page)
    kept = fields(page)
    assert (kept["q"], kept["within_km"], kept["kind"], kept["step_free"], kept["skip_holidays"]) == (
        ["Lille"], ["35"], ["classroom"], ["on"], ["on"],
    )  # fmt: skip
    assert "Plus de filtres 2 utilisés" in words(page)


def test_days_and_hours_of_another_search_are_filled_in_and_not_judged(scene: Scene) -> None:
    page = search("weekdays=thursday&start=18:00&end=20:30&first=2026-12-10")
    assert title(page) == "Rechercher une salle chaque semaine – Shareloc"
    assert "Choisissez un jour, des heures et une fin" in words(page)
    kept = fields(page)
    assert (kept["weekdays"], kept["start"], kept["end"], kept["first"], kept["until"]) == (
        ["thursday"], ["18:00"], ["20:30"], ["2026-12-10"], [""],
    )  # fmt: skip


def test_nothing_found_says_what_to_do_next(scene: Scene) -> None:
    query = "q=Lille&within_km=5&weekdays=monday&start=18:00&end=20:00&until=2026-12-17&kind=kitchen"
    page = search(query)
    assert "Essayez autrement, en un clic" in words(page)
    asked = "q=Lille{}&weekdays=monday&start=18%3A00&end=20%3A00&until=2026-12-17{}"
    assert [link for link in links(page) if link.startswith("/salles/serie/?")][1:] == [
        "/salles/serie/?" + asked.format("", "&kind=kitchen&within_km=10"),
        "/salles/serie/?" + asked.format("&within_km=5", "&kind=kitchen&every=2"),
        "/salles/serie/?" + asked.format("&within_km=5", ""),
    ]


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("start=18:00&until=", "id_weekdays_0", "Choisissez un jour de la semaine au moins."),
        ("weekdays=monday&until=", "id_start", "Indiquez l’heure de début."),
        ("weekdays=monday&until=", "id_end", "Indiquez l’heure de fin."),
        ("weekdays=monday&until=", "id_until", "Indiquez le dernier jour."),
        ("weekdays=lundi&until=", "id_weekdays_0", "Sélectionnez un choix valide."),
        ("start=26:00&until=", "id_start", "Écrivez l’heure sous la forme 18:30."),
        (f"{THURSDAYS}&first=2026-10-13", "id_first", "Ce jour est passé : choisissez-en un à venir."),
        (f"{THURSDAYS}&first=2026-12-18", "id_until", "Le dernier jour vient avant le premier."),
        (
            f"{THURSDAYS}&until=2028-04-15",
            "id_until",
            "Ce jour est trop lointain : restez avant le 15 avril 2028.",
        ),
        (f"{THURSDAYS}&until=9999-12-31", "id_until", "Ce jour est trop lointain"),
        (
            f"{THURSDAYS}&until=2026-11-03",
            "id_until",
            "Aucune date ne tombe dans ces jours : finissez plus tard.",
        ),
        (f"{THURSDAYS}&every=9", "id_every", "Assurez-vous que cette valeur est inférieure ou égale à 8."),
        (f"{THURSDAYS}&every=deux", "id_every", "Saisissez un nombre entier."),
    ],
)
def test_mistakes_lead_to_their_field(scene: Scene, query: str, field: str, said: str) -> None:
    page = search(query)
    assert title(page) == "Erreur : Rechercher une salle chaque semaine – Shareloc"
    assert f"#{field}" in links(page)
    assert f'id="{field}"' in page.content.decode()
    assert said in words(page)
    assert 'id="resultats"' not in page.content.decode()


@pytest.mark.parametrize(("most", "is_refused"), [(6, True), (7, False)])
def test_a_series_is_no_longer_than_a_request(
    scene: Scene, settings: Any, most: int, is_refused: bool
) -> None:
    settings.REQUEST_MAX_DATES = most
    said = "Demandez 6 dates au plus : finissez plus tôt, ou cherchez moins de jours."
    assert (said in words(search(THURSDAYS))) == is_refused


def test_nothing_typed_is_lost(scene: Scene) -> None:
    typed = {
        "q": "Lille", "within_km": "20", "capacity": "25", "weekdays": ["tuesday", "sunday"], "start": "26:00",
        "end": "20:00", "first": "2026-11-02", "until": "2026-12-17", "every": "11", "kind": ["classroom"],
        "skip_holidays": "on", "free_of_charge": "on",
    }  # fmt: skip
    kept = fields(Client().get("/salles/serie/", typed))
    for name, value in typed.items():
        assert kept[name] == (value if isinstance(value, list) else [value]), name
    assert "skip_holidays" not in fields(search(THURSDAYS))


@pytest.mark.parametrize("rooms", [1, 30])
def test_a_page_takes_as_many_queries_for_one_room_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], rooms: int
) -> None:
    wifi = factories.FeatureFactory.create(slug="wifi")
    for _n in range(rooms):
        space = factories.SpaceFactory.create(features=[wifi], school=scene.school)
        factories.BusyTimeFactory.create(space=space)
    factories.ClosureFactory.create(school=scene.school)
    # Vocabulary, place, schools, candidates, what keeps them from being lent, these rooms, their prices.
    with django_assert_num_queries(7, own=True):
        page = search(f"q=Lille&within_km=20&{THURSDAYS}&features=wifi")
    assert len(asks(page)) == min(rooms, 20)
