"""School terms, school holidays and public holidays. Pure: no database, no clock.

Sources: `vacances-scolaires-france` (the ministry's calendar, by zone) and `holidays` (public
holidays). Days beyond what the ministry has published count as term; `is_published` says so.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException


@lru_cache(maxsize=1)
def _calendar() -> SchoolHolidayDates:
    """The ministry's calendar, read once: its file takes longer to read than all questions together."""
    return SchoolHolidayDates()


@lru_cache(maxsize=64)
def _school_holidays(year: int, zone: str) -> frozenset[dt.date] | None:
    """The days of a calendar year in `zone`'s holidays; None where nothing is published."""
    try:
        days = _calendar().holidays_for_year_and_zone(year, zone)
    except UnsupportedYearException:
        return None
    return frozenset(days)


def is_holiday(day: dt.date, zone: str) -> bool:
    """Whether `day` is in the school holidays of `zone` ("A", "B" or "C")."""
    return day in (_school_holidays(day.year, zone) or ())


def is_published(day: dt.date, zone: str) -> bool:
    """Whether the ministry has published the holidays of that school year."""
    # The file ends in the middle of a year: the last day it knows is the bound.
    return day <= _last_published(zone)


@lru_cache(maxsize=8)
def _last_published(zone: str) -> dt.date:
    year, last = 2018, dt.date.min
    while (days := _school_holidays(year, zone)) is not None:
        last = max((last, *days))
        year += 1
    return last


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> dict[dt.date, str]:
    return dict(holidays.country_holidays("FR", years=year, language="fr").items())


def public_holiday(day: dt.date) -> str:
    """The name of the public holiday of `day` in metropolitan France, or an empty string."""
    return _public_holidays(day.year).get(day, "")
