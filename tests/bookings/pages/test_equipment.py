"""Equipment without a room: what is lent where, how many are free, and asking for it by page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from bookings import workflow
from bookings.models import BookingRequest, Claim, OccurrenceEquipment
from bookings.problems import Line
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import Cast
from venues.models import EquipmentPool

LIST = "/materiel/"


@pytest.fixture
def chairs(scene: Scene) -> EquipmentPool:
    kind = factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    return factories.EquipmentPoolFactory.create(school=scene.school, kind=kind, quantity=20)


def promise(scene: Scene, pool: EquipmentPool, quantity: int, day: str = "2026-11-12") -> BookingRequest:
    asked = scene.submit(evening(day), spaces=(), equipment=(Line(pool, quantity),))
    workflow.approve(asked, by=scene.manager)
    return asked


class TestTheList:
    def test_is_for_everybody(self, client: Client, scene: Scene, chairs: EquipmentPool) -> None:
        said = words(client.get(LIST))
        assert "1 matériel proposé" in said
        assert f"Chaises {scene.school.name}, Lille" in said
        assert "20 en tout" in said

    @pytest.mark.parametrize("address", ["/salles/", "/salles/souple/", "/salles/serie/"])
    def test_searches_of_rooms_lead_to_it_with_their_place(
        self, client: Client, scene: Scene, address: str
    ) -> None:
        response = client.get(f"{address}?q=Lille&within_km=5&kind=gymnasium&capacity=20")
        assert f"{LIST}?q=Lille&within_km=5" in links(response)
        assert "À une date Quand c’est possible Chaque semaine Matériel" in words(response)

    def test_leads_back_with_the_place_and_not_its_kind(
        self, client: Client, scene: Scene, chairs: EquipmentPool
    ) -> None:
        response = client.get(f"{LIST}?q=Lille&within_km=5&kind=chaises&quantity=2")
        assert "/salles/souple/?q=Lille&within_km=5" in links(response)
        assert 'href="/materiel/?q=Lille&amp;within_km=5" aria-current="page"' in response.content.decode()
        assert LIST in links(client.get("/salles/"))

    @pytest.mark.parametrize(
        ("query", "free"),
        [
            ("date=2026-11-12&start=18:00&end=20:00", "8 libres tout ce temps"),
            ("date=2026-11-12&start=19:59&end=22:00", "8 libres tout ce temps"),
            ("date=2026-11-12&start=20:00&end=22:00", "20 libres tout ce temps"),
            ("date=2026-11-12", "8 libres tout ce temps"),
            ("date=2026-11-10&until=2026-11-14", "8 libres tout ce temps"),
            ("date=2026-11-13", "20 libres tout ce temps"),
            ("date=2026-11-11&start=22:00&end=02:00", "20 libres tout ce temps"),
        ],
    )
    def test_says_how_many_are_free_throughout(
        self, client: Client, scene: Scene, chairs: EquipmentPool, query: str, free: str
    ) -> None:
        promise(scene, chairs, 12)
        assert free in words(client.get(f"{LIST}?{query}"))

    def test_none_left(self, client: Client, scene: Scene, chairs: EquipmentPool) -> None:
        promise(scene, chairs, 20)
        assert "Aucun libre tout ce temps" in words(client.get(f"{LIST}?date=2026-11-12"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("kind=chaises", 1),
            ("kind=sono", 0),
            ("quantity=20", 1),
            ("quantity=21", 0),
            ("school={uai}", 1),
            ("school=0000000A", 0),
            ("q=Lille", 1),
        ],
    )
    def test_by_kind_number_and_place(
        self, client: Client, scene: Scene, chairs: EquipmentPool, query: str, found: int
    ) -> None:
        factories.EquipmentKindFactory.create(slug="sono", name="Sono")
        said = words(client.get(f"{LIST}?{query.format(uai=scene.school.uai)}"))
        assert (
            f"{found} matériel proposé" if found else "Aucun matériel ne répond à cette recherche"
        ) in said

    def test_the_nearest_lycees_first_within_the_circle(
        self, client: Client, scene: Scene, chairs: EquipmentPool
    ) -> None:
        for name, latitude in (("Loin", 51.0), ("Près", 50.64)):
            school = factories.SchoolFactory.create(name=name, latitude=latitude, longitude=3.0667)
            factories.EquipmentPoolFactory.create(school=school, kind=chairs.kind)
        said = words(client.get(f"{LIST}?q={scene.school.name}&within_km=10"))
        assert "2 matériels proposés Les plus proches d’abord." in said
        assert said.index(scene.school.name) < said.index("Près")
        assert "Loin" not in said

    def test_only_what_is_lent_is_shown(self, client: Client, scene: Scene, chairs: EquipmentPool) -> None:
        factories.EquipmentPoolFactory.create(school=scene.school, published=False)
        factories.EquipmentPoolFactory.create(school=scene.school, quantity=0)
        closed = factories.SchoolFactory.create(closed_on=dt.date(2026, 1, 1))
        factories.EquipmentPoolFactory.create(school=closed)
        assert "1 matériel proposé" in words(client.get(LIST))

    @pytest.mark.parametrize(
        ("query", "error"),
        [
            ("date=hier", "Écrivez le jour sous la forme 22/10/2026."),
            ("date=2026-10-13", "Ce jour est passé"),
            ("start=18:00", "Indiquez aussi le jour."),
            ("date=2026-11-12&until=2026-11-11", "Le dernier jour suit le premier"),
            ("date=2026-11-12&until=2027-11-11", "Le dernier jour suit le premier"),
            ("kind=inconnu", "Sélectionnez un choix valide"),
            ("quantity=0", "supérieure ou égale à 1"),
            ("within_km=99999&q=Lille", "inférieure ou égale à"),
        ],
    )
    def test_what_cannot_be_looked_for_is_said(
        self, client: Client, scene: Scene, query: str, error: str
    ) -> None:
        page = client.get(f"{LIST}?{query}")
        assert page.status_code == 200
        assert error in words(page)

    def test_statements_do_not_grow_with_the_pools(
        self, client: Client, scene: Scene, chairs: EquipmentPool, django_assert_num_queries: Any
    ) -> None:
        for many in (1, 9):
            while EquipmentPool.objects.count() < many:
                factories.EquipmentPoolFactory.create(school=factories.SchoolFactory.create())
            with django_assert_num_queries(5, own=True):
                client.get(f"{LIST}?date=2026-11-12")

    def test_leads_to_the_request_with_what_was_looked_for(
        self, client: Client, scene: Scene, chairs: EquipmentPool
    ) -> None:
        found = links(client.get(f"{LIST}?date=2026-11-12&start=18:00&end=20:00"))
        address = f"/lycees/{scene.school.uai}/materiel/demander/?date=2026-11-12&start=18%3A00&end=20%3A00&pool-{chairs.pk}=1"
        assert address in found
        typed = fields(signed_in(scene.member).get(address))
        assert (typed["day"], typed["start"], typed["end"], typed[f"pool-{chairs.pk}"]) == (
            ["2026-11-12"], ["18:00"], ["20:00"], ["1"],
        )  # fmt: skip


class TestAsking:
    def address(self, scene: Scene) -> str:
        return f"/lycees/{scene.school.uai}/materiel/demander/"

    def body(self, scene: Scene, chairs: EquipmentPool, **more: str) -> dict[str, str]:
        return {
            "nonce": "une-fois", f"pool-{chairs.pk}": "15", "day": "2026-11-12", "start": "14:00",
            "until": "2026-11-14", "end": "18:00", "organisation": str(scene.organisation.pk),
            "purpose": "Fête de quartier", "attendees": "80", "contact_name": "Camille Exemple",
            "contact_phone": "06 00 00 00 00", "message": "", "action": "check", **more,
        }  # fmt: skip

    @pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("stranger", 200), ("region", 200)])
    def test_who_may_ask(self, cast: Cast, now: dt.datetime, role: str, status: int) -> None:
        factories.EquipmentPoolFactory.create(school=cast.school)
        address = f"/lycees/{cast.school.uai}/materiel/demander/"
        assert cast.client(role).get(address).status_code == status

    def test_a_lycee_that_lends_nothing_is_not_found(self, scene: Scene, chairs: EquipmentPool) -> None:
        EquipmentPool.objects.update(published=False)
        assert signed_in(scene.member).get(self.address(scene)).status_code == 404

    def test_from_the_form_to_the_promise(self, scene: Scene, chairs: EquipmentPool) -> None:
        client = signed_in(scene.member)
        page = client.post(self.address(scene), self.body(scene, chairs))
        said = words(page)
        assert "Tout est libre à ces heures." in said
        assert "du jeudi 12 novembre 2026, 14:00 au samedi 14 novembre 2026, 18:00" in said
        assert "15 × Chaises" in said and "Prix estimé Gratuit" in said
        assert not BookingRequest.objects.exists()
        kept = {name: values[0] for name, values in fields(page).items()}
        sent = client.post(self.address(scene), {**kept, "action": "send"}, follow=True)
        again = client.post(self.address(scene), {**kept, "action": "send"})
        asked = BookingRequest.objects.get()
        assert again["Location"] == asked.get_absolute_url()
        assert f"Votre demande {asked.reference} est envoyée." in words(sent)
        assert (asked.school, asked.organisation, asked.attendees) == (scene.school, scene.organisation, 80)
        manager = signed_in(scene.manager)
        assert "15 × Chaises" in words(manager.get("/a-decider/"))
        manager.post(f"/demandes/{asked.reference}/accepter/")
        assert Claim.objects.count() == 15

    def test_going_back_keeps_what_was_typed(self, scene: Scene, chairs: EquipmentPool) -> None:
        page = signed_in(scene.member).post(self.address(scene), self.body(scene, chairs, action="edit"))
        typed = fields(page)
        assert (typed["purpose"], typed[f"pool-{chairs.pk}"], typed["until"]) == (
            ["Fête de quartier"], ["15"], ["2026-11-14"],
        )  # fmt: skip

    def test_what_is_not_free_is_said_before_sending(self, scene: Scene, chairs: EquipmentPool) -> None:
        promise(scene, chairs, 12)
        said = words(signed_in(scene.member).post(self.address(scene), self.body(scene, chairs)))
        assert "Chaises : 8 disponibles sur 15 demandés." in said
        assert "Tout est libre" not in said

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("pool", "", "Écrivez au moins une quantité."),
            ("pool", "21", "Chaises : ce lycée en prête 20 au plus."),
            ("day", "", "Indiquez le jour."),
            ("until", "2026-11-11", "Le dernier jour suit le premier"),
            ("purpose", "", "Dites à quoi le matériel servira."),
            ("contact_phone", "abc", "Indiquez un numéro de téléphone"),
            ("organisation", "0", "Sélectionnez un choix valide"),
        ],
    )
    def test_what_is_wrong_is_said_on_top(
        self, scene: Scene, chairs: EquipmentPool, name: str, value: str, error: str
    ) -> None:
        field = f"pool-{chairs.pk}" if name == "pool" else name
        page = signed_in(scene.member).post(
            self.address(scene), self.body(scene, chairs, **{field: value, "action": "send"})
        )
        assert "Il reste quelque chose à corriger" in words(page)
        assert error in words(page)
        assert "<title>Erreur" in page.content.decode()
        assert not BookingRequest.objects.exists()

    def test_without_an_organisation_one_is_told_how(self, scene: Scene, chairs: EquipmentPool) -> None:
        page = signed_in(factories.UserFactory.create()).get(self.address(scene))
        assert "Le matériel se demande au nom d’un organisme" in words(page)


class TestAnotherOffer:
    def test_the_equipment_of_an_offer_can_be_other(self, scene: Scene, chairs: EquipmentPool) -> None:
        benches = factories.EquipmentPoolFactory.create(school=scene.school, quantity=5)
        promise(scene, chairs, 12, "2026-11-12")
        asked = scene.submit(evening("2026-11-12"), equipment=(Line(chairs, 15),))
        date = asked.occurrences.get()
        client, address = signed_in(scene.manager), f"/demandes/{asked.reference}/dates/{date.pk}/proposer/"
        typed = dict(fields(client.get(address)))
        assert typed[f"pool-{chairs.pk}"] == ["15"]
        typed |= {f"pool-{chairs.pk}": ["8"], f"pool-{benches.pk}": ["2"]}
        assert client.post(address, typed).status_code == 302
        assert dict(OccurrenceEquipment.objects.filter(occurrence=date).values_list("pool", "quantity")) == {
            chairs.pk: 8, benches.pk: 2,
        }  # fmt: skip
        assert Claim.objects.filter(occurrence=date).count() == 1 + 8 + 2

    def test_more_than_there_are_is_refused(self, scene: Scene, chairs: EquipmentPool) -> None:
        asked = scene.submit(evening("2026-11-12"), equipment=(Line(chairs, 15),))
        address = f"/demandes/{asked.reference}/dates/{asked.occurrences.get().pk}/proposer/"
        client = signed_in(scene.manager)
        typed = {**fields(client.get(address)), f"pool-{chairs.pk}": ["21"]}
        assert "ce lycée en prête 20 au plus" in words(client.post(address, typed))

    def test_equipment_alone_can_be_offered_at_another_time(
        self, scene: Scene, chairs: EquipmentPool
    ) -> None:
        asked = scene.submit(evening("2026-11-12"), spaces=(), equipment=(Line(chairs, 15),))
        address = f"/demandes/{asked.reference}/dates/{asked.occurrences.get().pk}/proposer/"
        client = signed_in(scene.manager)
        typed = {**fields(client.get(address)), "day": ["2026-11-13"]}
        assert client.post(address, typed).status_code == 302
        nothing = {**fields(client.get(address)), f"pool-{chairs.pk}": [""]}
        assert asked.occurrences.get().state == "offered"
        assert client.post(address, nothing).status_code in (200, 409)
