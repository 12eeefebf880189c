"""Deciding on pages: accepting all free dates or chosen ones, refusing; who may, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse

from bookings import workflow
from bookings.models import BookingRequest, Occurrence
from bookings.workflow import due
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, title, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast

States = Callable[[BookingRequest], list[str]]


def act(scene: Scene, asked: BookingRequest, verb: str, **sent: Any) -> HttpResponse:
    return signed_in(scene.manager).post(f"/demandes/{asked.reference}/{verb}/", sent, follow=True)


def ids(asked: BookingRequest) -> list[int]:
    return list(Occurrence.objects.filter(request=asked).order_by("start_at").values_list("pk", flat=True))


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["accepter", "refuser"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", "/compte/connexion/"),
        ("stranger", 404),
        ("member", 403),
        ("other_manager", 404),
        ("manager", "/demandes/"),
        ("region", 403),
    ],
)
def test_the_school_decides(cast: Cast, role: str, status: int | str, verb: str) -> None:
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    space = factories.SpaceFactory.create(school=cast.school)
    factories.open_always(cast.school)
    date = factories.OccurrenceFactory.create(request=asked, spaces=[space])
    address = f"/demandes/{asked.reference}/{verb}/"
    response = cast.client(role).post(address, {"reason": "Travaux", "dates": [date.pk]})
    date.refresh_from_db()
    if isinstance(status, int):
        assert response.status_code == status
    else:
        assert response.url.startswith(status)
    decided = {"accepter": "approved", "refuser": "refused"}[verb]
    assert date.state == (decided if role == "manager" else "pending")


@pytest.mark.parametrize("verb", ["accepter", "refuser"])
def test_reading_decides_nothing(scene: Scene, states: States, verb: str) -> None:
    asked = scene.submit(evening("2026-11-12"))
    assert signed_in(scene.manager).get(f"/demandes/{asked.reference}/{verb}/").status_code == 405
    assert states(asked) == ["pending"]


# -- accepting ----------------------------------------------------------------------------------


def test_all_free_dates_are_accepted_and_the_rest_is_told(scene: Scene, states: States) -> None:
    workflow.approve(scene.submit(evening("2026-11-12", "19:00", "21:00")), by=scene.manager)
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-13"), evening("2026-11-19"))
    page = words(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))
    assert "2 dates sur 3 sont libres. Les autres resteront en attente. Accepter les 2 dates libres" in page
    taken, *free = map(str, ids(asked))
    # What cannot be accepted has no box to tick; everything can be refused.
    assert fields(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))["dates"] == [
        *free,
        taken,
        *free,
    ]
    said = words(act(scene, asked, "accepter"))
    assert (
        "2 dates acceptées : vendredi 13 novembre 2026, 18:00–20:00 et jeudi 19 novembre 2026, 18:00–20:00. "
        "1 date laissée en attente : jeudi 12 novembre 2026, 18:00–20:00 – La salle est déjà prise à ces heures."
    ) in said
    assert states(asked) == ["pending", "approved", "approved"]


def test_chosen_dates_pass_over_what_a_manager_may_pass_over(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-14"))
    page = signed_in(scene.manager).get(f"/demandes/{asked.reference}/")
    assert "Une date « à votre appréciation » que vous cochez est acceptée malgré ses réserves." in words(
        page
    )
    assert "samedi 14 novembre 2026, 18:00–20:00 À votre appréciation Cette salle n’est pas prêtée" in words(
        page
    )
    # What is free is ticked to be accepted, everything to be refused.
    assert fields(page)["dates"] == [str(ids(asked)[0]), *map(str, ids(asked))]
    said = words(act(scene, asked, "accepter", choose="1", dates=[ids(asked)[1]]))
    assert "1 date acceptée : samedi 14 novembre 2026, 18:00–20:00." in said
    assert states(asked) == ["pending", "approved"]


def test_one_date_with_reservations_is_accepted_all_the_same(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-14"))
    page = words(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))
    assert "Aucune de ces dates n’est libre sans réserve" in page
    assert "Accepter quand même" in page
    act(scene, asked, "accepter", choose="1", dates=ids(asked))
    assert states(asked) == ["approved"]


def test_nothing_chosen_is_an_error(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    response = act(scene, asked, "accepter", choose="1")
    assert title(response).startswith("Erreur : ")
    assert "Cochez au moins une date." in words(response)
    assert "#choisir" in links(response)
    assert states(asked) == ["pending", "pending"]


def test_a_date_of_another_request_is_no_choice(scene: Scene, states: States) -> None:
    asked, other = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    act(scene, asked, "accepter", choose="1", dates=ids(other))
    assert states(asked) == states(other) == ["pending"]


def test_when_nothing_is_free_nothing_is_changed(scene: Scene, states: States) -> None:
    workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    asked = scene.submit(evening("2026-11-12"))
    response = act(scene, asked, "accepter")
    assert response.status_code == 409
    said = words(response)
    assert (
        "Rien n’a été changé Cette date n’a pas pu être acceptée. La salle est déjà prise à ces heures."
        in said
    )
    assert states(asked) == ["pending"]


# -- refusing -----------------------------------------------------------------------------------


def test_a_refusal_gives_its_reason(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    response = act(scene, asked, "refuser", dates=ids(asked), reason="Conseil de classe.")
    assert "2 dates refusées. L’organisme reçoit votre motif." in words(response)
    assert states(asked) == ["refused", "refused"]
    assert set(asked.occurrences.values_list("reason", flat=True)) == {"Conseil de classe."}


def test_some_dates_are_refused(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    act(scene, asked, "refuser", dates=ids(asked)[:1], reason="Conseil de classe.")
    assert states(asked) == ["refused", "pending"]


def test_a_refusal_without_a_reason_is_an_error_and_keeps_the_choice(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    response = act(scene, asked, "refuser", dates=ids(asked)[:1], reason=" ")
    assert title(response).startswith("Erreur : ")
    assert "Écrivez le motif : il sera transmis tel quel." in words(response)
    assert "#refuse_reason" in links(response)
    assert '<details class="filters" id="refuser" open>' in response.content.decode()
    # Free dates ticked to be accepted, then what was ticked to be refused.
    assert fields(response)["dates"] == [*map(str, ids(asked)), str(ids(asked)[0])]
    assert states(asked) == ["pending", "pending"]


def test_a_reason_is_kept_when_no_date_is_ticked(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    response = act(scene, asked, "refuser", reason="Conseil de classe.")
    assert fields(response)["reason"] == ["Conseil de classe."]
    assert "#refuser" in links(response)


# -- too late -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "sent"), [("accepter", {}), ("refuser", {"reason": "Travaux"})])
def test_the_second_to_decide_is_told_who_and_when(
    scene: Scene, states: States, verb: str, sent: dict[str, str]
) -> None:
    asked = scene.submit(evening("2026-11-12"))
    colleague = factories.SchoolRoleFactory.create(school=scene.school).user
    workflow.approve(asked, by=colleague)
    response = act(scene, asked, verb, dates=ids(asked), **sent)
    assert response.status_code == 409
    assert (
        f"Rien n’a été changé Dates acceptées par {colleague} le mercredi 14 octobre 2026 à 10:00 : "
        "il n’y a plus rien à faire ici."
    ) in words(response)
    assert states(asked) == ["approved"]


# -- by the link of a mail ----------------------------------------------------------------------


def expire(scene: Scene, asked: BookingRequest) -> None:
    due.expire(at=asked.occurrences.all()[0].start_at)


ENDS: dict[str, tuple[Callable[[Scene, BookingRequest], Any], str]] = {
    "approved": (
        lambda scene, asked: workflow.approve(asked, by=scene.manager),
        "Décidée 1 date acceptée par Personne du lycée, mercredi 14 octobre 2026, 10:00",
    ),
    "refused": (
        lambda scene, asked: workflow.refuse(asked, by=scene.manager, reason="Travaux"),
        "Refusée 1 date refusée par Personne du lycée, mercredi 14 octobre 2026, 10:00 Motif : Travaux",
    ),
    "withdrawn": (
        lambda scene, asked: workflow.withdraw(asked, by=scene.member),
        "Retirée Demande retirée par Personne de l’association, mercredi 14 octobre 2026, 10:00",
    ),
    "expired": (
        expire,
        "Restée sans réponse Restée sans réponse jeudi 12 novembre 2026, 18:00",
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_link_followed_too_late_says_who_when_and_what(scene: Scene, end: str) -> None:
    for user, name in ((scene.manager, "Personne du lycée"), (scene.member, "Personne de l’association")):
        user.name = name
        user.save()
    asked = scene.submit(evening("2026-11-12"))
    happen, told = ENDS[end]
    happen(scene, asked)
    # A message since then decides nothing.
    factories.MessageFactory.create(request=asked)
    page = words(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))
    assert told in page[: page.index("Demande envoyée")]
    assert "Votre décision" not in page
    # The organisation reads it in the steps and the journal.
    page = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert told not in page[: page.index("Demande envoyée")]


def test_the_link_asks_and_decides_nothing_by_itself(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"))
    page = words(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))
    assert "Votre décision" in page and "Accepter la date libre" in page
    assert "Décidée" not in page
    assert states(asked) == ["pending"]
