"""SameSchool: the database keeps a row's school that of the unit or space it is about."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.translation import gettext_lazy as _


class TableConstraint(models.BaseConstraint):
    """One that is a clause of its table, `constraint_sql`, on PostgreSQL; SQLite adds it by remaking the table."""

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        # Only PostgreSQL comes here.
        assert model is not None and schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"


class SameSchool(TableConstraint):
    """A foreign key of two columns: (`of`, school) is a row of the model that `of` points to.

    So `school` may be asked of this table without a join, and can never be another one: it follows
    when the other's changes. That model needs a UniqueConstraint on (id, school). An empty `of` says
    nothing of the school.
    """

    default_violation_error_message = _("Ce n’est pas du même lycée.")
    violation_error_code = "other_school"

    def __init__(self, *, name: str, of: str, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.of = of

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, "of": self.of}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameSchool) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None and schema_editor is not None
        quote = schema_editor.quote_name
        field: Any = model._meta.get_field(self.of)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote(field.column)}, {quote('school_id')})"
            f" REFERENCES {quote(field.related_model._meta.db_table)} ({quote('id')}, {quote('school_id')})"
            " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED"
        )

    def validate(
        self, model: type[models.Model], instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        about = getattr(instance, self.of, None)
        if about is not None and instance.school_id not in (None, about.school_id):
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


class OfSchoolQuerySet(models.QuerySet[Any]):
    """Rows whose school is that of what they are about: many at once get it as one alone does."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        rows = list(objs)
        for row in rows:
            row.take_school()
        return super().bulk_create(rows, *args, **kwargs)
