"""The list of my organisations' requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from bookings import agreements, workflow
from bookings.models import BookingRequest
from bookings.workflow import DraftDate
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast

# What the lists and the page say of a request with dates decided and dates not.
STANDS = ("En partie décidée 1 date acceptée sur 3", "En partie décidée")

BADGE = re.compile(
    r'class="badge-state (tone-\w+)"><svg[^>]*><use href="[^"]*#([\w-]+)"></use></svg><span>([^<]*)</span>'
)


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


def test_what_is_decided_in_part_says_so(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"), evening("2026-11-26"))
    first, second, third = asked.occurrences.order_by("start_at").values_list("pk", flat=True)
    everywhere = (
        (scene.member, "/demandes/"),
        (scene.manager, "/a-decider/toutes/"),
        (scene.member, asked.get_absolute_url()),
    )

    def said() -> list[str]:
        pages = [words(signed_in(user).get(address)) for user, address in everywhere]
        return [word for page in pages for word in STANDS if word in page]

    assert said() == []
    workflow.approve(asked, by=scene.manager, occurrences=[first])
    assert said() == [
        "En partie décidée 1 date acceptée sur 3",
        "En partie décidée",
        "En partie décidée 1 date acceptée sur 3",
        "En partie décidée",
        "En partie décidée",
    ]
    # What is to be signed meanwhile hides none of it.
    agreements.draw_up(asked.pk)
    assert "votre signature. En partie décidée 1 date acceptée sur 3" in words(
        signed_in(scene.member).get("/demandes/")
    )
    # The stored state is what it was: somebody still has to answer.
    assert references(signed_in(scene.member), "etat=submitted") == [asked.reference]
    workflow.refuse(asked, by=scene.manager, occurrences=[second, third], reason="Travaux")
    assert said() == []
    assert "Décidée 1 date acceptée sur 3" in words(signed_in(scene.member).get("/demandes/"))


def test_a_refusal_in_part_still_tells_the_promised_answer(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    first = asked.occurrences.order_by("start_at")[0].pk
    workflow.refuse(asked, by=scene.manager, occurrences=[first], reason="Travaux")
    said = words(signed_in(scene.member).get("/demandes/"))
    assert "En partie décidée Réponse promise avant le mercredi 21 octobre 2026" in said


def refuse(scene: Scene, asked: BookingRequest) -> None:
    workflow.refuse(asked, by=scene.manager, reason="Travaux")


def cancel(scene: Scene, asked: BookingRequest) -> None:
    """Accepted for its first date, refused for others, and the accepted one cancelled since."""
    workflow.approve(asked, by=scene.manager, occurrences=[asked.occurrences.all()[0].pk])
    refuse(scene, asked)
    workflow.cancel(asked, by=scene.manager, reason="Travaux")


def decline(scene: Scene, asked: BookingRequest) -> None:
    for date, day in zip(asked.occurrences.all(), ("2026-12-03", "2026-12-10"), strict=True):
        place = DraftDate(evening(day), (scene.space,))
        workflow.offer(asked, by=scene.manager, occurrence=date.pk, to=place)
    workflow.decline_offer(asked, by=scene.member)


def keep_one(scene: Scene, asked: BookingRequest) -> None:
    """Both accepted, one of them cancelled since."""
    workflow.approve(asked, by=scene.manager)
    workflow.cancel(asked, by=scene.member, occurrences=[asked.occurrences.all()[0].pk], reason="Travaux")


@pytest.mark.parametrize(
    ("end", "badge"),
    [
        (refuse, ("tone-stop", "x-circle-fill", "Refusée")),
        (cancel, ("tone-stop", "calendar-x", "Annulée")),
        (decline, ("tone-quiet", "hand-thumbs-down", "Proposition déclinée")),
        (keep_one, ("tone-free", "check2-all", "Décidée")),
    ],
)
def test_a_decision_of_which_no_date_is_left_says_so(
    scene: Scene, end: Callable[[Scene, BookingRequest], None], badge: tuple[str, str, str]
) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    end(scene, asked)
    assert BookingRequest.objects.get().state == "decided"
    for user, address in (
        (scene.member, "/demandes/"),
        (scene.manager, "/a-decider/toutes/"),
        (scene.member, asked.get_absolute_url()),
    ):
        (shown,) = BADGE.findall(signed_in(user).get(address).content.decode().split('id="dates"')[0])
        assert shown == badge, address


def test_while_the_organisation_owes_an_answer_none_is_promised(scene: Scene) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.ask_information(asked, by=scene.manager, text="Combien de voitures ?")

    def said() -> str:
        page = words(signed_in(scene.manager).get("/a-decider/toutes/"))
        return page[page.index(asked.reference) :].partition(" Shareloc")[0]

    waits = f"{asked.reference} Précisions demandées Attend une précision de l’organisme"
    assert said().startswith(waits)
    assert "Réponse promise" not in said()
    workflow.answer_information(asked, by=scene.member, text="Deux.")
    assert said().startswith(f"{asked.reference} Envoyée Réponse promise avant le mercredi 21 octobre 2026")


def offer_later(scene: Scene, asked: BookingRequest) -> None:
    workflow.offer(
        asked,
        by=scene.manager,
        occurrence=asked.occurrences.get().pk,
        to=DraftDate(evening("2026-11-27"), (scene.space,)),
    )


def test_what_waits_for_my_answer_says_so_and_comes_first(scene: Scene) -> None:
    sooner, asked = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    offered = scene.submit(evening("2026-11-26"))
    workflow.ask_information(asked, by=scene.manager, text="Combien de voitures ?")
    offer_later(scene, offered)
    page = signed_in(scene.member).get("/demandes/")
    assert references(signed_in(scene.member)) == [a.reference for a in (asked, offered, sooner)]
    said = words(page)
    assert f"{asked.reference} À vous de répondre Le lycée demande une précision." in said
    answered = f"{offered.reference} À vous de répondre Le lycée propose autre chose. "
    assert f"{answered}Vous avez jusqu’au mercredi 21 octobre 2026, 10:00 pour répondre." in said
    assert f"{sooner.reference} Envoyée Réponse promise avant le" in said
    workflow.answer_information(asked, by=scene.member, text="Deux.")
    workflow.decline_offer(offered, by=scene.member)
    assert "À vous de répondre" not in words(signed_in(scene.member).get("/demandes/"))


def test_an_agreement_to_sign_waits_for_me_until_i_signed(scene: Scene) -> None:
    sooner, promised = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    workflow.approve(promised, by=scene.manager)
    assert references(signed_in(scene.member)) == [sooner.reference, promised.reference]
    agreement = agreements.draw_up(promised.pk)
    assert agreement
    said = words(signed_in(scene.member).get("/demandes/"))
    assert (
        f"{promised.reference} À vous de signer La convention attend votre signature. "
        "Décidée 1 date acceptée sur 1" in said
    )
    assert references(signed_in(scene.member)) == [promised.reference, sooner.reference]
    # The school's list tells the school where its request stands, not what others have to do.
    assert "À vous de signer" not in words(signed_in(scene.manager).get("/a-decider/toutes/"))
    agreements.sign(
        agreement, side="organisation", by=scene.member, name="Camille Exemple", capacity="Présidente"
    )
    assert "À vous de signer" not in words(signed_in(scene.member).get("/demandes/"))
    assert references(signed_in(scene.member)) == [sooner.reference, promised.reference]


def test_what_is_over_is_not_pressed_to_be_signed(scene: Scene, at_paris: Any) -> None:
    promised = scene.submit(evening("2026-11-12"))
    workflow.approve(promised, by=scene.manager)
    agreements.draw_up(promised.pk)
    with at_paris("2026-11-20 10:00"):
        call_command("run_due")
        said = words(signed_in(scene.member).get("/demandes/"))
    assert promised.reference in said
    assert "À vous de signer" not in said


def test_requests_are_sorted_out_by_state(scene: Scene) -> None:
    waiting, decided = scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"))
    workflow.approve(decided, by=scene.manager)
    client = signed_in(scene.member)
    for state, shown in (
        ("submitted", [waiting]),
        ("decided", [decided]),
        ("", [waiting, decided]),
        ("x", [waiting, decided]),
    ):
        response = client.get(f"/demandes/?etat={state}")
        assert [link for link in links(response) if link.startswith("/demandes/R-")] == [
            f"/demandes/{asked.reference}/" for asked in shown
        ]
    assert "Aucune demande dans cet état" in words(client.get("/demandes/?etat=expired"))


def references(client: Any, query: str = "") -> list[str]:
    page = client.get(f"/demandes/?{query}")
    return [link[10:-1] for link in links(page) if link.startswith("/demandes/R-")]


def test_the_next_date_comes_first_and_what_is_over_last(scene: Scene, at_paris: Any) -> None:
    soon_over = scene.submit(evening("2026-11-12"))
    later = scene.submit(evening("2026-11-19"), evening("2026-12-10"))
    sooner = scene.submit(evening("2026-11-26"))
    withdrawn = scene.submit(evening("2026-11-27"))
    workflow.withdraw(withdrawn, by=scene.member)
    client = signed_in(scene.member)
    every = [soon_over, later, sooner, withdrawn]
    assert references(client) == [asked.reference for asked in every]
    with at_paris("2026-11-20 10:00"):
        client = signed_in(scene.member)
        # The second date of `later` is what is left of it; newest first where nothing is to come.
        assert references(client) == [a.reference for a in (sooner, later, withdrawn, soon_over)]
        assert "2 dates, la première jeudi 19 novembre 2026 · prochaine jeudi 10 décembre 2026" in words(
            client.get("/demandes/")
        )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=chorale", [0]),
        ("q=JUDO+lille", [1]),
        ("q=judo+lens", []),
        ("q=judo&etat=submitted", [1]),
        ("q=judo&etat=decided", []),
        ("q=%00+", [0, 1]),
    ],
)
def test_requests_are_searched(scene: Scene, query: str, found: list[int]) -> None:
    asked = [scene.submit(evening("2026-11-12")), scene.submit(evening("2026-11-19"), purpose="Judo")]
    client = signed_in(scene.member)
    assert references(client, query) == [asked[n].reference for n in found]
    assert references(client, f"q={asked[1].reference.lower()}") == [asked[1].reference]


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
    # The page; whether I belong to an organisation; messages cost none.
    with django_assert_num_queries(2, own=True):
        client.get("/demandes/")
