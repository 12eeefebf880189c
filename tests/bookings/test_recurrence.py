"""The dates of a rule."""

import datetime as dt

from bookings.recurrence import Weekly
from venues.school_calendar import is_holiday, public_holiday

TUESDAY = dt.date(2026, 10, 6)


def days(rule: Weekly, **more: object) -> list[str]:
    return [str(day) for day in rule.days(**more)]  # type: ignore[arg-type]


def test_every_week_both_ends_included() -> None:
    assert days(Weekly(TUESDAY, dt.date(2026, 10, 20))) == ["2026-10-06", "2026-10-13", "2026-10-20"]


def test_every_second_week_on_two_days_counts_from_the_first_week() -> None:
    rule = Weekly(TUESDAY, dt.date(2026, 10, 26), weekdays=(0, 1), every=2)
    # Monday of the first week is past already.
    assert days(rule) == ["2026-10-06", "2026-10-19", "2026-10-20"]


def test_holidays_and_public_holidays_can_be_skipped() -> None:
    rule = Weekly(dt.date(2026, 10, 14), dt.date(2026, 11, 11))
    skipped = days(rule, skip=lambda day: is_holiday(day, "B") or bool(public_holiday(day)))
    assert skipped == ["2026-10-14", "2026-11-04"]


def test_a_rule_that_ends_before_it_begins_has_no_day() -> None:
    assert days(Weekly(TUESDAY, dt.date(2026, 10, 5))) == []


def test_the_29th_of_february_is_a_day_like_another() -> None:
    assert "2028-02-29" in days(Weekly(dt.date(2028, 2, 1), dt.date(2028, 3, 31)))


def test_the_rule_is_written_as_calendars_read_it() -> None:
    assert (
        Weekly(TUESDAY, dt.date(2027, 6, 30), weekdays=(3, 1), every=2).text
        == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270630"
    )
