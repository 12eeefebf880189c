"""The communes of the region as they are loaded, and some lycées of invented names."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests import factories
from venues.models import School


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Once a module, in a transaction around those of its tests, which is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_communes", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def communes(_loaded: None, db: None) -> None:
    """The region's communes."""


def lycee(name: str, commune: str, insee_code: str, postcode: str, **fields: Any) -> School:
    return factories.SchoolFactory.create(
        name=name,
        commune=commune,
        insee_code=insee_code,
        postcode=postcode,
        department=insee_code[:2],
        **fields,
    )


@pytest.fixture
def lycees(communes: None) -> dict[str, School]:
    """CEDEX and street postcodes, a name shared by two communes, one that is a commune's, one that is closed."""
    return {
        "ecluses": lycee("Lycée des Écluses", "Lille", "59350", "59006", latitude=50.61, longitude=3.07),
        "ronchin": lycee("Lycée horticole du Marais", "Lille", "59350", "59160", latitude=50.64, longitude=2.98),
        "beffroi": lycee("Lycée du Beffroi", "Arras", "62041", "62022", latitude=50.28, longitude=2.77),
        "moulin": lycee("Lycée Pierre-Moulin", "Lens", "62498", "62303", latitude=50.43, longitude=2.82),
        "moulin_pro": lycee("Lycée professionnel Pierre-Moulin", "Lens", "62498", "62300", latitude=50.44, longitude=2.83),
        "autre_moulin": lycee("Lycée Pierre-Moulin", "Calais", "62193", "62107", latitude=50.95, longitude=1.86),
        "roubaix": lycee("Lycée de Roubaix", "Amiens", "80021", "80016", latitude=49.90, longitude=2.30),
    }  # fmt: skip
