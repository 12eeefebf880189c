"""The API asked anything its schema allows, and much that it does not: no fault, and answers as described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bookings.models import BookingRequest
from shareloc.wsgi import application
from tests import factories
from tests.api.conftest import EVENING
from tests.conftest import TEST_EFFORT, Cast, effort
from venues.models import Space

OPERATIONS = [
    "POST /api/v1/auth/token/",
    "DELETE /api/v1/auth/token/",
    "GET /api/v1/me/",
    "GET /api/v1/places/",
    "GET /api/v1/schools/",
    "GET /api/v1/schools/{uai}/",
    "GET /api/v1/schools/{uai}/planning/",
    "GET /api/v1/spaces/",
    "GET /api/v1/spaces/alternatives/",
    "GET /api/v1/spaces/flexible/",
    "GET /api/v1/spaces/series/",
    "GET /api/v1/spaces/{id}/",
    "GET /api/v1/spaces/{id}/availability/",
    "GET /api/v1/spaces/{id}/problems/",
    "GET /api/v1/requests/",
    "POST /api/v1/requests/",
    "POST /api/v1/requests/preview/",
    "GET /api/v1/requests/{reference}/",
    "POST /api/v1/requests/{reference}/approve/",
    "POST /api/v1/requests/{reference}/refuse/",
    "POST /api/v1/requests/{reference}/withdraw/",
    "POST /api/v1/requests/{reference}/cancel/",
    "POST /api/v1/requests/{reference}/offer/",
    "POST /api/v1/requests/{reference}/accept-offer/",
    "POST /api/v1/requests/{reference}/decline-offer/",
    "POST /api/v1/requests/{reference}/ask-move/",
    "POST /api/v1/requests/{reference}/approve-move/",
    "POST /api/v1/requests/{reference}/refuse-move/",
    "POST /api/v1/requests/{reference}/ask-information/",
    "POST /api/v1/requests/{reference}/answer-information/",
    "GET /api/v1/requests/{reference}/messages/",
    "POST /api/v1/requests/{reference}/messages/",
    "GET /api/v1/calendars/",
    "POST /api/v1/calendars/",
    "DELETE /api/v1/calendars/{id}/",
    "GET /api/v1/alerts/",
    "POST /api/v1/alerts/",
    "DELETE /api/v1/alerts/{id}/",
    "GET /api/v1/documents/{id}/",
    "DELETE /api/v1/documents/{id}/",
    "GET /api/v1/documents/{id}/file/",
    "GET /api/v1/organisations/{id}/documents/",
    "POST /api/v1/organisations/{id}/documents/",
    "GET /api/v1/requests/{reference}/agreements/",
    "GET /api/v1/requests/{reference}/agreements/{version}/pdf/",
    "POST /api/v1/requests/{reference}/agreements/{version}/sign/",
    "POST /api/v1/requests/{reference}/arrive/",
    "POST /api/v1/requests/{reference}/hand-over/",
    "POST /api/v1/requests/{reference}/no-show/",
    "POST /api/v1/requests/{reference}/not-used/",
    "POST /api/v1/requests/{reference}/report/",
    "POST /api/v1/requests/{reference}/review/",
    "POST /api/v1/requests/{reference}/take-back/",
    "GET /api/v1/spaces/{id}/estimate/",
]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def schema() -> Any:
    described = json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))
    loaded = schemathesis.openapi.from_dict(described)
    loaded.app = application
    return loaded


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests share the test's own transaction, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def real(cast: Cast, space: Space, sent: Any, body: dict[str, Any]) -> dict[str, Any]:
    """Values that exist, so that what is generated does not always stop at the door."""
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    booking: BookingRequest = sent(2, equipment={pool: 1})
    document = factories.InsuranceFactory.create(organisation=booking.organisation)
    return {
        "id": space.pk,
        "organisations": booking.organisation_id,
        "documents": document.pk,
        "version": 1,
        "occurrence": booking.occurrences.earliest("pk").pk,
        "uai": cast.school.uai,
        "reference": booking.reference,
        **body,
        "dates": [EVENING],
        "equipment": [{"pool": pool.pk, "quantity": 1}],
    }


def made_real(case: Any, real: dict[str, Any], generated: set[str]) -> None:
    """Put what exists in place of what was generated, save these fields."""
    for values in (case.path_parameters, case.body):
        for name in values if isinstance(values, dict) else ():
            if name in real and name not in generated:
                values[name] = real[name]


@pytest.mark.parametrize("role", ["anonymous", "member", "manager"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_fault_and_as_described(
    cast: Cast, schema: Any, real: dict[str, Any], label: str, role: str
) -> None:
    method, path = label.split()
    real["id"] = real.get(path.split("/")[3], real["id"])
    operation = schema[path][method]
    headers = {}
    if role != "anonymous":
        headers["Authorization"] = f"Token {AuthToken.objects.create(cast.user(role))[1]}"
    cases = st.one_of(
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=effort(100),
        deadline=None,
        derandomize=TEST_EFFORT < 1,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=cases, generated=st.sets(st.sampled_from(sorted(real)), max_size=2) | st.just(set(real)))
    def ask(case: Any, generated: set[str]) -> None:
        made_real(case, real, generated)
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()


def test_every_operation_is_tried(schema: Any) -> None:
    found = {operation.ok().label for operation in schema.get_all_operations()}
    assert found == set(OPERATIONS)
