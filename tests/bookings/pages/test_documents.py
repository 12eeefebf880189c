"""Documents as requests need them: who reads the files, what a request's page shows, depositing half-way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings import workflow
from shareloc.accounts import documents
from shareloc.accounts.models import Document
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import fields, words
from tests.conftest import ROLES, Cast
from tests.documents import CERTIFICATE, PDF, certificate, uploaded

pytestmark = pytest.mark.usefixtures("media")

BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


# -- who reads a file ---------------------------------------------------------------------------


def status(cast: Cast, role: str, document: Document) -> int:
    return cast.client(role).get(f"/documents/{document.pk}/").status_code


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("anonymous", 302, 302),
        ("stranger", 404, 404),
        ("member", 200, 200),
        ("other_manager", 404, 404),
        ("manager", 404, 200),
        ("head", 404, 200),
        ("caretaker", 404, 404),
        ("region", 200, 200),
        ("inactive", 302, 302),
    ],
)
def test_schools_read_a_document_once_they_are_asked(cast: Cast, role: str, before: int, after: int) -> None:
    for name in ("head", "caretaker"):
        cast.users[name] = factories.SchoolRoleFactory.create(school=cast.school, role=name).user
    cast.users["inactive"] = factories.MembershipFactory.create(
        organisation=cast.organisation, user__is_active=False
    ).user
    document = certificate(organisation=cast.organisation)
    other = certificate(organisation=cast.other_organisation)
    assert status(cast, role, document) == before
    factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    assert status(cast, role, document) == after
    assert (status(cast, role, other) == 200) == (role in ("stranger", "region"))


def test_what_was_taken_off_stays_readable_to_schools_asked_before(cast: Cast, now: dt.datetime) -> None:
    cast.users["late_manager"] = factories.SchoolRoleFactory.create().user
    document = certificate(organisation=cast.organisation)
    factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    documents.remove(document)
    late = cast.users["late_manager"].school_roles.get().school
    factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=late, submitted_at=now + dt.timedelta(days=1)
    )
    seen = {role: status(cast, role, document) for role in (*ROLES[1:], "late_manager")}
    assert seen == {
        "stranger": 404,
        "member": 200,
        "other_manager": 404,
        "manager": 200,
        "region": 200,
        "late_manager": 404,
    }


def test_a_file_is_saved_and_never_shown(cast: Cast) -> None:
    document = certificate(organisation=cast.organisation)
    response = cast.client("member").get(f"/documents/{document.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    headers = response.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == f'attachment; filename="attestation-assurance-{document.pk}.pdf"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_no_file_no_page(cast: Cast) -> None:
    without = factories.InsuranceFactory.create(organisation=cast.organisation)
    assert status(cast, "member", without) == 404
    lost = certificate(organisation=cast.organisation)
    lost.file.storage.delete(lost.file.name)
    assert status(cast, "member", lost) == 404
    assert cast.client("member").post(f"/documents/{lost.pk}/").status_code == 405
    # Stored files have no address of their own.
    assert cast.client("member").get(f"/media/{lost.file.name}").status_code == 404


# -- the page of a request ----------------------------------------------------------------------


def test_the_page_of_a_request_leads_to_the_documents(scene: Scene) -> None:
    scene.organisation.documents.all().delete()
    current = certificate(organisation=scene.organisation, valid_until=dt.date(2027, 8, 31))
    asked = scene.submit(evening("2026-11-12"))
    for person in (scene.member, scene.manager):
        page = signed_in(person).get(f"/demandes/{asked.reference}/")
        assert "Attestation d’assurance, Mutuelle d’essai Valide jusqu’au 31 août 2027" in words(page)
        assert f'href="/documents/{current.pk}/"' in page.content.decode()
    documents.remove(current)
    said = words(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))
    assert "Mutuelle d’essai retirée du dossier le 14 octobre 2026" in said


def test_what_was_taken_off_before_a_request_is_not_shown_with_it(scene: Scene) -> None:
    old = certificate(organisation=scene.organisation, insurer="Ancienne")
    Document.objects.filter(pk=old.pk).update(removed_at=timezone.now() - dt.timedelta(days=1))
    asked = scene.submit(evening("2026-11-12"))
    assert "Ancienne" not in words(signed_in(scene.manager).get(f"/demandes/{asked.reference}/"))


# -- problems -----------------------------------------------------------------------------------


def test_a_certificate_that_runs_out_is_a_problem_for_dates_after_it(scene: Scene) -> None:
    scene.organisation.documents.update(valid_until=dt.date(2026, 11, 12))
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    outcome = workflow.approve(asked, by=scene.manager)
    assert [date.start_at.day for date in outcome.done] == [12]
    assert [problem.code for _date, found in outcome.left for problem in found] == ["insurance_expired"]


def test_a_certificate_taken_off_counts_no_more(scene: Scene) -> None:
    documents.remove(scene.organisation.documents.get())
    asked = scene.submit(evening("2026-11-12"))
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.approve(asked, by=scene.manager)
    assert refused.value.message == (
        "Cette date n’a pas pu être acceptée. L’attestation d’assurance manque au dossier de l’organisme."
    )


# -- the summary before sending -----------------------------------------------------------------


def ask(scene: Scene, client: Client, *, action: str, day: str = "2026-11-12") -> Any:
    """The form of that space, filled in for one evening."""
    typed = fields(client.get(f"/salles/{scene.space.pk}/demander/"))
    typed |= {
        "organisation": [str(scene.organisation.pk)],
        "purpose": ["Répétition de la chorale"],
        "attendees": ["25"],
        "message": ["Avec un piano"],
        "contact_name": ["Camille Exemple"],
        "contact_phone": ["03 20 00 00 00"],
        "dates-0-day": [day],
        "dates-0-start": ["18:00"],
        "dates-0-end": ["20:00"],
        "action": [action],
    }
    return client.post(f"/salles/{scene.space.pk}/demander/", typed)


def test_a_certificate_on_file_is_told(scene: Scene) -> None:
    scene.organisation.documents.update(valid_until=dt.date(2027, 8, 31))
    said = words(ask(scene, signed_in(scene.member), action="check"))
    assert "Attestation d’assurance déjà au dossier, valide jusqu’au 31 août 2027" in said
    assert "Déposer l’attestation maintenant" not in said
    scene.space.needs_insurance = False
    scene.space.save()
    assert "Attestation d’assurance" not in words(ask(scene, signed_in(scene.member), action="check"))


def test_one_that_runs_out_before_is_told(scene: Scene) -> None:
    scene.organisation.documents.update(valid_until=dt.date(2026, 11, 11))
    said = words(ask(scene, signed_in(scene.member), action="check"))
    assert "celle du dossier ne couvre pas le 12 novembre 2026" in said


def test_one_deposits_it_half_way_and_comes_back_to_the_summary(scene: Scene) -> None:
    scene.organisation.documents.all().delete()
    client = signed_in(scene.member)
    page = ask(scene, client, action="check")
    assert "aucune au dossier Déposer l’attestation maintenant" in words(page)
    away = client.post(f"/salles/{scene.space.pk}/demander/", fields(page) | {"action": "insure"})
    form = away.headers["Location"]
    assert form.startswith(f"/compte/organismes/{scene.organisation.pk}/pieces/deposer/assurance/?suite=")
    back = client.post(form, {**CERTIFICATE, "file": uploaded()})
    assert back.headers["Location"] == f"/salles/{scene.space.pk}/demander/"
    said = words(client.get(back.headers["Location"]))
    assert "Vérifier ma demande" in said
    assert "déjà au dossier, valide jusqu’au 31 août 2027" in said
    assert "Avec un piano" in said
    assert "jeudi 12 novembre 2026, 18:00–20:00 Libre" in said
