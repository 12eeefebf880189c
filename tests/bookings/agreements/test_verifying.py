"""What anybody may learn of an agreement: by number, by hash, by file, and nothing of people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings import agreements, workflow
from bookings.models import Agreement
from tests.bookings.pages.reading import words
from tests.conftest import Cast

VERIFY = "/conventions/verifier/"


def sign_all(cast: Cast, agreement: Agreement) -> None:
    for side, role in (("organisation", "member"), ("school", "manager"), ("region", "region")):
        user = cast.user(role)
        agreements.sign(agreement, side=side, by=user, name="Camille Exemple", capacity="Présidente")


@pytest.fixture
def cut(cast: Cast, loan: Agreement) -> Agreement:
    """The version that replaced it when its first date was cancelled."""
    date = loan.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(loan.request, by=cast.user("member"), reason="Malade", occurrences=[date.pk])
    second = agreements.draw_up(loan.request_id)
    assert second
    return second


@pytest.mark.parametrize("written", ["{}", " {} ", "{lower}", "{spaced}", "{dashed}"])
def test_by_number_however_written(client: Client, loan: Agreement, written: str) -> None:
    number = loan.number
    text = written.format(
        number, lower=number.lower(), spaced=number.replace("-", " - "), dashed=number.replace("-", "–")
    )
    said = words(client.get(VERIFY, {"q": text}))
    assert f"Convention {number} , version 1" in said
    assert "Convention authentique, pas encore signée par tous" in said
    assert "Lycée pas encore signée" in said


def test_by_hash_at_its_own_address(cast: Cast, client: Client, loan: Agreement) -> None:
    sign_all(cast, loan)
    said = words(client.get(f"/conventions/{loan.digest}/"))
    assert "Convention authentique et signée Cette version est la dernière." in said
    assert "Organisme signée mercredi 14 octobre 2026, 10:00" in said
    assert loan.digest in said


def test_nobody_is_named(cast: Cast, client: Client, loan: Agreement) -> None:
    sign_all(cast, loan)
    page = client.get(f"/conventions/{loan.digest}/").content.decode()
    for name in (
        "Camille",
        cast.organisation.name,
        cast.school.name,
        loan.request.purpose,
        loan.request.reference,
    ):
        assert name not in page


def test_a_replaced_version_says_so(client: Client, loan: Agreement, cut: Agreement) -> None:
    assert "Version remplacée La version 2 l’a remplacée" in words(client.get(f"/conventions/{loan.digest}/"))
    assert f"Convention {loan.number} , version 2" in words(client.get(VERIFY, {"q": loan.number}))


def test_all_dates_cancelled(cast: Cast, client: Client, loan: Agreement) -> None:
    workflow.cancel(loan.request, by=cast.user("manager"), reason="Travaux")
    assert "Sans objet Toutes ses dates ont été annulées." in words(
        client.get(f"/conventions/{loan.digest}/")
    )


def test_by_file(client: Client, loan: Agreement) -> None:
    file = SimpleUploadedFile("x.pdf", loan.file.read(), content_type="application/pdf")
    response = client.post(VERIFY, {"file": file}, follow=True)
    assert response.redirect_chain == [(f"/conventions/{loan.digest}/", 302)]
    assert f"Convention {loan.number} , version 1" in words(response)


def test_a_changed_file_is_unknown(client: Client, loan: Agreement) -> None:
    file = SimpleUploadedFile("x.pdf", loan.file.read() + b" ")
    response = client.post(VERIFY, {"file": file}, follow=True)
    assert response.status_code == 404
    assert "Aucune convention ne correspond" in words(response)


@pytest.mark.parametrize("text", ["C-0000-0000", "0" * 64, "R-0000-0000", "<b>", "é" * 100])
def test_unknown(client: Client, db: None, text: str) -> None:
    response = client.get(VERIFY, {"q": text})
    assert response.status_code == 200
    assert "Aucune convention ne correspond" in words(response)


@pytest.mark.parametrize("digest", ["0" * 64, "nimporte-quoi", "x" * 300])
def test_unknown_addresses(client: Client, db: None, digest: str) -> None:
    response = client.get(f"/conventions/{digest}/")
    assert response.status_code == 404
    assert "Aucune convention ne correspond" in words(response)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choisissez un fichier."),
        ({"file": SimpleUploadedFile("x.pdf", b"")}, "Ce fichier est vide"),
        ({"file": SimpleUploadedFile("x.pdf", b"0" * (10 * 1024 * 1024 + 1))}, "Ce fichier dépasse 10 Mo"),
    ],
)
def test_no_file(client: Client, db: None, data: Any, message: str) -> None:
    response = client.post(VERIFY, data)
    assert response.status_code == 200
    assert f"Fichier PDF de la convention : {message}" in words(response)
    assert 'href="#id_file"' in response.content.decode()


@pytest.mark.parametrize("text", ["", "  ", "x" * 101])
def test_nothing_to_look_for(client: Client, db: None, text: str) -> None:
    said = words(client.get(VERIFY, {"q": text}))
    assert "Il reste quelque chose à corriger" in said
    assert "Aucune convention" not in said


def test_not_too_often(
    client: Client, loan: Agreement, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rest_framework.throttling import SimpleRateThrottle

    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "verifications", "2/min")
    assert client.get(VERIFY).status_code == 200  # the empty page costs nothing
    assert client.get(VERIFY, {"q": loan.number}).status_code == 200
    assert client.get(f"/conventions/{loan.digest}/").status_code == 200
    response = client.get(VERIFY, {"q": loan.number})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert "Trop de vérifications depuis votre adresse." in words(response)
    assert client.post(VERIFY, {}).status_code == 429


def test_the_pdf_leads_here(client: Client, loan: Agreement) -> None:
    from .conftest import pdf_of

    addresses = {
        note.get_object()["/A"]["/URI"]
        for page in pdf_of(loan.file.read()).pages
        for note in page.get("/Annots", [])
    }
    assert [re.sub(r"^http://[^/]+", "", address) for address in addresses] == [VERIFY]


def test_statements(client: Client, loan: Agreement, cut: Agreement, django_assert_num_queries: Any) -> None:
    # The version, its signatures, the newest version, whether dates are left.
    with django_assert_num_queries(4):
        client.get(f"/conventions/{loan.digest}/")
