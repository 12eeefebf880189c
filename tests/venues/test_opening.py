"""Weekly windows: merging, midnight, seasons, clock changes."""

import datetime as dt

from tests.conftest import paris
from tests.factories import PARIS
from venues.opening import Hours, Window, blocked, closed_days
from venues.periods import Period, covered, union
from venues.school_calendar import is_holiday

MON, TUE, FRI, SAT, SUN = 0, 1, 4, 5, 6


def hours(*windows: Window) -> Hours:
    return Hours(windows, is_holiday=lambda day: is_holiday(day, "B"), tz=PARIS)


def opened(windows: list[Window], *days: str) -> list[Period]:
    """What the windows that start on these days open."""
    grid = hours(*windows)
    return union(period for day in days for period in grid.starting(dt.date.fromisoformat(day)))


def test_windows_that_touch_merge() -> None:
    afternoon, evening = Window(MON, dt.time(13), 300, "always"), Window(MON, dt.time(18), 240, "always")
    monday = opened([evening, afternoon], "2026-10-12")
    assert monday == [Period(paris("2026-10-12 13:00"), paris("2026-10-12 22:00"))]
    assert covered(monday, Period(paris("2026-10-12 17:00"), paris("2026-10-12 19:00")))


def test_a_window_past_midnight_touches_the_next_day() -> None:
    night, morning = Window(FRI, dt.time(18), 14 * 60, "always"), Window(SAT, dt.time(8), 240, "always")
    assert opened([night, morning], "2026-10-09", "2026-10-10") == [
        Period(paris("2026-10-09 18:00"), paris("2026-10-10 12:00"))
    ]
    assert hours(night).reach == 1
    assert hours(morning).reach == 0
    early = Period(paris("2026-10-10 06:00"), paris("2026-10-10 09:00"))
    assert hours(night, morning).covers(early)
    assert hours(night, morning).opened(early) == (early,)
    assert not hours(morning).covers(early)


def test_the_long_night_reaches_back_a_day() -> None:
    """The day of the autumn change has 25 hours: a day before its last hour is still that day."""
    night = hours(Window(SAT, dt.time(22), 26 * 60, "always"))
    late = Period(paris("2026-10-25 23:00"), paris("2026-10-25 23:30"))
    assert night.covers(late)


def test_days_are_worked_out_again_when_too_many_are_remembered() -> None:
    evening = hours(Window(MON, dt.time(18), 240, "always"))
    first = [
        evening.starting(dt.date(2026, 1, 5) + dt.timedelta(days=n)) for n in range(Hours.MOST_DAYS + 10)
    ]
    again = [
        evening.starting(dt.date(2026, 1, 5) + dt.timedelta(days=n)) for n in range(Hours.MOST_DAYS + 10)
    ]
    assert first == again
    assert len(first[0]) == 1


def test_the_day_a_window_starts_on_decides_its_season() -> None:
    # Friday 16 October 2026 is the last day of term: its night runs into the holidays.
    night = Window(FRI, dt.time(20), 12 * 60, "term")
    assert opened([night], "2026-10-16") == [Period(paris("2026-10-16 20:00"), paris("2026-10-17 08:00"))]
    assert opened([night], "2026-10-23") == []
    assert opened([night._replace(season="holidays")], "2026-10-16") == []
    assert len(opened([night._replace(season="holidays")], "2026-10-23")) == 1


def test_validity_dates_are_both_included() -> None:
    window = Window(MON, dt.time(18), 60, "always", dt.date(2026, 10, 12), dt.date(2026, 10, 12))
    assert len(opened([window], "2026-10-05", "2026-10-12", "2026-10-19")) == 1


def test_clock_changes_keep_clock_times() -> None:
    night = Window(SAT, dt.time(22), 6 * 60, "always")
    assert opened([night], "2026-10-24")[0].length == dt.timedelta(hours=7)
    assert opened([night], "2026-03-28")[0].length == dt.timedelta(hours=5)


def test_a_bound_that_does_not_exist_moves_forward() -> None:
    early = Window(SUN, dt.time(2, 30), 150, "always")
    assert opened([early], "2026-03-29") == [Period(paris("2026-03-29 03:30"), paris("2026-03-29 05:00"))]


def test_a_closure_holds_whole_local_days() -> None:
    assert closed_days(dt.date(2026, 10, 25), dt.date(2026, 10, 25), PARIS).length == dt.timedelta(hours=25)


def test_what_is_busy_is_widened_the_other_way_round() -> None:
    lesson = Period(paris("2026-10-12 18:00"), paris("2026-10-12 19:00"))
    assert blocked([lesson], setup=dt.timedelta(minutes=30), cleanup=dt.timedelta(minutes=10)) == [
        Period(paris("2026-10-12 17:50"), paris("2026-10-12 19:30"))
    ]
