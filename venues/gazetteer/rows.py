"""Every row that a text could mean, in one statement: SQL of its own, since each database has its trigrams.

What is read here is a superset; `answers` and `suggestions` judge and order it in Python, so that both
databases answer alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from ..models import Commune, School
from ..models.trigrams import trigrams
from .asked import Asked
from .spelling import allowed, one_letter_off

# Rows of one kind read for one text.
PREFIXED, SIMILAR, NAMED = 30, 40, 60
# Names of at most so many letters share too few trigrams when one letter is wrong.
SHORT = 5
FEWEST_LETTERS, FEWEST_DIGITS = 2, 3


class CommuneRow(NamedTuple):
    """A commune as far as it is compared and shown."""

    name: str
    folded: str
    department: str
    postcodes: tuple[str, ...]
    population: int
    latitude: float | None
    longitude: float | None
    is_rough: bool
    insee_code: str
    is_former: bool


class SchoolRow(NamedTuple):
    """An open lycée as far as it is compared and shown; ordered by commune and name."""

    commune: str
    name: str
    pk: int
    search_text: str
    department: str
    postcode: str
    insee_code: str
    latitude: float | None
    longitude: float | None
    is_rough: bool


class Rows(NamedTuple):
    communes: list[CommuneRow]
    schools: list[SchoolRow]


Part = tuple[str, list[Any]]

COMMUNE = """
SELECT 'commune' AS source, id AS pk, name, folded, department, postcodes, population, latitude, longitude,
       is_approximate AS is_rough, insee_code, is_former, '' AS commune
FROM {communes} WHERE {where}"""
SCHOOL = """
SELECT 'school' AS source, id AS pk, name, search_text AS folded, department, postcode AS postcodes,
       0 AS population, latitude, longitude, {rough} AS is_rough, insee_code, {false} AS is_former, commune
FROM {schools} WHERE closed_on IS NULL AND {where}"""


def read(asked: Asked) -> Rows:
    """What could be meant by what was asked."""
    parts = [_commune(where, values, rest) for where, values, rest in _of_communes(asked)]
    parts += [_school(where, values, rest) for where, values, rest in _of_schools(asked)]
    if not parts:
        return Rows([], [])
    # A compound statement of SQLite allows no LIMIT in its members but inside their own FROM.
    sql = " UNION ".join(f"SELECT * FROM ({part}) AS part{n}" for n, (part, _values) in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _part, values in parts for value in values])
        found = cursor.fetchall()
    return Rows(
        [_commune_row(row) for row in found if row[0] == "commune"],
        sorted(_school_row(row) for row in found if row[0] == "school"),
    )


def _commune(where: str, values: list[Any], rest: str) -> Part:
    sql = COMMUNE.format(communes=_quoted(Commune), where=where)
    return f"{sql} {rest}", values


def _school(where: str, values: list[Any], rest: str) -> Part:
    rough = f"(precision = '{School.Precision.COMMUNE}')"
    sql = SCHOOL.format(schools=_quoted(School), where=where, rough=rough, false="(1 = 0)")
    return f"{sql} {rest}", values


def _quoted(model: Any) -> str:
    return connection.ops.quote_name(model._meta.db_table)


# -- conditions: (WHERE, its values, ORDER BY and LIMIT) --------------------------------------------

Condition = tuple[str, list[Any], str]


def _of_communes(asked: Asked) -> list[Condition]:
    parts: list[Condition] = []
    most_populous = f"ORDER BY population DESC, name LIMIT {PREFIXED}"
    code = asked.postcode or (asked.name if asked.name.isdecimal() and asked.name.isascii() else "")
    if len(code) >= FEWEST_DIGITS:
        # All of them: a postcode is the middle of its communes.
        parts.append(("postcodes LIKE %s", [f"% {code}%"], ""))
    if len(asked.letters) < FEWEST_LETTERS or asked.name.isdecimal():
        return parts
    names = asked.names_inside
    parts.append((f"folded IN ({_marks(names)})", list(names), ""))
    parts.append(
        ("(folded LIKE %s OR folded LIKE %s)", [f"{asked.name}%", f"% {asked.name}%"], most_populous)
    )
    if allowed(len(asked.letters)):
        parts.append(_similar(asked, Commune, "folded", [asked.name]))
    if allowed(len(asked.letters)) and len(asked.letters) <= SHORT:
        patterns = one_letter_off(asked.name)
        close = " OR ".join(["folded LIKE %s"] * len(patterns))
        parts.append(
            _unless_exact(asked, (f"({close})", list(patterns), f"ORDER BY population DESC LIMIT {PREFIXED}"))
        )
    return parts


def _of_schools(asked: Asked) -> list[Condition]:
    words = asked.words or ([asked.postcode] if asked.postcode else [])
    if not words or sum(map(len, words)) < FEWEST_LETTERS:
        return []
    named = " AND ".join(["search_text LIKE %s"] * len(words))
    parts: list[Condition] = [
        (named, [f"%{word}%" for word in words], f"ORDER BY commune, name, id LIMIT {NAMED}")
    ]
    long = [word for word in words if allowed(len(word))]
    if long:
        parts.append(_similar(asked, School, "search_text", long))
    return parts


def _unless_exact(asked: Asked, condition: Condition) -> Condition:
    """Spelling is not doubted where a commune is spelled so: the database need not look further."""
    where, values, rest = condition
    return f"NOT {_is_exact()} AND {where}", [asked.name, *values], rest


def _is_exact() -> str:
    return f"EXISTS (SELECT 1 FROM {_quoted(Commune)} AS spelled WHERE spelled.folded = %s)"


def _similar(asked: Asked, model: Any, column: str, words: Sequence[str]) -> Condition:
    """Rows that share the most trigrams with what was typed, unless a commune is spelled so."""
    if connection.vendor == "postgresql":
        # `<->` compares whole texts; `<<->` a word with the part of a text that is most like it.
        order = f"%s {'<<->' if model is School else '<->'} {column}"
        condition = "TRUE", [max(words, key=len)], f"ORDER BY {order}, id LIMIT {SIMILAR}"
        return _unless_exact(asked, condition)
    index = next(index.name for index in model._meta.indexes if column in index.fields)
    wanted = " OR ".join(f'"{gram}"' for gram in trigrams(" ".join(words)))
    # SQLite looks for all trigrams before it asks whether it has to; for the empty text it does not look.
    looked_for = f"CASE WHEN {_is_exact()} THEN '\"\"' ELSE %s END"
    inside = f"SELECT rowid FROM {index} WHERE {index} MATCH {looked_for} ORDER BY rank LIMIT {SIMILAR}"
    return f"id IN ({inside})", [asked.name, wanted], ""


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


# -- rows -------------------------------------------------------------------------------------------


def _commune_row(row: tuple[Any, ...]) -> CommuneRow:
    _source, _pk, name, folded, department, postcodes, population, lat, lon, rough, code, former, _c = row
    codes = tuple(postcodes.split())
    return CommuneRow(name, folded, department, codes, population, lat, lon, bool(rough), code, bool(former))


def _school_row(row: tuple[Any, ...]) -> SchoolRow:
    _source, pk, name, text, department, postcode, _population, lat, lon, rough, code, _former, commune = row
    return SchoolRow(commune, name, pk, text, department, postcode, code, lat, lon, bool(rough))
