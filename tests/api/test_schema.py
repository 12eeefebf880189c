"""The schema, the documentation and addresses that lead nowhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from django.core.management import call_command
from rest_framework.test import APIClient

from tests.conftest import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema() -> dict[str, Any]:
    return APIClient().get("/api/v1/schema/").json()


def test_the_schema_is_valid_and_complete() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")


def test_json_unless_yaml_is_asked_for() -> None:
    as_json = APIClient().get("/api/v1/schema/")
    assert as_json.headers["Content-Type"] == "application/json"
    assert yaml.safe_load(as_json.content) == json.loads(as_json.content)
    as_yaml = APIClient().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert yaml.safe_load(as_yaml.content) == as_json.json()


def test_every_address(schema: dict[str, Any]) -> None:
    prefix = "/api/v1/"
    assert {
        path.removeprefix(prefix): sorted(operations) for path, operations in schema["paths"].items()
    } == {
        "auth/token/": ["delete", "post"],
        "me/": ["get"],
        "places/": ["get"],
        "schools/": ["get"],
        "schools/{uai}/": ["get"],
        "schools/{uai}/planning/": ["get"],
        "spaces/": ["get"],
        "spaces/alternatives/": ["get"],
        "spaces/flexible/": ["get"],
        "spaces/series/": ["get"],
        "spaces/{id}/": ["get"],
        "spaces/{id}/availability/": ["get"],
        "spaces/{id}/estimate/": ["get"],
        "spaces/{id}/problems/": ["get"],
        "requests/": ["get", "post"],
        "requests/preview/": ["post"],
        "requests/{reference}/": ["get"],
        "requests/{reference}/approve/": ["post"],
        "requests/{reference}/refuse/": ["post"],
        "requests/{reference}/withdraw/": ["post"],
        "requests/{reference}/cancel/": ["post"],
        "requests/{reference}/offer/": ["post"],
        "requests/{reference}/accept-offer/": ["post"],
        "requests/{reference}/decline-offer/": ["post"],
        "requests/{reference}/ask-move/": ["post"],
        "requests/{reference}/approve-move/": ["post"],
        "requests/{reference}/refuse-move/": ["post"],
        "requests/{reference}/ask-information/": ["post"],
        "requests/{reference}/answer-information/": ["post"],
        "requests/{reference}/messages/": ["get", "post"],
        "requests/{reference}/arrive/": ["post"],
        "requests/{reference}/report/": ["post"],
        "requests/{reference}/review/": ["post"],
        "requests/{reference}/not-used/": ["post"],
        "requests/{reference}/no-show/": ["post"],
        "requests/{reference}/hand-over/": ["post"],
        "requests/{reference}/take-back/": ["post"],
        "organisations/{id}/documents/": ["get", "post"],
        "documents/{id}/": ["delete", "get"],
        "documents/{id}/file/": ["get"],
        "requests/{reference}/agreements/": ["get"],
        "requests/{reference}/agreements/{version}/pdf/": ["get"],
        "requests/{reference}/agreements/{version}/sign/": ["post"],
        "calendars/": ["get", "post"],
        "calendars/{id}/": ["delete"],
        "alerts/": ["get", "post"],
        "alerts/{id}/": ["delete"],
    }


def operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for found in schema["paths"].values() for operation in found.values()]


def test_every_operation_is_described(schema: dict[str, Any]) -> None:
    for operation in operations(schema):
        assert operation["summary"]
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (operation["operationId"], parameter["name"])
            assert parameter["schema"].get("type"), (operation["operationId"], parameter["name"])


def test_errors_have_one_form(schema: dict[str, Any]) -> None:
    form = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for operation in operations(schema):
        refusals = {status for status in operation["responses"] if status.startswith("4")}
        assert "429" in refusals
        for status in refusals:
            assert operation["responses"][status]["content"] == form


def test_where_no_sign_in_is_needed(schema: dict[str, Any]) -> None:
    public = {
        operation["operationId"] for operation in operations(schema) if {} in operation.get("security", [{}])
    }
    assert public == {
        "auth_token_create",
        "places_list",
        "schools_list",
        "schools_retrieve",
        "schools_planning",
        "spaces_list",
        "spaces_estimate",
        "spaces_flexible",
        "spaces_series",
        "spaces_retrieve",
        "spaces_alternatives",
        "spaces_availability",
        "spaces_problems",
    }


def test_programmers_notes_stay_in_the_code(schema: dict[str, Any]) -> None:
    assert "Serializer" not in json.dumps(schema)
    described = [found for found in schema["components"]["schemas"].values() if "description" in found]
    assert all(found.get("enum") or "code stable" in found["description"] for found in described)


def test_nothing_comes_from_elsewhere() -> None:
    for address in ("/api/v1/docs/", "/api/v1/docs/?script="):
        content = APIClient().get(address).content.decode()
        assert "//cdn" not in content and "https://" not in content


def test_the_page_holds_no_script_nor_style_of_its_own() -> None:
    content = APIClient().get("/api/v1/docs/").content.decode()
    assert "<style" not in content
    assert content.count("<script") == content.count("<script src=")


def test_the_root_leads_to_the_documentation() -> None:
    response = APIClient().get("/api/v1/")
    assert (response.status_code, response.headers["Location"]) == (302, "/api/v1/docs/")


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("address", ["nulle/part/", "requests/R-0000-0000/explode/", "é/", "%00/"])
def test_nowhere_is_said_in_json(address: str, method: str) -> None:
    response = getattr(APIClient(), method)(f"/api/v1/{address}")
    assert response.status_code == 404
    assert response.json() == {
        "code": "not_found",
        "detail": "Cette adresse n’existe pas\N{NO-BREAK SPACE}: voyez la documentation, /api/v1/docs/.",
        "errors": [],
    }


def test_a_missing_slash_is_forgiven() -> None:
    response = APIClient().get("/api/v1/schools?page_size=1")
    assert (response.status_code, response.headers["Location"]) == (301, "/api/v1/schools/?page_size=1")


def test_the_documentation_opens_in_a_browser(page: Page, browser: Any, live_server: Any) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs/")
    page.get_by_text("Chercher une salle", exact=True).wait_for()
    assert page.locator(".opblock").count() == 54
    page.get_by_text("Chercher une salle", exact=True).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text('"count": 0').first.wait_for()
    assert [line for line in said if line.startswith("error")] == []
    assert all(url.startswith((live_server.url, "data:")) for url in asked)


@pytest.mark.parametrize("role", ["anonymous", "manager"])
def test_what_may_be_done_at_an_address_can_be_asked(cast: Cast, schema: dict[str, Any], role: str) -> None:
    for path in schema["paths"]:
        address = path.format(uai=cast.school.uai, id=1, reference="R-0000-0000", version=1)
        response = cast.api(role).options(address)
        assert response.status_code in (200, 401, 404), address
        assert response.headers["Content-Type"] == "application/json"
