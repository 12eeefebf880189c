"""A manager's browser."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import Cast


@pytest.fixture
def client(cast: Cast) -> Client:
    return cast.client("manager")


@pytest.fixture
def mine(cast: Cast) -> str:
    """Where the pages of the manager's lycée begin."""
    return f"/mon-lycee/{cast.school.uai}/"
