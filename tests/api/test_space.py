"""One space."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.conftest import ROLES, Cast
from venues.models import Space

URL = "/api/v1/spaces/"


def test_what_is_said_of_a_space(cast: Cast, space: Space) -> None:
    chairs = factories.EquipmentKindFactory.create(slug="chaises", name="Chaises")
    pool = factories.EquipmentPoolFactory.create(school=cast.school, kind=chairs, quantity=12)
    factories.PriceRuleFactory.create(space=space, organisation_kind="company")
    Space.objects.update(
        deposit=20, open_to=["association"], location="Bâtiment B", area=60, needs_insurance=True
    )
    assert APIClient().get(f"{URL}{space.pk}/").json() == {
        "id": space.pk,
        "name": "Salle A",
        "kind": "classroom",
        "capacity": 30,
        "step_free": False,
        "features": [],
        "school": {"uai": cast.school.uai, "name": cast.school.name, "commune": "Lille"},
        "hourly_rate": "0.00",
        "is_free_of_charge": True,
        "is_demo": False,
        "photo": None,
        "url": f"http://testserver/salles/{space.pk}/",
        "photos": [],
        "description": "",
        "area": 60,
        "location": "Bâtiment B",
        "published": True,
        "min_minutes": 60,
        "max_minutes": 720,
        "step_minutes": 30,
        "setup_minutes": 0,
        "cleanup_minutes": 0,
        "notice_hours": 0,
        "horizon_days": 548,
        "cancellation_hours": 48,
        "hourly_value": "0.00",
        "deposit": "20.00",
        "prices": [{"organisation_kind": "company", "basis": "hour", "amount": "10.00", "free_ground": ""}],
        "needs_insurance": True,
        "needs_verified": False,
        "open_to": ["association"],
        "equipment": [
            {
                "id": pool.pk,
                "kind": "chaises",
                "name": "Chaises",
                "description": "",
                "quantity": 12,
                "notice_hours": 48,
            }
        ],
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_published_space_is_everybodys(cast: Cast, space: Space, role: str) -> None:
    assert cast.api(role).get(f"{URL}{space.pk}/").status_code == 200


ESTIMATE = "estimate/?start=2026-11-12T18:00&end=2026-11-12T20:00&organisation_kind=company"


@pytest.mark.parametrize("address", ["{pk}/", "{pk}/availability/", "{pk}/" + ESTIMATE])
@pytest.mark.parametrize(("role", "status"), zip(ROLES, (404, 404, 404, 404, 200, 200), strict=True))
def test_an_unpublished_space_is_its_schools_and_the_regions(
    cast: Cast, space: Space, role: str, status: int, address: str
) -> None:
    Space.objects.update(published=False)
    assert cast.api(role).get(URL + address.format(pk=space.pk)).status_code == status


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30, "9" * 5000, "x", "-1", "1.5", "%00", "é"])
@pytest.mark.parametrize("end", ["/", "/availability/"])
def test_no_such_space(db: None, pk: str, end: str) -> None:
    response = APIClient().get(URL + pk + end)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_few_statements(space: Space, django_assert_num_queries: Any) -> None:
    for _n in range(5):
        space.features.add(factories.FeatureFactory.create())
        factories.EquipmentPoolFactory.create(school=space.school)
    for kind in ("", "company", "commune"):
        factories.PriceRuleFactory.create(space=space, organisation_kind=kind)
    with django_assert_num_queries(4):
        APIClient().get(f"{URL}{space.pk}/")


# -- what it would cost -------------------------------------------------------------------------

EVENING = {"start": "2026-11-12T18:00:00+01:00", "end": "2026-11-12T20:30:00+01:00"}


def test_an_estimate(space: Space) -> None:
    Space.objects.update(hourly_rate=8, hourly_value=20)
    factories.PriceRuleFactory.create(
        space=space, organisation_kind="association", amount=0, free_ground="Intérêt général"
    )

    def cost(kind: str) -> dict[str, str]:
        answer = APIClient().get(f"{URL}{space.pk}/estimate/", {**EVENING, "organisation_kind": kind})
        assert answer.status_code == 200
        return answer.json()  # type: ignore[no-any-return]

    assert cost("association") == {"price": "0.00", "price_ground": "Intérêt général", "value": "50.00"}
    assert cost("company") == {
        "price": "20.00",
        "price_ground": "2\u00a0h\u00a030 à 8\u00a0€",
        "value": "50.00",
    }


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({**EVENING}, "organisation_kind"),
        ({**EVENING, "organisation_kind": "king"}, "organisation_kind"),
        ({"start": EVENING["end"], "end": EVENING["start"], "organisation_kind": "company"}, "end"),
        ({"start": "hier", "end": EVENING["end"], "organisation_kind": "company"}, "start"),
    ],
)
def test_an_estimate_of_nonsense(space: Space, asked: dict[str, str], field: str) -> None:
    answer = APIClient().get(f"{URL}{space.pk}/estimate/", asked)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
