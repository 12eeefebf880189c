"""The Région's pages: what waits, what sleeps, who is to be verified, what happened; for its officers alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bookings import workflow
from bookings.audience import recipients
from bookings.models import BookingRequest, Delivery, Journal
from bookings.news import news
from bookings.workflow import due
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.bookings.pages.reading import links, words
from tests.bookings.pages.test_ask import signed_in
from tests.conftest import ROLES, Cast, paris

PAGES = ("/region/", "/region/lycees/", "/region/organismes/", "/region/journal/")


@pytest.fixture
def officer(db: None) -> Client:
    return signed_in(factories.UserFactory.create(is_region_officer=True, name="Une agente d’essai"))


# -- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_the_regions(cast: Cast, path: str, role: str) -> None:
    response = cast.client(role).get(path)
    if role == "anonymous":
        assert response.url == f"/compte/connexion/?next={path}"
    else:
        assert response.status_code == (200 if role == "region" else 404)


@pytest.mark.parametrize("role", ROLES)
def test_acts_are_the_regions(cast: Cast, role: str) -> None:
    new = factories.OrganisationFactory.create(verified_at=None)
    asked = factories.OccurrenceFactory.create(
        request__school=cast.school, request__submitted_at=paris("2026-10-01 10:00")
    ).request
    client = cast.client(role)
    acts = [
        f"/region/organismes/{new.pk}/verifier/",
        f"/region/organismes/{cast.organisation.pk}/retirer/",
        f"/region/rappel/{asked.reference}/",
    ]
    answers = {client.post(address).status_code for address in acts}
    assert answers == ({302} if role in ("region", "anonymous") else {404})
    new.refresh_from_db()
    cast.organisation.refresh_from_db()
    does = role == "region"
    assert (new.is_verified, cast.organisation.is_verified) == (does, not does)
    assert Journal.objects.filter(verb="remind").exists() is does
    assert {client.get(address).status_code for address in acts} <= {302, 404, 405}


def test_the_region_finds_them_in_its_navigation(cast: Cast) -> None:
    assert "/region/" in links(cast.client("region").get("/"))
    assert "/region/" not in links(cast.client("manager").get("/"))
    assert set(PAGES) | {"/region/soiree/"} <= set(links(cast.client("region").get("/region/")))


# -- without an answer ----------------------------------------------------------------------------


def test_requests_without_an_answer_for_a_week(scene: Scene, officer: Client, at_paris: Any) -> None:
    """Sent on Wednesday 14 October at 10:00, promised within seven days."""
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    decided = scene.submit(evening("2026-11-26"), purpose="Judo")
    workflow.approve(decided, by=scene.manager)
    with at_paris("2026-10-21 09:59"):
        assert "Aucune demande n’attend depuis plus de 7 jours" in words(officer.get("/region/"))
    with at_paris("2026-10-22 10:00"):
        said = words(officer.get("/region/"))
    assert "1 demande attend depuis plus de 7 jours" in said
    assert (
        f"Chorale {scene.organisation.name} · {asked.reference} {scene.school.name} Lille (59) 14 octobre 2026 "
        "avant le 21 octobre 2026 12 novembre 2026 Relancer "
        f"{scene.school.name} pour la demande {asked.reference}"
    ) in said
    assert "Judo" not in said


def test_days_in_which_the_school_waited_do_not_count(scene: Scene, officer: Client, at_paris: Any) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.ask_information(asked, by=scene.manager, text="Combien ?")
    workflow.answer_information(asked, by=scene.member, text="Vingt", at=paris("2026-10-19 10:00"))
    # Twelve days of 24 hours, one of which has 25 on the clock.
    for moment, waits in (("2026-10-26 08:59", False), ("2026-10-26 09:00", True)):
        with at_paris(moment):
            assert (asked.reference in words(officer.get("/region/"))) is waits


def test_a_reminder_reaches_the_school_with_the_regions_words(
    scene: Scene, officer: Client, at_paris: Any
) -> None:
    asked = scene.submit(evening("2026-11-12"))
    with at_paris("2026-10-22 10:00"):
        response = officer.post(f"/region/rappel/{asked.reference}/", follow=True)
        said = words(response)
    assert f"{scene.school.name} reçoit un rappel pour la demande {asked.reference}." in said
    assert "Dernier rappel : jeudi 22 octobre 2026, 10:00" in said
    assert "Relancer" not in said
    line = Journal.objects.get(verb="remind")
    assert (line.who, line.request) == ("Une agente d’essai", asked)
    assert news("reminder", line).sentences == [
        f"{scene.organisation.name} attend votre réponse, promise avant le mercredi 21 octobre 2026.",
        "La Région vous invite à répondre dès que possible.",
    ]
    assert [(person, template) for person, template in recipients(line)] == [(scene.manager, "reminder")]
    with at_paris("2026-10-23 00:00"):
        assert "Relancer" in words(officer.get("/region/"))


@pytest.mark.parametrize(
    ("moment", "code", "told"),
    [
        ("2026-10-20 10:00", "not_late_yet", "Cette demande attend depuis moins de 7 jours"),
        ("2026-10-22 10:00", None, "reçoit un rappel"),
    ],
)
def test_too_early_is_said(
    scene: Scene, officer: Client, at_paris: Any, moment: str, code: str | None, told: str
) -> None:
    asked = scene.submit(evening("2026-11-12"))
    with at_paris(moment):
        said = words(officer.post(f"/region/rappel/{asked.reference}/", follow=True))
    assert told in said
    assert Journal.objects.filter(verb="remind").count() == (0 if code else 1)


def test_a_decided_request_says_who_decided(scene: Scene, officer: Client) -> None:
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager)
    said = words(officer.post(f"/region/rappel/{asked.reference}/", follow=True))
    assert f"Dates acceptées par {scene.manager.name} le mercredi 14 octobre 2026" in said


def test_an_unknown_request_does_not_exist(officer: Client) -> None:
    assert officer.post("/region/rappel/R-0000-0000/").status_code == 404


# -- lycées ---------------------------------------------------------------------------------------


def test_lycees_that_sleep(officer: Client) -> None:
    busy = factories.OccurrenceFactory.create().request.school
    unasked = factories.SpaceFactory.create(school__commune="Arras", school__department="62").school
    hidden = factories.SpaceFactory.create(published=False, school__commune="Lens", school__department="62")
    closed = factories.SchoolFactory.create(closed_on=dt.date(2026, 8, 31))
    page = officer.get("/region/lycees/")
    said = words(page)
    assert "2 lycées sur 3" in said
    assert f"{unasked.name} Arras 62 Jamais demandé Non indiqué" in said
    assert f"{hidden.school.name} Lens 62 Aucune salle proposée Non indiqué" in said
    assert [marker["commune"] for marker in page.context["map"]["markers"]] == ["Arras", "Lens"]
    for absent in (busy, closed):
        assert absent.get_absolute_url() not in links(page)
    overview = words(officer.get("/region/"))
    assert "3 lycées 2 proposent une salle 1 a reçu une demande 2 dormants" in overview


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("etat=sans-salle", ["Lens"]),
        ("etat=sans-demande", ["Arras"]),
        ("departement=62", ["Arras", "Lens"]),
        ("departement=80", []),
        ("etat=x&departement=99", ["Amiens", "Arras", "Lens"][1:]),
    ],
)
def test_they_are_filtered(officer: Client, query: str, shown: list[str]) -> None:
    factories.SpaceFactory.create(school__commune="Arras", school__department="62")
    factories.SchoolFactory.create(commune="Lens", department="62")
    factories.OccurrenceFactory.create(request__school__department="80", request__school__commune="Amiens")
    page = officer.get(f"/region/lycees/?{query}")
    assert [marker["commune"] for marker in page.context["map"]["markers"]] == shown
    assert ("Aucun lycée ne dort ici" in words(page)) is (not shown)


# -- organisations --------------------------------------------------------------------------------


def test_organisations_to_verify_with_what_it_takes(now: dt.datetime, officer: Client) -> None:
    new = factories.OrganisationFactory.create(
        name="Club d’essai", rna="W591234567", siret="", email="club@example.org", verified_at=None
    )
    factories.InsuranceFactory.create(organisation=new, valid_until=dt.date(2026, 10, 1))
    factories.OrganisationFactory.create(name="Déjà vérifiée")
    said = words(officer.get("/region/organismes/"))
    assert "1 organisme Les plus anciennement inscrits d’abord. Club d’essai Pas encore vérifié" in said
    assert "RNA W591234567 Courriel club@example.org" in said
    assert "Attestation d’assurance, Mutuelle d’essai échue le 1er octobre 2026" in said
    assert "Engagement républicain non souscrit" in said
    assert "Déjà vérifiée" not in said


def test_verified_and_withdrawn(now: dt.datetime, officer: Client) -> None:
    new = factories.OrganisationFactory.create(name="Club d’essai", verified_at=None)
    said = words(officer.post(f"/region/organismes/{new.pk}/verifier/", follow=True))
    assert "Club d’essai est vérifié." in said
    new.refresh_from_db()
    assert (new.verified_at, str(new.verified_by)) == (now, "Une agente d’essai")
    assert "Vérifié le 14 octobre 2026 par Une agente d’essai" in words(
        officer.get("/region/organismes/?etat=verifies")
    )
    said = words(officer.post(f"/region/organismes/{new.pk}/retirer/", follow=True))
    assert "Club d’essai n’est plus vérifié." in said
    new.refresh_from_db()
    assert (new.verified_at, new.verified_by) == (None, None)


def test_an_act_leads_back_to_the_list_one_came_from(now: dt.datetime, officer: Client) -> None:
    known = factories.OrganisationFactory.create(name="Club d’essai")
    page = officer.get("/region/organismes/?etat=tous&q=essai&page=1")
    at = f"/region/organismes/{known.pk}/retirer/?etat=tous&amp;q=essai&amp;page=1"
    assert f'action="{at}"' in page.content.decode()
    done = officer.post(at.replace("&amp;", "&"))
    assert done.url == "/region/organismes/?etat=tous&q=essai&page=1"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Tout est vérifié"),
        ("?etat=verifies", "Aucun organisme vérifié pour l’instant"),
        ("?etat=tous", "Aucun organisme inscrit pour l’instant"),
    ],
)
def test_an_empty_list_says_of_what(officer: Client, query: str, said: str) -> None:
    assert said in words(officer.get(f"/region/organismes/{query}"))


def test_verifying_again_keeps_the_first(now: dt.datetime, officer: Client) -> None:
    before = now - dt.timedelta(days=30)
    known = factories.OrganisationFactory.create(verified_at=before)
    officer.post(f"/region/organismes/{known.pk}/verifier/")
    known.refresh_from_db()
    assert known.verified_at == before


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["Chorale"]),
        ("etat=verifies", ["Judo", "Théâtre"]),
        ("etat=tous", ["Chorale", "Judo", "Théâtre"]),
        ("etat=tous&q=judo", ["Judo"]),
        ("etat=tous&q=w590000001", ["Chorale"]),
        ("etat=tous&q=123456", ["Théâtre"]),
        ("etat=tous&q=123+456+782", ["Théâtre"]),
        ("etat=tous&q=rien%00", []),
    ],
)
def test_organisations_are_filtered(officer: Client, query: str, shown: list[str]) -> None:
    factories.OrganisationFactory.create(name="Chorale", rna="W590000001", verified_at=None)
    factories.OrganisationFactory.create(name="Judo")
    factories.OrganisationFactory.create(name="Théâtre", rna="", siret="123456782")
    page = officer.get(f"/region/organismes/?{query}")
    assert [organisation.name for organisation in page.context["page"]] == shown


# -- the journal ----------------------------------------------------------------------------------


def test_the_journal_tells_what_happened_newest_first(scene: Scene, officer: Client) -> None:
    asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
    workflow.approve(asked, by=scene.manager)
    said = words(officer.get("/region/journal/"))
    told = f"Chorale {scene.organisation.name} · {asked.reference} {scene.school.name} Lille"
    assert (
        f"2 lignes Les plus récentes d’abord. Lignes du journal, la plus récente d’abord Fait Quand Par Demande Lycée "
        f"2 dates acceptées mercredi 14 octobre 2026, 10:00 {scene.manager.name} {told} "
        f"Demande envoyée pour 2 dates mercredi 14 octobre 2026, 10:00 {scene.member.name} {told}"
    ) in said


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ("fait=approve", ["approve"]),
        ("lycee=lens", []),
        ("lycee=LILLE", ["approve", "submit"]),
        ("du=2026-10-14&au=2026-10-14", ["approve", "submit"]),
        ("du=2026-10-15", []),
        ("au=2026-10-13", []),
    ],
)
def test_the_journal_is_filtered(scene: Scene, officer: Client, query: str, verbs: list[str]) -> None:
    workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
    page = officer.get(f"/region/journal/?{query}")
    assert [line.verb for line in page.context["page"]] == verbs
    assert ("Rien ne répond à ces filtres" in words(page)) is (not verbs)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("du=hier", "Du"),
        ("fait=x", "Fait"),
        ("du=2026-10-14&au=2026-10-13", "Ce jour vient avant le premier."),
        ("du=0001-01-01", "Vérifiez l’année."),
        ("au=9999-12-31", "Vérifiez l’année."),
    ],
)
def test_what_makes_no_sense_is_said(officer: Client, query: str, said: str) -> None:
    page = officer.get(f"/region/journal/?{query}")
    assert page.status_code == 200
    assert said in words(page)
    assert "<title>Erreur" in page.content.decode().replace("\n", "")


# -- files ----------------------------------------------------------------------------------------


def rows(response: Any) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_files_are_the_regions(cast: Cast, path: str, role: str) -> None:
    response = cast.client(role).get(f"{path}?format=csv")
    assert response.status_code == {"anonymous": 302, "region": 200}.get(role, 404)


def test_a_file_has_what_the_list_shows_and_no_formula(scene: Scene, officer: Client, at_paris: Any) -> None:
    asked = scene.submit(evening("2026-11-12"), purpose="=1+1")
    with at_paris("2026-10-22 10:00"):
        page = officer.get("/region/")
        assert "?format=csv" in links(page)
        response = officer.get("/region/?format=csv")
    assert response["Content-Disposition"] == 'attachment; filename="sans-reponse-2026-10-22.csv"'
    assert rows(response)[1:] == [
        [
            asked.reference, "'=1+1", scene.organisation.name, scene.school.uai, scene.school.name, "Lille",
            "14/10/2026", "21/10/2026", "12/11/2026", "",
        ]
    ]  # fmt: skip


def test_a_file_is_the_whole_list_or_none(
    scene: Scene, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for purpose in ("Judo", "Chorale"):
        scene.submit(evening("2026-11-12"), purpose=purpose)
    monkeypatch.setattr("bookings.region_files.MOST_ROWS", 2)
    assert len(rows(officer.get("/region/journal/?fait=submit&format=csv"))) == 3
    monkeypatch.setattr("bookings.region_files.MOST_ROWS", 1)
    page = officer.get("/region/journal/?fait=submit&format=csv", follow=True)
    assert page.redirect_chain == [("/region/journal/?fait=submit", 302)]
    assert "Le fichier aurait plus de 1 lignes : choisissez des filtres plus étroits" in words(page)


def test_files_keep_the_filters(now: dt.datetime, officer: Client) -> None:
    school = factories.SchoolFactory.create(phone="03 20 00 00 00", email="lycee@example.org")
    factories.SpaceFactory.create()
    found = rows(officer.get("/region/lycees/?etat=sans-salle&format=csv"))
    assert found == [
        ["UAI", "Lycée", "Commune", "Département", "Pourquoi", "Téléphone", "Courriel"],
        [
            school.uai,
            school.name,
            "Lille",
            "Nord",
            "Aucune salle proposée",
            "03 20 00 00 00",
            "lycee@example.org",
        ],
    ]
    factories.OrganisationFactory.create(name="Judo", rna="W590000009", email="", verified_at=None)
    factories.OrganisationFactory.create(name="Vérifiée")
    assert rows(officer.get("/region/organismes/?format=csv"))[1:] == [
        ["Judo", "Association", "W590000009", "", "", "14/10/2026", "", "0"]
    ]


def test_the_journal_as_a_file(scene: Scene, officer: Client) -> None:
    asked = scene.submit(evening("2026-11-12"))
    assert rows(officer.get("/region/journal/?fait=submit&format=csv"))[1:] == [
        [
            "14/10/2026", "10:00", "Demande envoyée pour 1 date", scene.member.name, "", asked.reference,
            "Chorale", scene.organisation.name, scene.school.uai, scene.school.name,
        ]
    ]  # fmt: skip
    assert len(rows(officer.get("/region/journal/?fait=approve&format=csv"))) == 1


# -- how many statements --------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 15])
@pytest.mark.parametrize(
    ("path", "statements"),
    [
        # Lycées counted, the requests of the page.
        ("/region/", 2),
        # Lycées counted, départements, those of the page, all for the map.
        ("/region/lycees/", 4),
        # Those of the page, their documents.
        ("/region/organismes/", 2),
        # Those of the page.
        ("/region/journal/", 1),
    ],
)
def test_as_many_statements_for_one_as_for_many(
    scene: Scene, officer: Client, at_paris: Any, django_assert_num_queries: Callable[..., Any],
    path: str, statements: int, many: int,
) -> None:  # fmt: skip
    for n in range(many):
        scene.submit(evening("2026-11-12"), evening("2026-11-19"), purpose=f"Chorale {n}")
        factories.SchoolFactory.create()
        factories.InsuranceFactory.create(organisation__verified_at=None)
    with at_paris("2026-10-22 10:00"):
        due.remind()
        with django_assert_num_queries(statements, own=True):
            assert officer.get(path).status_code == 200
    assert BookingRequest.objects.count() == many
    assert not Delivery.objects.filter(recipient__is_region_officer=True).exists()
