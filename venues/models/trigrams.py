"""TrigramIndex: finds texts that share groups of three letters with a misspelled one, on both databases.

PostgreSQL has pg_trgm, here with a GiST index: it gives the nearest texts in order, however far, where a GIN
one needs a threshold, under which `Amines` does not find Amiens. On SQLite the same declaration makes a full-text table of
trigrams that triggers keep in step; like any index it is written anew each time Django remakes the
table (`bookings.constraints` tells why a trigger made by hand would be lost).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table

POSTGRES = "CREATE INDEX %(name)s ON %(table)s USING gist (%(column)s gist_trgm_ops)"

SQLITE_FILL = "INSERT INTO %(index)s (rowid, text) SELECT %(pk)s, %(padded)s FROM %(table)s"
SQLITE_INSERT = """
CREATE TRIGGER %(trigger)s AFTER INSERT ON %(table)s FOR EACH ROW
BEGIN INSERT INTO %(index)s (rowid, text) VALUES (NEW.%(pk)s, %(padded)s); END
"""
SQLITE_UPDATE = """
CREATE TRIGGER %(trigger)s AFTER UPDATE OF %(column)s ON %(table)s FOR EACH ROW
WHEN NEW.%(column)s IS NOT OLD.%(column)s
BEGIN UPDATE %(index)s SET text = %(padded)s WHERE rowid = NEW.%(pk)s; END
"""
SQLITE_DELETE = """
CREATE TRIGGER %(trigger)s AFTER DELETE ON %(table)s FOR EACH ROW
BEGIN DELETE FROM %(index)s WHERE rowid = OLD.%(pk)s; END
"""


def trigrams(text: str) -> list[str]:
    """The groups of three letters of each word, its beginning and end included, as pg_trgm has them."""
    padded = (f"  {word} " for word in text.split())
    return list(dict.fromkeys(word[i : i + 3] for word in padded for i in range(len(word) - 2)))


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.column)  # type: ignore[union-attr]


class TrigramIndex(models.Index):
    """An index of one column of folded text. Asked by `similar`; on SQLite its name is a table's."""

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: Any,
    ) -> Statement:
        if schema_editor.connection.vendor == "postgresql":
            return self._statement(POSTGRES, model, schema_editor)
        return self._sqlite(model, schema_editor)

    def remove_sql(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor, **kwargs: Any
    ) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return super().remove_sql(model, schema_editor, **kwargs)
        for event in ("insert", "update", "delete"):
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS {schema_editor.quote_name(f'{self.name}_{event}')}"
            )
        return self._statement("DROP TABLE %(index)s", model, schema_editor)

    def _sqlite(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        """Makes the table at once; the triggers follow the indexed table, then what it already holds."""
        index = schema_editor.quote_name(self.name)
        schema_editor.execute(f"DROP TABLE IF EXISTS {index}")
        schema_editor.execute(f"CREATE VIRTUAL TABLE {index} USING fts5(text, tokenize='trigram')")
        for event, template in (
            ("insert", SQLITE_INSERT),
            ("update", SQLITE_UPDATE),
            ("delete", SQLITE_DELETE),
        ):
            row = "" if event == "delete" else "NEW."
            schema_editor.deferred_sql.append(self._statement(template, model, schema_editor, event, row))
        return self._statement(SQLITE_FILL, model, schema_editor)

    def _statement(
        self,
        template: str,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        event: str = "",
        row: str = "",
    ) -> Statement:
        quote = schema_editor.quote_name
        column, pk = (quote(_column(model, name)) for name in (self.fields[0], "pk"))
        return Statement(
            template,
            # A Statement follows the table when a remake renames it.
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            index=quote(self.name),
            trigger=quote(f"{self.name}_{event}"),
            column=column,
            pk=pk,
            # As `trigrams` pads: two blanks before a word, one after.
            padded=f"'  ' || replace({row}{column}, ' ', '   ') || ' '",
        )
