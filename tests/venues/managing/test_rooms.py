"""Rooms: described, priced, published, duplicated, cut into parts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.bookings.pages.reading import fields, title, words
from tests.conftest import Cast
from venues import rooms
from venues.models import PriceRule, Space, SpaceUnit

ESSENTIAL = {"name": "Salle polyvalente", "kind": "hall", "capacity": "60"}


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the page, some fields changed."""
    return {**fields(response), **changes}


def test_four_fields_make_a_room(client: Client, mine: str, cast: Cast) -> None:
    factories.SpaceFactory.create(school=cast.school, published=True)
    page = client.get(f"{mine}salles/nouvelle/")
    response = client.post(f"{mine}salles/nouvelle/", filled(page, **ESSENTIAL, step_free="on"))
    space = Space.objects.get(name="Salle polyvalente")
    assert response.headers["Location"] == f"{mine}#salle-{space.pk}"
    assert (space.school, space.kind, space.capacity, space.step_free) == (cast.school, "hall", 60, True)
    assert (space.published, space.min_minutes, space.needs_insurance) == (False, 60, True)
    assert space.units.count() == 1


def test_it_can_be_published_at_once(client: Client, mine: str, cast: Cast) -> None:
    page = client.get(f"{mine}salles/nouvelle/")
    client.post(f"{mine}salles/nouvelle/", filled(page, **ESSENTIAL, publier="1"))
    assert Space.objects.get().published
    assert "n’a pas d’horaires" in words(client.get(mine))


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "Nom de la salle :"),
        ({"name": "Salle 12"}, None, "Ce lycée a déjà une salle de ce nom."),
        ({"capacity": "0"}, "capacity", "Nombre de places :"),
        ({"capacity": "9" * 30}, "capacity", "Nombre de places :"),
        ({"min_minutes": "9" * 30}, "min_minutes", "Durée minimale"),
        ({"notice_hours": "2000000000"}, "notice_hours", "Demande au plus tard"),
        ({"horizon_days": "2000000000"}, "horizon_days", "Demande au plus tôt"),
        ({"kind": "castle"}, "kind", "Type de salle :"),
        ({"max_minutes": "30"}, None, "La durée maximale est plus courte"),
        ({"open_to": ["kings"]}, "open_to_0", "Ouverte à :"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, mine: str, cast: Cast, wrong: dict[str, Any], field: str | None, said: str
) -> None:
    factories.SpaceFactory.create(school=cast.school, name="Salle 12")
    form = filled(client.get(f"{mine}salles/nouvelle/"), **{**ESSENTIAL, "location": "Bâtiment C", **wrong})
    page = client.post(f"{mine}salles/nouvelle/", form)
    assert title(page).startswith("Erreur :")
    assert said in words(page)
    assert field is None or f'<a href="#id_{field}">' in page.content.decode()
    assert fields(page)["location"] == ["Bâtiment C"]
    assert Space.objects.count() == 1


def test_a_name_may_be_that_of_another_schools_room(client: Client, mine: str, cast: Cast) -> None:
    factories.SpaceFactory.create(school=cast.other_school, name=ESSENTIAL["name"])
    client.post(f"{mine}salles/nouvelle/", filled(client.get(f"{mine}salles/nouvelle/"), **ESSENTIAL))
    assert Space.objects.filter(name=ESSENTIAL["name"]).count() == 2


def test_neither_school_nor_publication_are_taken_from_the_form(
    client: Client, mine: str, cast: Cast
) -> None:
    space = factories.SpaceFactory.create(school=cast.school, published=False)
    form = filled(
        client.get(f"{mine}salles/{space.pk}/"),
        name="Autre nom",
        school=cast.other_school.pk,
        published="on",
        is_demo="on",
        units="1",
    )
    client.post(f"{mine}salles/{space.pk}/", form)
    space.refresh_from_db()
    assert (space.name, space.school, space.published, space.is_demo) == (
        "Autre nom",
        cast.school,
        False,
        False,
    )


def test_publishing_is_one_button_and_so_is_taking_back(client: Client, mine: str, cast: Cast) -> None:
    factories.OpeningHoursFactory.create(school=cast.school)
    space = factories.SpaceFactory.create(school=cast.school, name="Salle 12", published=False)
    response = client.post(f"{mine}salles/{space.pk}/publier/", follow=True)
    assert "Salle 12 est proposée au prêt." in words(response)
    assert cast.client("anonymous").get(f"/salles/{space.pk}/").status_code == 200
    client.post(f"{mine}salles/{space.pk}/retirer/")
    assert cast.client("anonymous").get(f"/salles/{space.pk}/").status_code == 404


def test_a_copy_has_features_prices_and_own_hours(client: Client, mine: str, cast: Cast) -> None:
    space = factories.SpaceFactory.create(
        school=cast.school, name="Salle 12", published=True, open_to=["association"], hourly_rate=8
    )
    space.features.add(factories.FeatureFactory.create(slug="piano", name="Piano"))
    factories.PriceRuleFactory.create(space=space, organisation_kind="association", amount=4)
    factories.OpeningHoursFactory.create(school=cast.school, space=space, weekday=2)
    factories.StandingApprovalFactory.create(space=space)
    response = client.post(f"{mine}salles/{space.pk}/dupliquer/")
    copy = Space.objects.get(name="Salle 12 (copie)")
    assert response.headers["Location"] == f"{mine}salles/{copy.pk}/"
    assert (copy.published, copy.open_to, copy.hourly_rate) == (False, ["association"], Decimal(8))
    assert [feature.slug for feature in copy.features.all()] == ["piano"]
    assert [(rule.organisation_kind, rule.amount) for rule in copy.price_rules.all()] == [
        ("association", Decimal(4))
    ]
    assert [(hours.weekday, hours.school_id) for hours in copy.opening_hours.all()] == [(2, cast.school.pk)]
    assert not copy.standing_approvals.exists()
    assert not set(copy.units.all()) & set(space.units.all())
    space.refresh_from_db()
    assert space.published and space.price_rules.count() == 1


def test_copies_are_told_apart(cast: Cast) -> None:
    space = factories.SpaceFactory.create(school=cast.school, name="Salle 12")
    assert [rooms.duplicate(space).name for _ in range(3)] == [
        "Salle 12 (copie)",
        "Salle 12 (copie 2)",
        "Salle 12 (copie 3)",
    ]
    longest = factories.SpaceFactory.create(school=cast.school, name="S" * 120)
    assert rooms.duplicate(longest).name == "S" * 112 + " (copie)"


def test_the_prices_of_a_room(client: Client, mine: str, cast: Cast) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    factories.PriceRuleFactory.create(space=space, organisation_kind="company", amount=30)
    address = f"{mine}salles/{space.pk}/tarifs/"
    page = client.get(address)
    assert fields(page)["company-amount"] == ["30.00"]
    changes = {
        "hourly_rate": "8",
        "hourly_value": "12.50",
        "deposit": "100",
        "association-amount": "0",
        "association-free_ground": "Intérêt général",
        "company-amount": "",
        "others-amount": "15",
        "others-basis": "day",
    }
    assert client.post(address, filled(page, **changes)).status_code == 302
    space.refresh_from_db()
    assert (space.hourly_rate, space.hourly_value, space.deposit) == (8, Decimal("12.50"), 100)
    found = space.price_rules.order_by("organisation_kind")
    assert list(found.values_list("organisation_kind", "basis", "amount", "free_ground")) == [
        ("", "day", Decimal(15), ""),
        ("association", "hour", Decimal(0), "Intérêt général"),
    ]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"association-amount": "0"}, "association-free_ground", "écrivez le motif de gratuité"),
        ({"association-free_ground": "Bonté"}, "association-amount", "Écrivez 0 pour un prêt gratuit"),
        ({"company-amount": "-1"}, "company-amount", "Entreprise, montant"),
        ({"hourly_rate": "-1"}, "hourly_rate", "Tarif horaire (€) :"),
    ],
)
def test_a_wrong_price_changes_none(
    client: Client, mine: str, cast: Cast, wrong: dict[str, str], field: str, said: str
) -> None:
    space = factories.SpaceFactory.create(school=cast.school)
    factories.PriceRuleFactory.create(space=space, amount=30)
    address = f"{mine}salles/{space.pk}/tarifs/"
    page = client.post(address, filled(client.get(address), deposit="5", **wrong))
    assert title(page).startswith("Erreur :")
    assert said in words(page)
    assert f'<a href="#id_{field}">' in page.content.decode()
    assert PriceRule.objects.get().amount == 30
    space.refresh_from_db()
    assert space.deposit == 0


def test_a_divided_room_shares_its_units(cast: Cast) -> None:
    whole = factories.SpaceFactory.create(school=cast.school, name="Gymnase", capacity=200, published=True)
    own = whole.units.get()
    assert not rooms.is_divided(whole)
    halves = rooms.divide(whole, [rooms.Part("Moitié nord", 100), rooms.Part("Moitié sud", 80)])
    assert [(half.name, half.capacity, half.kind) for half in halves] == [
        ("Moitié nord", 100, whole.kind),
        ("Moitié sud", 80, whole.kind),
    ]
    north, south = (set(half.units.all()) for half in halves)
    assert north == {own}
    assert len(south) == 1 and not north & south
    assert set(whole.units.all()) == north | south
    assert SpaceUnit.objects.filter(space__school=cast.school).count() == 4
    assert [space.name for space in rooms.sharing(whole)] == ["Moitié nord", "Moitié sud"]
    assert [space.name for space in rooms.sharing(halves[0])] == ["Gymnase"]
    assert all(map(rooms.is_divided, [whole, *halves]))
