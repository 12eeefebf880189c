"""Spreadsheets: what is written is what is read, and nothing becomes a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from shareloc.web import sheets
from shareloc.web.sheets import Table
from tests.conftest import effort

TABLE = Table(
    "Dates",
    ["Date", "Organisme", "Prix (€)", "Dates"],
    [
        [dt.date(2026, 11, 5), "L’Éveil ; « judo »", Decimal("1234.50"), 3],
        [dt.date(2026, 11, 12), "=HYPERLINK(1)", Decimal("-2.00"), 0],
    ],
)


def test_csv_as_french_spreadsheets_read_it() -> None:
    assert sheets.as_csv(TABLE).decode("utf-8") == (
        "\ufeffDate;Organisme;Prix (€);Dates\r\n"
        '05/11/2026;"L’Éveil ; « judo »";1234,50;3\r\n'
        "12/11/2026;'=HYPERLINK(1);-2,00;0\r\n"
    )


def test_xlsx_keeps_numbers_and_dates() -> None:
    book = load_workbook(io.BytesIO(sheets.as_xlsx([TABLE, Table("Vide", ["Rien"], [])])))
    assert book.sheetnames == ["Dates", "Vide"]
    head, first, second = book["Dates"].iter_rows()
    assert [cell.value for cell in head] == ["Date", "Organisme", "Prix (€)", "Dates"]
    assert [cell.value for cell in first] == [dt.datetime(2026, 11, 5), "L’Éveil ; « judo »", 1234.5, 3]
    assert (first[0].number_format, first[2].number_format) == ("DD/MM/YYYY", "#,##0.00")
    assert (second[1].value, second[1].data_type) == ("'=HYPERLINK(1)", "s")
    assert head[0].font.bold


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+33 3 20 00 00 00", "'+33 3 20 00 00 00"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'=1"),
        ("\x00=1", "'=1"),
        ("Judo = sport", "Judo = sport"),
        ("", ""),
    ],
)
def test_what_would_be_a_formula_is_text(text: str, cell: str) -> None:
    assert sheets.neutral(text) == cell


@settings(max_examples=effort(100))
@given(st.text())
def test_whatever_is_written_no_cell_begins_a_formula(text: str) -> None:
    [[head], [cell]] = csv.reader(
        io.StringIO(sheets.as_csv(Table("T", ["T"], [[text or "x"]])).decode("utf-8-sig")), delimiter=";"
    )
    assert head == "T"
    assert not cell.startswith(sheets.DANGEROUS)
    [[_head], [kept]] = load_workbook(io.BytesIO(sheets.as_xlsx([Table("T", ["T"], [[text or "x"]])])))["T"]
    assert kept.data_type != "f"
