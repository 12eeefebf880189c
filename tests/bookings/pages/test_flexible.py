"""The search at certain moments: what it says, which slots it offers, how one goes on, what it costs."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client

from bookings.moments import Moment, part
from bookings.search import flexible
from tests import factories
from tests.bookings.conftest import Scene
from tests.bookings.pages.reading import fields, links, title, words
from tests.bookings.pages.test_search import sentence
from tests.conftest import paris

EVENINGS = "minutes=120&moments=evenings"


def search(query: str = "") -> HttpResponse:
    response = Client().get(f"/salles/souple/?{query}")
    assert response.status_code == 200
    return response


def asks(response: HttpResponse) -> list[str]:
    """What each slot's link asks for."""
    return [link.partition("/demander/?")[2] for link in links(response) if "/demander/" in link]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "2 heures, les soirs de semaine ou le samedi, d’ici le 9 décembre 2026"),
        (
            "q=Lille&within_km=20&minutes=120&moments=evenings&moments=saturdays&weeks=8",
            "2 heures, les soirs de semaine ou le samedi, à moins de 20 km de Lille, d’ici le 9 décembre 2026",
        ),
        ("minutes=60&weeks=1", "1 heure, n’importe quand, d’ici le 21 octobre 2026"),
        (
            "minutes=90&moments=daytime&moments=evenings&moments=wednesday_afternoons&weeks=26",
            "1 h 30, en semaine pendant la journée, les soirs de semaine ou le mercredi après-midi, "
            "d’ici le 14 avril 2027",
        ),
        (
            "minutes=150&weekdays=thursday&weekdays=friday&start=18h&end=21:30",
            "2 h 30, le jeudi ou le vendredi de 18:00 à 21:30, d’ici le 9 décembre 2026",
        ),
        (
            f"{EVENINGS}&weekdays=thursday&start=19:00",
            "2 heures, les soirs de semaine ou le jeudi à partir de 19:00, d’ici le 9 décembre 2026",
        ),
        ("minutes=60&end=21:00", "1 heure, tous les jours avant 21:00, d’ici le 9 décembre 2026"),
        (
            f"{EVENINGS}&first=2026-11-02&weeks=4",
            "2 heures, les soirs de semaine, du 2 novembre 2026 au 30 novembre 2026",
        ),
    ],
)
def test_what_was_asked_is_a_sentence(scene: Scene, query: str, said: str) -> None:
    page = search(query)
    assert sentence(page) == said
    assert title(page) == f"{said} – Shareloc"


def test_a_card_names_the_first_slots(scene: Scene) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-10-15 18:00"), end_at=paris("2026-10-15 19:00")
    )
    page = search(f"q=Lille&{EVENINGS}&capacity=25")
    assert (
        f"Gymnase {scene.school.name}, Lille · moins de 100 m 60 places Salle de classe "
        "Demander jeu. 15 oct. 19:00–21:00 Demander ven. 16 oct. 18:00–20:00 "
        "Demander jeu. 22 oct. 18:00–20:00 Gratuit Voir la salle"
    ) in words(page)
    assert asks(page) == [
        "date=2026-10-15&start=19%3A00&end=21%3A00&capacity=25",
        "date=2026-10-16&start=18%3A00&end=20%3A00&capacity=25",
        "date=2026-10-22&start=18%3A00&end=20%3A00&capacity=25",
    ]
    assert f"/salles/{scene.space.pk}/?capacity=25" in links(page)


def test_a_slot_starts_the_request(scene: Scene) -> None:
    (link, *_others) = (link for link in links(search(EVENINGS)) if "/demander/" in link)
    client = Client()
    client.force_login(scene.member, backend="django.contrib.auth.backends.ModelBackend")
    filled = fields(client.get(link))
    assert (filled["dates-0-day"], filled["dates-0-start"], filled["dates-0-end"]) == (
        ["2026-10-15"], ["18:00"], ["20:00"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "weekdays", "start", "end"),
    [
        ("evenings", range(5), "17:30", "21:00"),
        ("daytime", range(5), "07:45", "17:30"),
        ("wednesday_afternoons", [2], "12:30", "17:30"),
        ("saturdays", [5], "07:45", "21:00"),
        ("sundays", [6], "07:45", "21:00"),
    ],
)
def test_the_region_says_when_an_evening_begins(
    settings: Any, moment: str, weekdays: Any, start: str, end: str
) -> None:
    settings.DAY_STARTS, settings.AFTERNOON_STARTS = dt.time(7, 45), dt.time(12, 30)
    settings.EVENING_STARTS, settings.EVENING_ENDS = dt.time(17, 30), dt.time(21)
    found = part(Moment(moment))
    assert (found.weekdays, f"{found.start:%H:%M}", f"{found.end:%H:%M}") == (set(weekdays), start, end)


def test_both_clock_changes(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    factories.OpeningHoursFactory.create(school=scene.school, weekday=6, starts_at=dt.time(0), minutes=6 * 60)
    night = "minutes=120&weekdays=sunday&start=01:00&end=04:00&weeks=1"
    # 25 October has 25 hours, 28 March has 23: two hours from 01:00 on end at 02:00 and at 04:00.
    assert asks(search(f"{night}&first=2026-10-19"))[0] == "date=2026-10-25&start=01%3A00&end=02%3A00"
    with at_paris("2027-03-22 10:00"):
        assert asks(search(night))[0] == "date=2027-03-28&start=01%3A00&end=04%3A00"


# -- going on -----------------------------------------------------------------------------------


@pytest.fixture
def ten(scene: Scene, settings: Any) -> list[int]:
    """Ten rooms of one school in their order, four of which are closed; pages of two."""
    settings.SEARCH_PAGE_SIZE = 2
    rooms = [
        factories.SpaceFactory.create(school=scene.school, name=f"Salle {number}") for number in range(10)
    ]
    scene.space.published = False
    scene.space.save()
    for shut in (rooms[0], rooms[3], rooms[4], rooms[9]):
        factories.ClosureFactory.create(
            school=scene.school, space=shut, first_on=dt.date(2026, 10, 1), last_on=dt.date(2027, 10, 1)
        )
    return [rooms[number].pk for number in (1, 2, 5, 6, 7, 8)]


def shown(page: HttpResponse) -> list[int]:
    asked = [int(link.split("/")[2]) for link in links(page) if "/demander/" in link]
    return list(dict.fromkeys(asked))


@pytest.mark.parametrize("order", ["", "&order=date"])
def test_going_on_repeats_and_leaves_out_nothing(ten: list[int], order: str) -> None:
    page, seen = search(EVENINGS + order), []
    for _page in range(4):
        seen += shown(page)
        following = [link for link in links(page) if "after=" in link]
        if not following:
            break
        assert "Voir d’autres salles…" in words(page)
        assert "salles libres" not in words(page)
        page = search(following[0].removeprefix("?"))
    assert seen == ten
    assert "Revenir aux premières salles" in words(page)


def test_the_end_is_said(ten: list[int], settings: Any) -> None:
    settings.SEARCH_PAGE_SIZE = 20
    assert "Il n’y en a pas d’autre." in words(search(EVENINGS))
    page = search(f"{EVENINGS}&after=500")
    assert sentence(page).startswith("Aucune autre salle : 2 heures")
    assert f"/salles/souple/?{EVENINGS}" in links(page)


def test_a_search_that_stopped_on_the_way_says_so(ten: list[int], settings: Any, monkeypatch: Any) -> None:
    settings.SEARCH_PAGE_SIZE = 5
    for name, value in (("MOST_SPACES", 4), ("FIRST_SPACES", 4)):
        monkeypatch.setattr(flexible, name, value)
    page = search(EVENINGS)
    assert "5 salles ont été essayées, et il en reste. Continuer plus loin…" in words(page)
    assert shown(page) == ten[:2]
    assert f"?{EVENINGS}&after=5#resultats" in links(page)
    assert shown(search(f"{EVENINGS}&after=5")) == ten[2:]


def test_the_order_is_a_link(scene: Scene) -> None:
    far = factories.SpaceFactory.create(
        name="Loin", school=factories.SchoolFactory.create(commune="Roubaix", latitude=50.7, longitude=3.1)
    )
    factories.OpeningHoursFactory.create(school=far.school, weekday=2)
    page = search(f"q=Lille&within_km=20&{EVENINGS}&after=0")
    by_date = f"?q=Lille&within_km=20&{EVENINGS}&order=date"
    assert "Les plus proches d’abord · Plutôt les premières dates" in words(page)
    assert by_date in links(page)
    assert shown(page) == [scene.space.pk, far.pk]
    page = search(by_date.removeprefix("?"))
    assert shown(page) == [far.pk, scene.space.pk]
    assert "Les premières dates d’abord · Plutôt les plus proches" in words(page)
    assert fields(page)["order"] == ["date"]


# -- nothing, and mistakes ----------------------------------------------------------------------


def test_nothing_found_says_what_to_do_next(scene: Scene) -> None:
    page = search("q=Lille&within_km=5&minutes=120&moments=sundays&kind=kitchen&weeks=8")
    assert sentence(page).startswith("Aucune salle libre : 2 heures, le dimanche")
    assert "Essayez autrement, en un clic" in words(page)
    suggested = [link for link in links(page) if link.startswith("/salles/souple/?")][1:]
    assert suggested == [
        "/salles/souple/?q=Lille&minutes=120&moments=sundays&kind=kitchen&weeks=8&within_km=10",
        "/salles/souple/?q=Lille&within_km=5&minutes=120&moments=sundays&kind=kitchen&weeks=12",
        "/salles/souple/?q=Lille&within_km=5&kind=kitchen&weeks=8&minutes=120",
        "/salles/souple/?q=Lille&within_km=5&minutes=120&moments=sundays&weeks=8",
    ]


def test_an_unknown_place_is_told(scene: Scene) -> None:
    page = search(f"q=Nulle-Part&{EVENINGS}")
    assert "Aucun lieu ne répond au nom de « Nulle-Part »" in words(page)
    assert "/lycees/" in links(page)


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("minutes=20", "id_minutes", "Assurez-vous que cette valeur est supérieure ou égale à 30."),
        ("minutes=721", "id_minutes", "Assurez-vous que cette valeur est inférieure ou égale à 720."),
        ("minutes=deux", "id_minutes", "Saisissez un nombre entier."),
        ("minutes=300&moments=evenings", "id_minutes", "Aucun des moments choisis ne dure si longtemps"),
        ("minutes=60&moments=nights", "id_moments_0", "Sélectionnez un choix valide."),
        ("minutes=60&weekdays=lundi", "id_weekdays_0", "Sélectionnez un choix valide."),
        ("minutes=60&start=26:00", "id_start", "Écrivez l’heure sous la forme 18:30."),
        ("minutes=60&first=2026-10-13", "id_first", "Ce jour est passé : choisissez-en un à venir."),
        (
            "minutes=60&first=2028-05-01",
            "id_first",
            "Ce jour est trop lointain : restez avant le 15 avril 2028.",
        ),
        ("minutes=60&first=9999-12-31", "id_first", "Ce jour est trop lointain"),
        ("minutes=60&weeks=27", "id_weeks", "Assurez-vous que cette valeur est inférieure ou égale à 26."),
        ("minutes=60&weeks=0", "id_weeks", "Assurez-vous que cette valeur est supérieure ou égale à 1."),
    ],
)
def test_mistakes_lead_to_their_field(scene: Scene, query: str, field: str, said: str) -> None:
    page = search(query)
    assert title(page) == "Erreur : Rechercher une salle quand c’est possible – Shareloc"
    assert f"#{field}" in links(page)
    assert f'id="{field}"' in page.content.decode()
    assert said in words(page)
    assert 'id="resultats"' not in page.content.decode()


@pytest.mark.parametrize("after", ["-1", "loin", "9" * 30, "1.5"])
def test_a_wrong_position_is_told(scene: Scene, after: str) -> None:
    page = search(f"{EVENINGS}&after={after}")
    assert title(page).startswith("Erreur : ")


def test_nothing_typed_is_lost(scene: Scene) -> None:
    typed = {
        "q": "Lille", "within_km": "20", "minutes": "75", "capacity": "25", "moments": ["evenings", "sundays"],
        "weekdays": ["tuesday"], "start": "26:00", "end": "20:00", "weeks": "3", "first": "2026-11-02",
        "kind": ["classroom"], "step_free": "on", "order": "date",
    }  # fmt: skip
    kept = fields(Client().get("/salles/souple/", typed))
    for name, value in typed.items():
        assert kept[name] == (value if isinstance(value, list) else [value]), name


def test_the_tabs_keep_place_and_filters(scene: Scene) -> None:
    asked = "q=Lille&within_km=20&capacity=25&kind=classroom&kind=hall&step_free=on"
    for address in ("/salles/", "/salles/souple/", "/salles/serie/"):
        page = Client().get(f"{address}?{asked}")
        assert {f"/salles/?{asked}", f"/salles/souple/?{asked}", f"/salles/serie/?{asked}"} <= set(
            links(page)
        )
        assert (
            f'<a href="{address}?{asked}" aria-current="page">'.replace("&", "&amp;") in page.content.decode()
        )


ASKED_DATE = "date=2026-12-10&start=18:00&end=20:30"
SERIES = "weekdays=thursday&start=18:00&end=20:30&first=2026-12-07"


@pytest.mark.parametrize(
    ("here", "query", "led_to"),
    [
        # A date becomes a weekday and a first day for those who ask every week.
        ("/salles/", ASKED_DATE, [
            "/salles/", "/salles/souple/?minutes=150&start=18:00&end=20:30&first=2026-12-10",
            "/salles/serie/?weekdays=thursday&start=18:00&end=20:30&first=2026-12-10", f"/materiel/?{ASKED_DATE}",
        ]),
        ("/salles/", "date=2026-12-10&until=2026-12-12", [
            "/salles/", "/salles/souple/?first=2026-12-10",
            "/salles/serie/?weekdays=thursday&first=2026-12-10", "/materiel/?date=2026-12-10&until=2026-12-12",
        ]),
        # Too short, or no hours at all, for a length.
        ("/salles/", "date=2026-12-10&start=18:00&end=18:20", [
            "/salles/", "/salles/souple/?first=2026-12-10",
            "/salles/serie/?weekdays=thursday&start=18:00&end=18:20&first=2026-12-10",
            "/materiel/?date=2026-12-10&start=18:00&end=18:20",
        ]),
        ("/salles/", "date=9999-12-31", [
            "/salles/", "/salles/souple/", "/salles/serie/", "/materiel/?date=9999-12-31",
        ]),
        ("/materiel/", ASKED_DATE, [
            f"/salles/?{ASKED_DATE}", "/salles/souple/?minutes=150&start=18:00&end=20:30&first=2026-12-10",
            "/salles/serie/?weekdays=thursday&start=18:00&end=20:30&first=2026-12-10", "/materiel/",
        ]),
        # The first Thursday from a Monday on.
        ("/salles/serie/", f"{SERIES}&until=2027-03-04", [
            f"/salles/?{ASKED_DATE}",
            "/salles/souple/?minutes=150&weekdays=thursday&start=18:00&end=20:30&first=2026-12-07",
            "/salles/serie/", f"/materiel/?{ASKED_DATE}",
        ]),
        ("/salles/souple/", f"minutes=60&{SERIES}", [
            f"/salles/?{ASKED_DATE}", "/salles/souple/", f"/salles/serie/?{SERIES}", f"/materiel/?{ASKED_DATE}",
        ]),
        # Hours without a day ask nothing of a date.
        ("/salles/souple/", "minutes=60&moments=evenings&start=18:00&end=20:00", [
            "/salles/", "/salles/souple/", "/salles/serie/?start=18:00&end=20:00", "/materiel/",
        ]),
        ("/salles/serie/", "weekdays=monday&first=9999-12-31&until=x", [
            "/salles/", "/salles/souple/?first=9999-12-31", "/salles/serie/", "/materiel/",
        ]),
    ],
)  # fmt: skip
def test_the_tabs_carry_the_time(scene: Scene, here: str, query: str, led_to: list[str]) -> None:
    page = Client().get(f"{here}?{query}").content.decode()
    tabs = page[page.index('<nav class="tabs"') :]
    found = re.findall(r'href="([^"]*)"', tabs[: tabs.index("</nav>")])
    assert [unquote(html.unescape(link)) for link in found] == led_to


def test_a_date_that_was_asked_for_can_be_asked_for_at_other_moments(scene: Scene) -> None:
    page = search("minutes=150&start=18:00&end=20:30&first=2026-10-22")
    assert sentence(page) == "2 h 30, tous les jours de 18:00 à 20:30, du 22 octobre 2026 au 17 décembre 2026"
    assert asks(page)[0] == "date=2026-10-22&start=18%3A00&end=20%3A30"


@pytest.mark.parametrize("rooms", [1, 30])
@pytest.mark.parametrize("order", ["", "&order=date"])
def test_a_page_takes_as_many_queries_for_one_room_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], rooms: int, order: str
) -> None:
    wifi = factories.FeatureFactory.create(slug="wifi")
    for _n in range(rooms):
        space = factories.SpaceFactory.create(features=[wifi], school=scene.school)
        factories.BusyTimeFactory.create(space=space)
    factories.ClosureFactory.create(school=scene.school)
    # Vocabulary, place, schools, candidates, what decides when they are free, these rooms, their prices.
    with django_assert_num_queries(7, own=True):
        page = search(f"q=Lille&within_km=20&{EVENINGS}&features=wifi{order}")
    assert len(shown(page)) == min(rooms, 20)
