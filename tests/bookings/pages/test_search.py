"""The search page: what it says, keeps, suggests, and how much it asks of the database."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bookings import wording
from tests import factories
from tests.bookings.conftest import Scene
from tests.bookings.pages.reading import fields, links, title, words
from tests.conftest import paris

THURSDAY = "2026-11-12"
EVENING = f"date={THURSDAY}&start=18:30&end=20:30"


def search(query: str = "") -> HttpResponse:
    return Client().get(f"/salles/?{query}")


def sentence(response: HttpResponse) -> str:
    found = re.search(
        r'<div role="status"(?: id="annonce")?><h2 id="resultats"[^>]*>(.*?)</h2></div>',
        response.content.decode(),
    )
    assert found
    return " ".join(found[1].split())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "1 salle"),
        ("q=Lille", "1 salle à moins de 10 km de Lille"),
        ("q=Lille&within_km=", "1 salle à « Lille »"),
        ("near=50.63,3.06&within_km=5", "1 salle à moins de 5 km du point choisi"),
        (f"date={THURSDAY}", "1 salle libre jeudi 12 novembre 2026"),
        (f"date={THURSDAY}&start=19:00", "1 salle libre jeudi 12 novembre 2026 à partir de 19:00"),
        (f"date={THURSDAY}&end=21:00", "1 salle libre jeudi 12 novembre 2026 avant 21:00"),
        (EVENING, "1 salle libre jeudi 12 novembre 2026 de 18:30 à 20:30"),
        (
            f"q=Lille&{EVENING}",
            "1 salle libre jeudi 12 novembre 2026 de 18:30 à 20:30 à moins de 10 km de Lille",
        ),
        (
            f"date={THURSDAY}&start=22:00&end=02:00",
            "Aucune salle libre jeudi 12 novembre 2026 de 22:00 à 02:00 le lendemain",
        ),
        (
            f"date={THURSDAY}&until=2026-11-14",
            "1 salle libre entre le jeudi 12 novembre 2026 et le samedi 14 novembre 2026",
        ),
        (
            f"date={THURSDAY}&until=2026-11-14&start=09:00&end=18:00",
            "Aucune salle libre du jeudi 12 novembre 2026 à 09:00 au samedi 14 novembre 2026 à 18:00",
        ),
        # A radius around nothing asks for nothing.
        ("within_km=5", "1 salle"),
    ],
)
def test_the_result_is_a_sentence(scene: Scene, query: str, said: str) -> None:
    assert sentence(search(query)) == said


def test_a_card_says_what_decides(scene: Scene) -> None:
    scene.space.step_free, scene.space.hourly_rate, scene.space.is_demo = True, "8.00", True
    scene.space.save()
    page = words(search(f"q=Lille&{EVENING}"))
    assert (
        f"Gymnase {scene.school.name}, Lille · moins de 100 m 60 places Salle de classe De plain-pied "
        "Donnée de démonstration Libre de 18:00 à 22:00 7 h 12 h 18 h 24 h 8 €/h Voir la salle"
    ) in page


def test_what_is_taken_is_not_shown_as_free(scene: Scene) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris(f"{THURSDAY} 19:00"), end_at=paris(f"{THURSDAY} 20:00")
    )
    assert "Libre de 18:00 à 19:00 et de 20:00 à 22:00" in words(search(f"date={THURSDAY}"))
    assert sentence(search(EVENING)).startswith("Aucune salle libre")


def test_rooms_that_are_not_public_are_not_found(scene: Scene) -> None:
    factories.SpaceFactory.create(school=scene.school, published=False)
    factories.SpaceFactory.create(school=factories.SchoolFactory.create(closed_on=paris("2026-10-01").date()))
    assert sentence(search()) == "1 salle"


def test_a_link_to_a_room_keeps_what_was_asked(scene: Scene) -> None:
    page = search(f"{EVENING}&capacity=25&kind=classroom")
    assert f"/salles/{scene.space.pk}/?date={THURSDAY}&start=18%3A30&end=20%3A30&capacity=25" in links(page)


def test_filters_are_kept_and_shown_when_used(scene: Scene) -> None:
    factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    )
    page = search(f"q=Lille&{EVENING}&kind=classroom&materiel-chaises=10&step_free=on")
    assert '<details class="filters" open>' in page.content.decode()
    assert "Plus de filtres 3 utilisés" in words(page)
    kept = fields(page)
    assert kept["kind"] == ["classroom"]
    assert kept["materiel-chaises"] == ["10"]
    assert kept["date"] == [THURSDAY]
    assert kept["start"] == ["18:30"]
    assert '<details class="filters">' in search(f"q=Lille&{EVENING}").content.decode()


def test_equipment_counts(scene: Scene) -> None:
    kind = factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    factories.EquipmentPoolFactory.create(school=scene.school, kind=kind, quantity=10)
    assert sentence(search(f"{EVENING}&materiel-chaises=10")).startswith("1 salle libre")
    assert sentence(search(f"{EVENING}&materiel-chaises=11")).startswith("Aucune salle libre")
    assert sentence(search(f"{EVENING}&materiel-chaises=0")).startswith("1 salle libre")


@pytest.mark.parametrize("hour", ["18h30", "18:30", "1830", "18 H 30"])
def test_hours_are_read_as_people_write_them(scene: Scene, hour: str) -> None:
    page = Client().get("/salles/", {"date": "12/11/2026", "start": hour, "end": "20h"})
    assert sentence(page) == "1 salle libre jeudi 12 novembre 2026 de 18:30 à 20:00"


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("start=18:30", "id_date", "Indiquez aussi le jour."),
        ("date=2026-10-01", "id_date", "Ce jour est passé : choisissez-en un à venir."),
        (f"date={THURSDAY}&start=26:00", "id_start", "Écrivez l’heure sous la forme 18:30."),
        (f"date={THURSDAY}&until=2026-11-01", "id_until", "Le dernier jour vient avant le premier."),
        ("capacity=-3", "id_capacity", "Personnes : Indiquez au moins 1 personne."),
        ("materiel-inconnu=2", "id_equipment", "Matériel inconnu : inconnu. Choisissez-le dans la liste."),
    ],
)
def test_errors_lead_to_their_field(scene: Scene, query: str, field: str, said: str) -> None:
    page = search(query)
    assert title(page).startswith("Erreur : ")
    assert f"#{field}" in links(page)
    assert f'id="{field}"' in page.content.decode()
    assert said in words(page)
    assert 'id="resultats"' not in page.content.decode()


def test_nothing_found_says_what_is_nearest(scene: Scene) -> None:
    page = search("q=Lille&within_km=5&date=2026-11-11&start=18:30&end=20:30&capacity=25&page=3")
    assert sentence(page).startswith("Aucune salle libre mercredi 11 novembre 2026")
    assert "Jeudi, il y en a 1. Jeudi : 1 salle Vendredi : 1 salle" in words(page)
    asked = "q=Lille&within_km=5&start=18%3A30&end=20%3A30&capacity=25"
    # The page's own tabs begin otherwise.
    ways = [link for link in links(page) if link.startswith(f"/salles/?{asked}&")]
    assert ways == [f"/salles/?{asked}&date=2026-11-12", f"/salles/?{asked}&date=2026-11-13"]
    assert sentence(Client().get(ways[0])).startswith("1 salle libre jeudi 12 novembre 2026")


def test_nothing_anywhere_is_said_too(scene: Scene) -> None:
    said = words(search(f"q=Lille&{EVENING}&capacity=25&kind=kitchen&step_free=on"))
    assert "Tous types de salle" not in said
    assert "Même avec des marches" not in said
    assert "Sans ces filtres : 1 salle" in said
    said = words(search("q=Lille&date=2028-11-01&start=18:30&end=20:30"))
    assert "Rien d’approchant non plus pour l’instant" in said


def test_little_found_says_where_there_is_more(scene: Scene) -> None:
    factories.SpaceFactory.create(school=scene.school, step_free=True)
    said = words(search(f"{EVENING}&step_free=on"))
    assert "Il y en a davantage, en un clic Même avec des marches : 2 salles" in said
    factories.SpaceFactory.create_batch(2, school=scene.school, step_free=True)
    assert "en un clic" not in words(search(f"{EVENING}&step_free=on"))


# -- one lycée ----------------------------------------------------------------------------------


def test_the_other_rooms_of_a_lycee_say_why_they_are_not_free(scene: Scene) -> None:
    for name in ("Amphi", "Dojo"):
        factories.SpaceFactory.create(school=scene.school, name=name)
    dojo = scene.school.spaces.get(name="Dojo")
    factories.BusyTimeFactory.create(
        space=dojo, start_at=paris(f"{THURSDAY} 19:00"), end_at=paris(f"{THURSDAY} 20:00"), reason="Secret"
    )
    said = words(search(f"school={scene.school.uai}&{EVENING}"))
    assert (
        "1 autre salle de ce lycée n’est pas libre alors Dojo Le lycée utilise la salle à ces heures. "
        "Prochaine date libre : vendredi 13 novembre 2026, 18:30–20:30."
    ) in said
    assert "Secret" not in said
    assert "pas libre alors" not in words(search(EVENING))
    assert "pas libre alors" not in words(search(f"school={scene.school.uai}&date={THURSDAY}"))


def test_equipment_that_lacks_is_a_reason(scene: Scene) -> None:
    kind = factories.EquipmentKindFactory.create(slug="chaises")
    factories.EquipmentPoolFactory.create(school=scene.school, kind=kind, quantity=2)
    said = words(search(f"school={scene.school.uai}&{EVENING}&materiel-chaises=3"))
    assert "Gymnase Le matériel demandé manque à ces heures." in said


@pytest.mark.parametrize("rooms", [1, 20])
def test_the_rooms_of_a_lycee_take_as_many_statements_for_one_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], rooms: int
) -> None:
    free = factories.SpaceFactory.create_batch(2, school=scene.school)
    for space in factories.SpaceFactory.create_batch(rooms, school=scene.school):
        factories.BusyTimeFactory.create(
            space=space, start_at=paris(f"{THURSDAY} 19:00"), end_at=paris(f"{THURSDAY} 20:00")
        )
    assert len(free) + 1 == 3
    with django_assert_num_queries(15, own=True):
        search(f"school={scene.school.uai}&{EVENING}")


def test_an_unknown_place_is_told(scene: Scene) -> None:
    page = search("q=Nulle-Part")
    assert "Aucun lieu ne répond au nom de « Nulle-Part »" in words(page)
    assert "/lycees/" in links(page)


def test_pages_keep_the_question(scene: Scene, settings: Any) -> None:
    settings.SEARCH_PAGE_SIZE = 2
    factories.SpaceFactory.create_batch(4, school=scene.school)
    page = search(f"{EVENING}&page=2")
    assert sentence(page).startswith("5 salles libres")
    assert page.content.decode().count("<article") == 2
    assert f"?date={THURSDAY}&start=18%3A30&end=20%3A30&page=3#resultats" in links(page)


def test_a_hostile_name_stays_text(scene: Scene) -> None:
    scene.space.name = "</script><script>alert(1)</script>"
    scene.space.save()
    assert "<script>alert" not in search(EVENING).content.decode()


# Three are enough for nothing else to be proposed.
@pytest.mark.parametrize("rooms", [3, 30])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Vocabulary, schools, how many, which on this page, these rooms, their prices, how soon their schools answer.
        ("", 7),
        # And the place that is named; what keeps rooms from being lent then; the day of the rooms of the page.
        (f"q=Lille&{EVENING}", 10),
        # And equipment.
        (f"q=Lille&{EVENING}&materiel-chaises=2&features=wifi&kind=classroom&step_free=on", 11),
    ],
)
def test_a_page_takes_as_many_queries_for_one_room_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], rooms: int, query: str, expected: int
) -> None:
    wifi = factories.FeatureFactory.create(slug="wifi")
    kind = factories.EquipmentKindFactory.create(slug="chaises")
    for _n in range(rooms):
        space = factories.SpaceFactory.create(features=[wifi], step_free=True)
        factories.OpeningHoursFactory.create(school=space.school, weekday=3)
        factories.EquipmentPoolFactory.create(school=space.school, kind=kind, quantity=2)
        factories.ClosureFactory.create(school=space.school)
        factories.BusyTimeFactory.create(space=space)
    with django_assert_num_queries(expected, own=True):
        assert "salle" in sentence(search(query))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lille", "de Lille"),
        ("Amiens", "d’Amiens"),
        ("Étaples", "d’Étaples"),
        ("Hazebrouck", "de Hazebrouck"),
        ("Le Touquet-Paris-Plage", "du Touquet-Paris-Plage"),
        ("Les Attaques", "des Attaques"),
        ("Lens", "de Lens"),
        ("Lycée Faidherbe", "du lycée Faidherbe"),
    ],
)
def test_places_are_spoken_of_as_people_do(name: str, said: str) -> None:
    assert wording.of(name) == said
