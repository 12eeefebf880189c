"""The pages of an agreement: who reads, draws up, signs and downloads; the Région's list."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from bookings import agreements, workflow
from bookings.models import Agreement, Signature
from tests import factories
from tests.bookings.conftest import Scene
from tests.bookings.pages.reading import fields, links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import ROLES, Cast
from venues.models import School, SchoolRole

from .conftest import text_of

SIDES = {"member": "organisation", "manager": "school", "region": "region"}
FORM = {"name": "Camille Exemple", "capacity": "Présidente", "agreed": "on"}
SEES = (302, 404, 200, 404, 200, 200)


def address(agreement: Agreement, end: str = "") -> str:
    return f"/demandes/{agreement.request.reference}/convention/{end}"


def sign_all(cast: Cast, agreement: Agreement) -> None:
    for role, side in SIDES.items():
        agreements.sign(agreement, side=side, by=cast.user(role), name="Camille", capacity="Présidente")


# -- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "1.pdf", "1-signatures.pdf"])
@pytest.mark.parametrize(("role", "status"), zip(ROLES, SEES, strict=True))
def test_who_reads(cast: Cast, loan: Agreement, role: str, status: int, end: str) -> None:
    assert cast.client(role).get(address(loan, end)).status_code == status


def test_the_lodge_does_not_read(cast: Cast, loan: Agreement) -> None:
    lodge = factories.SchoolRoleFactory.create(school=cast.school, role=SchoolRole.Role.CARETAKER).user
    for end in ("", "1.pdf", "1-signatures.pdf"):
        assert signed_in(lodge).get(address(loan, end)).status_code == 404


def test_the_file_is_downloaded_as_it_is(cast: Cast, loan: Agreement) -> None:
    response: Any = cast.client("member").get(address(loan, "1.pdf"))
    body = b"".join(response.streaming_content)
    assert sha256(body).hexdigest() == loan.digest
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="convention-{loan.number} v1.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_that_is_lost_is_not_found(cast: Cast, loan: Agreement) -> None:
    loan.file.storage.delete(loan.file.name)
    assert cast.client("member").get(address(loan, "1.pdf")).status_code == 404
    assert cast.client("member").get(address(loan, "7.pdf")).status_code == 404


def test_the_sheet_names_who_signed(cast: Cast, loan: Agreement) -> None:
    sign_all(cast, loan)
    response = cast.client("member").get(address(loan, "1-signatures.pdf"))
    assert "Les trois parties ont signé." in text_of(response.content)
    assert response["Content-Disposition"] == f'attachment; filename="signatures-{loan.number} v1.pdf"'


def test_the_page_tells_who_signed(cast: Cast, loan: Agreement) -> None:
    agreements.sign(
        loan, side="organisation", by=cast.user("member"), name="Camille Exemple", capacity="Présidente"
    )
    said = words(cast.client("manager").get(address(loan)))
    assert "La version 1, établie le mercredi 14 octobre 2026, attend encore des signatures." in said
    assert "Organisme Camille Exemple, Présidente mercredi 14 octobre 2026, 10:00 Lycée pas encore" in said
    assert loan.digest in said
    sign_rest = {"manager": "school", "region": "region"}
    for role, side in sign_rest.items():
        agreements.sign(loan, side=side, by=cast.user(role), name="Camille", capacity="Tout")
    assert "La version 1 est signée par les trois parties." in words(
        cast.client("manager").get(address(loan))
    )


# -- drawing up ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (302, 404, 302, 404, 302, 302), strict=True))
def test_who_has_it_drawn_up(cast: Cast, loan: Agreement, role: str, status: int) -> None:
    Agreement.objects.all().delete()
    client = cast.client(role)
    assert client.post(address(loan, "etablir/")).status_code == status
    assert Agreement.objects.exists() is (role in SIDES)
    assert client.get(address(loan, "etablir/")).status_code == (405 if role != "anonymous" else 302)


def test_reading_draws_nothing_up(cast: Cast, loan: Agreement) -> None:
    Agreement.objects.all().delete()
    response = cast.client("member").get(address(loan))
    assert "La convention est en préparation." in words(response)
    assert "L’établir maintenant" in words(response)
    assert not Agreement.objects.exists()


def test_while_the_next_version_is_late(cast: Cast, loan: Agreement) -> None:
    date = loan.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(loan.request, by=cast.user("member"), reason="Malade", occurrences=[date.pk])
    response = cast.client("member").get(address(loan))
    assert "Les dates ont changé : une nouvelle version est en préparation." in words(response)
    assert "Signer pour" not in words(response)
    cast.client("member").post(address(loan, "etablir/"))
    said = words(cast.client("member").get(address(loan)))
    assert "La version 2" in said
    assert "Versions remplacées Version 1, du mercredi 14 octobre 2026" in said


# -- signing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["organisation", "school", "region"])
@pytest.mark.parametrize("role", ROLES)
def test_who_signs(cast: Cast, loan: Agreement, role: str, side: str) -> None:
    response = cast.client(role).post(address(loan, f"1/signer/{side}/"), FORM)
    expected = {"anonymous": 302, "stranger": 404, "other_manager": 404}.get(role, 403)
    if SIDES.get(role) == side:
        expected = 302
        signature = Signature.objects.get()
        assert (signature.side, signature.name, signature.signed_by) == (
            side,
            "Camille Exemple, Présidente",
            cast.user(role),
        )
    else:
        assert not Signature.objects.exists()
    assert response.status_code == expected


@pytest.mark.parametrize(
    ("role", "party"), [("member", "organisme"), ("manager", "lycée"), ("region", "Région")]
)
def test_one_is_shown_one_s_own_form(cast: Cast, loan: Agreement, role: str, party: str) -> None:
    response = cast.client(role).get(address(loan))
    said = words(response)
    assert [
        end
        for end in ("organisme", "lycée", "Région")
        if f"Signer pour l’{end}" in said
        or f"Signer pour le {end}" in said
        or f"Signer pour la {end}" in said
    ] == [party]
    assert fields(response)["name"] == [cast.user(role).name]
    assert fields(response)["capacity"] == ["Gestionnaire" if role == "manager" else ""]


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("name", "Prénom et nom : Écrivez votre prénom et votre nom."),
        ("capacity", "Qualité : Écrivez en quelle qualité vous signez."),
        ("agreed", "Cochez la case : c’est elle qui vaut signature."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(
    cast: Cast, loan: Agreement, missing: str, message: str
) -> None:
    response = cast.client("member").post(address(loan, "1/signer/organisation/"), {**FORM, missing: ""})
    assert response.status_code == 200
    assert message in words(response)
    assert f'href="#id_organisation_{missing}"' in response.content.decode()
    kept = "capacity" if missing == "name" else "name"
    assert fields(response)[kept] == [FORM[kept]]
    assert not Signature.objects.exists()


def test_a_replaced_version_is_refused_kindly(cast: Cast, loan: Agreement) -> None:
    date = loan.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(loan.request, by=cast.user("member"), reason="Malade", occurrences=[date.pk])
    agreements.draw_up(loan.request_id)
    response = cast.client("member").post(address(loan, "1/signer/organisation/"), FORM)
    assert response.status_code == 409
    assert "Rien n’a été signé La version 1 est remplacée par la version 2" in words(response)
    assert "Signer pour l’organisme" in words(response)


@pytest.mark.parametrize("left", [0, 1])
def test_a_form_filled_in_badly_never_signs_another_version(cast: Cast, loan: Agreement, left: int) -> None:
    """Whether the loan has a newer version, or no date any more."""
    dates = list(loan.request.occurrences.order_by("start_at").values_list("pk", flat=True))
    gone = dates[: len(dates) - left]
    workflow.cancel(loan.request, by=cast.user("member"), reason="Malade", occurrences=gone)
    agreements.draw_up(loan.request_id)
    response = cast.client("member").post(
        address(loan, "1/signer/organisation/"), {**FORM, "agreed": "", "capacity": "Trésorière d’essai"}
    )
    assert response.status_code == 409
    assert "Rien n’a été signé Cette version n’est plus à signer" in words(response)
    assert "Trésorière d’essai" not in words(response)
    buttons = re.findall(r'action="[^"]*/convention/(\d+)/signer/', response.content.decode())
    assert buttons == ["2"] * left


@pytest.mark.parametrize("end", ["9/signer/organisation/", "1/signer/nobody/"])
def test_what_is_not_there_is_not_signed(cast: Cast, loan: Agreement, end: str) -> None:
    assert cast.client("member").post(address(loan, end), FORM).status_code in (403, 404)
    assert not Signature.objects.exists()


# -- on the page of the request -----------------------------------------------------------------


def test_steps_and_links_of_the_request(cast: Cast, loan: Agreement) -> None:
    page = f"/demandes/{loan.request.reference}/"
    response = cast.client("member").get(page)
    assert "Convention – en cours à signer : organisme, lycée, Région" in words(response)
    assert "Lire et signer la convention" in words(response)
    assert address(loan, "1.pdf") in links(response)
    assert "Convention établie, version 1 mercredi" in words(response)
    sign_all(cast, loan)
    response = cast.client("member").get(page)
    assert "Convention – fait signée par les trois parties" in words(response)
    assert "Lire et signer" not in words(response)
    assert "Convention, version 1, signée : Camille, Présidente (Organisme) par" in words(response)


def test_without_anything_promised_there_is_no_panel(scene: Scene) -> None:
    from tests.bookings.conftest import evening

    asked = scene.submit(evening("2026-11-12"))
    said = words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))
    assert "Convention – à venir après l’accord du lycée" in said
    assert "Voir la convention" not in said
    workflow.refuse(asked, by=scene.manager, reason="Non")
    assert "Convention" not in words(signed_in(scene.member).get(f"/demandes/{asked.reference}/"))


def test_statements_of_the_page(
    cast: Cast, loan: Agreement, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("member")
    # The request, its dates, rooms, lycée, equipment, visits (5); versions, signatures; whether I am a member, and my
    # role in the school, to sign and to decide.
    with django_assert_num_queries(PAGE, own=True):
        client.get(address(loan))
    for version in range(2, 12):
        factories.AgreementFactory.create(request=loan.request, number=loan.number, version=version)
    with django_assert_num_queries(PAGE, own=True, exact=False):
        client.get(address(loan))


PAGE = 10


# -- the Région's list --------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), zip(ROLES, (302, 404, 404, 404, 404, 200), strict=True))
def test_whose_list_it_is(cast: Cast, loan: Agreement, role: str, status: int) -> None:
    assert cast.client(role).get("/region/conventions/").status_code == status


def test_the_list_and_its_entry(cast: Cast, loan: Agreement) -> None:
    client = cast.client("region")
    agreements.sign(loan, side="school", by=cast.user("manager"), name="Camille", capacity="Proviseure")
    response = client.get("/region/conventions/")
    assert "1 convention attend la signature de la Région." in words(response)
    assert "Organisme : à signer Lycée : signée" in words(response)
    assert address(loan) in links(response)
    assert "/region/conventions/" in links(client.get("/"))
    client.post(address(loan, "1/signer/region/"), FORM)
    assert "Aucune convention n’attend la Région" in words(client.get("/region/conventions/"))


def test_an_officer_completes_on_screen_what_waits_since_before_the_standing_signature(
    cast: Cast, loan: Agreement
) -> None:
    School.objects.update(region_signature="standing", region_delegation="Délibération d’essai")
    client = cast.client("region")
    assert address(loan) in links(client.get("/region/conventions/"))
    client.post(address(loan, "1/signer/region/"), FORM)
    assert "Aucune convention n’attend la Région" in words(client.get("/region/conventions/"))
    last = loan.request.occurrences.latest("start_at").pk
    workflow.cancel(loan.request, by=cast.user("manager"), reason="Travaux", occurrences=[last])
    later = agreements.draw_up(loan.request_id)
    assert later is not None
    assert later.signatures.get().delegation == "Délibération d’essai"
    assert "Aucune convention n’attend la Région" in words(client.get("/region/conventions/"))


def test_what_does_not_wait_for_the_region(cast: Cast, loan: Agreement) -> None:
    assert Agreement.objects.waiting_for_region().get() == loan
    workflow.cancel(loan.request, by=cast.user("manager"), reason="Travaux")
    assert not Agreement.objects.waiting_for_region().exists()


def test_as_many_statements_for_a_full_list(
    cast: Cast, loan: Agreement, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = cast.client("region")
    # The page, its signatures.
    with django_assert_num_queries(LIST, own=True):
        client.get("/region/conventions/")
    for _n in range(25):
        request = factories.OccurrenceFactory.create(state="approved").request
        factories.SignatureFactory.create(agreement=factories.AgreementFactory.create(request=request))
    # How many there are besides.
    with django_assert_num_queries(LIST + 1, own=True):
        response = client.get("/region/conventions/")
    assert "26 conventions attendent" in words(response)
    assert "?page=2" in "".join(links(response))


LIST = 2
