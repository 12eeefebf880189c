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
    Space.objects.update(open_to=["association"], location="Bâtiment B", area=60, needs_insurance=True)
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
        "needs_insurance": True,
        "needs_verified": False,
        "open_to": ["association"],
        "equipment": [
            {"id": pool.pk, "kind": "chaises", "name": "Chaises", "description": "", "quantity": 12}
        ],
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_published_space_is_everybodys(cast: Cast, space: Space, role: str) -> None:
    assert cast.api(role).get(f"{URL}{space.pk}/").status_code == 200


@pytest.mark.parametrize("address", ["{pk}/", "{pk}/availability/"])
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
    with django_assert_num_queries(3):
        APIClient().get(f"{URL}{space.pk}/")
