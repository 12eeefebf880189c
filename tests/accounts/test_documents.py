"""An organisation's documents: put on file once for all schools, replaced, taken off; judged by their content."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from PIL import Image

from shareloc.accounts import documents
from shareloc.accounts.documents import Standing
from shareloc.accounts.models import Document, Membership, User
from shareloc.web.uploads import document_type
from tests import factories
from tests.bookings.pages.reading import fields, title, words
from tests.conftest import ROLES, Cast
from tests.documents import CERTIFICATE, PDF, uploaded

TODAY = dt.date(2026, 10, 14)
pytestmark = pytest.mark.usefixtures("now", "media")


@pytest.fixture
def admin(cast: Cast) -> User:
    made = factories.MembershipFactory.create(organisation=cast.organisation, role=Membership.Role.ADMIN)
    cast.users["admin"] = made.user
    return made.user


def picture(form: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(kept, form)
    return kept.getvalue()


def address(cast: Cast, rest: str = "") -> str:
    return f"/compte/organismes/{cast.organisation.pk}/pieces/{rest}"


def deposit(cast: Cast, role: str = "member", query: str = "", **changed: Any) -> HttpResponse:
    values = {**CERTIFICATE, "file": uploaded(), **changed}
    return cast.client(role).post(address(cast, f"deposer/assurance/{query}"), values)  # type: ignore[return-value]


# --- who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [*zip(ROLES, (302, 404, 200, 404, 404, 200), strict=True), ("caretaker", 404), ("admin", 200)],
)
def test_who_sees_the_list(cast: Cast, admin: User, role: str, status: int) -> None:
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    assert cast.client(role).get(address(cast)).status_code == status


@pytest.mark.parametrize(
    ("role", "status"),
    [*zip(ROLES, (302, 404, 302, 404, 404, 403), strict=True), ("caretaker", 404), ("admin", 302)],
)
def test_who_deposits(cast: Cast, admin: User, role: str, status: int) -> None:
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    assert deposit(cast, role).status_code == status
    assert Document.objects.count() == (1 if role in ("member", "admin") else 0)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        *zip(ROLES, (302, 404, 403, 404, 404, 403), strict=True),
        ("caretaker", 404),
        ("admin", 302),
        ("depositor", 302),
    ],
)
@pytest.mark.parametrize("how", ["retirer", "remplacer"])
def test_who_takes_off_and_replaces(cast: Cast, admin: User, role: str, status: int, how: str) -> None:
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    depositor = factories.MembershipFactory.create(organisation=cast.organisation).user
    cast.users["depositor"] = depositor
    document = factories.InsuranceFactory.create(organisation=cast.organisation, created_by=depositor)
    if how == "retirer":
        response = cast.client(role).post(address(cast, f"{document.pk}/retirer/"))
    else:
        response = deposit(cast, role, query=f"?remplacer={document.pk}")  # type: ignore[assignment]
    assert response.status_code == status
    document.refresh_from_db()
    assert (document.removed_at is not None) == (role in ("admin", "depositor"))


def test_a_document_of_another_organisation_is_neither_removed_nor_replaced(cast: Cast, admin: User) -> None:
    other = factories.InsuranceFactory.create(organisation=cast.other_organisation)
    assert cast.client("admin").post(address(cast, f"{other.pk}/retirer/")).status_code == 404
    for named in (other.pk, "0", "x", "9" * 40):
        assert deposit(cast, "admin", query=f"?remplacer={named}").status_code == 404
    assert cast.client("admin").get(address(cast, "deposer/autre/")).status_code == 404
    assert cast.client("admin").get(address(cast, f"{other.pk}/retirer/")).status_code == 405


# --- putting on file -----------------------------------------------------------------------------


def test_a_certificate_is_kept_under_a_random_name(cast: Cast, now: dt.datetime) -> None:
    response = deposit(cast, file=uploaded(name="../../Attestation de Mme X.exe"))
    assert response.headers["Location"] == address(cast)
    document = Document.objects.get()
    assert (document.kind, document.insurer, document.policy_number) == (
        "insurance",
        "Mutuelle d’essai",
        "P-1234",
    )
    assert (document.cover_amount, document.valid_until) == (5_000_000, dt.date(2027, 8, 31))
    assert (document.content_type, document.size) == ("application/pdf", len(PDF))
    assert document.created_by == cast.user("member")
    folder, _slash, name = document.file.name.partition("/")
    assert folder == "documents"
    assert len(name) == 32 + len(".pdf")
    assert name.endswith(".pdf")
    assert document.file.read() == PDF


def test_statutes_need_nothing_but_the_file(cast: Cast) -> None:
    response = cast.client("member").post(
        address(cast, "deposer/statuts/"), {"file": uploaded(picture("PNG"), "statuts.pdf")}
    )
    assert response.status_code == 302
    document = Document.objects.get()
    assert (document.kind, document.content_type) == ("statutes", "image/png")
    assert document.file.name.endswith(".png")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (PDF, "application/pdf"),
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("GIF"), None),
        (b"<html><script>alert(1)</script></html>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ" + bytes(100), None),
        (b"%PDF-1.7 cut short", None),
        (b"<html>%PDF-1.7 %%EOF", None),
        (picture("PNG")[:40], None),
        (b"", None),
    ],
)
def test_what_a_file_is_its_content_says(content: bytes, found: str | None) -> None:
    assert document_type(io.BytesIO(content)) == found


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"file": uploaded(b"<html></html>", "a.pdf")},
            "Ce fichier n’est ni un PDF, ni une image JPEG ou PNG",
        ),
        ({"file": uploaded(PDF + bytes(10_000_000))}, "Ce fichier est trop lourd : 10 Mo au plus."),
        ({"file": uploaded(b"")}, "Ce fichier est vide"),
        ({"file": ""}, "Choisissez le fichier à déposer."),
        ({"insurer": ""}, "Ce champ est obligatoire."),
        ({"policy_number": "P\x001"}, "Le caractère nul n’est pas autorisé."),
        ({"cover_amount": "-1"}, "supérieure ou égale à 1"),
        ({"cover_amount": "9" * 30}, "inférieure ou égale"),
        ({"valid_until": "2026-08-31"}, "Cette attestation a expiré"),
        ({"valid_from": "2027-09-01"}, "La fin vient après le début."),
        ({"valid_until": "demain"}, "Saisissez une date valide."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    cast: Cast, changed: dict[str, Any], sentence: str
) -> None:
    response = deposit(cast, **changed)
    assert response.status_code == 200
    assert title(response).startswith("Erreur : Attestation d’assurance")
    said = words(response).replace("'", "’")
    assert sentence in said
    assert "Choisissez de nouveau le fichier" in said
    kept = fields(response)
    for name, value in CERTIFICATE.items():
        if name not in changed:
            assert kept[name] == [value]
    assert not Document.objects.exists()


def test_replacing_starts_from_the_old_one_which_counts_no_more(cast: Cast, admin: User) -> None:
    old = factories.InsuranceFactory.create(
        organisation=cast.organisation, insurer="Ancienne mutuelle", valid_until=dt.date(2026, 11, 1)
    )
    page = cast.client("admin").get(address(cast, f"deposer/assurance/?remplacer={old.pk}"))
    assert "Remplacer : Attestation d’assurance" in words(page)
    assert fields(page)["insurer"] == ["Ancienne mutuelle"]
    deposit(cast, "admin", query=f"?remplacer={old.pk}")
    [current] = Document.objects.insurance()
    assert current.insurer == "Mutuelle d’essai"
    old.refresh_from_db()
    assert old.removed_at is not None
    assert deposit(cast, "admin", query=f"?remplacer={old.pk}").status_code == 404


@pytest.mark.parametrize(
    ("onward", "leads"),
    [
        ("/salles/1/demander/?date=2026-11-12", "/salles/1/demander/?date=2026-11-12"),
        ("https://example.org/", None),
        ("//example.org/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_afterwards_one_goes_on_within_the_site(cast: Cast, onward: str, leads: str | None) -> None:
    client = cast.client("member")
    response = client.post(
        address(cast, "deposer/assurance/"),
        {**CERTIFICATE, "file": uploaded()},
        query_params={"suite": onward},
    )
    assert response.headers["Location"] == (leads or address(cast))


# --- how it stands -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "standing"),
    [
        (None, None, Standing.ON_FILE),
        (-300, -1, Standing.EXPIRED),
        (-300, 0, Standing.SOON),
        (-300, 30, Standing.SOON),
        (-300, 31, Standing.VALID),
        (1, 300, Standing.COMING),
    ],
)
def test_standing(first: int | None, last: int | None, standing: Standing) -> None:
    bounds = [None if days is None else TODAY + dt.timedelta(days=days) for days in (first, last)]
    assert documents.standing(Document(valid_from=bounds[0], valid_until=bounds[1]), TODAY) == standing


def test_the_list_says_how_each_stands(cast: Cast) -> None:
    def certificate(first: str, last: str, **values: Any) -> None:
        factories.InsuranceFactory.create(
            organisation=cast.organisation,
            valid_from=dt.date.fromisoformat(first),
            valid_until=dt.date.fromisoformat(last),
            **values,
        )

    certificate("2025-09-01", "2026-08-31")
    certificate("2026-01-01", "2026-11-01")
    certificate("2026-11-02", "2027-11-01")
    certificate("2026-09-01", "2027-08-31", policy_number="P-77", cover_amount=5_000_000)
    Document.objects.create(organisation=cast.organisation, kind="statutes")
    said = words(cast.client("member").get(address(cast)))
    for sentence in (
        "Expirée depuis le 31 août 2026",
        "Expire bientôt le 1er novembre 2026",
        "À venir du 2 novembre 2026 au 1er novembre 2027",
        "Valide jusqu’au 31 août 2027 Contrat P-77 · 5 000 000 € garantis · déposée le 14 octobre 2026",
        "Statuts Au dossier",
    ):
        assert sentence in said
    said = words(cast.client("member").get(f"/compte/organismes/{cast.organisation.pk}/"))
    assert "Attestation d’assurance , Mutuelle d’essai Valide jusqu’au 31 août 2027" in said
    assert "Ouvrir le dossier" in said


def test_an_empty_file_says_what_to_do(cast: Cast) -> None:
    said = words(cast.client("member").get(address(cast)))
    assert "Le dossier est vide" in said
    assert "Déposer une attestation d’assurance" in said
    assert "Déposer" not in words(cast.client("region").get(address(cast)))


@pytest.mark.parametrize("many", [1, 20])
def test_as_many_queries_for_one_as_for_many(cast: Cast, django_assert_num_queries: Any, many: int) -> None:
    factories.InsuranceFactory.create_batch(
        many, organisation=cast.organisation, created_by=cast.user("member")
    )
    client = cast.client("member")
    # The organisation; the documents; my role, asked twice.
    with django_assert_num_queries(4, own=True):
        assert client.get(address(cast)).status_code == 200


def test_the_list_is_paginated(cast: Cast) -> None:
    factories.InsuranceFactory.create_batch(21, organisation=cast.organisation)
    second = words(cast.client("region").get(address(cast) + "?page=2"))
    assert second.count("Mutuelle d’essai") == 1


def test_the_file_goes_with_its_row(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    deposit(cast)
    document = Document.objects.get()
    path = Path(document.file.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        cast.organisation.delete()
    assert not path.exists()


BOUNDS = (None, dt.date(2026, 10, 1), dt.date(2026, 10, 31))


@pytest.mark.parametrize("day", [dt.date(2026, 9, 30), *BOUNDS[1:], dt.date(2026, 11, 1)])
def test_what_covers_a_day_is_the_same_of_one_and_of_all(db: None, day: dt.date) -> None:
    for valid_from in BOUNDS:
        for valid_until in BOUNDS:
            factories.InsuranceFactory.create(valid_from=valid_from, valid_until=valid_until)
    covering = set(Document.objects.covering(day))
    assert covering == {document for document in Document.objects.all() if document.covers(day)}
    assert 0 < len(covering) < 9
