"""Prices of a space: bases, rounding, who pays what, clock changes, and what holds for every price."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import paris
from venues import pricing
from venues.models import PriceRule, Space
from venues.periods import Period
from venues.pricing import Tariff

MINUTE = dt.timedelta(minutes=1)


def span(start: str, end: str) -> Period:
    return Period(paris(start), paris(end))


EVENING = span("2026-11-12 18:00", "2026-11-12 20:00")


def said(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("basis", "period", "price", "words"),
    [
        ("hour", EVENING, "16.00", "2 h à 8 €"),
        ("hour", span("2026-11-12 18:00", "2026-11-12 19:30"), "12.00", "1 h 30 à 8 €"),
        ("hour", span("2026-11-12 18:00", "2026-11-12 18:20"), "2.67", "20 min à 8 €"),
        ("hour", span("2026-11-12 18:00", "2026-11-13 20:00"), "208.00", "26 h à 8 €"),
        ("half_day", EVENING, "8.00", "1 demi-journée à 8 €"),
        ("half_day", span("2026-11-12 08:00", "2026-11-12 13:00"), "8.00", "1 demi-journée à 8 €"),
        ("half_day", span("2026-11-12 08:00", "2026-11-12 13:01"), "16.00", "2 demi-journées à 8 €"),
        ("half_day", span("2026-11-12 08:00", "2026-11-13 08:00"), "16.00", "2 demi-journées à 8 €"),
        ("half_day", span("2026-11-12 08:00", "2026-11-13 12:00"), "24.00", "3 demi-journées à 8 €"),
        ("day", EVENING, "8.00", "1 jour à 8 €"),
        ("day", span("2026-07-06 18:00", "2026-07-08 10:00"), "16.00", "2 jours à 8 €"),
        ("day", span("2026-07-06 18:00", "2026-07-08 18:01"), "24.00", "3 jours à 8 €"),
        ("flat", span("2026-07-06 18:00", "2026-07-08 18:00"), "8.00", "forfait de 8 €"),
    ],
)
def test_each_basis(basis: str, period: Period, price: str, words: str) -> None:
    asked = Tariff(Decimal(8), basis)
    assert pricing.price(asked, period) == Decimal(price)
    assert said(pricing.reckoned(asked, period)) == words


def test_hours_are_elapsed_when_clocks_change() -> None:
    """01:00–04:00 lasts four hours in October and two in March; a day is a turn of the clock in both."""
    october, march = (
        span("2026-10-25 01:00", "2026-10-25 04:00"),
        span("2027-03-28 01:00", "2027-03-28 04:00"),
    )
    assert [pricing.price(Tariff(Decimal(8)), night) for night in (october, march)] == [32, 16]
    for first, last in (("2026-10-24", "2026-10-25"), ("2027-03-27", "2027-03-28")):
        assert pricing.price(Tariff(Decimal(8), "day"), span(f"{first} 18:00", f"{last} 18:00")) == 8


def test_a_period_within_the_hour_that_comes_twice_is_one_day() -> None:
    start = paris("2026-10-25 02:30")
    assert pricing.price(Tariff(Decimal(8), "day"), Period(start, start + 60 * MINUTE)) == 8


def test_half_cents_go_up() -> None:
    """One minute at 0.30 an hour is half a cent."""
    minute = Period(EVENING.start, EVENING.start + MINUTE)
    assert pricing.price(Tariff(Decimal("0.30")), minute) == Decimal("0.01")
    assert pricing.price(Tariff(Decimal("0.29")), minute) == Decimal("0.00")


def test_a_kind_pays_by_its_own_rule_then_the_one_for_all_then_the_rate() -> None:
    space = Space(pk=1, hourly_rate=Decimal(5))
    company = PriceRule(space=space, organisation_kind="company", basis="day", amount=Decimal(90))
    everybody = PriceRule(space=space, organisation_kind="", basis="flat", amount=Decimal(20))
    elsewhere = PriceRule(space=Space(pk=2), organisation_kind="association", amount=Decimal(99))
    rules = [elsewhere, everybody, company]
    assert pricing.tariff(space, rules, "company") == Tariff(Decimal(90), "day")
    assert pricing.tariff(space, rules, "association") == Tariff(Decimal(20), "flat")
    assert pricing.tariff(space, [elsewhere, company], "association") == Tariff(Decimal(5), "hour")


def test_what_is_free_says_why() -> None:
    assert pricing.reckoned(Tariff(Decimal(0), "day", "intérêt général"), EVENING) == "intérêt général"
    assert pricing.reckoned(Tariff(Decimal(0)), EVENING) == "par décision du lycée"


def test_the_list_of_prices() -> None:
    space = Space(pk=1, hourly_rate=Decimal("8.50"))
    assert [(who, said(price)) for who, price in pricing.price_list(space, [])] == [("Tous", "8,50 €/h")]
    rules = [
        PriceRule(space=space, organisation_kind="company", basis="half_day", amount=Decimal(90)),
        PriceRule(
            space=space, organisation_kind="association", amount=Decimal(0), free_ground="intérêt général"
        ),
    ]
    assert [(who, said(price)) for who, price in pricing.price_list(space, rules)] == [
        ("Association", "gratuit (intérêt général)"),
        ("Entreprise", "90 € la demi-journée"),
        ("Tous les autres", "8,50 €/h"),
    ]


# -- what holds for every price -----------------------------------------------------------------

moments = st.integers(0, 2 * 366 * 24 * 60).map(lambda n: paris("2026-01-01 00:00") + n * MINUTE)
lengths = st.integers(1, 60 * 24 * 60).map(lambda n: n * MINUTE)
amounts = st.decimals(0, Decimal("99999.99"), places=2)
bases = st.sampled_from(PriceRule.Basis.values)


@given(moments, lengths, lengths, amounts, bases)
def test_never_negative_in_whole_cents_and_more_for_longer(
    start: dt.datetime, length: dt.timedelta, more: dt.timedelta, amount: Decimal, basis: str
) -> None:
    asked = Tariff(amount, basis)
    short = pricing.price(asked, Period(start, start + length))
    long = pricing.price(asked, Period(start, start + length + more))
    assert short >= 0
    assert short == short.quantize(Decimal("0.01"))
    # Of two moments that the clock shows alike, the later one is not later for days.
    if basis in ("hour", "flat"):
        assert short <= long


@given(moments, st.integers(1, 1000), st.integers(1, 1000), st.integers(0, 99_999))
def test_hours_add_up(start: dt.datetime, first: int, second: int, euros: int) -> None:
    """Two stretches end to end cost what the whole does, but for the rounding of each."""
    asked = Tariff(Decimal(euros))
    middle = start + first * MINUTE
    parts = pricing.price(asked, Period(start, middle)) + pricing.price(
        asked, Period(middle, middle + second * MINUTE)
    )
    whole = pricing.price(asked, Period(start, middle + second * MINUTE))
    assert abs(parts - whole) <= Decimal("0.01")


@given(moments, lengths, amounts)
def test_two_half_days_are_a_day(start: dt.datetime, length: dt.timedelta, amount: Decimal) -> None:
    period = Period(start, start + length)
    halves = pricing.price(Tariff(amount, "half_day"), period)
    days = pricing.price(Tariff(amount, "day"), period)
    assert days <= halves <= 2 * days
