"""What organisations wish to move: in the queue, and on a page of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Proposal
from bookings.problems import Line
from bookings.workflow import DraftDate
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.bookings.pages.test_queue import SEEN_BY, check_seen
from tests.conftest import Cast

QUEUE, MOVES = "/a-decider/", "/a-decider/deplacements/"


def wish(scene: Scene, was: str = "2026-11-12", to: str = "2026-11-13", **fields: Any) -> BookingRequest:
    """An accepted evening that its organisation wishes to move."""
    message = fields.pop("message", "")
    asked = scene.submit(evening(was), **fields)
    workflow.approve(asked, by=scene.manager, occurrences=[asked.occurrences.get().pk])
    date = asked.occurrences.get()
    equipment = tuple(Line(line.pool, line.quantity) for line in date.equipment.all())
    place = DraftDate(evening(to), tuple(date.spaces.all()), equipment)
    workflow.ask_move(asked, by=scene.member, occurrence=date.pk, to=place, message=message)
    return asked


@pytest.mark.parametrize("address", [QUEUE, MOVES])
@pytest.mark.parametrize(("role", "seen"), SEEN_BY)
def test_a_school_sees_what_is_wished_of_it(
    cast: Cast, address: str, role: str, seen: bool | int | str
) -> None:
    asked = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, state="decided"
    )
    date = factories.OccurrenceFactory.create(request=asked, state="approved")
    was = {"start": date.start_at.isoformat(), "end": date.end_at.isoformat(), "spaces": [], "equipment": []}
    factories.ProposalFactory.create(occurrence=date, side="organisation", was=was)
    check_seen(cast.client(role).get(address), f"/demandes/{asked.reference}/", seen)


def test_a_line_says_from_where_to_where_and_why(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=30
    )
    asked = wish(scene, equipment=(Line(pool, 20),), message="Concert la veille.")
    client = signed_in(scene.manager)
    line = (
        f"vendredi 13 novembre 2026, 18:00–20:00 Gymnase, 20 × Chaises Chorale , {scene.organisation.name} "
        "au lieu de : jeudi 12 novembre 2026, 18:00–20:00, Gymnase, 20 × Chaises Concert la veille. "
        f"Accepter le déplacement de la demande {asked.reference}, vendredi 13 novembre 2026, 18:00–20:00 "
        f"Voir et décider de la demande {asked.reference}, vendredi 13 novembre 2026, 18:00–20:00"
    )
    queue = words(client.get(QUEUE))
    assert "Aucune demande n’attend." in queue
    assert "Déplacements souhaités (1)" in queue
    assert "Tout est décidé" not in queue
    assert line in queue
    page = client.get(MOVES)
    assert "1 date acceptée que son organisme souhaite déplacer." in words(page)
    assert line in words(page)
    assert f"{asked.get_absolute_url()}#proposition-{Proposal.objects.get().pk}" in links(page)


@pytest.mark.parametrize("path", [QUEUE, MOVES])
def test_one_click_moves_a_date_to_a_free_place_and_leads_back(scene: Scene, path: str) -> None:
    asked = wish(scene)
    client = signed_in(scene.manager)
    assert f'action="/demandes/{asked.reference}/deplacement/accepter/"' in client.get(path).content.decode()
    sent = {"date": asked.occurrences.get().pk, "from_queue": "1"}
    response = client.post(f"/demandes/{asked.reference}/deplacement/accepter/", sent, follow=True)
    assert response.redirect_chain == [(QUEUE, 302)]
    assert "Date déplacée : vendredi 13 novembre 2026, 18:00–20:00." in words(response)
    assert "Déplacements souhaités" not in words(response)
    assert asked.occurrences.get().period == evening("2026-11-13")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("2026-11-14", "Cette salle n’est pas prêtée à ces heures."),
        ("2026-11-20", "La salle est déjà prise à ces heures."),
    ],
)
def test_what_is_not_free_is_looked_at_first(scene: Scene, to: str, why: str) -> None:
    workflow.approve(scene.submit(evening("2026-11-20")), by=scene.manager)
    wish(scene, to=to)
    said = words(signed_in(scene.manager).get(QUEUE))
    assert why in said
    assert "Voir et décider" in said
    assert "Accepter le déplacement" not in said


def test_what_is_answered_or_run_out_is_gone(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    asked = wish(scene)
    with at_paris("2026-11-12 18:00"):
        said = words(signed_in(scene.manager).get(MOVES))
    assert "Aucun déplacement n’attend votre réponse." in said
    workflow.refuse_move(asked, by=scene.manager, occurrence=asked.occurrences.get().pk, reason="Examens")
    client = signed_in(scene.manager)
    assert "Déplacements souhaités" not in words(client.get(QUEUE))
    assert "Aucun déplacement souhaité" in words(client.get(MOVES))


def test_the_longest_waiting_first_five_in_the_queue_and_all_on_pages(
    scene: Scene, at_paris: Callable[[str], Any]
) -> None:
    factories.open_always(scene.school)
    first = dt.date(2026, 11, 2)
    for n in range(21):
        with at_paris(f"2026-10-14 10:{n:02}"):
            day = first + n * dt.timedelta(days=1)
            to = day + dt.timedelta(days=30)
            wish(scene, day.isoformat(), to.isoformat(), purpose=f"Chorale {n:02}")
    client = signed_in(scene.manager)

    def shown(address: str) -> list[int]:
        said = words(client.get(address))
        return [n for n in range(21) if f"Chorale {n:02} ," in said]

    assert shown(QUEUE) == [0, 1, 2, 3, 4]
    assert "Déplacements souhaités (21)" in words(client.get(QUEUE))
    assert "Voir les 21 déplacements souhaités" in words(client.get(QUEUE))
    assert shown(MOVES) == list(range(20))
    assert shown(f"{MOVES}?page=2") == [20]


# My schools; wishes, their rooms; pools; objections (4): what rooms have, equipment,
# certificates, rivals.
OF_WISHES = 8


@pytest.mark.parametrize("many", [1, 4])
def test_as_many_queries_for_one_wish_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for n in range(many):
        pool = factories.EquipmentPoolFactory.create(school=scene.school)
        space = factories.SpaceFactory.create(school=scene.school, needs_insurance=True)
        wish(scene, spaces=(space,), equipment=(Line(pool, 1),), purpose=f"Chorale {n}")
    client = signed_in(scene.manager)
    # The same besides: the requests that wait; promised dates that the school needs the room of; agreements.
    with django_assert_num_queries(OF_WISHES + 3, own=True):
        assert "Chorale 0" in words(client.get(QUEUE))
    with django_assert_num_queries(OF_WISHES, own=True):
        assert "Chorale 0" in words(client.get(MOVES))
