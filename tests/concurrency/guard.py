"""The constraint taken off the database for a while, as a migration would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor

from bookings.models import Claim


@contextmanager
def constraint_dropped() -> Iterator[None]:
    """Claims may overlap in here; they are all deleted before the constraint comes back."""
    removal = migrations.RemoveConstraint("claim", "claim_no_overlap")
    guarded = MigrationExecutor(connection).loader.project_state()
    unguarded = guarded.clone()
    removal.state_forwards("bookings", unguarded)
    with connection.schema_editor() as editor:
        removal.database_forwards("bookings", editor, guarded, unguarded)
    try:
        yield
    finally:
        Claim.objects.all().delete()
        with connection.schema_editor() as editor:
            removal.database_backwards("bookings", editor, unguarded, guarded)
