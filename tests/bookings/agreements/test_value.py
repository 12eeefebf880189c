"""What loans were worth in a year: figures, page and certificate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from bookings.agreements import value
from bookings.models import Occurrence
from tests import factories
from tests.bookings.pages.reading import links, words
from tests.conftest import ROLES, Cast, paris

from .conftest import text_of


@pytest.fixture
def past(cast: Cast, now: dt.datetime) -> Any:
    """`past("2026-09-10 18:00")`: two hours of the cast's organisation at its school, that took place."""

    def make(start: str, **values: Any) -> Occurrence:
        values = {"organisation": cast.organisation, "school": cast.school, "hours": 2} | values
        request = factories.BookingRequestFactory.create(
            organisation=values.pop("organisation"), school=values.pop("school")
        )
        begins = paris(start)
        values = {"state": "took_place", "value": 30, "price": 10} | values
        hours = values.pop("hours")
        date = factories.OccurrenceFactory.create(
            request=request, start_at=begins, end_at=begins + dt.timedelta(hours=hours), state=values["state"]
        )
        Occurrence.objects.filter(pk=date.pk).update(**values)
        return date

    return make


def account(cast: Cast, key: str) -> value.Account:
    year = value.year_of(key)
    assert year
    return value.account(cast.organisation, year)


def test_years_are_calendar_or_school_years() -> None:
    year = value.year_of("2026-2027")
    assert year
    assert (year.first, year.last) == (dt.date(2026, 9, 1), dt.date(2027, 8, 31))
    assert year.label == "Année scolaire 2026-2027"
    year = value.year_of("2026")
    assert year
    assert (year.first, year.last) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    for wrong in ("", "2026-2028", "1999", "abc", "2026-", "20260", "2026-2025"):
        assert value.year_of(wrong) is None


def test_sums_by_lycee(cast: Cast, past: Any) -> None:
    past("2026-09-10 18:00")
    past("2026-09-17 18:00", hours=3.5)
    past("2026-09-18 18:00", school=cast.other_school, value=None, price=None)
    past("2026-09-19 18:00", state="not_used")
    past("2026-09-20 18:00", state="approved")
    past("2026-09-21 18:00", organisation=cast.other_organisation)
    past("2026-08-31 23:30")  # belongs to the school year before
    found = account(cast, "2026-2027")
    assert [(line.school, line.dates, line.hours, line.value, line.price) for line in found.lines] == [
        (cast.school.name, 2, "5\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30", Decimal(60), Decimal(20)),
        (cast.other_school.name, 1, "2\N{NO-BREAK SPACE}h", Decimal(0), Decimal(0)),
    ]
    total = found.total
    assert (total.dates, total.value, total.given, total.unvalued) == (3, Decimal(60), Decimal(40), 1)
    assert account(cast, "2026").total.dates == 4


def test_a_year_begins_and_ends_at_midnight_in_paris(cast: Cast, past: Any) -> None:
    past("2026-01-01 00:00")
    past("2025-12-31 23:59")
    assert account(cast, "2026").total.dates == 1
    assert account(cast, "2025").total.dates == 1


def test_years_to_choose_from(cast: Cast, past: Any) -> None:
    assert [year.key for year in value.years(cast.organisation)] == ["2026-2027", "2026"]
    past("2025-03-10 18:00")
    assert [year.key for year in value.years(cast.organisation)] == [
        "2026-2027", "2026", "2025-2026", "2025", "2024-2025",
    ]  # fmt: skip


SEES = (302, 404, 200, 404, 404, 200)


@pytest.mark.parametrize("end", ["", "2026-2027.pdf"])
@pytest.mark.parametrize(("role", "status"), zip(ROLES, SEES, strict=True))
def test_who_sees_it(cast: Cast, past: Any, role: str, status: int, end: str) -> None:
    past("2026-09-10 18:00")
    address = f"/compte/valeur/{cast.organisation.pk}/{end}"
    assert cast.client(role).get(address).status_code == status


def test_the_page(cast: Cast, past: Any) -> None:
    past("2026-09-10 18:00")
    client = cast.client("member")
    response = client.get("/compte/valeur/", follow=True)
    said = words(response)
    assert f"{cast.school.name} 1 date, 2 h, valeur 30 € (prix 10 €)" in said
    assert "Avantage en nature 20 €" in said
    assert f"/compte/valeur/{cast.organisation.pk}/2026-2027.pdf" in links(response)
    assert "Année scolaire 2026-2027" in words(
        client.get(f"/compte/valeur/{cast.organisation.pk}/?annee=1066")
    )
    assert "/compte/valeur/" in links(client.get("/demandes/"))


def test_a_choice_for_whoever_is_in_several(cast: Cast) -> None:
    factories.MembershipFactory.create(user=cast.user("member"), organisation=cast.other_organisation)
    found = links(cast.client("member").get("/compte/valeur/"))
    for organisation in (cast.organisation, cast.other_organisation):
        assert f"/compte/valeur/{organisation.pk}/" in found
    assert "membre d’aucun organisme" in words(cast.client("manager").get("/compte/valeur/"))


def test_the_certificate(cast: Cast, past: Any) -> None:
    past("2026-09-10 18:00")
    past("2026-09-17 18:00", value=None, price=0)
    response = cast.client("member").get(f"/compte/valeur/{cast.organisation.pk}/2026-2027.pdf")
    said = text_of(response.content)
    assert "Année scolaire 2026-2027, du 1er septembre 2026 au 31 août 2027." in said
    assert f"{cast.organisation.name}, RNA {cast.organisation.rna}" in said
    assert f"{cast.school.name} (UAI {cast.school.uai}) 2 4 h 30 € 10 €" in said
    assert "soit 20 €, est l’avantage en nature" in said
    assert "Une date n’a pas de valeur enregistrée" in said
    assert response["Content-Disposition"].startswith('attachment; filename="attestation-association-')


@pytest.mark.parametrize("key", ["2026-2028", "abc"])
def test_no_such_year(cast: Cast, key: str) -> None:
    assert cast.client("member").get(f"/compte/valeur/{cast.organisation.pk}/{key}.pdf").status_code == 404


def test_as_many_statements_for_many_dates(cast: Cast, past: Any, django_assert_num_queries: Any) -> None:
    year = value.year_of("2026")
    assert year
    for count in (1, 10):
        for day in range(count):
            past(f"2026-09-{day + 1:02} 18:00")
        with django_assert_num_queries(1):
            assert value.account(cast.organisation, year).total.dates
