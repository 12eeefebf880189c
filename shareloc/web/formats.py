"""Dates, hours, distances and prices as French people write them, or English ones, in Europe/Paris.

Numbers and their units are held together by no-break spaces. Weekdays and months are spelled here,
not by the locale of the machine. Which language: the one that is active, French where none is chosen,
as in mail sent by a worker.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext

PARIS = ZoneInfo("Europe/Paris")
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"


class Words(NamedTuple):
    """How one language names days and months, and writes numbers."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    first_of_month: str
    after_short_weekday: str
    group: str
    decimal: str
    # A price, with `{}` for the number.
    price: str


FRENCH = Words(
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    (
        "janv.", "févr.", "mars", "avr.", "mai", "juin",
        "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ),
    "1er", ".", NARROW, ",", f"{{}}{NO_BREAK}€",
)  # fmt: skip
ENGLISH = Words(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "1", "", ",", ".", "€{}",
)  # fmt: skip


def words() -> Words:
    """Those of the active language."""
    return ENGLISH if (get_language() or "").startswith("en") else FRENCH


MIDNIGHT = dt.time()


def _date(when: dt.date) -> dt.date:
    """The day in Paris of an aware moment; a date stays itself."""
    return when.astimezone(PARIS).date() if isinstance(when, dt.datetime) else when


def day(when: dt.date) -> str:
    """`jeudi 22 octobre 2026`, of a date or an aware moment."""
    return f"{words().weekdays[_date(when).weekday()]} {date(when)}"


def date(when: dt.date) -> str:
    """`22 octobre 2026`, of a date or an aware moment; the first of a month is `1er`."""
    local, here = _date(when), words()
    return f"{_number_of_day(local, here)} {here.months[local.month - 1]} {local.year}"


def month(when: dt.date) -> str:
    """`novembre 2026`, of a date or an aware moment."""
    local = _date(when)
    return f"{words().months[local.month - 1]} {local.year}"


def short_day(when: dt.date) -> str:
    """`jeu. 22 oct.`, for narrow columns; the year has to be said elsewhere."""
    return _short_day(_date(when), words())


@lru_cache(maxsize=1000)
def _short_day(local: dt.date, here: Words) -> str:
    # A table of rooms and days says the same seven days in each of its rows.
    weekday, month = here.weekdays[local.weekday()][:3], here.short_months[local.month - 1]
    return f"{weekday}{here.after_short_weekday}{NO_BREAK}{_number_of_day(local, here)}{NO_BREAK}{month}"


def _number_of_day(local: dt.date, here: Words) -> str:
    return here.first_of_month if local.day == 1 else str(local.day)


def hour(when: dt.datetime | dt.time) -> str:
    """`18:30`, of an aware moment or a local time."""
    local = when.astimezone(PARIS) if isinstance(when, dt.datetime) else when
    return f"{local:%H:%M}"


def moment(when: dt.datetime) -> str:
    """`jeudi 22 octobre 2026, 18:30`, of an aware moment."""
    return f"{day(when)}, {hour(when)}"


def until(when: dt.datetime) -> str:
    """`jeudi 22 octobre 2026, 18:30`, of what lasts until then; at midnight the day before, `inclus`."""
    if when.astimezone(PARIS).time() != MIDNIGHT:
        return moment(when)
    return gettext("%(day)s inclus") % {"day": day(when - dt.timedelta(microseconds=1))}


def period(start: dt.datetime, end: dt.datetime) -> str:
    """`jeudi 22 octobre 2026, 18:30–20:30`; over several days both ends are said in full.

    Ending at midnight is still the same day, written 24:00. Where the clock is turned back within
    the period, hours that come twice say which (`02:30 (heure d’hiver)`).
    """
    first, last = start.astimezone(PARIS), end.astimezone(PARIS)
    if _same_day(first, last):
        return f"{day(first)}, {hours(start, end)}"
    return gettext("du %(start)s au %(end)s") % {
        "start": f"{day(first)}, {_clock(first)}",
        "end": f"{day(last)}, {_clock(last)}",
    }


def hours(start: dt.datetime, end: dt.datetime) -> str:
    """`18:30–20:30`, the hours of a period whose day is said elsewhere; midnight at the end is `24:00`."""
    first, last = start.astimezone(PARIS), end.astimezone(PARIS)
    until = "24:00" if last.time() == MIDNIGHT and last.date() > first.date() else _clock(last)
    return f"{_clock(first)}–{until}"


def _same_day(first: dt.datetime, last: dt.datetime) -> bool:
    midnight_after = last.time() == MIDNIGHT and last.date() == first.date() + dt.timedelta(days=1)
    return first.date() == last.date() or midnight_after


def _clock(local: dt.datetime) -> str:
    """The hour of a moment that exists, and which of the two where it comes twice."""
    shown = f"{local.hour:02}:{local.minute:02}"
    # Both readings differ where the clock is turned, and what is left out in spring is no moment.
    if local.replace(fold=1 - local.fold).utcoffset() == local.utcoffset():
        return shown
    season = gettext("heure d’hiver") if local.fold else gettext("heure d’été")
    return f"{shown} ({season})"


def number(value: float | Decimal, decimals: int = 0) -> str:
    """`12 345,6`: comma, groups of three, halves rounded away from zero, no useless zeros."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = _grouped(f"{rounded:,f}")
    return text.rstrip("0").rstrip(words().decimal) if decimals else text


def places(count: int) -> str:
    """`25 places`: how many people a space holds."""
    return ngettext("%(places)s place", "%(places)s places", count) % {"places": number(count)}


def _grouped(text: str) -> str:
    """A number as Python writes it (`12,345.6`), with the language's own marks."""
    here = words()
    return text.replace(",", "\0").replace(".", here.decimal).replace("\0", here.group)


def counted(quantity: int, what: object) -> str:
    """`20 × Chaises`."""
    return f"{number(quantity)}{NO_BREAK}× {what}"


def km(kilometres: float) -> str:
    """`2,3 km`; from 20 km on without decimals, under one in hundreds of metres."""
    if kilometres < 0.1:
        return gettext("moins de %(distance)s") % {"distance": f"100{NO_BREAK}m"}
    if kilometres < 0.95:
        return f"{number(kilometres * 10)}00{NO_BREAK}m"
    return f"{number(kilometres, 0 if kilometres >= 20 else 1)}{NO_BREAK}km"


def euros(amount: float | Decimal) -> str:
    """`8 €`, `8,50 €`: centimes always two, and only where there are any."""
    value = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = value == value.to_integral_value()
    return words().price.format(number(value) if whole else _grouped(f"{value:,.2f}"))


def rate(amount: float | Decimal) -> str:
    """The price of an hour: `8 €/h`, or `Gratuit`."""
    return f"{euros(amount)}/h" if amount else gettext("Gratuit")


def duration(minutes: int) -> str:
    """`1 h 30`, `45 min`, `2 jours`, `1 jour 6 h`."""
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes_left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days})
    if hours:
        parts.append(f"{hours}{NO_BREAK}h{f'{NO_BREAK}{minutes_left:02}' if minutes_left else ''}")
    elif minutes_left or not days:
        parts.append(f"{minutes_left}{NO_BREAK}min")
    return NO_BREAK.join(parts)
