"""Documents of an organisation through the API."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from shareloc.accounts.models import Document, Membership
from tests import factories
from tests.api.conftest import errors
from tests.conftest import ROLES, Cast
from tests.documents import CERTIFICATE, PDF, certificate, uploaded

pytestmark = pytest.mark.usefixtures("now", "media")

BASE = "/api/v1/"


def address(cast: Cast) -> str:
    return f"{BASE}organisations/{cast.organisation.pk}/documents/"


def deposit(cast: Cast, role: str = "member", **changed: Any) -> Any:
    values = {"kind": "insurance", **CERTIFICATE, "file": uploaded(), **changed}
    sent = {name: value for name, value in values.items() if value is not None}
    return cast.api(role).post(address(cast), sent, format="multipart")


def everybody(cast: Cast) -> None:
    """The cast, a caretaker and an administrator, the school having been asked for a room."""
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    cast.users["admin"] = factories.MembershipFactory.create(
        organisation=cast.organisation, role=Membership.Role.ADMIN
    ).user
    factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)


PEOPLE = (*ROLES, "caretaker", "admin")


@pytest.mark.parametrize(
    ("role", "listed", "deposited", "removed"),
    zip(
        PEOPLE,
        (401, 404, 200, 404, 200, 200, 404, 200),
        (401, 404, 201, 404, 403, 403, 404, 201),
        (401, 404, 403, 404, 403, 403, 404, 204),
        strict=True,
    ),
)
def test_who_may_what(cast: Cast, role: str, listed: int, deposited: int, removed: int) -> None:
    everybody(cast)
    document = certificate(organisation=cast.organisation)
    client = cast.api(role)
    assert client.get(address(cast)).status_code == listed
    assert client.get(f"{BASE}documents/{document.pk}/").status_code == listed
    assert client.get(f"{BASE}documents/{document.pk}/file/").status_code == listed
    assert deposit(cast, role).status_code == deposited
    assert client.delete(f"{BASE}documents/{document.pk}/").status_code == removed


def test_the_shape(cast: Cast) -> None:
    answer = deposit(cast)
    document = Document.objects.get()
    shape = {
        "id": document.pk,
        "kind": "insurance",
        "insurer": "Mutuelle d’essai",
        "policy_number": "P-1234",
        "cover_amount": 5_000_000,
        "valid_from": "2026-09-01",
        "valid_until": "2027-08-31",
        "standing": "valid",
        "has_file": True,
        "content_type": "application/pdf",
        "size": len(PDF),
        "created_at": "2026-10-14T10:00:00+02:00",
    }
    assert answer.json() == shape
    assert document.created_by == cast.user("member")
    assert cast.api("member").get(address(cast)).json()["results"] == [shape]
    assert cast.api("member").get(f"{BASE}documents/{document.pk}/").json() == shape


def test_the_file_comes_as_it_was(cast: Cast) -> None:
    document = certificate(organisation=cast.organisation)
    response = cast.api("member").get(f"{BASE}documents/{document.pk}/file/")
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"kind": None}, ("kind", "required")),
        ({"kind": "poem"}, ("kind", "invalid_choice")),
        ({"file": None}, ("file", "required")),
        ({"file": uploaded(b"MZ")}, ("file", "unknown_type")),
        ({"file": uploaded(PDF + bytes(10_000_000))}, ("file", "too_large")),
        ({"insurer": None}, ("insurer", "required")),
        ({"valid_until": "2026-01-01"}, ("valid_until", "expired")),
        ({"valid_until": "x"}, ("valid_until", "invalid")),
        ({"valid_from": "2028-01-01"}, ("valid_until", "end_before_start")),
        ({"cover_amount": "0"}, ("cover_amount", "min_value")),
    ],
)
def test_what_is_wrong_has_its_code(cast: Cast, changed: dict[str, Any], found: tuple[str, str]) -> None:
    answer = deposit(cast, **changed)
    assert answer.status_code == 400
    assert errors(answer) == [found]
    assert not Document.objects.exists()


def test_json_is_not_how_files_come(cast: Cast) -> None:
    assert cast.api("member").post(address(cast), {"kind": "statutes"}).status_code == 415


@pytest.mark.parametrize("pk", ["0", "9" * 30, "x"])
def test_no_such_document(cast: Cast, pk: str) -> None:
    for end in (f"documents/{pk}/", f"documents/{pk}/file/", f"organisations/{pk}/documents/"):
        assert cast.api("region").get(BASE + end).status_code == 404


def test_what_is_taken_off_is_listed_no_more(cast: Cast) -> None:
    document = certificate(organisation=cast.organisation, created_by=cast.user("member"))
    assert cast.api("member").delete(f"{BASE}documents/{document.pk}/").status_code == 204
    assert cast.api("member").get(address(cast)).json()["results"] == []


@pytest.mark.parametrize("many", [1, 15])
def test_few_statements(cast: Cast, django_assert_num_queries: Any, many: int) -> None:
    factories.InsuranceFactory.create_batch(many, organisation=cast.organisation)
    client: APIClient = cast.api("member")
    with django_assert_num_queries(4, own=True):
        assert client.get(address(cast)).json()["count"] == many
