"""Tables to open in a spreadsheet: CSV and XLSX in which nothing that people wrote becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import category

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What spreadsheets take for the beginning of a formula or a command.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
# Controls, halves of pairs and what is no character: a workbook with one of them does not open.
NO_TEXT = frozenset({"Cc", "Cs", "Cn"})
# A cell holds no more.
MOST_LETTERS = 32_767
NUMBER_FORMATS = {Decimal: "#,##0.00", dt.date: "DD/MM/YYYY"}


@dataclass(frozen=True)
class Table:
    """A sheet: its name, the heads of its columns, and rows of text, whole numbers, Decimals and dates."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def neutral(text: str) -> str:
    """The text as a cell may hold it: an apostrophe before what would be a formula, no control characters."""
    dangerous = text.startswith(DANGEROUS)
    plain = "".join(letter for letter in text if letter in "\n\t" or category(letter) not in NO_TEXT)
    plain = plain[: MOST_LETTERS - 1]
    return f"'{plain}" if dangerous or plain.startswith(DANGEROUS) else plain


def as_csv(table: Table) -> bytes:
    """For a French spreadsheet: semicolons, decimal commas, days first, and a mark that it is UTF-8."""
    kept = io.StringIO()
    writer = csv.writer(kept, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(neutral, table.heads))
    writer.writerows(map(_written, row) for row in table.rows)
    return kept.getvalue().encode("utf-8-sig")


def _written(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return neutral(value) if isinstance(value, str) else str(value)


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    book = Workbook(write_only=True)
    for table in tables:
        _add(book, table)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _add(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title)
    for number, head in enumerate(table.heads, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(number - 1, head, table.rows)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, head, bold=True) for head in table.heads])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _width(column: int, head: str, rows: Sequence[Sequence[Any]]) -> int:
    longest = max([len(head), *(len(str(row[column])) for row in rows)])
    return min(60, longest + 2)


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, neutral(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        # Whatever it begins with, openpyxl is to write it as text.
        cell.data_type = "s"
    if isinstance(value, (Decimal, dt.date)):
        cell.number_format = NUMBER_FORMATS[Decimal if isinstance(value, Decimal) else dt.date]
    if bold:
        cell.font = Font(bold=True)
    return cell
