"""Zone B's holidays and public holidays, and what happens beyond what is published."""

import datetime as dt

import pytest

from venues.school_calendar import is_holiday, is_published, public_holiday


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-10-17", "2026-11-01"),
        ("2026-12-19", "2027-01-03"),
        ("2027-02-20", "2027-03-07"),
        ("2027-04-17", "2027-05-02"),
        ("2027-05-06", "2027-05-08"),
        ("2027-07-03", "2027-08-31"),
    ],
)
def test_zone_b_holidays_of_2026_27(first: str, last: str) -> None:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    one = dt.timedelta(days=1)
    assert not is_holiday(start - one, "B")
    assert all(is_holiday(start + n * one, "B") for n in range((end - start).days + 1))
    assert not is_holiday(end + one, "B")


def test_zones_differ() -> None:
    assert is_holiday(dt.date(2027, 2, 22), "B")
    assert not is_holiday(dt.date(2027, 2, 8), "B")
    assert is_holiday(dt.date(2027, 2, 8), "C")


def test_beyond_what_is_published_days_are_term_and_say_so() -> None:
    assert is_published(dt.date(2028, 8, 31), "B")
    assert not is_published(dt.date(2028, 9, 1), "B")
    assert not is_holiday(dt.date(2029, 7, 20), "B")


def test_public_holidays() -> None:
    assert public_holiday(dt.date(2026, 11, 11)) == "Armistice"
    assert public_holiday(dt.date(2026, 11, 12)) == ""
