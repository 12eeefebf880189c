"""The queue of what a school has to decide."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from bookings.models import Agreement, BookingRequest
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast
from venues.models import School, SchoolRole

States = Callable[[BookingRequest], list[str]]


def order(response: Any) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/demandes/(R-[\w-]+)/\"", response.content.decode())))


# Where a page of the school's own leads each role: elsewhere, nowhere, or to it, with or without what is this school's.
SEEN_BY = [
    ("anonymous", "/compte/connexion/"),
    ("stranger", 404),
    ("member", 404),
    ("other_manager", False),
    ("manager", True),
    ("region", 404),
]


def check_seen(response: Any, link: str, seen: bool | int | str) -> None:
    if isinstance(seen, str):
        assert response.url.startswith(seen)
    elif isinstance(seen, bool):
        assert (link in links(response)) is seen
    else:
        assert response.status_code == seen


@pytest.mark.parametrize(("role", "seen"), SEEN_BY)
def test_a_school_sees_its_own_queue(cast: Cast, role: str, seen: bool | int | str) -> None:
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    factories.OccurrenceFactory.create(request=asked)
    check_seen(cast.client(role).get("/a-decider/"), f"/demandes/{asked.reference}/", seen)


@pytest.mark.parametrize(("role", "status"), [("head", 200), ("caretaker", 404)])
def test_those_who_decide_have_a_queue(cast: Cast, role: str, status: int) -> None:
    user = factories.SchoolRoleFactory.create(school=cast.school, role=SchoolRole.Role(role)).user
    assert signed_in(user).get("/a-decider/").status_code == status


def test_the_oldest_comes_first_and_what_is_decided_goes(
    scene: Scene, at_paris: Callable[[str], Any]
) -> None:
    third = scene.submit(evening("2026-11-12"))
    with at_paris("2026-10-10 10:00"):
        first = scene.submit(evening("2026-11-19"))
    with at_paris("2026-10-12 10:00"):
        second = scene.submit(evening("2026-11-26"))
    client = signed_in(scene.manager)
    assert order(client.get("/a-decider/")) == [first.reference, second.reference, third.reference]
    workflow.approve(second, by=scene.manager)
    assert order(client.get("/a-decider/")) == [first.reference, third.reference]


def test_a_line_says_what_a_decision_needs(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    with at_paris("2026-10-10 10:00"):
        asked = scene.submit(evening("2026-11-12"), evening("2026-11-14"), evening("2026-11-19"), attendees=1)
    past = factories.BookingRequestFactory.create(
        organisation=scene.organisation, school=scene.school, state="decided"
    )
    start = evening("2026-10-01").start
    factories.OccurrenceFactory.create_batch(
        2, request=past, state="approved", start_at=start, end_at=start + dt.timedelta(hours=2)
    )
    said = words(signed_in(scene.manager).get("/a-decider/"))
    assert "1 demande attend votre réponse" in said
    assert (
        f"Chorale {scene.organisation.name} · 1 personne Gymnase jeudi 12 novembre 2026, 18:00–20:00 "
        "et 2 autres dates 3 dates : 2 libres, 1 avec un obstacle Organisme vérifié Assurance au dossier "
        "Déjà venue 2 fois Cette salle n’est pas prêtée à ces heures. "
        f"{asked.reference} Reçue il y a 4 jours Réponse promise avant le samedi 17 octobre 2026 "
        f"Accepter les 2 dates libres de la demande {asked.reference} "
        f"Voir et décider de la demande {asked.reference}"
    ) in said


def test_who_did_not_come_has_not_come_before(scene: Scene) -> None:
    scene.submit(evening("2026-11-12"))
    past = factories.BookingRequestFactory.create(
        organisation=scene.organisation, school=scene.school, state="closed"
    )
    start = evening("2026-10-01").start
    for state in ("took_place", "not_used"):
        factories.OccurrenceFactory.create(
            request=past, state=state, start_at=start, end_at=start + dt.timedelta(hours=2)
        )
    assert "Déjà venue 1 fois" in words(signed_in(scene.manager).get("/a-decider/"))


def test_doubts_and_delays_are_told(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    newcomer = factories.OrganisationFactory.create(verified_at=None)
    scene.submit(evening("2026-11-12"), organisation=newcomer)
    with at_paris("2026-10-22 10:00"):
        said = words(signed_in(scene.manager).get("/a-decider/"))
    assert "1 date, avec un obstacle Organisme à vérifier Assurance manquante" in said
    assert "L’attestation d’assurance manque au dossier de l’organisme." in said
    assert "En retard : promise avant le mercredi 21 octobre 2026" in said
    assert "Accepter" not in said


def test_one_click_accepts_all_that_is_free(scene: Scene, states: States) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-14"))
    response = signed_in(scene.manager).post(
        f"/demandes/{asked.reference}/accepter/", {"from_queue": "1"}, follow=True
    )
    assert response.redirect_chain == [("/a-decider/", 302)]
    assert "1 date acceptée : jeudi 12 novembre 2026, 18:00–20:00. 1 date laissée en attente :" in words(
        response
    )
    assert states(asked) == ["approved", "pending"]


def test_an_empty_queue_is_good_news(scene: Scene) -> None:
    response = signed_in(scene.manager).get("/a-decider/")
    assert "Rien n’attend. En attente Toutes les demandes Planning Fiche de la loge Tout est décidé" in words(
        response
    )
    assert scene.school.get_absolute_url() in links(response)


def test_the_queue_has_pages(scene: Scene) -> None:
    for n in range(11):
        scene.submit(evening("2026-11-12"), purpose=f"Chorale {n}")
    client = signed_in(scene.manager)
    assert len(order(client.get("/a-decider/"))) == 10
    assert len(order(client.get("/a-decider/?page=2"))) == 1


@pytest.mark.parametrize("many", [1, 9])
def test_as_many_queries_for_one_request_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for n in range(many):
        pool = factories.EquipmentPoolFactory.create(school=scene.school)
        space = factories.SpaceFactory.create(school=scene.school, needs_insurance=True)
        organisation = factories.InsuranceFactory.create().organisation
        scene.submit(
            *[evening(f"2026-11-{day}") for day in (12, 19, 26)][: 1 + n % 3],
            organisation=organisation,
            spaces=(space,),
            equipment=(workflow.Line(pool, 1),),
        )
    client = signed_in(scene.manager)
    with django_assert_num_queries(QUERIES, own=True):
        assert client.get("/a-decider/").status_code == 200


# My schools; the requests, insured or not, with their dates, rooms and equipment (4); objections (4);
# earlier visits; promised dates that the school needs the room of; wishes to move; agreements to sign.
QUERIES = 13


# -- agreements to sign -------------------------------------------------------------------------


def to_sign(school: School, purpose: str = "Chorale") -> Agreement:
    asked = factories.BookingRequestFactory.create(school=school, state="decided", purpose=purpose)
    factories.OccurrenceFactory.create(request=asked, state="approved")
    return factories.AgreementFactory.create(request=asked)


def sign_link(agreement: Agreement) -> str:
    return f"/demandes/{agreement.request.reference}/convention/"


@pytest.mark.parametrize(("role", "seen"), SEEN_BY)
def test_a_school_sees_the_agreements_it_has_to_sign(cast: Cast, role: str, seen: bool | int | str) -> None:
    agreement = to_sign(cast.school)
    check_seen(cast.client(role).get("/a-decider/"), sign_link(agreement), seen)


def test_the_head_signs_and_its_managers_are_not_told_to(scene: Scene) -> None:
    agreement = to_sign(scene.school)
    head = signed_in(factories.SchoolRoleFactory.create(school=scene.school, role="head").user)
    page = head.get("/a-decider/")
    assert (
        "Aucune demande n’attend. En attente Toutes les demandes Planning Fiche de la loge "
        "Conventions à signer (1) Relisez chaque convention, puis signez-la pour le lycée. "
        f"Lire et signer la convention {agreement.number} Établie le mercredi 14 octobre 2026 "
        f"Chorale, {agreement.request.organisation.name}"
    ) in words(page)
    assert "Tout est décidé" not in words(page)
    assert sign_link(agreement) in links(page)
    for_manager = words(signed_in(scene.manager).get("/a-decider/"))
    assert "Conventions à signer" not in for_manager
    assert "Tout est décidé" in for_manager


def test_what_the_school_signed_or_needs_not_sign_any_more_is_left_out(scene: Scene) -> None:
    signed, replaced, past = (to_sign(scene.school, name) for name in ("Signée", "Remplacée", "Passée"))
    factories.SignatureFactory.create(agreement=signed, side="school")
    newer = factories.AgreementFactory.create(request=replaced.request, number="2026-90000", version=2)
    past.request.occurrences.update(state="took_place")
    page = words(signed_in(scene.manager).get("/a-decider/"))
    assert "Conventions à signer (1)" in page
    assert f"la convention {newer.number}" in page


def test_the_queue_shows_the_first_agreements(scene: Scene, at_paris: Callable[[str], Any]) -> None:
    for n in range(6):
        with at_paris(f"2026-10-{20 - n} 10:00"):
            to_sign(scene.school, f"Chorale {n}")
    client = signed_in(scene.manager)
    said = words(client.get("/a-decider/"))
    assert "Conventions à signer (6)" in said
    assert re.findall(r"Chorale (\d),", said) == ["5", "4", "3", "2", "1"]
    assert "les suivantes y viennent à mesure que vous signez" in said


def test_whoever_signs_for_several_schools_reads_which(scene: Scene) -> None:
    other = factories.SchoolRoleFactory.create(user=scene.manager).school
    agreement = to_sign(other)
    said = words(signed_in(scene.manager).get("/a-decider/"))
    assert f"Chorale, {agreement.request.organisation.name} · {other.name}" in said


@pytest.mark.parametrize("many", [1, 4])
def test_as_many_queries_for_one_agreement_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for _n in range(many):
        to_sign(scene.school)
    client = signed_in(scene.manager)
    # My schools; requests; wishes; promised dates that the school needs the room of; agreements.
    with django_assert_num_queries(5, own=True):
        assert "Conventions à signer" in words(client.get("/a-decider/"))


# -- all requests -------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "seen"), SEEN_BY)
def test_a_school_finds_again_what_it_decided(cast: Cast, role: str, seen: bool | int | str) -> None:
    asked = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, state="decided"
    )
    factories.OccurrenceFactory.create(request=asked, state="approved")
    check_seen(cast.client(role).get("/a-decider/toutes/"), f"/demandes/{asked.reference}/", seen)


@pytest.mark.parametrize("many", [1, 15])
def test_all_requests_take_as_many_queries_for_one_as_for_many(
    scene: Scene, django_assert_num_queries: Callable[..., Any], many: int
) -> None:
    for n in range(many):
        scene.submit(evening("2026-11-12"), purpose=f"Chorale {n}")
    client = signed_in(scene.manager)
    # My schools; the page.
    with django_assert_num_queries(2, own=True):
        client.get("/a-decider/toutes/")
