"""Dates, hours, distances and prices in French, both clock changes included."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from shareloc.web import formats

PARIS = ZoneInfo("Europe/Paris")
NB = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"


def paris(text: str, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (dt.date(2026, 10, 22), "jeudi 22 octobre 2026"),
        (dt.date(2026, 8, 1), "samedi 1er août 2026"),
        # Half past eleven in the evening in UTC is already tomorrow in Paris.
        (utc("2026-10-21 23:30"), "jeudi 22 octobre 2026"),
        (paris("2026-02-28 00:00"), "samedi 28 février 2026"),
    ],
)
def test_day(when: dt.date, expected: str):
    assert formats.day(when) == expected


def test_date_and_short_day():
    assert formats.date(dt.date(2026, 10, 22)) == "22 octobre 2026"
    assert formats.short_day(dt.date(2026, 10, 22)) == f"jeu.{NB}22{NB}oct."
    assert formats.short_day(dt.date(2026, 7, 1)) == f"mer.{NB}1er{NB}juil."


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (utc("2026-10-22 16:30"), "18:30"),
        (utc("2026-12-01 17:30"), "18:30"),
        (dt.time(8, 5), "08:05"),
    ],
)
def test_hour(when: dt.datetime | dt.time, expected: str):
    assert formats.hour(when) == expected


def test_moment():
    assert formats.moment(utc("2026-10-22 16:30")) == "jeudi 22 octobre 2026, 18:30"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (utc("2026-10-22 16:30"), "jeudi 22 octobre 2026, 18:30"),
        (paris("2026-12-07 00:00"), "dimanche 6 décembre 2026 inclus"),
        (utc("2026-12-06 23:00"), "dimanche 6 décembre 2026 inclus"),
        (utc("2026-12-07 00:00"), "lundi 7 décembre 2026, 01:00"),
        # The day the clocks go back is as long as any other in words.
        (utc("2026-10-25 23:00"), "dimanche 25 octobre 2026 inclus"),
        (paris("2026-08-02 00:00"), "samedi 1er août 2026 inclus"),
    ],
)
def test_until(when: dt.datetime, expected: str):
    assert formats.until(when) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-10-22 18:30", "2026-10-22 20:30", "jeudi 22 octobre 2026, 18:30–20:30"),
        ("2026-10-22 22:00", "2026-10-23 00:00", "jeudi 22 octobre 2026, 22:00–24:00"),
        (
            "2026-10-22 22:00", "2026-10-23 01:00",
            "du jeudi 22 octobre 2026, 22:00 au vendredi 23 octobre 2026, 01:00",
        ),
        (
            "2026-07-03 18:00", "2026-07-05 10:00",
            "du vendredi 3 juillet 2026, 18:00 au dimanche 5 juillet 2026, 10:00",
        ),
        ("2026-12-31 18:00", "2027-01-01 00:00", "jeudi 31 décembre 2026, 18:00–24:00"),
        # Midnight two days later is not the end of the first day.
        (
            "2026-10-22 18:00", "2026-10-24 00:00",
            "du jeudi 22 octobre 2026, 18:00 au samedi 24 octobre 2026, 00:00",
        ),
    ],
)  # fmt: skip
def test_period(start: str, end: str, expected: str):
    assert formats.period(paris(start), paris(end)) == expected


def test_period_is_read_in_paris_whatever_its_zone():
    assert (
        formats.period(utc("2026-12-31 22:00"), utc("2026-12-31 23:00"))
        == "jeudi 31 décembre 2026, 23:00–24:00"
    )


def test_period_over_the_spring_change():
    """02:00 does not exist on 29 March 2026: an hour after 01:30 is 03:30."""
    start = utc("2026-03-29 00:30")
    assert formats.period(start, start + dt.timedelta(hours=1)) == "dimanche 29 mars 2026, 01:30–03:30"


def test_period_over_the_autumn_change_says_which_hour():
    """02:30 comes twice on 25 October 2026."""
    first, second = utc("2026-10-25 00:30"), utc("2026-10-25 01:30")
    assert formats.period(first, second) == (
        "dimanche 25 octobre 2026, 02:30 (heure d’été)–02:30 (heure d’hiver)"
    )


def test_period_around_the_autumn_change_needs_no_word():
    assert formats.period(paris("2026-10-25 01:00"), paris("2026-10-25 04:00")) == (
        "dimanche 25 octobre 2026, 01:00–04:00"
    )


def test_hours():
    assert formats.hours(paris("2026-10-22 18:30"), paris("2026-10-22 20:30")) == "18:30–20:30"
    assert formats.hours(paris("2026-10-22 18:30"), paris("2026-10-23 02:00")) == "18:30–02:00"


@pytest.mark.parametrize(
    ("kilometres", "expected"),
    [
        (0, f"moins de 100{NB}m"),
        (0.25, f"300{NB}m"),
        (0.1, f"100{NB}m"),
        (0.949, f"900{NB}m"),
        (0.99, f"1{NB}km"),
        (2.34, f"2,3{NB}km"),
        (3.04, f"3{NB}km"),
        (19.96, f"20{NB}km"),
        (123.4, f"123{NB}km"),
    ],
)
def test_km(kilometres: float, expected: str):
    assert formats.km(kilometres) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (8, f"8{NB}€"),
        (Decimal("8.00"), f"8{NB}€"),
        (Decimal("8.5"), f"8,50{NB}€"),
        (1234.5, f"1{NARROW}234,50{NB}€"),
        (0, f"0{NB}€"),
    ],
)
def test_euros(amount: float | Decimal, expected: str):
    assert formats.euros(amount) == expected


def test_rate():
    assert formats.rate(Decimal("8")) == f"8{NB}€/h"
    assert formats.rate(Decimal("0.00")) == "Gratuit"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, f"0{NB}min"),
        (45, f"45{NB}min"),
        (60, f"1{NB}h"),
        (90, f"1{NB}h{NB}30"),
        (125, f"2{NB}h{NB}05"),
        (1440, f"1{NB}jour"),
        (2880 + 360, f"2{NB}jours{NB}6{NB}h"),
        (1440 + 30, f"1{NB}jour{NB}30{NB}min"),
    ],
)
def test_duration(minutes: int, expected: str):
    assert formats.duration(minutes) == expected


def test_places():
    assert [formats.places(count) for count in (1, 25, 1200)] == [
        "1 place",
        "25 places",
        f"1{NARROW}200 places",
    ]


def test_number():
    assert formats.number(12345) == f"12{NARROW}345"
    assert formats.number(2.5, 1) == "2,5"
    assert formats.number(100) == "100"
    assert formats.number(2.5) == "3"


def test_english():
    with override("en"):
        assert formats.day(dt.date(2026, 10, 1)) == "Thursday 1 October 2026"
        assert formats.short_day(dt.date(2026, 10, 22)) == f"Thu{NB}22{NB}Oct"
        assert formats.number(12345.6, 1) == "12,345.6"
        assert formats.euros(Decimal("1234.5")) == "€1,234.50"
        assert formats.km(2.34) == f"2.3{NB}km"
