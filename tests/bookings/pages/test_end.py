"""Taking a request back, and cancelling accepted dates, on pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Claim
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, title, words
from tests.bookings.pages.test_ask import signed_in
from tests.bookings.pages.test_decide import ids
from tests.conftest import Cast

States = Callable[[BookingRequest], list[str]]


def address(asked: BookingRequest, verb: str) -> str:
    return f"/demandes/{asked.reference}/{verb}/"


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "role", "status"),
    [
        ("retirer", "anonymous", "/compte/connexion/"),
        ("retirer", "stranger", 404),
        ("retirer", "member", "/demandes/"),
        ("retirer", "other_manager", 404),
        ("retirer", "manager", 403),
        ("retirer", "region", 403),
        ("annuler", "anonymous", "/compte/connexion/"),
        ("annuler", "stranger", 404),
        ("annuler", "member", "/demandes/"),
        ("annuler", "other_manager", 404),
        ("annuler", "manager", "/demandes/"),
        ("annuler", "region", 403),
    ],
)
def test_who_ends_what(cast: Cast, verb: str, role: str, status: int | str) -> None:
    before, after = {"retirer": ("pending", "withdrawn"), "annuler": ("approved", "cancelled")}[verb]
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    date = factories.OccurrenceFactory.create(request=asked, state=before)
    response = cast.client(role).post(address(asked, verb), {"reason": "Grippe", "dates": [date.pk]})
    date.refresh_from_db()
    if isinstance(status, int):
        assert response.status_code == status
    else:
        assert response.url.startswith(status)
    assert date.state == (after if status == "/demandes/" else before)


# -- withdrawing --------------------------------------------------------------------------------


def test_withdrawing_is_asked_twice(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"))
    client = signed_in(scene.member)
    assert "Retirer la demande ?" in words(client.get(address(asked, "retirer")))
    assert states(asked) == ["pending"]
    response = client.post(address(asked, "retirer"), follow=True)
    assert "Votre demande est retirée. Le lycée en est averti." in words(response)
    assert states(asked) == ["withdrawn"]


def test_what_is_decided_is_not_withdrawn(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager)
    response = signed_in(scene.member).post(address(asked, "retirer"))
    assert response.status_code == 409
    assert f"Dates acceptées par {scene.manager}" in words(response)
    assert states(asked) == ["approved"]


# -- cancelling ---------------------------------------------------------------------------------


def test_chosen_dates_are_cancelled_with_a_reason(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(asked, by=scene.manager)
    client = signed_in(scene.member)
    page = words(client.get(address(asked, "annuler")))
    assert "jeudi 12 novembre 2026, 18:00–20:00" in page
    assert "Le lycée lit ce motif tel quel." in page
    response = client.post(
        address(asked, "annuler"), {"dates": ids(asked)[:1], "reason": "Grippe"}, follow=True
    )
    assert "1 date annulée : jeudi 12 novembre 2026, 18:00–20:00." in words(response)
    assert "Annulée Motif : Grippe" in words(response)
    assert states(asked) == ["cancelled", "approved"]
    assert Claim.objects.count() == 1


def test_a_series_is_cancelled_without_ticking_its_dates(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"), evening("2026-11-26"))
    workflow.approve(asked, by=scene.manager)
    workflow.cancel(asked, by=scene.member, reason="Grippe", occurrences=ids(asked)[:1])
    client = signed_in(scene.member)
    assert "Annuler les 2 dates" in words(client.get(address(asked, "annuler")))
    # Not without the reason, which the other side will read.
    assert client.post(address(asked, "annuler"), {"toutes": "1"}).status_code == 200
    assert states(asked) == ["cancelled", "approved", "approved"]
    client.post(address(asked, "annuler"), {"toutes": "1", "reason": "Plus de professeur"})
    assert states(asked) == ["cancelled"] * 3


@pytest.mark.parametrize(
    ("sent", "said", "leads_to"),
    [
        ({"reason": "Grippe"}, "Cochez au moins une date.", "#id_dates_0"),
        ({"dates": "all"}, "Écrivez le motif : il sera transmis tel quel.", "#id_reason"),
    ],
)
def test_an_incomplete_cancellation_is_an_error(
    scene: Scene, states: States, sent: dict[str, Any], said: str, leads_to: str
) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(asked, by=scene.manager)
    if "dates" in sent:
        sent = {**sent, "dates": ids(asked)}
    response = signed_in(scene.manager).post(address(asked, "annuler"), sent)
    assert title(response).startswith("Erreur : ")
    assert said in words(response)
    assert leads_to in links(response)
    assert fields(response).get("reason") == [sent.get("reason", "")]
    assert states(asked) == ["approved", "approved"]


def test_only_accepted_dates_to_come_can_be_cancelled(
    scene: Scene, at_paris: Callable[[str], Any], states: States
) -> None:
    asked = scene.submit(evening("2026-11-12"))
    client = signed_in(scene.member)
    response = client.get(address(asked, "annuler"))
    assert response.status_code == 409
    assert "Aucune date acceptée de cette demande n’est encore à venir." in words(response)
    workflow.approve(asked, by=scene.manager)
    with at_paris("2026-11-13 10:00"):
        client = signed_in(scene.member)
        response = client.post(address(asked, "annuler"), {"dates": ids(asked), "reason": "Grippe"})
    assert response.status_code == 409
    assert states(asked) == ["approved"]
