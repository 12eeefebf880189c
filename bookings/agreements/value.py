"""What loans were worth to an organisation in a year: for its accounts, which must show gifts in kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shareloc.accounts.models import Organisation
from shareloc.web import formats, pdf

from ..models import Occurrence
from ..states import OccurrenceState
from . import facts
from .drawing import TYPST

KEY = re.compile("(20[0-9]{2})(?:-(20[0-9]{2}))?")
LENGTH = ExpressionWrapper(F("end_at") - F("start_at"), output_field=DurationField())
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Year:
    """A calendar year (`2026`) or a school year (`2026-2027`, from September on)."""

    key: str
    first: dt.date
    last: dt.date

    @property
    def label(self) -> str:
        """In words, in the language of whoever reads."""
        years = {"first": self.first.year, "last": self.last.year}
        if self.first.year == self.last.year:
            return _("Année civile %(first)s") % years
        return _("Année scolaire %(first)s-%(last)s") % years


@dataclass(frozen=True)
class Line:
    """What took place in one lycée, or in all of them."""

    school: str
    uai: str
    dates: int
    length: dt.timedelta
    value: Decimal
    price: Decimal
    # Dates whose value was not kept when they were approved.
    unvalued: int

    @property
    def given(self) -> Decimal:
        """What was not asked for: the gift in kind."""
        return self.value - self.price

    @property
    def hours(self) -> str:
        return facts.hours(self.length)


@dataclass(frozen=True)
class Account:
    """What one year was worth to one organisation."""

    organisation: Organisation
    year: Year
    lines: list[Line]

    @property
    def total(self) -> Line:
        return Line(
            school="",
            uai="",
            dates=sum(line.dates for line in self.lines),
            length=sum((line.length for line in self.lines), dt.timedelta()),
            value=sum((line.value for line in self.lines), NOTHING),
            price=sum((line.price for line in self.lines), NOTHING),
            unvalued=sum(line.unvalued for line in self.lines),
        )


# -- years --------------------------------------------------------------------------------------


def year_of(key: str) -> Year | None:
    """The year of that key; None for what is none."""
    found = KEY.fullmatch(key)
    if not found:
        return None
    first = int(found[1])
    if found[2] is None:
        return Year(key, dt.date(first, 1, 1), dt.date(first, 12, 31))
    if int(found[2]) != first + 1:
        return None
    return Year(key, dt.date(first, 9, 1), dt.date(first + 1, 8, 31))


def years(organisation: Organisation) -> list[Year]:
    """Calendar and school years since its first date that took place, the newest first; at least this year's."""
    today = timezone.localdate()
    first = _took_place(organisation).aggregate(first=Min("start_at"))["first"]
    since = timezone.localdate(first) if first else today
    keys: list[str] = []
    for year in range(today.year, since.year - 1, -1):
        keys += [f"{year}-{year + 1}", f"{year}"]
    keys.append(f"{since.year - 1}-{since.year}")
    found = [year for year in map(year_of, keys) if year]
    return [year for year in found if year.first <= today and year.last >= since]


# -- figures ------------------------------------------------------------------------------------


def account(organisation: Organisation, year: Year) -> Account:
    """One statement, whatever the number of dates."""
    start, end = (
        dt.datetime.combine(day, dt.time(), tzinfo=formats.PARIS)
        for day in (year.first, year.last + dt.timedelta(days=1))
    )
    sums = (
        _took_place(organisation)
        .filter(start_at__gte=start, start_at__lt=end)
        .order_by()
        .values("request__school__name", "request__school__uai")
        .annotate(
            count=Count("pk"),
            length=Sum(LENGTH),
            worth=Sum("value"),
            asked=Sum("price"),
            unvalued=Count("pk", filter=Q(value=None)),
        )
        .order_by("request__school__name", "request__school__uai")
    )
    return Account(organisation, year, [_line(row) for row in sums])


def _took_place(organisation: Organisation) -> Any:
    return Occurrence.objects.in_state(OccurrenceState.TOOK_PLACE).filter(request__organisation=organisation)


def _line(row: dict[str, Any]) -> Line:
    return Line(
        school=row["request__school__name"],
        uai=row["request__school__uai"],
        dates=row["count"],
        length=row["length"],
        value=row["worth"] or NOTHING,
        price=row["asked"] or NOTHING,
        unvalued=row["unvalued"],
    )


# -- the certificate ----------------------------------------------------------------------------


@translation.override(settings.LANGUAGE_CODE)
def certificate(found: Account) -> bytes:
    """The PDF of one year."""
    return pdf.render(TYPST / "value.typ", _facts(found))


def _facts(found: Account) -> dict[str, Any]:
    year, today = found.year, timezone.localdate()
    return {
        "organisation": facts.organisation_facts(found.organisation),
        "region": settings.REGION_NAME,
        "is_demo": settings.DEMO,
        "on": {"text": formats.date(today), **facts.day_of(today)},
        "period": {
            "label": year.label,
            "first": formats.date(year.first),
            "last": formats.date(year.last),
        },
        "lines": list(_rows(found.lines)),
        "total": next(_rows([found.total])),
        "unvalued": found.total.unvalued,
    }


def _rows(lines: Iterable[Line]) -> Any:
    for line in lines:
        yield {
            "school": line.school,
            "uai": line.uai,
            "dates": formats.number(line.dates),
            "hours": line.hours,
            "value": formats.euros(line.value),
            "price": formats.euros(line.price),
            "given": formats.euros(line.given),
        }
