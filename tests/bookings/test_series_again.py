"""A series as it is asked, and the same once more in the next school year."""

from __future__ import annotations

import datetime as dt

import pytest

from bookings.recurrence import Weekly, in_school_year, school_year
from bookings.series import Recurrence, again
from tests.bookings.conftest import evening
from tests.conftest import paris
from venues.periods import Period

TODAY = dt.date(2026, 10, 14)
SIX, EIGHT = dt.time(18), dt.time(20)


@pytest.mark.parametrize(
    ("day", "year"),
    [("2026-08-30", 2025), ("2026-08-31", 2026), ("2026-09-01", 2026), ("2027-08-29", 2026), ("2027-08-30", 2027)],
)  # fmt: skip
def test_a_school_year_begins_with_the_week_of_september(day: str, year: int) -> None:
    assert school_year(dt.date.fromisoformat(day)) == year


@pytest.mark.parametrize(
    ("day", "year", "moved"),
    [
        ("2025-11-13", 2026, "2026-11-12"), ("2026-01-08", 2026, "2027-01-07"), ("2026-07-03", 2026, "2027-07-02"),
        # The years 2024 and 2025 begin 53 weeks apart.
        ("2025-06-12", 2025, "2026-06-18"), ("2024-02-29", 2024, "2025-02-27"),
    ],
)  # fmt: skip
def test_a_day_moves_to_the_same_weekday_of_the_same_week(day: str, year: int, moved: str) -> None:
    first = dt.date.fromisoformat(day)
    there = in_school_year(first, year)
    assert str(there) == moved
    assert there.weekday() == first.weekday()
    assert school_year(there) == year


def test_picked_dates_move_together_and_those_gone_are_left_out() -> None:
    moved = again("", [evening("2025-11-13"), evening("2025-10-02")], today=TODAY)
    assert moved.recurrence is None
    assert moved.periods == (evening("2026-11-12"),)


def test_dates_all_gone_by_then_come_a_year_later() -> None:
    assert again("", [evening("2025-09-11")], today=TODAY).periods == (evening("2027-09-09"),)


def test_a_date_of_this_year_comes_next_year() -> None:
    assert again("", [evening("2026-12-03")], today=TODAY).periods == (evening("2027-12-02"),)


def test_an_old_request_comes_in_the_year_that_is_going_on() -> None:
    assert again("", [evening("2022-11-10")], today=TODAY).periods == (evening("2026-11-12"),)


def test_stays_keep_their_nights_and_hours_their_clock() -> None:
    stay = Period(paris("2026-03-27 18:00"), paris("2026-03-30 10:00"))
    assert again("", [stay], today=TODAY).periods == (
        Period(paris("2027-03-26 18:00"), paris("2027-03-29 10:00")),
    )


def test_a_rule_moves_as_one_and_knows_what_it_skipped() -> None:
    rule = Weekly(dt.date(2025, 10, 2), dt.date(2025, 11, 27), (3,))
    skipping = Recurrence(rule, SIX, EIGHT, skip_holidays=True)
    dates = [skipping.on(day) for day in skipping.days(200)]
    moved = again(rule.text, [date for date in dates if date], today=TODAY).recurrence
    assert moved is not None
    # The first of October is gone: the series goes on from the first Thursday to come.
    assert moved.weekly == Weekly(dt.date(2026, 10, 15), dt.date(2026, 11, 26), (3,))
    assert moved.skip_holidays
    assert [str(day) for day in moved.days(200)] == [
        "2026-10-15", "2026-11-05", "2026-11-12", "2026-11-19", "2026-11-26",
    ]  # fmt: skip


def test_holidays_that_were_used_are_asked_for_again() -> None:
    rule = Weekly(dt.date(2025, 10, 2), dt.date(2025, 11, 27), (3,))
    all_of_them = Recurrence(rule, SIX, EIGHT)
    dates = [date for day in all_of_them.days(200) if (date := all_of_them.on(day))]
    moved = again(rule.text, dates, today=TODAY).recurrence
    assert moved is not None
    assert not moved.skip_holidays


def test_one_moved_date_does_not_change_the_hours_of_a_rule() -> None:
    rule = Weekly(dt.date(2025, 11, 6), dt.date(2025, 11, 20), (3,))
    dates = [evening("2025-11-06"), evening("2025-11-14", "14:00", "16:00"), evening("2025-11-20")]
    moved = again(rule.text, dates, today=TODAY).recurrence
    assert moved is not None
    assert (moved.start, moved.end) == (SIX, EIGHT)


def test_every_second_week_keeps_counting() -> None:
    rule = Weekly(dt.date(2025, 9, 25), dt.date(2025, 12, 18), (3,), every=2)
    dates = [evening(str(day)) for day in rule.days()]
    moved = again(rule.text, dates, today=TODAY).recurrence
    assert moved is not None
    assert (moved.weekly.first, moved.weekly.every) == (dt.date(2026, 10, 22), 2)


@pytest.mark.parametrize(
    "text", ["", "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=1;BYDAY=XX;UNTIL=20270101", "étrange", ";;=;"]
)
def test_a_text_that_is_no_rule_is_none(text: str) -> None:
    assert Weekly.read(text, first=TODAY) is None


def test_what_a_rule_writes_it_reads() -> None:
    rule = Weekly(TODAY, dt.date(2027, 6, 30), (0, 2), every=3)
    assert Weekly.read(rule.text, first=TODAY) == rule
