"""NoOverlap: the database refuses two overlapping periods for one key, on PostgreSQL and SQLite.

PostgreSQL has exclusion constraints for this. SQLite has none, so the same declaration makes
triggers there. Declared in `Meta.constraints`, it is written by migrations and survives table
changes: Django remakes a SQLite table by creating it anew, which comes through `constraint_sql`
again. (A trigger made by RunSQL vanishes silently at the first remake.)
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.utils.translation import gettext_lazy as _

from venues.models.constraints import TableConstraint

SQLITE_TRIGGER = """
CREATE TRIGGER %(trigger)s BEFORE %(event)s ON %(table)s FOR EACH ROW
WHEN EXISTS (
    SELECT 1 FROM %(table)s AS held
    WHERE held.%(key)s = NEW.%(key)s
      AND held.%(start)s < NEW.%(end)s
      AND held.%(end)s > NEW.%(start)s
      %(not_itself)s
)
BEGIN SELECT RAISE(ABORT, '%(message)s'); END
"""

# Triggers judge only what comes after them. This touches the rows that already overlap, if any, so
# that adding the constraint to such a table fails here as it does on PostgreSQL.
SQLITE_JUDGE_EXISTING = """
UPDATE %(table)s SET %(start)s = %(start)s WHERE %(pk)s IN (
    SELECT %(pk)s FROM (
        SELECT %(pk)s, %(start)s < MAX(%(end)s) OVER (
            PARTITION BY %(key)s ORDER BY %(start)s, %(pk)s
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS overlaps_an_earlier_one FROM %(table)s
    ) AS judged WHERE overlaps_an_earlier_one
)
"""


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.column)  # type: ignore[union-attr]


class NoOverlap(TableConstraint):
    """No two rows with the same `key` have overlapping `[start, end)`.

    An empty period overlaps nothing: put a CheckConstraint of `end > start` beside it.
    `key` names a foreign key or a plain field, `start` and `end` datetime fields of whole seconds.
    The database raises IntegrityError; `full_clean` a ValidationError with code "overlap".
    """

    default_violation_error_message = _("Cette période chevauche une autre, déjà prise.")
    violation_error_code = "overlap"

    def __init__(self, *, name: str, key: str, start: str, end: str, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.key, self.start, self.end = key, start, end

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, "key": self.key, "start": self.start, "end": self.end}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    # -- what the database is told --------------------------------------------------------------

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        """The clause inside CREATE TABLE; on SQLite also queues the triggers that go with it."""
        assert model is not None and schema_editor is not None
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion_clause(model, schema_editor)
        schema_editor.deferred_sql.extend(self._sqlite_statements(model, schema_editor))
        return self._sqlite_check(model, schema_editor)

    def _columns(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> tuple[str, str, str]:
        key, start, end = (
            schema_editor.quote_name(_column(model, name)) for name in (self.key, self.start, self.end)
        )
        return key, start, end

    def _exclusion_clause(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        key, start, end = self._columns(model, schema_editor)
        name = schema_editor.quote_name(self.name)
        return f"CONSTRAINT {name} EXCLUDE USING gist ({key} WITH =, tstzrange({start}, {end}, '[)') WITH &&)"

    def _sqlite_check(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        """Pins the one form in which Django writes a datetime of whole seconds.

        SQLite compares texts: a date in any other form, or one that does not exist, would compare
        wrongly with these and slip past the triggers.
        """
        _key, start, end = self._columns(model, schema_editor)
        name = schema_editor.quote_name(f"{self.name}_form")
        return (
            f"CONSTRAINT {name} CHECK (datetime({start}, '+0 days') IS {start}"
            f" AND datetime({end}, '+0 days') IS {end} AND {start} < {end})"
        )

    def _sqlite_statements(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        """What follows the table: two triggers, then a judgement of the rows already there."""
        key, start, end = self._columns(model, schema_editor)
        pk = schema_editor.quote_name(_column(model, "pk"))

        def statement(template: str, **parts: str) -> Statement:
            # A Statement follows the table when a remake renames it.
            table = Table(model._meta.db_table, schema_editor.quote_name)
            return Statement(template, table=table, key=key, start=start, end=end, **parts)

        def trigger(event: str, suffix: str, not_itself: str) -> Statement:
            name = schema_editor.quote_name(f"{self.name}_{suffix}")
            message = f"overlap refused by {self.name}"
            return statement(
                SQLITE_TRIGGER, trigger=name, event=event, not_itself=not_itself, message=message
            )

        return [
            trigger("INSERT", "insert", ""),
            trigger(f"UPDATE OF {key}, {start}, {end}", "update", f"AND held.{pk} <> OLD.{pk}"),
            statement(SQLITE_JUDGE_EXISTING, pk=pk),
        ]

    # -- what forms are told --------------------------------------------------------------------

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = "default",
    ) -> None:
        key, start, end = (model._meta.get_field(name).attname for name in (self.key, self.start, self.end))  # type: ignore[union-attr]
        values = [getattr(instance, name) for name in (key, start, end)]
        if any(value is None for value in values):
            return
        held = model._default_manager.using(using).filter(
            **{key: values[0], f"{start}__lt": values[2], f"{end}__gt": values[1]}
        )
        if held.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)
