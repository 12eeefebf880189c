"""A statement as a file: CSV, XLSX with a sheet by organisation, tagged PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shareloc.web import formats, pdf, sheets
from shareloc.web.sheets import Table

from ..models import Occurrence
from .months import Statement, elapsed_hours

TEMPLATE = Path(__file__).with_name("statement.typ")


def as_csv(statement: Statement) -> bytes:
    return sheets.as_csv(_dates(statement))


def as_xlsx(statement: Statement) -> bytes:
    return sheets.as_xlsx([_dates(statement), _organisations(statement)])


def _dates(statement: Statement) -> Table:
    heads = [
        _("Date"), _("Horaires"), _("Organisme"), _("Activité"), _("Demande"), _("Salles"), _("État"), _("Heures"),
        _("Prix (€)"), _("Calcul du prix"), _("Valeur du prêt (€)"),
    ]  # fmt: skip
    return Table(_("Dates"), heads, [_row(date) for date in statement.dates])


def _row(date: Occurrence) -> list[Any]:
    return [
        timezone.localdate(date.start_at),
        _hours(date),
        date.request.organisation.name,
        date.request.purpose,
        date.request.reference,
        _rooms(date),
        date.get_state_display(),
        elapsed_hours(date.period.length),
        "" if date.price is None else date.price,
        date.price_ground,
        "" if date.value is None else date.value,
    ]


def _hours(date: Occurrence) -> str:
    """The hours of one day, or both ends in full."""
    said = formats.period(date.start_at, date.end_at)
    day, separator, hours = said.rpartition(", ")
    return hours if separator and day == formats.day(date.start_at) else said


def _rooms(date: Occurrence) -> str:
    return ", ".join(space.name for space in date.spaces.all())


def _organisations(statement: Statement) -> Table:
    heads = [_("Organisme"), _("Dates"), _("Heures"), _("Prix (€)"), _("Valeur du prêt (€)")]
    rows = [[name, one.dates, one.hours, one.price, one.value] for name, one in statement.by_organisation]
    return Table(_("Par organisme"), heads, rows)


@override(settings.LANGUAGE_CODE)
def as_pdf(statement: Statement) -> bytes:
    """Always French: it goes into the school's books."""
    totals, school = statement.totals, statement.school
    return pdf.render(
        TEMPLATE,
        {
            "school": f"{school.name} ({school.commune})",
            "uai": school.uai,
            "month": formats.month(statement.month),
            "printed": formats.date(timezone.now()),
            "dates": [_printed(date) for date in statement.dates],
            "organisations": [
                [name, str(one.dates), formats.number(one.hours, 2), formats.euros(one.price), formats.euros(one.value)]
                for name, one in statement.by_organisation
            ],
            "totals": [
                str(totals.dates), formats.number(totals.hours, 2), formats.euros(totals.price), formats.euros(totals.value),
            ],
        },
    )  # fmt: skip


def _printed(date: Occurrence) -> list[str]:
    return [
        f"{timezone.localdate(date.start_at):%d/%m}",
        _hours(date),
        f"{date.request.organisation.name}\n{date.request.purpose} – {date.request.reference}",
        _rooms(date),
        formats.number(elapsed_hours(date.period.length), 2),
        "" if date.price is None else formats.euros(date.price),
        date.price_ground,
        "" if date.value is None else formats.euros(date.value),
    ]
