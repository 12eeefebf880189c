"""What approaches a search most, by the API: the page's answer, in the API's words."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast
from venues.models import Space

URL = "/api/v1/spaces/alternatives/"
QUERY = "date=2026-10-22&start=18:00&end=20:00&features=piano,scene&kind=classroom"


@pytest.fixture
def piano(cast: Cast, space: Space) -> Space:
    """The room has a piano, and no stage."""
    factories.FeatureFactory.create(slug="scene", name="Scène")
    space.features.add(factories.FeatureFactory.create(slug="piano", name="Piano"))
    return space


@pytest.mark.parametrize("role", ROLES)
def test_open_to_anyone(cast: Cast, piano: Space, role: str) -> None:
    answer = cast.api(role).get(f"{URL}?{QUERY}")
    assert answer.status_code == 200
    assert answer.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "kind": "without",
                "label": "Sans «\u00a0Scène\u00a0»",
                "count": 1,
                "query": "date=2026-10-22&start=18%3A00&end=20%3A00&features=piano&kind=classroom",
            }
        ],
    }


def test_the_query_is_the_searchs(piano: Space) -> None:
    [way] = APIClient().get(f"{URL}?{QUERY}").json()["results"]
    assert APIClient().get(f"/api/v1/spaces/?{way['query']}").json()["count"] == way["count"]


def test_no_circle_unless_one_is_asked(piano: Space) -> None:
    """Without a radius the API looks everywhere; the page would look at ten kilometres."""
    kinds = [way["kind"] for way in APIClient().get(f"{URL}?{QUERY}&near=50,3").json()["results"]]
    assert kinds == ["without"]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("date=demain", ("date", "invalid")),
        ("start=18:00", ("date", "required")),
        ("features=inconnu", ("features", "invalid_choice")),
        ("page=2", None),
        ("page=x", None),
    ],
)
def test_mistakes_are_said(piano: Space, query: str, wrong: Any) -> None:
    answer = APIClient().get(f"{URL}?{query}")
    if wrong:
        assert (answer.status_code, errors(answer)) == (400, [wrong])
    else:
        assert answer.status_code == 404
