"""Plain SQL where Django's compiler takes longer than the database: one spelling for SQLite and PostgreSQL.

Instants and days go in and come out as Python's; a list of ids is one parameter, so that a statement
keeps its text, and its preparation, whatever the number of ids.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.utils.timezone import is_naive

Row = tuple[Any, ...]


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def rows(statement: str, params: dict[str, Any]) -> list[Row]:
    """All rows of a statement whose parameters are written `%(name)s`."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def among(column: str, name: str) -> str:
    """SQL: whether the column is one of the ids in the parameter `name`, given as `ids(…)`."""
    if is_sqlite():
        return f"{column} IN (SELECT value FROM json_each(%({name})s))"
    # Of the column's own type: the database then looks the ids up instead of trying one after another.
    return f"{column} = ANY(%({name})s::bigint[])"


def one_of(column: str, name: str) -> str:
    """SQL: whether the column is one of the words in the parameter `name`, given as `ids(…)`."""
    if is_sqlite():
        return f"{column} IN (SELECT value FROM json_each(%({name})s))"
    return f"{column} = ANY(%({name})s)"


def ids(values: Iterable[int | str]) -> Any:
    """A parameter for `among`."""
    found = list(values)
    return json.dumps(found) if is_sqlite() else found


def moment(value: dt.datetime) -> Any:
    """An instant as the database compares it."""
    return connection.ops.adapt_datetimefield_value(value.astimezone(dt.UTC))


def as_moment(value: Any) -> dt.datetime:
    """An instant as it was read, in UTC. SQLite gives text, or where a column is read as it is, a moment without a zone."""
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=dt.UTC) if is_naive(moment) else moment


def day(value: dt.date) -> Any:
    """A day as the database compares it."""
    return connection.ops.adapt_datefield_value(value)


def as_day(value: Any) -> dt.date | None:
    """A day as it was read, or None."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def table_of_moments(
    names: Iterable[str], table: Sequence[Sequence[dt.datetime]]
) -> tuple[str, dict[str, Any]]:
    """A query whose rows are these instants, numbered from 0 in column `n`, and its parameters."""
    if is_sqlite():
        columns = ", ".join(f"json_extract(value, '$[{i}]') AS {name}" for i, name in enumerate(names))
        written = json.dumps([[moment(value) for value in row] for row in table])
        return f"SELECT key AS n, {columns} FROM json_each(%(moments)s)", {"moments": written}
    arrays = ", ".join(f"%(moments_{name})s::timestamptz[]" for name in names)
    listed = ", ".join(names)
    params = {f"moments_{name}": [row[i] for row in table] for i, name in enumerate(names)}
    return (
        f"SELECT (number - 1)::int AS n, {listed} FROM unnest({arrays}) WITH ORDINALITY AS t ({listed}, number)",
        params,
    )


def plus(column: str, minutes: str) -> str:
    """SQL: the instant `minutes` (an expression, negative ones before) after the instant in a column."""
    if is_sqlite():
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {column}, ({minutes}) || ' minutes')"
    return f"({column} + ({minutes}) * interval '1 minute')"


def later(name: str, minutes: str) -> str:
    """SQL: the instant `minutes` (an expression) after the parameter `name`."""
    if is_sqlite():
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', %({name})s, '+' || {minutes} || ' minutes')"
    return f"(%({name})s::timestamptz + {minutes} * interval '1 minute')"


def earlier(name: str, minutes: str) -> str:
    """SQL: the instant `minutes` (an expression) before the parameter `name`."""
    if is_sqlite():
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', %({name})s, '-' || {minutes} || ' minutes')"
    return f"(%({name})s::timestamptz - {minutes} * interval '1 minute')"
