"""“Mon lycée”, where promises bind it: equipment, divisible rooms, rooms deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.bookings.pages.reading import fields, title, words
from tests.conftest import Cast
from venues.models import EquipmentPool, Space, Unit

ANSWERS = {
    "anonymous": 302,
    "stranger": 404,
    "member": 404,
    "other_manager": 404,
    "caretaker": 404,
    "region": 404,
    "manager": 200,
    "head": 200,
}
PAGES = ["materiel/nouveau/", "materiel/{pool}/", "salles/{space}/diviser/"]


@pytest.fixture
def mine(cast: Cast) -> str:
    for role in ("head", "caretaker"):
        cast.users[role] = factories.SchoolRoleFactory.create(school=cast.school, role=role).user
    return f"/mon-lycee/{cast.school.uai}/"


@pytest.fixture
def things(cast: Cast) -> dict[str, int]:
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    return {"pool": pool.pk, "space": factories.SpaceFactory.create(school=cast.school).pk}


@pytest.mark.parametrize("role", ANSWERS)
@pytest.mark.parametrize("path", PAGES)
def test_who_opens_a_page(cast: Cast, mine: str, things: dict[str, int], path: str, role: str) -> None:
    response = cast.client(role).get(mine + path.format(**things))
    assert response.status_code == ANSWERS[role]
    if role == "anonymous":
        assert response.headers["Location"].startswith("/compte/connexion/?next=/mon-lycee/")


@pytest.mark.parametrize("role", ANSWERS)
def test_who_deletes_a_room(cast: Cast, mine: str, things: dict[str, int], role: str) -> None:
    client, address = cast.client(role), f"{mine}salles/{things['space']}/supprimer/"
    assert client.get(address).status_code == (405 if ANSWERS[role] == 200 else ANSWERS[role])
    assert Space.objects.exists()
    client.post(address)
    assert Space.objects.exists() is (ANSWERS[role] != 200)


@pytest.mark.parametrize("path", [*PAGES[1:], "salles/{space}/supprimer/"])
def test_a_thing_of_another_school_is_not_found_in_ones_own(
    cast: Cast, things: dict[str, int], path: str
) -> None:
    address = f"/mon-lycee/{cast.other_school.uai}/{path.format(**things)}"
    assert cast.client("other_manager").post(address).status_code == 404
    assert Space.objects.count() == 1


# -- equipment ----------------------------------------------------------------------------------


def test_equipment_is_added_with_its_quantity(cast: Cast, mine: str) -> None:
    kind = factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    form = {
        "kind": kind.pk,
        "description": "pliantes",
        "quantity": "40",
        "notice_hours": "72",
        "published": "on",
    }
    response = cast.client("manager").post(
        f"{mine}materiel/nouveau/", {**form, "school": cast.other_school.pk}
    )
    assert response.headers["Location"] == mine
    pool = EquipmentPool.objects.get()
    assert (pool.school, str(pool), pool.published) == (cast.school, "Chaises (pliantes)", True)
    assert pool.units.count() == 40
    assert "40 × Chaises" in words(cast.client("manager").get(mine))


def test_a_quantity_is_raised_and_lowered(cast: Cast, mine: str) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school, quantity=4)
    address, client = f"{mine}materiel/{pool.pk}/", cast.client("manager")
    for wanted in (6, 1, 0):
        page = client.get(address)
        assert client.post(address, {**fields(page), "quantity": wanted}).status_code == 302
        assert pool.units.filter(retired_at=None).count() == wanted


def test_no_quantity_goes_below_what_is_promised(cast: Cast, mine: str) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school, quantity=4)
    date = factories.OccurrenceFactory.create(request__school=cast.school, state="approved", spaces=[])
    for unit in pool.units.all()[:3]:
        factories.ClaimFactory.create(occurrence=date, unit=unit)
    address, client = f"{mine}materiel/{pool.pk}/", cast.client("manager")
    page = client.post(address, {**fields(client.get(address)), "quantity": "2"})
    assert title(page).startswith("Erreur :")
    assert "3 exemplaires sont promis" in words(page)
    assert pool.units.filter(retired_at=None).count() == 4


@pytest.mark.parametrize(
    "wrong",
    [{"quantity": "-1"}, {"quantity": "1000000"}, {"kind": "0"}, {"kind": "x"}, {"notice_hours": "8761"}],
)
def test_wrong_equipment_is_not_kept(cast: Cast, mine: str, wrong: dict[str, str]) -> None:
    kind = factories.EquipmentKindFactory.create()
    form: dict[str, Any] = {
        "kind": kind.pk,
        "quantity": "4",
        "notice_hours": "0",
        "description": "neuf",
        **wrong,
    }
    page = cast.client("manager").post(f"{mine}materiel/nouveau/", form)
    assert title(page).startswith("Erreur :")
    assert fields(page)["description"] == ["neuf"]
    assert not EquipmentPool.objects.exists()


def test_the_same_equipment_twice_is_refused_with_a_way_out(cast: Cast, mine: str) -> None:
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    page = cast.client("manager").post(
        f"{mine}materiel/nouveau/", {"kind": pool.kind_id, "quantity": "4", "notice_hours": "48"}
    )
    assert "Ce lycée a déjà ce matériel" in words(page)
    assert EquipmentPool.objects.count() == 1


# -- divisible rooms ----------------------------------------------------------------------------


def parts(*named: tuple[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"p-TOTAL_FORMS": len(named), "p-INITIAL_FORMS": len(named)}
    for number, (name, capacity) in enumerate(named):
        data |= {f"p-{number}-name": name, f"p-{number}-capacity": capacity}
    return data


def test_a_gymnasium_is_cut_into_halves(cast: Cast, mine: str) -> None:
    whole = factories.SpaceFactory.create(school=cast.school, name="Gymnase", capacity=200)
    address, client = f"{mine}salles/{whole.pk}/diviser/", cast.client("manager")
    page = client.get(address)
    assert fields(page)["p-0-name"] == ["Gymnase, moitié A"]
    assert fields(page)["p-1-capacity"] == ["100"]
    assert client.post(address, fields(page)).headers["Location"] == f"{mine}salles/{whole.pk}/"
    halves = Space.objects.exclude(pk=whole.pk).order_by("name")
    assert [half.name for half in halves] == ["Gymnase, moitié A", "Gymnase, moitié B"]
    assert set(whole.units.all()) == {half.units.get() for half in halves}
    assert "Gymnase, moitié A" in words(client.get(f"{mine}salles/{whole.pk}/"))
    again = client.post(address, parts(("Est", "10"), ("Ouest", "10")))
    assert "déjà divisible" in words(again)
    assert Space.objects.count() == 3


def test_a_promised_room_is_not_cut(cast: Cast, mine: str) -> None:
    whole = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    factories.OccurrenceFactory.create(request__school=cast.school, state="approved", spaces=[whole])
    address = f"{mine}salles/{whole.pk}/diviser/"
    page = cast.client("manager").post(address, parts(("Est", "10"), ("Ouest", "10")))
    assert title(page).startswith("Erreur :")
    assert "Des dates à venir sont promises" in words(page)
    assert Space.objects.count() == Unit.objects.count() == 1


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ([("Est", "10"), ("", "")], "Nommez au moins deux parties."),
        ([("Est", "10"), ("Ouest", "")], "Partie 2, nombre de places : Écrivez combien"),
        ([("Est", "10"), ("", "10")], "Partie 2, nom : Donnez un nom"),
        ([("Est", "10"), ("Est", "10")], "« Est » est déjà le nom"),
        ([("Gymnase", "10"), ("Ouest", "10")], "« Gymnase » est déjà le nom"),
        ([("Est", "0"), ("Ouest", "10")], "Partie 1, nombre de places :"),
    ],
)
def test_wrong_parts_cut_nothing(cast: Cast, mine: str, named: list[tuple[str, str]], said: str) -> None:
    whole = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    page = cast.client("manager").post(f"{mine}salles/{whole.pk}/diviser/", parts(*named))
    assert title(page).startswith("Erreur :")
    assert said in words(page)
    assert Space.objects.count() == 1


# -- rooms deleted ------------------------------------------------------------------------------


def test_a_room_once_asked_for_stays(cast: Cast, mine: str) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    factories.OccurrenceFactory.create(request__school=cast.school, state="refused", spaces=[space])
    page = cast.client("manager").post(f"{mine}salles/{space.pk}/supprimer/", follow=True)
    assert "son histoire reste" in words(page)
    assert Space.objects.filter(pk=space.pk).exists()


def test_a_part_goes_and_its_unit_stays_with_the_whole(cast: Cast, mine: str) -> None:
    whole = factories.SpaceFactory.create(school=cast.school, name="Gymnase")
    client = cast.client("manager")
    client.post(f"{mine}salles/{whole.pk}/diviser/", parts(("Est", "10"), ("Ouest", "10")))
    alone = factories.SpaceFactory.create(school=cast.school)
    for space in (Space.objects.get(name="Est"), alone):
        assert client.post(f"{mine}salles/{space.pk}/supprimer/").headers["Location"] == mine
    assert Unit.objects.count() == whole.units.count() == 2
