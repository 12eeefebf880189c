"""Asking for a space: form, page to check, sending; nothing typed is ever lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from bookings import workflow
from bookings.models import BookingRequest, Occurrence
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, title, words
from tests.conftest import NOW, Cast, paris

NBSP = "\N{NO-BREAK SPACE}"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(scene: Scene) -> str:
    return f"/salles/{scene.space.pk}/demander/"


def form(scene: Scene, *dates: tuple[str, str, str], **changed: Any) -> dict[str, Any]:
    """What a browser sends of step 1."""
    dates = dates or (("2026-11-12", "18:00", "20:00"),)
    sent: dict[str, Any] = {
        "nonce": "one",
        "organisation": scene.organisation.pk,
        "purpose": "Répétition de la chorale",
        "attendees": "25",
        "contact_name": "Camille Exemple",
        "contact_phone": "03 20 00 00 00",
        "message": "",
        "dates-TOTAL_FORMS": len(dates),
        "dates-INITIAL_FORMS": 0,
        "action": "check",
    }
    for n, (day, start, end) in enumerate(dates):
        sent |= {f"dates-{n}-day": day, f"dates-{n}-start": start, f"dates-{n}-end": end}
    return sent | changed


def post(scene: Scene, *dates: tuple[str, str, str], **changed: Any) -> HttpResponse:
    return signed_in(scene.member).post(address(scene), form(scene, *dates, **changed))


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "published", "status"),
    [
        ("anonymous", True, 302),
        ("stranger", True, 200),
        ("member", True, 200),
        ("other_manager", True, 200),
        ("manager", True, 200),
        ("region", True, 200),
        ("anonymous", False, 404),
        ("stranger", False, 404),
        ("member", False, 404),
        ("other_manager", False, 404),
        ("manager", False, 200),
        ("region", False, 200),
    ],
)
def test_whoever_is_signed_in_asks_for_what_they_see(
    cast: Cast, role: str, published: bool, status: int
) -> None:
    space = factories.SpaceFactory.create(school=cast.school, published=published)
    assert cast.client(role).get(f"/salles/{space.pk}/demander/").status_code == status


def test_without_an_organisation_one_is_told_how_to_register_it(cast: Cast) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    response = cast.client("region").get(f"/salles/{space.pk}/demander/")
    assert "Une salle se demande au nom d’un organisme" in words(response)
    assert "/compte/organismes/nouveau/" in links(response)
    assert '<form method="post" class="columns"' not in response.content.decode()


def test_nobody_asks_in_the_name_of_others(scene: Scene) -> None:
    response = post(scene, organisation=factories.OrganisationFactory.create().pk, action="send")
    assert response.status_code == 200
    assert title(response).startswith("Erreur : ")
    assert not BookingRequest.objects.exists()


@pytest.fixture
def half_way(scene: Scene) -> Client:
    """Somebody who filled the form in for 12 November, was sent to sign in, and did."""
    client = Client()
    response = client.post(f"{address(scene)}?date=2026-11-12", form(scene, purpose="Fête de la chorale"))
    assert response.status_code == 302
    assert response.url.startswith("/compte/connexion/?next=")
    client.force_login(scene.member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_signing_in_half_way_loses_nothing(scene: Scene, half_way: Client) -> None:
    for _opened in range(2):
        back = half_way.get(f"{address(scene)}?date=2026-11-12")
        assert fields(back)["purpose"] == ["Fête de la chorale"]
        assert fields(back)["dates-0-start"] == ["18:00"]
    elsewhere = half_way.get(f"{address(scene)}?date=2026-11-13")
    assert (fields(elsewhere)["purpose"], fields(elsewhere)["dates-0-day"]) == ([""], ["2026-11-13"])


def test_what_was_typed_is_forgotten_once_sent(scene: Scene, half_way: Client) -> None:
    sent = half_way.post(f"{address(scene)}?date=2026-11-12", {**form(scene), "action": "send"})
    assert sent.status_code == 302
    assert fields(half_way.get(f"{address(scene)}?date=2026-11-12"))["purpose"] == [""]


@pytest.mark.parametrize(("minutes", "purpose"), [(60, "Fête de la chorale"), (61, "")])
def test_what_was_typed_is_kept_for_an_hour(
    scene: Scene, half_way: Client, minutes: int, purpose: str
) -> None:
    with time_machine.travel(NOW + dt.timedelta(minutes=minutes), tick=False):
        assert fields(half_way.get(f"{address(scene)}?date=2026-11-12"))["purpose"] == [purpose]


def test_a_form_longer_than_people_type_is_not_kept(scene: Scene) -> None:
    client = Client()
    client.post(address(scene), form(scene, message="x" * 50_001))
    assert "half-way" not in client.session


# -- step 1 -------------------------------------------------------------------------------------


def test_the_form_starts_with_what_is_known(scene: Scene) -> None:
    scene.member.phone = "06 00 00 00 00"
    scene.member.save()
    response = signed_in(scene.member).get(
        f"{address(scene)}?date=2026-11-12&start=18:30&end=20:30&capacity=25"
    )
    filled = fields(response)
    assert filled["dates-0-day"] == ["2026-11-12"]
    assert filled["dates-0-start"] == ["18:30"]
    assert filled["dates-0-end"] == ["20:30"]
    assert filled["organisation"] == [str(scene.organisation.pk)]
    assert filled["attendees"] == ["25"]
    assert filled["contact_name"] == [scene.member.name]
    assert filled["contact_phone"] == ["06 00 00 00 00"]


def test_one_more_date_keeps_everything_and_says_nothing_of_errors(scene: Scene) -> None:
    response = post(scene, ("2026-11-12", "18:00", ""), purpose="", message="Bonjour", action="add")
    filled = fields(response)
    assert filled["dates-TOTAL_FORMS"] == ["2"]
    assert filled["dates-0-day"] == ["2026-11-12"]
    assert filled["dates-1-day"] == [""]
    assert filled["message"] == ["Bonjour"]
    assert filled["nonce"] == ["one"]
    assert not title(response).startswith("Erreur")


def test_a_date_is_taken_away(scene: Scene) -> None:
    dates = [(f"2026-11-{day}", "18:00", "20:00") for day in (12, 19, 26)]
    filled = fields(post(scene, *dates, action="remove:1"))
    assert filled["dates-TOTAL_FORMS"] == ["2"]
    assert [filled[f"dates-{n}-day"] for n in (0, 1)] == [["2026-11-12"], ["2026-11-26"]]


def test_the_last_date_stays(scene: Scene) -> None:
    assert fields(post(scene, action="remove:0"))["dates-0-day"] == ["2026-11-12"]


@pytest.mark.parametrize("action", ["remove:x", "remove:99999999999", "remove", "", "étrange"])
def test_a_button_nobody_made_changes_nothing(scene: Scene, action: str) -> None:
    response = post(scene, action=action)
    assert response.status_code == 200
    assert fields(response)["dates-0-day"] == ["2026-11-12"]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"purpose": " "}, "id_purpose", "Dites ce que vous voulez faire dans la salle."),
        ({"attendees": "0"}, "id_attendees", "Il faut au moins une personne."),
        ({"attendees": "beaucoup"}, "id_attendees", "Écrivez le nombre de personnes en chiffres."),
        ({"contact_name": ""}, "id_contact_name", "Indiquez qui sera responsable sur place."),
        (
            {"contact_phone": "demain"},
            "id_contact_phone",
            "Indiquez un numéro de téléphone, par exemple 03 20 00 00 00.",
        ),
        ({"organisation": ""}, "id_organisation", "Choisissez l’organisme qui demande."),
        ({"dates-0-day": ""}, "id_dates-0-day", "Indiquez le jour."),
        ({"dates-0-day": "le 12"}, "id_dates-0-day", "Écrivez le jour sous la forme 22/10/2026."),
        ({"dates-0-day": "2026-10-13"}, "id_dates-0-day", "Ce jour est passé : choisissez-en un à venir."),
        ({"dates-0-day": "9999-12-31"}, "id_dates-0-day", "Ce jour est trop lointain : vérifiez l’année."),
        ({"dates-0-day": "0001-01-01"}, "id_dates-0-day", "Ce jour est passé : choisissez-en un à venir."),
        ({"dates-0-start": "25:00"}, "id_dates-0-start", "Écrivez l’heure sous la forme 18:30."),
        ({"dates-0-end": ""}, "id_dates-0-end", "Indiquez l’heure de fin."),
    ],
)
def test_an_error_leads_to_its_field_and_keeps_the_rest(
    scene: Scene, changed: dict[str, str], field: str, said: str
) -> None:
    response = post(scene, message="À bientôt", **changed)
    assert title(response).startswith("Erreur : ")
    assert f"#{field}" in links(response)
    assert f'id="{field}"' in response.content.decode()
    assert said in words(response)
    filled = fields(response)
    assert filled["message"] == ["À bientôt"]
    for name, value in changed.items():
        if name != "organisation":
            assert filled[name] == [value]
    assert not BookingRequest.objects.exists()


def test_a_time_that_does_not_exist_is_refused(scene: Scene) -> None:
    response = post(scene, ("2027-03-28", "02:30", "05:00"))
    assert (
        "Cette heure n’existe pas ce jour-là : les pendules passent de 2 h à 3 h. Choisissez-en une autre."
        in words(response)
    )
    assert "#id_dates-0-start" in links(response)


def test_more_equipment_than_there_is_is_refused(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=12
    )
    response = post(scene, **{f"pool-{pool.pk}": "13"})
    assert "Chaises : ce lycée en prête 12 au plus." in words(response)
    assert fields(response)[f"pool-{pool.pk}"] == ["13"]


def test_no_more_dates_than_the_region_allows(scene: Scene, settings: Any) -> None:
    settings.REQUEST_MAX_DATES = 3
    dates = [(f"2026-11-{day}", "18:00", "20:00") for day in (5, 12, 19, 26)]
    assert fields(post(scene, *dates[:3], action="add"))["dates-TOTAL_FORMS"] == ["3"]
    filled = fields(post(scene, *dates, action="add"))
    assert filled["dates-TOTAL_FORMS"] == ["3"]


# -- step 2 -------------------------------------------------------------------------------------


def test_the_check_says_everything_before_sending(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(
        school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=12
    )
    scene.space.hourly_rate = "8.50"
    scene.space.save()
    response = post(scene, message="Avec un piano", **{f"pool-{pool.pk}": "10"})
    said = words(response)
    assert "La salle est libre à cette date." in said
    assert "jeudi 12 novembre 2026, 18:00–20:00 Libre" in said
    assert (
        f"Salle Gymnase Modifier Salle Au nom de {scene.organisation.name} Modifier Au nom de "
        "Activité Répétition de la chorale Modifier Activité Personnes attendues 25" in said
    )
    assert "10 × Chaises" in said
    assert "Camille Exemple, 03 20 00 00 00" in said
    assert "Avec un piano" in said
    assert "Prix estimé 17 € 2 h à 8,50 €" in said
    assert "s’engage à répondre avant le mercredi 21 octobre 2026 ." in said
    assert not BookingRequest.objects.exists()


def test_every_date_is_shown_with_what_stands_against_it(scene: Scene) -> None:
    workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    response = post(
        scene,
        ("2026-11-12", "19:00", "21:00"),
        ("2026-11-14", "18:00", "20:00"),
        ("2026-11-19", "18:00", "20:00"),
    )
    said = words(response)
    assert "1 date ne peut pas être acceptée telle quelle." in said
    assert (
        "jeudi 12 novembre 2026, 19:00–21:00 Impossible telle quelle Changer : jeudi 12 novembre 2026, 19:00–21:00 "
        "La salle est déjà prise à ces heures. Prochaine date libre : vendredi 13 novembre 2026, 19:00–21:00."
    ) in said
    assert (
        "samedi 14 novembre 2026, 18:00–20:00 À l’appréciation du lycée Changer : samedi 14 novembre 2026, 18:00–20:00 "
        "Cette salle n’est pas prêtée à ces heures."
    ) in said
    assert "jeudi 19 novembre 2026, 18:00–20:00 Libre" in said


def test_an_end_before_the_start_is_the_next_day_and_french_dates_are_read(scene: Scene) -> None:
    said = words(post(scene, ("12/11/2026", "22h", "2h30")))
    assert "du jeudi 12 novembre 2026, 22:00 au vendredi 13 novembre 2026, 02:30" in said


def test_several_days_in_one_date(scene: Scene) -> None:
    scene.space.max_minutes = 5 * 24 * 60
    scene.space.save()
    said = words(post(scene, ("2026-11-12", "18:00", "10:00"), **{"dates-0-until": "2026-11-15"}))
    assert "du jeudi 12 novembre 2026, 18:00 au dimanche 15 novembre 2026, 10:00" in said
    refused = post(scene, ("2026-11-12", "18:00", "10:00"), **{"dates-0-until": "2026-11-11"})
    assert "#id_dates-0-until" in links(refused)


def test_empty_rows_do_not_count(scene: Scene) -> None:
    response = post(scene, ("", "", ""), ("2026-11-12", "18:00", "20:00"), ("", "", ""))
    assert "1 date Modifier les dates La salle est libre à cette date." in words(response)
    assert fields(response)["dates-TOTAL_FORMS"] == ["1"]


def test_changing_brings_back_everything(scene: Scene) -> None:
    client = signed_in(scene.member)
    checked = fields(client.post(address(scene), form(scene, message="Avec un piano")))
    again = fields(client.post(address(scene), {**checked, "action": "edit"}))
    assert again["message"] == ["Avec un piano"]
    assert again["dates-0-day"] == ["2026-11-12"]
    assert again["organisation"] == [str(scene.organisation.pk)]


# -- step 3 -------------------------------------------------------------------------------------


def send(scene: Scene, **changed: Any) -> HttpResponse:
    client = signed_in(scene.member)
    checked = fields(client.post(address(scene), form(scene, **changed)))
    return client.post(address(scene), {**checked, "action": "send"}, follow=True)


def test_sending_gives_a_reference_and_a_promise(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school, quantity=12)
    response = send(scene, message="Avec un piano", **{f"pool-{pool.pk}": "10"})
    asked = BookingRequest.objects.get()
    assert response.redirect_chain == [(f"/demandes/{asked.reference}/", 302)]
    assert (
        f"Votre demande {asked.reference} est envoyée. Le lycée répond avant le mercredi 21 octobre 2026 : "
        "vous recevrez un courriel."
    ) in words(response)
    assert asked.organisation == scene.organisation
    assert asked.created_by == scene.member
    assert asked.purpose == "Répétition de la chorale"
    assert asked.attendees == 25
    assert asked.message == "Avec un piano"
    assert asked.contact_name == "Camille Exemple"
    assert asked.contact_phone == "03 20 00 00 00"
    date = Occurrence.objects.get()
    assert date.period == evening("2026-11-12")
    assert list(date.spaces.all()) == [scene.space]
    assert [(line.pool, line.quantity) for line in date.equipment.all()] == [(pool, 10)]


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        (
            ["2026-11-12"],
            "est acceptée : le lycée avait donné son accord d’avance. Vous recevrez un courriel.",
        ),
        (
            ["2026-11-12", "2026-11-13"],
            "est envoyée. 1 date est déjà acceptée ; le lycée répond pour le reste avant le mercredi 21 octobre 2026 : "
            "vous recevrez un courriel.",
        ),
    ],
)
def test_what_the_school_promised_beforehand_is_said_at_once(
    scene: Scene, picked: list[str], said: str
) -> None:
    factories.StandingApprovalFactory.create(space=scene.space, weekday=3, starts_at=dt.time(18), minutes=180)
    client = signed_in(scene.member)
    sent = form(scene, *((day, "18:00", "20:00") for day in picked))
    response = client.post(address(scene), {**sent, "action": "send"}, follow=True)
    assert f"Votre demande {BookingRequest.objects.get().reference} {said}" in words(response)


def test_the_same_form_sent_twice_is_one_request(scene: Scene) -> None:
    client = signed_in(scene.member)
    checked = {**fields(client.post(address(scene), form(scene))), "action": "send"}
    first, second = client.post(address(scene), checked), client.post(address(scene), checked)
    assert first.url == second.url
    assert BookingRequest.objects.count() == 1


def test_going_back_and_changing_it_is_another_request(scene: Scene) -> None:
    send(scene)
    send(scene, purpose="Concert")
    assert list(BookingRequest.objects.order_by("pk").values_list("purpose", flat=True)) == [
        "Répétition de la chorale",
        "Concert",
    ]


def test_a_date_with_an_obstacle_is_sent_all_the_same(scene: Scene) -> None:
    response = send(scene, **{"dates-0-day": "2026-11-14"})
    assert BookingRequest.objects.get().state == "submitted"
    assert "Cette salle n’est pas prêtée à ces heures." in words(response)


def test_sending_what_is_not_valid_sends_nothing(scene: Scene) -> None:
    response = post(scene, purpose="", action="send")
    assert title(response).startswith("Erreur : ")
    assert not BookingRequest.objects.exists()


def test_the_first_of_two_ambiguous_times_is_meant(scene: Scene) -> None:
    scene.space.max_minutes = 24 * 60
    scene.space.save()
    send(scene, **{"dates-0-day": "2026-10-25", "dates-0-start": "01:00", "dates-0-end": "04:00"})
    assert Occurrence.objects.get().period.length == dt.timedelta(hours=4)
    assert Occurrence.objects.get().start_at == paris("2026-10-25 01:00")
