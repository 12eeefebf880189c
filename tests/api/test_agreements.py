"""Agreements through the API: versions, files and signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from bookings import agreements, workflow
from bookings.models import Agreement, BookingRequest, Signature
from tests.api.conftest import errors
from tests.api.test_approve import address
from tests.conftest import ROLES, Cast

Send = Callable[..., BookingRequest]
SIDES = {"member": "organisation", "manager": "school", "region": "region"}
BODY = {"name": "Camille Exemple", "capacity": "Présidente", "agreed": True}


@pytest.fixture
def agreement(cast: Cast, sent: Send) -> Agreement:
    booking = sent(2)
    workflow.approve(booking, by=cast.user("manager"))
    drawn = agreements.draw_up(booking.pk)
    assert drawn
    return drawn


@pytest.mark.parametrize("end", ["agreements", "agreements/1/pdf"])
@pytest.mark.parametrize(("role", "status"), zip(ROLES, (401, 404, 200, 404, 200, 200), strict=True))
def test_who_reads(cast: Cast, agreement: Agreement, role: str, status: int, end: str) -> None:
    assert cast.api(role).get(address(agreement.request, end)).status_code == status


def test_versions_the_newest_first(cast: Cast, agreement: Agreement, now: dt.datetime) -> None:
    agreements.sign(agreement, side="school", by=cast.user("manager"), name="Camille", capacity="Proviseure")
    date = agreement.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(agreement.request, by=cast.user("member"), reason="Non", occurrences=[date.pk])
    second = agreements.draw_up(agreement.request_id)
    assert second
    told = cast.api("member").get(address(agreement.request, "agreements")).json()
    assert told["count"] == 2
    newest, oldest = told["results"]
    assert (newest["number"], newest["version"], newest["digest"]) == (second.number, 2, second.digest)
    assert newest["signatures"] == []
    assert oldest["signatures"] == [
        {
            "side": "school",
            "name": "Camille, Proviseure",
            "signed_at": "2026-10-14T10:00:00+02:00",
            "delegation": "",
        }
    ]


def test_the_file(cast: Cast, agreement: Agreement) -> None:
    response: Any = cast.api("member").get(address(agreement.request, "agreements/1/pdf"))
    assert sha256(b"".join(response.streaming_content)).hexdigest() == agreement.digest
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert cast.api("member").get(address(agreement.request, "agreements/2/pdf")).status_code == 404


@pytest.mark.parametrize("side", ["organisation", "school", "region"])
@pytest.mark.parametrize("role", ROLES)
def test_who_signs(cast: Cast, agreement: Agreement, role: str, side: str) -> None:
    response = cast.api(role).post(address(agreement.request, "agreements/1/sign"), {**BODY, "side": side})
    if SIDES.get(role) == side:
        assert response.status_code == 201
        (told,) = response.json()["signatures"]
        assert (told["side"], told["name"]) == (side, "Camille Exemple, Présidente")
    else:
        assert response.status_code == {"anonymous": 401, "stranger": 404, "other_manager": 404}.get(
            role, 403
        )
        assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"agreed": False}, "agreed", "not_agreed"),
        ({"agreed": None}, "agreed", "null"),
        ({"name": " "}, "name", "blank"),
        ({"capacity": "x" * 91}, "capacity", "max_length"),
        ({"side": "commune"}, "side", "invalid_choice"),
    ],
)
def test_what_is_wrong_is_said(
    cast: Cast, agreement: Agreement, change: dict[str, Any], field: str, code: str
) -> None:
    body = {**BODY, "side": "organisation", **change}
    response = cast.api("member").post(address(agreement.request, "agreements/1/sign"), body)
    assert response.status_code == 400
    assert errors(response) == [(field, code)]
    assert not Signature.objects.exists()


def test_twice_is_a_conflict(cast: Cast, agreement: Agreement) -> None:
    client, body = cast.api("member"), {**BODY, "side": "organisation"}
    assert client.post(address(agreement.request, "agreements/1/sign"), body).status_code == 201
    response = client.post(address(agreement.request, "agreements/1/sign"), body)
    assert (response.status_code, response.json()["code"]) == (409, "already_signed")


def test_a_replaced_version_is_a_conflict(cast: Cast, agreement: Agreement) -> None:
    date = agreement.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(agreement.request, by=cast.user("member"), reason="Non", occurrences=[date.pk])
    body = {**BODY, "side": "organisation"}
    response = cast.api("member").post(address(agreement.request, "agreements/1/sign"), body)
    assert (response.status_code, response.json()["code"]) == (409, "dates_changed")
    agreements.draw_up(agreement.request_id)
    response = cast.api("member").post(address(agreement.request, "agreements/1/sign"), body)
    assert (response.status_code, response.json()["code"]) == (409, "superseded")


def test_the_list_does_not_ask_more_for_more_versions(
    cast: Cast, agreement: Agreement, django_assert_num_queries: Any
) -> None:
    from tests import factories

    client = cast.api("member")
    with django_assert_num_queries(4):
        client.get(address(agreement.request, "agreements"))
    for version in range(2, 6):
        signed = factories.AgreementFactory.create(
            request=agreement.request, number=agreement.number, version=version
        )
        factories.SignatureFactory.create(agreement=signed)
    with django_assert_num_queries(4):
        assert len(client.get(address(agreement.request, "agreements")).json()["results"]) == 5
