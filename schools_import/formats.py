"""The shapes in which the annuaire is published (CSV, JSON export, pages of records), as one table. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from venues.places import fold

from .records import UnreadableError

BOM = b"\xef\xbb\xbf"
# What « é » becomes when UTF-8 was read as Windows-1252 and saved again.
MOJIBAKE = "Ã©"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line (in JSON, its rank), its cells by column, and what makes them doubtful."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a source. `announced` is how many the source says it has, when it says."""

    columns: frozenset[str]
    rows: tuple[Row, ...]
    row_word: str
    announced: int | None = None


def read(content: bytes, *, columns: frozenset[str]) -> Table:
    """The table in `content`, these columns only. Raises UnreadableError."""
    text = _decode(content)
    if text.lstrip().startswith(("[", "{")):
        return _read_json(text, columns)
    return _read_csv(text, columns)


def column_name(title: str) -> str:
    """The one spelling of a column: `Code postal`, `Code_postal`, `CODE_POSTAL` → `code_postal`."""
    return fold(title).replace(" ", "_")


# --- Text --------------------------------------------------------------------------------------


def _decode(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableError(
            _("C’est un classeur, pas un fichier CSV : exportez l’annuaire au format CSV ou JSON.")
        )
    content = content.removeprefix(BOM)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _decode_cut(content, error)
    if not text.strip():
        raise UnreadableError(_("Le fichier est vide."))
    if text.lstrip().startswith("<"):
        raise UnreadableError(
            _("C’est une page web, pas l’annuaire : donnez l’adresse de l’export CSV ou JSON.")
        )
    if MOJIBAKE in text:
        raise UnreadableError(
            _("Les accents sont abîmés (« Ã© » pour « é ») : mauvais encodage. ")
            + _("Téléchargez-le de nouveau sans l’ouvrir dans un tableur.")
        )
    return text


def _decode_cut(content: bytes, error: UnicodeDecodeError) -> str:
    """The text before a last character cut in two; any other fault is a wrong encoding."""
    if error.end == len(content) and error.reason == "unexpected end of data":
        return content[: error.start].decode("utf-8")
    line = content.count(b"\n", 0, error.start) + 1
    raise UnreadableError(
        _("L’encodage n’est pas UTF-8 (ligne %(line)d) : téléchargez de nouveau le fichier sans l’ouvrir ")
        % {"line": line}
        + _("dans un tableur, ou enregistrez-le en « CSV UTF-8 ».")
    ) from error


# --- CSV ---------------------------------------------------------------------------------------


def _read_csv(text: str, columns: frozenset[str]) -> Table:
    lines = _csv_lines(text)
    _line, header, fault = next(lines, (1, [], ""))
    if fault:
        raise UnreadableError(_("La ligne de titres est illisible : %(fault)s") % {"fault": fault})
    names = [column_name(title) for title in header]
    _check_titles(names, columns)
    rows = (
        Row(line, fault=fault) if fault else _csv_row(line, names, cells, columns)
        for line, cells, fault in lines
        if fault or any(cell.strip() for cell in cells)
    )
    return Table(columns.intersection(names), tuple(rows), row_word=_("ligne"))


def _csv_lines(text: str) -> Iterator[tuple[int, list[str], str]]:
    """(line, cells, fault) for each row; a row that csv refuses does not stop the others."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader), ""
        except StopIteration:
            return
        except csv.Error:
            yield (
                line,
                [],
                _("guillemet jamais refermé ou cellule démesurée : la suite du fichier a pu s’y perdre"),
            )


def _check_titles(names: list[str], columns: frozenset[str]) -> None:
    twice = sorted(name for name in columns if names.count(name) > 1)
    if twice:
        raise UnreadableError(_("La colonne « %(column)s » figure deux fois.") % {"column": twice[0]})


def _csv_row(line: int, names: list[str], cells: list[str], columns: frozenset[str]) -> Row:
    """The row; cells too few or too many may have shifted, but still tell which school it was about."""
    found = {name: cell for name, cell in zip(names, cells, strict=False) if name in columns}
    if len(cells) < len(names):
        fault = _("ligne incomplète, %(found)d cellules sur %(expected)d : le fichier semble tronqué")
        return Row(line, found, fault % {"found": len(cells), "expected": len(names)})
    if len(cells) > len(names):
        fault = _("ligne trop longue, %(found)d cellules pour %(expected)d colonnes")
        return Row(line, found, fault % {"found": len(cells), "expected": len(names)})
    return Row(line, found)


# --- JSON --------------------------------------------------------------------------------------


def _read_json(text: str, columns: frozenset[str]) -> Table:
    items, announced = _json_items(load_json(text))
    rows = tuple(_json_row(rank, item, columns) for rank, item in enumerate(items, start=1))
    found = frozenset(name for row in rows for name in row.cells)
    return Table(found, rows, row_word=_("enregistrement"), announced=announced)


def load_json(text: str) -> Any:
    """The document; its numbers stay as they are written, so that codes keep their zeros and NaN is seen.

    Raises UnreadableError.
    """
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            _("Le JSON est coupé ou abîmé (%(error)s) : téléchargez-le de nouveau.") % {"error": error}
        ) from error


def _json_items(document: Any) -> tuple[list[Any], int | None]:
    if isinstance(document, list):
        return document, None
    items, announced = document.get("results"), document.get("total_count")
    if isinstance(items, list) and isinstance(announced, str) and announced.isdecimal():
        return items, int(announced[:9])
    told = document.get("message") or document.get("error") or ""
    raise UnreadableError(
        _("Le fichier JSON n’est ni un export ni une page de l’annuaire.")
        + (f" ({str(told)[:200]})" if told else "")
    )


def _json_row(rank: int, item: Any, columns: frozenset[str]) -> Row:
    if not isinstance(item, dict):
        return Row(rank, fault=_("enregistrement illisible"))
    named = ((column_name(key), value) for key, value in item.items())
    read = {name: _json_cell(value) for name, value in named if name in columns}
    unread = sorted(name for name, cell in read.items() if cell is None)
    fault = _("valeur inattendue dans « %(column)s »") % {"column": unread[0]} if unread else ""
    return Row(rank, {name: cell or "" for name, cell in read.items()}, fault)


def _json_cell(value: Any) -> str | None:
    """The cell as a CSV would have it; None for what no cell can hold."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case str():
            return value
        case {"lat": str(latitude), "lon": str(longitude)}:
            return f"{latitude}, {longitude}"
        case _:
            return None


def as_document(pages: Iterable[list[Any]], *, announced: int) -> bytes:
    """Several pages of records as one JSON document, which `read` understands."""
    results = [item for page in pages for item in page]
    return json.dumps({"total_count": announced, "results": results}).encode()
