"""The statement of a school's month: who reads it, what it adds up, and its files."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from openpyxl import load_workbook

from bookings import statements, workflow
from bookings.models import BookingRequest, Occurrence
from bookings.workflow import Draft, DraftDate
from shareloc.accounts.models import Organisation
from tests import factories
from tests.bookings.pages.reading import words
from tests.conftest import ROLES, Cast, paris
from venues.models import Space
from venues.periods import Period

KINDS = ("csv", "xlsx", "pdf")


def address(cast: Cast, kind: str = "") -> str:
    return f"/lycees/{cast.school.uai}/releve" + (f".{kind}" if kind else "/")


@pytest.fixture
def gymnasium(cast: Cast, now: dt.datetime) -> Space:
    factories.open_always(cast.school)
    return factories.SpaceFactory.create(
        school=cast.school, name="Gymnase", hourly_rate="8.10", hourly_value="30.30", max_minutes=7 * 24 * 60
    )


def lent(cast: Cast, space: Space, *spans: tuple[str, str], to: Organisation | None = None) -> BookingRequest:
    periods = [Period(paris(start), paris(end)) for start, end in spans]
    dates = [DraftDate(period, (space,)) for period in periods]
    draft = Draft(to or cast.organisation, "Cours de judo", 20, dates)
    asked = workflow.submit(draft, by=cast.user("member"))
    workflow.approve(
        asked, by=cast.user("manager"), occurrences=list(asked.occurrences.values_list("pk", flat=True))
    )
    return asked


@pytest.fixture
def november(cast: Cast, gymnasium: Space) -> BookingRequest:
    """Two dates in November, one before, one after, one cancelled; and another organisation's, free of charge."""
    asked = lent(
        cast,
        gymnasium,
        ("2026-10-31 18:00", "2026-11-01 02:00"),
        ("2026-11-05 18:00", "2026-11-05 20:00"),
        ("2026-11-30 22:00", "2026-12-01 01:30"),
        ("2026-12-01 02:00", "2026-12-01 04:00"),
        ("2026-11-19 18:00", "2026-11-19 20:00"),
    )
    cancelled = asked.occurrences.get(start_at=paris("2026-11-19 18:00"))
    workflow.cancel(asked, by=cast.user("manager"), reason="Travaux", occurrences=[cancelled.pk])
    factories.PriceRuleFactory.create(
        space=gymnasium, organisation_kind="commune", amount=0, free_ground="Intérêt général"
    )
    town = factories.OrganisationFactory.create(name="=Ville d’essai", kind="commune")
    lent(cast, gymnasium, ("2026-11-06 18:00", "2026-11-06 19:00"), to=town)
    lent(cast, gymnasium, ("2026-11-07 18:00", "2026-11-07 19:00"))
    pending = workflow.submit(
        Draft(
            cast.organisation,
            "En attente",
            5,
            [DraftDate(Period(paris("2026-11-20 18:00"), paris("2026-11-20 19:00")), (gymnasium,))],
        ),
        by=cast.user("member"),
    )
    assert pending.occurrences.get().state == "pending"
    return asked


@pytest.mark.parametrize(
    ("role", "status"),
    [*zip(ROLES, (302, 404, 404, 404, 200, 200), strict=True), ("head", 200), ("caretaker", 404)],
)
@pytest.mark.parametrize("kind", ["", *KINDS])
def test_who_reads_it(cast: Cast, role: str, status: int, kind: str) -> None:
    for name in ("head", "caretaker"):
        cast.users[name] = factories.SchoolRoleFactory.create(school=cast.school, role=name).user
    assert cast.client(role).get(address(cast, kind)).status_code == status


def test_no_such_school_no_such_file(cast: Cast) -> None:
    assert cast.client("region").get("/lycees/0590000A/releve/").status_code == 404
    assert cast.client("region").get(address(cast, "exe")).status_code == 404
    assert cast.client("manager").post(address(cast)).status_code == 405


def test_what_the_page_says(cast: Cast, november: BookingRequest) -> None:
    said = words(cast.client("manager").get(address(cast), {"mois": "2026-11"}))
    assert "Novembre 2026" in said
    assert "4 dates 2 organismes 7,5 h 52,65 € à percevoir 227,25 € de valeur prêtée" in said
    assert (
        f"jeudi 5 novembre 2026, 18:00–20:00 Acceptée {cast.organisation} Cours de judo {november.reference}"
        " Gymnase 2 h 16,20 € 2 h à 8,10 € 60,60 €"
    ) in said
    assert (
        "du lundi 30 novembre 2026, 22:00 au mardi 1er décembre 2026, 01:30 Acceptée" in said
    )  # it begins in November
    assert "Gratuit Intérêt général" in said
    for gone in ("31 octobre", "19 novembre", "02:00–04:00", "En attente"):
        assert gone not in said


def test_dates_that_took_place_stay_in_it(cast: Cast, november: BookingRequest) -> None:
    Occurrence.objects.filter(state="approved").update(state="took_place")
    assert "4 dates" in words(cast.client("region").get(address(cast), {"mois": "2026-11"}))


def test_an_empty_month_and_nonsense(cast: Cast, gymnasium: Space) -> None:
    for month in ("", "2026-10", "x", "2026-13", "0001-01", "9999-12", "2026-10-14"):
        said = words(cast.client("manager").get(address(cast), {"mois": month}))
        assert "Octobre 2026" in said
        assert "Aucun prêt ce mois-là" in said
        for kind in KINDS:
            assert cast.client("manager").get(address(cast, kind), {"mois": month}).status_code == 200


def test_months_lead_to_their_neighbours(cast: Cast) -> None:
    page = cast.client("manager").get(address(cast), {"mois": "2026-12"}).content.decode()
    assert 'href="?mois=2026-11"' in page
    assert 'href="?mois=2027-01"' in page


def test_the_hour_more_of_october_counts(cast: Cast, gymnasium: Space) -> None:
    lent(cast, gymnasium, ("2026-10-25 01:00", "2026-10-25 04:00"))
    totals = statements.of(cast.school, dt.date(2026, 10, 1)).totals
    assert (totals.hours, totals.price, totals.value) == (Decimal(4), Decimal("32.40"), Decimal("121.20"))


# -- files --------------------------------------------------------------------------------------


def test_csv(cast: Cast, november: BookingRequest) -> None:
    response = cast.client("manager").get(address(cast, "csv"), {"mois": "2026-11"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="releve-{cast.school.uai}-2026-11.csv"'
    )
    head, *rows = response.content.decode("utf-8-sig").replace("\u00a0", " ").splitlines()
    assert head == (
        "Date;Horaires;Organisme;Activité;Demande;Salles;État;Heures;Prix (€);Calcul du prix;Valeur du prêt (€)"
    )
    assert len(rows) == 4
    assert rows[0] == (
        f"05/11/2026;18:00–20:00;{cast.organisation};Cours de judo;{november.reference};Gymnase;Acceptée;"
        "2,00;16,20;2 h à 8,10 €;60,60"
    )
    # A name that would be a formula is text.
    assert rows[1].split(";")[2] == "'=Ville d’essai"
    assert rows[3].startswith("30/11/2026;du lundi 30 novembre 2026, 22:00 au mardi")


def test_xlsx(cast: Cast, november: BookingRequest) -> None:
    response = cast.client("region").get(address(cast, "xlsx"), {"mois": "2026-11"})
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Dates", "Par organisme"]
    _head, *rows = book["Par organisme"].iter_rows(values_only=True)
    assert sorted(rows) == [
        ("'=Ville d’essai", 1, 1, 0, 30.3),
        (str(cast.organisation), 3, 6.5, 52.65, 196.95),
    ]
    assert sum(row[8] for row in list(book["Dates"].iter_rows(values_only=True))[1:]) == pytest.approx(52.65)


def test_pdf(cast: Cast, november: BookingRequest) -> None:
    response = cast.client("manager").get(address(cast, "pdf"), {"mois": "2026-11"})
    assert response.headers["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in ("novembre 2026", str(cast.school.uai), "16,20", "Total : 4 dates", "52,65", "Ville d’essai"):
        assert part in text.replace("\u00a0", " ").replace("\u202f", " ")


# -- how much it costs ----------------------------------------------------------------------------


def test_the_list_is_paginated_and_the_totals_are_not(cast: Cast, gymnasium: Space) -> None:
    asked = factories.BookingRequestFactory.create(organisation=cast.organisation, school=cast.school)
    for n in range(51):
        start = paris("2026-11-01 00:00") + n * dt.timedelta(hours=1)
        factories.OccurrenceFactory.create(
            request=asked,
            state="approved",
            spaces=[gymnasium],
            start_at=start,
            end_at=start + dt.timedelta(hours=1),
            price=Decimal("0.10"),
            value=1,
        )
    page = cast.client("manager").get(address(cast), {"mois": "2026-11", "page": "2"})
    said = words(page)
    assert said.count("Chorale") == 1
    assert "51 dates 1 organisme 51 h 5,10 € à percevoir 51 € de valeur prêtée" in said


@pytest.mark.parametrize("many", [1, 20])
def test_as_many_queries_for_one_date_as_for_many(
    cast: Cast, gymnasium: Space, django_assert_num_queries: Any, many: int
) -> None:
    spans = [(f"2026-11-{day:02} 18:00", f"2026-11-{day:02} 20:00") for day in range(1, many + 1)]
    for span in spans:
        lent(cast, gymnasium, span)
    client = cast.client("manager")
    # The school, my role; the totals; the dates and their rooms.
    with django_assert_num_queries(5, own=True):
        assert client.get(address(cast), {"mois": "2026-11"}).status_code == 200
    # The school, my role; the totals, by organisation; the dates and their rooms.
    with django_assert_num_queries(6, own=True):
        assert client.get(address(cast, "pdf"), {"mois": "2026-11"}).status_code == 200


def test_managers_and_the_region_are_led_to_it(cast: Cast, gymnasium: Space) -> None:
    there = f'href="/lycees/{cast.school.uai}/releve/"'
    planning = f"/lycees/{cast.school.uai}/planning/"
    for role in ROLES:
        shown = there in cast.client(role).get(planning).content.decode()
        assert shown == (role in ("manager", "region"))
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    assert there in cast.client("manager").get("/compte/").content.decode()
    assert there not in cast.client("caretaker").get("/compte/").content.decode()
