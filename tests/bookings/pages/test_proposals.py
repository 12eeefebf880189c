"""Another place for a date, by page: who may, what is said, and one click to accept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Claim, Message, Proposal
from bookings.workflow import DraftDate
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast

States = Callable[[BookingRequest], list[str]]


@pytest.fixture
def asked(scene: Scene) -> BookingRequest:
    return scene.submit(evening("2026-11-12"))


@pytest.fixture
def offered(scene: Scene, asked: BookingRequest) -> BookingRequest:
    place = DraftDate(evening("2026-11-13"), (scene.space,))
    workflow.offer(
        asked, by=scene.manager, occurrence=asked.occurrences.get().pk, to=place, message="Conseil de classe"
    )
    return asked


def url(asked: BookingRequest, rest: str) -> str:
    return f"/demandes/{asked.reference}/{rest}"


SCHOOL = [("anonymous", 302), ("stranger", 404), ("member", 403), ("other_manager", 404), ("region", 403)]
ORGANISATION = [
    ("anonymous", 302), ("stranger", 404), ("manager", 403), ("other_manager", 404), ("region", 403),
]  # fmt: skip
BY_SCHOOL = ("dates/{pk}/proposer/", "deplacement/accepter/", "deplacement/refuser/", "precisions/demander/")
BY_ORGANISATION = (
    "dates/{pk}/deplacer/", "proposition/accepter/", "proposition/decliner/", "precisions/donner/",
)  # fmt: skip


@pytest.mark.parametrize(
    ("address", "role", "status"),
    [
        *((address, *who) for address in BY_SCHOOL for who in SCHOOL),
        *((address, *who) for address in BY_ORGANISATION for who in ORGANISATION),
        *(("messages/", *who) for who in SCHOOL if who[0] != "member"),
    ],
)
def test_who_may_not(cast: Cast, address: str, role: str, status: int) -> None:
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    date = factories.OccurrenceFactory.create(request=asked)
    sent = {"date": date.pk, "text": "Bonjour", "reason": "Travaux"}
    response = cast.client(role).post(url(asked, address.format(pk=date.pk)), sent)
    assert response.status_code == status
    assert not asked.journal.exists()


def test_the_form_of_an_offer_begins_with_the_date(scene: Scene, asked: BookingRequest) -> None:
    page = signed_in(scene.manager).get(url(asked, f"dates/{asked.occurrences.get().pk}/proposer/"))
    sent = fields(page)
    assert (sent["day"], sent["start"], sent["end"]) == (["2026-11-12"], ["18:00"], ["20:00"])
    assert (sent["spaces"], sent["expires_on"]) == ([str(scene.space.pk)], ["2026-10-21"])
    assert NEXT_FREE not in words(page)


NEXT_FREE = "Le formulaire commence par la prochaine date libre aux mêmes heures."


def take(scene: Scene, day: str) -> None:
    workflow.approve(
        scene.submit(evening(day), organisation=factories.InsuranceFactory.create().organisation),
        by=scene.manager,
    )


def test_the_form_of_an_offer_begins_with_the_next_free_date(scene: Scene, asked: BookingRequest) -> None:
    # Friday is taken too: what the request's page says is free is the Thursday after.
    take(scene, "2026-11-12")
    take(scene, "2026-11-13")
    client = signed_in(scene.manager)
    later = "Prochaine date libre : jeudi 19 novembre 2026, 18:00–20:00."
    assert later in words(client.get(asked.get_absolute_url()))
    page = client.get(url(asked, f"dates/{asked.occurrences.get().pk}/proposer/"))
    sent = fields(page)
    assert (sent["day"], sent["start"], sent["end"]) == (["2026-11-19"], ["18:00"], ["20:00"])
    assert sent["spaces"] == [str(scene.space.pk)]
    assert f"À la place de : jeudi 12 novembre 2026, 18:00–20:00 {NEXT_FREE}" in words(page)


def test_where_more_than_the_time_stands_against_it_the_form_keeps_the_date(
    scene: Scene, asked: BookingRequest
) -> None:
    take(scene, "2026-11-12")
    scene.organisation.documents.all().delete()
    page = signed_in(scene.manager).get(url(asked, f"dates/{asked.occurrences.get().pk}/proposer/"))
    assert fields(page)["day"] == ["2026-11-12"]
    assert NEXT_FREE not in words(page)


def test_an_offer_of_two_rooms_begins_when_both_are_free(scene: Scene) -> None:
    other = factories.SpaceFactory.create(school=scene.school, name="Salle 12")
    asked = scene.submit(evening("2026-11-12"), spaces=(scene.space, other))
    pk = asked.occurrences.get().pk
    take(scene, "2026-11-12")
    address = url(asked, f"dates/{pk}/proposer/")
    assert fields(signed_in(scene.manager).get(address))["day"] == ["2026-11-13"]
    # The first day on which the taken room is free is none of the other's: nothing is guessed.
    factories.ClosureFactory.create(school=scene.school, space=other, first_on=dt.date(2026, 11, 13))
    assert fields(signed_in(scene.manager).get(address))["day"] == ["2026-11-12"]


def test_offering(scene: Scene, asked: BookingRequest, states: States) -> None:
    client, address = signed_in(scene.manager), url(asked, f"dates/{asked.occurrences.get().pk}/proposer/")
    sent: dict[str, Any] = {**fields(client.get(address)), "day": "13/11/2026", "message": "Conseil"}
    response = client.post(address, sent, follow=True)
    assert response.redirect_chain == [(asked.get_absolute_url(), 302)]
    said = words(response)
    assert "Proposition envoyée : vendredi 13 novembre 2026, 18:00–20:00." in said
    assert (
        "Autre date proposée Demandé jeudi 12 novembre 2026, 18:00–20:00, Gymnase "
        "Proposé vendredi 13 novembre 2026, 18:00–20:00 , Gymnase Message Conseil "
        "La salle est gardée jusqu’au mercredi 21 octobre 2026 inclus."
    ) in said
    assert states(asked) == ["offered"]


def test_what_is_taken_is_said_and_nothing_typed_is_lost(
    scene: Scene, asked: BookingRequest, states: States
) -> None:
    workflow.approve(scene.submit(evening("2026-11-13")), by=scene.manager)
    client, address = signed_in(scene.manager), url(asked, f"dates/{asked.occurrences.get().pk}/proposer/")
    sent: dict[str, Any] = {**fields(client.get(address)), "day": "2026-11-13", "message": "Conseil"}
    response = client.post(address, sent)
    assert response.status_code == 409
    assert "La salle est déjà prise à ces heures." in words(response)
    assert fields(response)["message"] == ["Conseil"]
    assert states(asked) == ["pending"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"day": "2026-10-01"}, "Ce jour est passé"),
        ({"day": "?"}, "Écrivez le jour sous la forme 22/10/2026."),
        ({"spaces": []}, "Cochez au moins une salle."),
        ({"spaces": ["999999"]}, "Sélectionnez un choix valide"),
        ({"day": "2027-03-28", "start": "02:30", "end": "04:00"}, "Cette heure n’existe pas ce jour-là"),
    ],
)
def test_errors_are_said(scene: Scene, asked: BookingRequest, change: dict[str, Any], error: str) -> None:
    client, address = signed_in(scene.manager), url(asked, f"dates/{asked.occurrences.get().pk}/proposer/")
    response = client.post(address, {**fields(client.get(address)), **change})
    assert response.status_code == 200
    assert error in words(response)
    assert not Proposal.objects.exists()


def test_one_click_accepts(scene: Scene, offered: BookingRequest, states: States) -> None:
    client = signed_in(scene.member)
    page = client.get(offered.get_absolute_url())
    assert "Message Conseil de classe" in words(page)
    assert "Accepter la proposition" in words(page)
    response = client.post(
        url(offered, "proposition/accepter/"), {"date": fields(page)["date"][0]}, follow=True
    )
    assert "C’est réservé : vendredi 13 novembre 2026, 18:00–20:00." in words(response)
    assert states(offered) == ["approved"]


def test_declining_says_why(scene: Scene, offered: BookingRequest, states: States) -> None:
    sent = {"date": offered.occurrences.get().pk, "reason": "Trop tard"}
    response = signed_in(scene.member).post(url(offered, "proposition/decliner/"), sent, follow=True)
    assert "Proposition déclinée. Le lycée en est averti." in words(response)
    assert "Motif : Trop tard" in words(response)
    assert states(offered) == ["declined"]


def test_the_school_does_not_see_the_buttons_of_the_other_side(scene: Scene, offered: BookingRequest) -> None:
    said = words(signed_in(scene.manager).get(offered.get_absolute_url()))
    assert "Autre date proposée" in said
    assert "Accepter la proposition" not in said


def test_an_offer_that_ran_out_says_so(
    scene: Scene, offered: BookingRequest, at_paris: Callable[[str], Any]
) -> None:
    with at_paris("2026-10-21 10:00"):
        client = signed_in(scene.member)
        assert "elle n’a plus cours" in words(client.get(offered.get_absolute_url()))
        sent = {"date": offered.occurrences.get().pk}
        response = client.post(url(offered, "proposition/accepter/"), sent)
    assert response.status_code == 409
    assert "Cette proposition était valable jusqu’au mercredi 21 octobre 2026, 10:00" in words(response)


@pytest.mark.parametrize("date", ["", "999", "x", "9" * 30])
def test_a_date_of_nowhere_is_not_found(scene: Scene, offered: BookingRequest, date: str) -> None:
    response = signed_in(scene.member).post(url(offered, "proposition/accepter/"), {"date": date})
    assert response.status_code == 404


def test_moving_an_approved_date(scene: Scene, asked: BookingRequest, states: States) -> None:
    workflow.approve(asked, by=scene.manager)
    pk = asked.occurrences.get().pk
    member, manager = signed_in(scene.member), signed_in(scene.manager)
    address = url(asked, f"dates/{pk}/deplacer/")
    assert address in links(member.get(asked.get_absolute_url()))
    sent: dict[str, Any] = {**fields(member.get(address)), "day": "2026-11-13", "message": "Concert"}
    assert "Votre souhait est envoyé." in words(member.post(address, sent, follow=True))
    assert asked.occurrences.get().period == evening("2026-11-12")

    said = words(manager.get(asked.get_absolute_url()))
    assert (
        "Déplacement demandé Actuellement jeudi 12 novembre 2026, 18:00–20:00, Gymnase "
        "Souhaité vendredi 13 novembre 2026, 18:00–20:00 , Gymnase Message Concert"
    ) in said
    response = manager.post(url(asked, "deplacement/accepter/"), {"date": pk}, follow=True)
    assert "Date déplacée : vendredi 13 novembre 2026, 18:00–20:00." in words(response)
    assert asked.occurrences.get().period == evening("2026-11-13")
    assert [claim.period for claim in Claim.objects.all()] == [evening("2026-11-13")]


def test_the_school_takes_an_offer_back_on_the_page_of_its_request(
    scene: Scene, asked: BookingRequest, states: States
) -> None:
    workflow.approve(asked, by=scene.manager)
    pk = asked.occurrences.get().pk
    workflow.offer(
        asked, by=scene.manager, occurrence=pk, to=DraftDate(evening("2026-11-13"), (scene.space,))
    )
    client = signed_in(scene.manager)
    assert "Retirer la proposition…" in words(client.get(asked.get_absolute_url()))
    assert "Retirer la proposition…" not in words(signed_in(scene.member).get(asked.get_absolute_url()))
    empty = client.post(url(asked, "refuser/"), {"dates": [pk], "reason": ""})
    assert empty.status_code == 409
    assert "Rien n’a été changé Écrivez le motif" in words(empty)
    assert states(asked) == ["offered"]
    client.post(url(asked, "refuser/"), {"dates": [pk], "reason": "Examens"})
    assert states(asked) == ["refused"]
    assert asked.occurrences.get().reason == "Examens"


def test_refusing_to_move_needs_a_reason(scene: Scene, asked: BookingRequest) -> None:
    workflow.approve(asked, by=scene.manager)
    pk = asked.occurrences.get().pk
    workflow.ask_move(
        asked, by=scene.member, occurrence=pk, to=DraftDate(evening("2026-11-13"), (scene.space,))
    )
    client = signed_in(scene.manager)
    assert client.post(url(asked, "deplacement/refuser/"), {"date": pk, "reason": " "}).status_code == 409
    assert Proposal.objects.get().outcome == ""
    client.post(url(asked, "deplacement/refuser/"), {"date": pk, "reason": "Examens"})
    assert Proposal.objects.get().outcome == "declined"
    assert Claim.objects.get().period == evening("2026-11-12")


def test_messages_go_both_ways(scene: Scene, asked: BookingRequest) -> None:
    signed_in(scene.member).post(url(asked, "messages/"), {"text": "Peut-on venir à 17 h 50 ?"})
    response = signed_in(scene.manager).post(url(asked, "messages/"), {"text": "<b>Oui</b>"}, follow=True)
    said = words(response)
    assert "Peut-on venir à 17 h 50 ?" in said
    assert "<b>Oui</b>" in said
    assert [message.side for message in Message.objects.all()] == ["organisation", "school"]


def test_an_empty_message_is_an_error_at_its_field(scene: Scene, asked: BookingRequest) -> None:
    response = signed_in(scene.member).post(url(asked, "messages/"), {"text": " "})
    assert response.status_code == 200
    assert "Écrivez votre message." in words(response)
    assert "#id_message_text" in links(response)
    assert not Message.objects.exists()


def test_asking_and_answering(scene: Scene, asked: BookingRequest) -> None:
    manager, member = signed_in(scene.manager), signed_in(scene.member)
    response = manager.post(
        url(asked, "precisions/demander/"), {"text": "Combien de voitures ?"}, follow=True
    )
    assert "Votre délai de réponse s’arrête" in words(response)
    said = words(member.get(asked.get_absolute_url()))
    assert "Le lycée attend une précision" in said
    assert "Combien de voitures ?" in said
    response = member.post(url(asked, "precisions/donner/"), {"text": "Douze"}, follow=True)
    assert "Réponse envoyée." in words(response)
    assert "Le lycée attend une précision" not in words(response)


def test_a_reason_from_the_list_is_enough(scene: Scene, asked: BookingRequest, states: States) -> None:
    scene.school.refusal_reasons = "Examens blancs."
    scene.school.save()
    client = signed_in(scene.manager)
    assert "Examens blancs." in words(client.get(asked.get_absolute_url()))
    sent = {"preset": "Examens blancs.", "dates": [asked.occurrences.get().pk]}
    client.post(url(asked, "refuser/"), sent)
    assert states(asked) == ["refused"]
    assert asked.occurrences.get().reason == "Examens blancs."


def test_rivals_and_the_week_are_shown_before_deciding(scene: Scene, asked: BookingRequest) -> None:
    other = scene.submit(
        evening("2026-11-12"), organisation=factories.OrganisationFactory.create(), purpose="Judo"
    )
    page = signed_in(scene.manager).get(asked.get_absolute_url())
    assert "1 autre date demandée aux mêmes heures Judo" in words(page)
    assert other.get_absolute_url() in links(page)
    assert "La semaine du lun. 9 nov. – Gymnase" in words(page)
    assert "Judo" not in words(signed_in(scene.member).get(asked.get_absolute_url()))
