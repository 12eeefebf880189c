"""The week grid: read, filled in, added to, copied and saved as a whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.bookings.pages.reading import fields, title, words
from tests.conftest import Cast
from venues.models import OpeningHours, Space, StandingApproval

Line = dict[str, Any]


def line(weekday: int, starts_at: str = "", ends_at: str = "", **more: Any) -> Line:
    return {"weekday": weekday, "starts_at": starts_at, "ends_at": ends_at, "season": "always", **more}


def sent(*lines: Line, **buttons: str) -> dict[str, Any]:
    """What a browser sends of a grid with these lines."""
    data = {"h-TOTAL_FORMS": len(lines), "h-INITIAL_FORMS": len(lines), **buttons}
    for number, one in enumerate(lines):
        data.update({f"h-{number}-{name}": value for name, value in one.items()})
    return data


def shown(response: Any) -> list[tuple[str, str, str, str]]:
    """(day, start, end, season) of each line of the grid, in its order."""
    said = fields(response)
    numbers = range(int(said["h-TOTAL_FORMS"][0]))
    names = ("weekday", "starts_at", "ends_at", "season")
    return [tuple(said[f"h-{n}-{name}"][0] for name in names) for n in numbers]  # type: ignore[misc]


def rows(model: Any = OpeningHours, **owner: Any) -> list[tuple[int, str, int, str]]:
    found = model.objects.filter(**owner).order_by("weekday", "starts_at", "season")
    return [(row.weekday, f"{row.starts_at:%H:%M}", row.minutes, row.season) for row in found]


def test_a_school_without_hours_gets_a_suggestion_that_is_not_saved(
    client: Client, mine: str, cast: Cast
) -> None:
    page = client.get(f"{mine}horaires/")
    assert shown(page) == [
        *((str(day), "18:00", "22:00", "always") for day in range(5)),
        ("5", "09:00", "18:00", "always"),
        ("6", "", "", "always"),
    ]
    assert "Rien n’est encore enregistré" in words(page)
    assert rows() == []


def test_saved_at_once_touching_windows_merged_and_midnight_passed(
    client: Client, mine: str, cast: Cast
) -> None:
    factories.OpeningHoursFactory.create(school=cast.school, weekday=6)
    other = factories.OpeningHoursFactory.create(school=cast.other_school)
    space = factories.SpaceFactory.create(school=cast.school, published=True)
    own = factories.OpeningHoursFactory.create(school=cast.school, space=space)
    data = sent(
        line(0, "18:00", "20:00"),
        line(0, "20:00", "22:00"),
        line(4, "20:00", "01:00"),
        line(5, "00:00", "00:00", season="holidays"),
        line(6),
    )
    response = client.post(f"{mine}horaires/", data)
    assert response.headers["Location"] == mine
    assert rows(school=cast.school, space=None) == [
        (0, "18:00", 240, "always"),
        (4, "20:00", 300, "always"),
        (5, "00:00", 1440, "holidays"),
    ]
    assert OpeningHours.objects.filter(pk__in=[other.pk, own.pk]).count() == 2
    assert "Les horaires du lycée sont enregistrés." in words(client.get(mine))


def test_what_stays_is_not_written_again(client: Client, mine: str, cast: Cast) -> None:
    kept = factories.OpeningHoursFactory.create(school=cast.school)
    client.post(f"{mine}horaires/", sent(line(0, "18:00", "22:00"), line(1, "18:00", "22:00")))
    assert OpeningHours.objects.filter(pk=kept.pk).exists()
    assert rows() == [(0, "18:00", 240, "always"), (1, "18:00", 240, "always")]


def test_what_the_grid_shows_comes_back_unchanged(client: Client, mine: str, cast: Cast) -> None:
    """Over midnight, over several days, in a season, between dates: saving without a change changes nothing."""
    dates = {"valid_from": dt.date(2026, 9, 1), "valid_until": dt.date(2027, 6, 30)}
    for weekday, starts_at, minutes, more in [
        (0, dt.time(20), 300, {}),
        (4, dt.time(18), 62 * 60, {"season": "holidays"}),
        (5, dt.time(0), 1440, {"season": "term", **dates}),
    ]:
        factories.OpeningHoursFactory.create(
            school=cast.school, weekday=weekday, starts_at=starts_at, minutes=minutes, **more
        )
    before = list(OpeningHours.objects.order_by("pk").values())
    data = {name: values[0] for name, values in fields(client.get(f"{mine}horaires/")).items()}
    assert client.post(f"{mine}horaires/", data).status_code == 302
    assert list(OpeningHours.objects.order_by("pk").values()) == before


def test_a_line_more_keeps_what_was_typed_and_saves_nothing(client: Client, mine: str) -> None:
    page = client.post(f"{mine}horaires/", sent(line(0, "18:00", ""), line(1, "9h", "10:00"), ajouter="0"))
    assert shown(page) == [
        ("0", "18:00", "", "always"),
        ("1", "9h", "10:00", "always"),
        ("0", "", "", "always"),
    ]
    assert "à corriger" not in words(page)
    assert rows() == []


def test_monday_is_copied_onto_the_other_working_days(client: Client, mine: str) -> None:
    lines = [line(0, "18:00", "22:00", season="term"), line(1, "08:00", "09:00"), line(5, "10:00", "12:00")]
    page = client.post(f"{mine}horaires/", sent(*lines, copier="1"))
    assert shown(page) == [
        ("0", "18:00", "22:00", "term"),
        ("5", "10:00", "12:00", "always"),
        *((str(day), "18:00", "22:00", "term") for day in range(1, 5)),
    ]
    assert rows() == []


REPLACED = "Les plages du mardi au vendredi sont remplacées par celles du lundi."


@pytest.mark.parametrize(
    ("rest", "save"),
    [
        ("horaires/", "Enregistrer les horaires"),
        ("salles/{space}/horaires/", "Enregistrer les horaires"),
        ("salles/{space}/accords/", "Enregistrer les accords d’office"),
    ],
)
def test_who_copies_monday_is_told_that_nothing_is_saved_yet(
    client: Client, mine: str, cast: Cast, rest: str, save: str
) -> None:
    address = f"{mine}{rest.format(space=factories.SpaceFactory.create(school=cast.school).pk)}"
    page = client.get(address)
    assert 'formaction="#recopie"' in page.content.decode()
    assert REPLACED not in words(page)
    page = client.post(address, sent(line(0, "18:00", "22:00"), copier="1"))
    assert f"{REPLACED} Rien n’est enregistré avant « {save} ». Mardi" in words(page)
    assert '<div id="recopie" tabindex="-1">' in page.content.decode()
    assert REPLACED not in words(client.post(address, sent(line(0, "18:00", "22:00"), ajouter="0")))


@pytest.mark.parametrize("question", ["", "?de=guide&a=1"])
def test_what_is_wrong_is_seen_first_wherever_one_was_led(client: Client, mine: str, question: str) -> None:
    """An address of its own keeps a browser from going back to the fragment of the page's."""
    page = client.post(f"{mine}horaires/{question}", sent(line(0, "18:00")))
    assert title(page).startswith("Erreur :")
    action = f"{mine}horaires/{question}".replace("&", "&amp;")
    assert (
        f'<form method="post" action="{action}" novalidate class="stack week-form">' in page.content.decode()
    )


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        (line(0, "18:00"), "ends_at", "Lundi, fin : Écrivez l’heure de fin"),
        (line(2, "", "20:00"), "starts_at", "Mercredi, début : Écrivez l’heure de début"),
        (line(0, "25:00", "20:00"), "starts_at", "Lundi, début :"),
        (line(0, "18:00", "19:00", season="spring"), "season", "Lundi, période :"),
        (line(0, "18:00", "19:00", days="7"), "days", "une semaine au plus"),
        (
            line(0, "18:00", "19:00", valid_from="2027-01-01", valid_until="2026-01-01"),
            "valid_until",
            "avant la première",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    client: Client, mine: str, cast: Cast, wrong: Line, field: str, said: str
) -> None:
    factories.OpeningHoursFactory.create(school=cast.school, weekday=3)
    page = client.post(f"{mine}horaires/", sent(line(1, "10:00", "11:00"), wrong))
    assert page.status_code == 200
    assert title(page).startswith("Erreur :")
    assert said in words(page)
    assert f'<a href="#id_h-1-{field}">' in page.content.decode()
    assert rows() == [(3, "18:00", 240, "always")]


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 200), ({"h-TOTAL_FORMS": "x", "h-INITIAL_FORMS": "0"}, 200), (sent(ajouter="9"), 400), (sent(ajouter="²"), 400),
     (sent(line(0, "18:00", "19:00") | {"weekday": "9" * 5000}), 200), (sent(line(0) | {"weekday": "²"}, copier="1"), 200),
     ({"h-TOTAL_FORMS": "1000000000", "h-INITIAL_FORMS": "0"}, 200)],
)  # fmt: skip
def test_what_no_browser_sends_changes_nothing(
    client: Client, mine: str, cast: Cast, data: dict[str, Any], status: int
) -> None:
    factories.OpeningHoursFactory.create(school=cast.school)
    response = client.post(f"{mine}horaires/", data)
    assert response.status_code == status
    assert rows() == [(0, "18:00", 240, "always")]


def test_a_room_gets_hours_of_its_own_and_gives_them_up(client: Client, mine: str, cast: Cast) -> None:
    factories.OpeningHoursFactory.create(school=cast.school)
    space = factories.SpaceFactory.create(school=cast.school)
    address = f"{mine}salles/{space.pk}/horaires/"
    assert "suit les horaires du lycée" in words(client.get(address))
    client.post(address, sent(line(2, "14:00", "18:00")))
    assert rows(space=space) == [(2, "14:00", 240, "always")]
    assert "a ses propres horaires" in words(client.get(address))
    client.post(address, sent(line(2)))
    assert rows(space=space) == []
    assert rows(space=None) == [(0, "18:00", 240, "always")]


def test_standing_approvals_are_written_in_the_same_grid(client: Client, mine: str, cast: Cast) -> None:
    space: Space = factories.SpaceFactory.create(school=cast.school)
    address = f"{mine}salles/{space.pk}/accords/"
    client.post(address, sent(line(2, "14:00", "18:00", season="term")))
    assert rows(StandingApproval, space=space) == [(2, "14:00", 240, "term")]
    assert shown(client.get(address))[0] == ("2", "14:00", "18:00", "term")
    assert rows() == []
