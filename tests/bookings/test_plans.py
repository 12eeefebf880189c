"""The drawn week: exact rectangles, and on the pages of rooms and lycées with its table, telling nobody's name."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from bookings import planner, week, workflow
from bookings.planner.plans import Label, Rect
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import NOW, paris


def promised(scene: Scene) -> None:
    workflow.approve(scene.submit(evening("2026-10-15", "19:00", "20:00")), by=scene.manager)


def test_a_room_has_a_column_a_day_with_its_hours(scene: Scene) -> None:
    promised(scene)
    days = week.of(scene.space, paris("2026-10-12").date(), now=NOW).days
    drawing = planner.of_days(days)
    assert (drawing.width, drawing.height) == (32 + 7 * 46, 26 + 17 * 15 + 8)
    assert [rect for rect in drawing.rects if rect.kind == "ground"] == [
        Rect(33 + 46 * n, 26, 44, 17 * 15, "ground") for n in range(7)
    ]
    # Thursday, from 18:00 on: an hour free, one taken, two free.
    assert [rect for rect in drawing.rects if rect.x == 33 + 46 * 3][1:] == [
        Rect(171, 26 + 11 * 15, 44, 15, "free"),
        Rect(171, 26 + 12 * 15, 44, 15, "taken"),
        Rect(171, 26 + 13 * 15, 44, 30, "free"),
    ]
    assert dict(drawing.areas)["taken"] == "M171.0 206.0h44.0v15.0h-44.0z"
    assert drawing.labels[3] == Label(32 + 46 * 3.5, 16, "jeu. 15", "middle")
    assert [label.text for label in drawing.labels[7:]] == ["8", "12", "16", "20", "24"]


def test_the_night_is_drawn_where_there_is_one(scene: Scene) -> None:
    factories.open_always(scene.school)
    days = week.of(scene.space, paris("2026-10-19").date(), now=NOW).days
    drawing = planner.of_days(days)
    assert drawing.height == 26 + 24 * 15 + 8
    assert drawing.rects[1] == Rect(33, 26, 44, 24 * 15, "free")
    assert [label.text for label in drawing.labels[7:]] == ["0", "4", "8", "12", "16", "20", "24"]


def test_a_lycee_has_a_row_a_room(scene: Scene) -> None:
    promised(scene)
    factories.SpaceFactory.create(
        school=scene.school, kind="hall", name="Une salle au nom vraiment très long"
    )
    shown = planner.week_of_school(scene.school, paris("2026-10-12").date(), viewer=scene.manager, now=NOW)
    drawing = planner.of_rooms(shown)
    assert (drawing.width, drawing.height) == (180 + 7 * 80, 26 + 2 * 24)
    assert [label.text for label in drawing.labels[7:]] == ["Gymnase", "Une salle au nom vraiment…"]
    taken = [rect for rect in drawing.rects if rect.kind == "taken"]
    assert [(round(rect.x, 2), rect.y, round(rect.width, 2), rect.height) for rect in taken] == [
        (round(180 + 80 * 3 + 2 + 12 * 76 / 17, 2), 28, round(76 / 17, 2), 18)
    ]


def drawings(response: Any) -> list[str]:
    return re.findall(r'<svg class="plan".*?</svg>', response.content.decode(), re.S)


def test_the_page_of_a_lycee_draws_its_week_and_says_it_in_a_table(scene: Scene) -> None:
    promised(scene)
    factories.SpaceFactory.create(school=scene.school, name="Réserve", published=False)
    for client in (Client(), signed_in(scene.manager)):
        page = client.get(scene.school.get_absolute_url())
        (drawing,) = drawings(page)
        assert 'role="img" aria-label="Occupation des salles de ' in drawing
        assert ('class="strip-taken"' in drawing, "style=" in drawing) == (True, False)
        said = words(page)
        assert "La semaine des salles, du lun. 12 oct. au dim. 18 oct." in said
        assert "18:00–19:00 Libre 19:00–20:00 Occupé 20:00–22:00 Libre" in said
        assert not any(secret in said for secret in ("Chorale", scene.organisation.name, "Réserve"))
        assert f"/lycees/{scene.school.uai}/planning/" in links(page)


def test_a_lycee_without_rooms_draws_nothing(scene: Scene) -> None:
    scene.space.published = False
    scene.space.save()
    page = Client().get(scene.school.get_absolute_url())
    assert (drawings(page), "La semaine des salles" in words(page)) == ([], False)


def test_the_page_of_a_room_draws_the_week_it_shows(scene: Scene) -> None:
    promised(scene)
    (drawing,) = drawings(signed_in(scene.manager).get(f"/salles/{scene.space.pk}/?semaine=2026-W42"))
    assert drawing.count('class="strip-taken"') == 1
    (other,) = drawings(Client().get(f"/salles/{scene.space.pk}/?semaine=2026-W43"))
    assert (other.count('class="strip-taken"'), "jeu. 22" in other) == (0, True)


def test_numbers_are_written_as_svg_reads_them(scene: Scene) -> None:
    (drawing,) = drawings(Client().get(scene.school.get_absolute_url()))
    numbers = re.findall(r' (?:x|y|width|height)="([^"]*)"', drawing)
    assert all(re.fullmatch(r"\d+\.\d", number) for number in numbers)
