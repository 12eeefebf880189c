"""The list of my organisations' requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("anonymous", None),
        ("stranger", False),
        ("member", True),
        ("other_manager", False),
        # Those who decide have their queue; the Région has the administration.
        ("manager", False),
        ("region", False),
    ],
)
def test_one_sees_what_ones_organisations_asked(cast: Cast, role: str, seen: bool | None) -> None:
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    factories.OccurrenceFactory.create(request=asked)
    response = cast.client(role).get("/demandes/")
    if seen is None:
        assert response.url == "/compte/connexion/?next=/demandes/"
        return
    assert (f"/demandes/{asked.reference}/" in links(response)) is seen


def test_a_line_says_where_things_stand(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    page = words(signed_in(scene.member).get("/demandes/"))
    assert (
        f"Chorale {scene.school.name}, Lille 2 dates, la première jeudi 12 novembre 2026 {scene.organisation.name} "
        f"{asked.reference} Envoyée Réponse promise avant le mercredi 21 octobre 2026"
    ) in page
    workflow.approve(asked, by=scene.manager)
    assert "Décidée 2 dates acceptées sur 2" in words(signed_in(scene.member).get("/demandes/"))


def test_requests_are_sorted_out_by_state(scene: Scene) -> None:
    waiting, decided = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    workflow.approve(decided, by=scene.manager)
    client = signed_in(scene.member)
    for state, shown in (
        ("submitted", [waiting]),
        ("decided", [decided]),
        ("", [decided, waiting]),
        ("x", [decided, waiting]),
    ):
        response = client.get(f"/demandes/?etat={state}")
        assert [link for link in links(response) if link.startswith("/demandes/R-")] == [
            f"/demandes/{asked.reference}/" for asked in shown
        ]
    assert "Aucune demande dans cet état" in words(client.get("/demandes/?etat=expired"))


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    page = cast.client("member").get("/demandes/")
    assert "Aucune demande pour l’instant" in words(page)
    assert "/salles/" in links(page)
    page = cast.client("region").get("/demandes/")
    assert "Vous n’êtes encore membre d’aucun organisme" in words(page)
    assert "/compte/organismes/nouveau/" in links(page)


@pytest.mark.parametrize("many", [1, 15])
def test_as_many_queries_for_one_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for n in range(many):
        scene.submit(evening("2026-11-12"), evening("2026-11-19"), purpose=f"Chorale {n}")
    client = signed_in(scene.member)
    # Count; the page; whether I belong to an organisation; messages cost none.
    with django_assert_num_queries(3, own=True):
        client.get("/demandes/")
