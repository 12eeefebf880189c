"""The page of a request: who sees it, what it tells, what it lets one do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.bookings.pages.test_requests import offer_later
from tests.conftest import Cast

WHO = [
    ("anonymous", 302),
    ("stranger", 404),
    ("member", 200),
    ("other_manager", 404),
    ("manager", 200),
    ("region", 200),
]


@pytest.fixture
def asked(cast: Cast) -> Any:
    """A request to the school of the cast, by its organisation, with one date."""
    request = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    factories.OccurrenceFactory.create(request=request)
    return request


@pytest.mark.parametrize(("role", "status"), WHO)
def test_both_sides_and_the_region_see_it(cast: Cast, asked: Any, role: str, status: int) -> None:
    assert cast.client(role).get(f"/demandes/{asked.reference}/").status_code == status


@pytest.mark.parametrize(
    ("role", "decides", "withdraws"),
    [("member", False, True), ("manager", True, False), ("region", False, False)],
)
def test_one_is_offered_what_one_may_do(
    cast: Cast, asked: Any, role: str, decides: bool, withdraws: bool
) -> None:
    response = cast.client(role).get(f"/demandes/{asked.reference}/")
    assert ("Votre décision" in words(response)) is decides
    assert (f"/demandes/{asked.reference}/retirer/" in links(response)) is withdraws
    assert f"/demandes/{asked.reference}/annuler/" not in links(response)


@pytest.mark.parametrize("role", ["member", "manager"])
def test_both_sides_may_cancel_what_was_accepted(scene: Scene, role: str) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager)
    response = signed_in(getattr(scene, role)).get(f"/demandes/{asked.reference}/")
    assert f"/demandes/{asked.reference}/annuler/" in links(response)
    assert "Votre décision" not in words(response)


@pytest.mark.parametrize("reference", ["R-0000-0000", "r", "x" * 200])
def test_an_unknown_reference_is_not_found(cast: Cast, reference: str) -> None:
    assert cast.client("region").get(f"/demandes/{reference}/").status_code == 404


def test_a_reference_may_be_written_small(cast: Cast, asked: Any) -> None:
    assert cast.client("member").get(f"/demandes/{asked.reference.lower()}/").status_code == 200


def test_everything_is_told(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises")
    )
    asked = scene.submit(
        evening("2026-11-12"),
        evening("2026-11-14"),
        equipment=(workflow.Line(pool, 4),),
        message="Avec un piano",
        contact_name="Camille Exemple",
        contact_phone="03 20 00 00 00",
    )
    workflow.approve(asked, by=scene.manager)
    said = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert "Demande envoyée – fait mercredi 14 octobre 2026, 10:00" in said
    assert "Réponse du lycée – en cours promise avant le mercredi 21 octobre 2026" in said
    assert "2 dates Jeudi" not in said
    assert "jeudi 12 novembre 2026, 18:00–20:00 Acceptée" in said
    assert (
        "samedi 14 novembre 2026, 18:00–20:00 En attente Cette salle n’est pas prêtée à ces heures." in said
    )
    assert "4 × Chaises" in said
    assert "Avec un piano" in said
    assert "Camille Exemple 03 20 00 00 00" in said
    assert f"Demande envoyée pour 2 dates par {scene.member}, mercredi 14 octobre 2026, 10:00" in said
    assert (
        f"1 date acceptée, 1 laissée en attente par {scene.manager}, mercredi 14 octobre 2026, 10:00" in said
    )


def test_a_refusal_and_its_reason_are_told(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.refuse(asked, by=scene.manager, reason="Conseil de classe ce soir-là.")
    said = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert "jeudi 12 novembre 2026, 18:00–20:00 Refusée Motif : Conseil de classe ce soir-là." in said
    assert f"1 date refusée par {scene.manager}" in said
    assert "Vos dates – arrêté aucune n’est réservée" not in said
    assert "Votre date – arrêté aucune n’est réservée" in said


def test_a_date_that_took_place_is_past(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager)
    with at_paris("2026-11-13 10:00"):
        assert workflow.due.take_place() == 1
        said = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert "Votre date – fait passée" in said
    assert "aucune n’est réservée" not in said


def test_a_late_answer_is_called_late(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    asked = scene.submit(evening("2026-11-12"))
    with at_paris("2026-10-22 09:00"):
        said = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert "promise avant le mercredi 21 octobre 2026, en retard" in said


def test_the_answer_is_the_organisations_where_the_school_asked_or_offered(scene: Scene) -> None:
    asked, offered = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    workflow.ask_information(asked, by=scene.manager, text="Combien de voitures ?")
    offer_later(scene, offered)
    client = signed_in(scene.member)
    said = words(client.get(f"/demandes/{asked.reference}/"))
    assert "Réponse du lycée – en cours attend une précision de l’organisme" in said
    said = words(client.get(f"/demandes/{offered.reference}/"))
    assert "Réponse du lycée – en cours autre proposition, à l’organisme de répondre" in said


def test_a_competing_request_is_told(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"))
    scene.submit(evening("2026-11-12"), organisation=factories.OrganisationFactory.create())
    said = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert "Un autre organisme demande aussi cette salle à ces heures." in said


def test_what_it_costs_is_estimated_then_agreed(scene: Scene) -> None:
    scene.space.hourly_rate, scene.space.hourly_value, scene.space.deposit = 8, 30, 150  # type: ignore[assignment]
    scene.space.save()
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    first = asked.occurrences.all()[0]
    page = f"/demandes/{asked.reference}/"
    said = words(signed_in(scene.member).get(page))
    assert "Prix estimé 32 € 2 dates à 16 € (2 h à 8 €) Caution 150 € Valeur estimée du prêt 120 €" in said
    workflow.approve(asked, by=scene.manager, occurrences=[first.pk])
    for person in (scene.member, scene.manager):
        said = words(signed_in(person).get(page))
        assert "Prix convenu 16 € 2 h à 8 € Caution 150 € Valeur du prêt 60 €" in said
        assert "Prix estimé 16 € 2 h à 8 €" in said


@pytest.mark.parametrize("many", [1, 20])
def test_as_many_queries_for_one_date_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school)
    dates = [evening(f"{dt.date(2026, 11, 12) + dt.timedelta(days=n)}") for n in range(many)]
    asked = scene.submit(*dates, equipment=(workflow.Line(pool, 1),))
    client = signed_in(scene.manager)
    # The request, its dates, rooms, equipment (7); objections (4); journal; messages; proposals;
    # agreements; prices; documents; the days; history; the week around (2); my role, my organisations.
    with django_assert_num_queries(QUERIES, own=True):
        assert client.get(f"/demandes/{asked.reference}/").status_code == 200


QUERIES = 19
