"""The database refuses two overlapping claims on one unit, whatever writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory

import bookings.constraints
from bookings.constraints import NoOverlap
from bookings.models import Claim, Occurrence
from tests.conftest import paris
from tests.factories import OccurrenceFactory
from venues.models import Unit
from venues.periods import Period

SQLITE = connection.vendor == "sqlite"

HELD = Period(paris("2026-12-01 18:00"), paris("2026-12-01 20:00"))
LATER = Period(paris("2026-12-02 18:00"), paris("2026-12-02 20:00"))
OVERLAPS = {
    "the same": HELD,
    "inside": Period(paris("2026-12-01 18:30"), paris("2026-12-01 19:30")),
    "around": Period(paris("2026-12-01 17:00"), paris("2026-12-01 21:00")),
    "its start": Period(paris("2026-12-01 17:00"), paris("2026-12-01 18:00:01")),
    "its end": Period(paris("2026-12-01 19:59:59"), paris("2026-12-01 21:00")),
    "a week around": Period(paris("2026-11-28 00:00"), paris("2026-12-05 00:00")),
}
TOUCHES = {
    "before": Period(paris("2026-12-01 16:00"), HELD.start),
    "after": Period(HELD.end, paris("2026-12-01 22:00")),
}


class Stage:
    """One unit held for HELD, another unit free."""

    def __init__(self) -> None:
        self.date: Occurrence = OccurrenceFactory.create()
        school = self.date.request.school
        self.unit, self.other = (Unit.objects.create(school=school, name=name) for name in ("A", "B"))
        self.held = self.claim(HELD)

    def claim(self, period: Period, *, unit: Unit | None = None) -> Claim:
        return Claim.objects.create(**self.values(period, unit))

    def made(self, period: Period, *, unit: Unit | None = None) -> Claim:
        """A claim not yet saved."""
        return Claim(**self.values(period, unit))

    def values(self, period: Period, unit: Unit | None = None) -> dict[str, object]:
        return {
            "unit": unit or self.unit,
            "occurrence": self.date,
            "start_at": period.start,
            "end_at": period.end,
        }


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


@pytest.fixture
def committed_stage(transactional_db: None) -> Stage:
    """For schema changes, which SQLite makes only outside a transaction."""
    return Stage()


def refused() -> AbstractContextManager[object]:
    return pytest.raises(IntegrityError, match="claim_no_overlap")


def assert_no_doubles() -> None:
    claims = list(Claim.objects.order_by("unit_id", "start_at"))
    for one, next_one in pairwise(claims):
        assert one.unit_id != next_one.unit_id or one.end_at <= next_one.start_at


# --- Raw SQL -----------------------------------------------------------------------------------


def text(moment: dt.datetime) -> str:
    """The moment as each database stores it: a plain text in UTC on SQLite."""
    utc = moment.astimezone(dt.UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S") if SQLITE else utc.isoformat()


def execute(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def insert(
    stage: Stage, start: object, end: object, *, unit: Unit | None = None, verb: str = "INSERT"
) -> int:
    return execute(
        f"{verb} INTO bookings_claim (unit_id, school_id, occurrence_id, start_at, end_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        (unit or stage.unit).pk,
        stage.unit.school_id,
        stage.date.pk,
        start,
        end,
    )


def raw_insert(stage: Stage, period: Period, *, verb: str = "INSERT") -> int:
    return insert(stage, text(period.start), text(period.end), verb=verb)


def raw_update(stage: Stage, period: Period, *, verb: str = "UPDATE") -> int:
    moved = stage.claim(LATER)
    sql = f"{verb} bookings_claim SET start_at = %s, end_at = %s WHERE id = %s"
    return execute(sql, text(period.start), text(period.end), moved.pk)


# --- Every way to write ------------------------------------------------------------------------


def by_create(stage: Stage, period: Period) -> None:
    stage.claim(period)


def by_saving_another_period(stage: Stage, period: Period) -> None:
    claim = stage.claim(LATER)
    claim.start_at, claim.end_at = period
    claim.save()


def by_saving_another_unit(stage: Stage, period: Period) -> None:
    claim = stage.claim(period, unit=stage.other)
    claim.unit = stage.unit
    claim.save(update_fields=["unit"])


def by_moving_the_held_claim(stage: Stage, period: Period) -> None:
    stage.claim(Period(LATER.start + (period.start - HELD.start), LATER.end + (period.end - HELD.end)))
    stage.held.start_at, stage.held.end_at = LATER
    stage.held.save()


def by_queryset_update(stage: Stage, period: Period) -> None:
    claim = stage.claim(LATER)
    Claim.objects.filter(pk=claim.pk).update(start_at=period.start, end_at=period.end)


def by_queryset_update_of_units(stage: Stage, period: Period) -> None:
    stage.claim(period, unit=stage.other)
    Claim.objects.update(unit=stage.unit)


def by_bulk_create(stage: Stage, period: Period) -> None:
    Claim.objects.bulk_create([stage.made(LATER), stage.made(period)])


def by_bulk_create_among_themselves(stage: Stage, period: Period) -> None:
    later = dt.timedelta(days=21)
    Claim.objects.bulk_create(stage.made(Period(start + later, end + later)) for start, end in (HELD, period))


def by_bulk_update(stage: Stage, period: Period) -> None:
    claim = stage.claim(LATER)
    claim.start_at, claim.end_at = period
    Claim.objects.bulk_update([claim], ["start_at", "end_at"])


def by_raw_insert(stage: Stage, period: Period) -> None:
    raw_insert(stage, period)


def by_raw_update(stage: Stage, period: Period) -> None:
    raw_update(stage, period)


def by_raw_insert_of_a_query(stage: Stage, period: Period) -> None:
    claim = stage.claim(period, unit=stage.other)
    execute(
        "INSERT INTO bookings_claim (unit_id, school_id, occurrence_id, start_at, end_at)"
        " SELECT %s, school_id, occurrence_id, start_at, end_at FROM bookings_claim WHERE id = %s",
        stage.unit.pk,
        claim.pk,
    )


WAYS = [way for name, way in sorted(globals().items()) if name.startswith("by_")]
Way = Callable[[Stage, Period], None]


@pytest.mark.parametrize("period", OVERLAPS.values(), ids=OVERLAPS)
@pytest.mark.parametrize("way", WAYS)
def test_an_overlap_is_refused(stage: Stage, way: Way, period: Period) -> None:
    with refused(), transaction.atomic():
        way(stage, period)
    assert list(Claim.objects.all()) == [stage.held]
    assert_no_doubles()


@pytest.mark.parametrize("period", TOUCHES.values(), ids=TOUCHES)
@pytest.mark.parametrize("way", WAYS)
def test_touching_is_accepted(stage: Stage, way: Way, period: Period) -> None:
    way(stage, period)
    assert Claim.objects.filter(unit=stage.unit).count() >= 2
    assert_no_doubles()


def test_the_same_period_on_another_unit_is_accepted(stage: Stage) -> None:
    stage.claim(HELD, unit=stage.other)
    assert Claim.objects.filter(start_at=HELD.start, end_at=HELD.end).count() == 2


def test_deleting_frees(stage: Stage) -> None:
    stage.held.delete()
    assert stage.claim(HELD).pk is not None


def test_a_claim_may_move_over_its_own_period(stage: Stage) -> None:
    stage.held.start_at += dt.timedelta(minutes=30)
    stage.held.end_at += dt.timedelta(minutes=30)
    stage.held.save()
    stage.held.refresh_from_db()
    assert stage.held.start_at == paris("2026-12-01 18:30")


def test_the_hour_that_comes_twice_holds_two_claims(stage: Stage) -> None:
    first = Period(paris("2026-10-25 02:00"), paris("2026-10-25 02:00").replace(fold=1))
    second = Period(first.end, paris("2026-10-25 03:00"))
    stage.claim(first)
    stage.claim(second)
    with refused(), transaction.atomic():
        stage.claim(Period(paris("2026-10-25 02:30"), paris("2026-10-25 02:30").replace(fold=1)))


@pytest.mark.parametrize("end", [LATER.start, LATER.start - dt.timedelta(seconds=1), HELD.start])
def test_a_period_that_does_not_end_after_its_start_is_refused(stage: Stage, end: dt.datetime) -> None:
    for write in (stage.claim, lambda period: raw_insert(stage, period), lambda p: raw_update(stage, p)):
        with (
            pytest.raises(IntegrityError, match=r"claim_not_backwards|claim_no_overlap"),
            transaction.atomic(),
        ):
            write(Period(LATER.start, end))
    assert list(Claim.objects.all()) == [stage.held]


# --- What each database adds -------------------------------------------------------------------

only_sqlite = pytest.mark.skipif(not SQLITE, reason="propre à SQLite")
only_postgresql = pytest.mark.postgres


@only_sqlite
@pytest.mark.parametrize("choice", ["ABORT", "FAIL", "IGNORE", "REPLACE", "ROLLBACK"])
def test_sqlite_refuses_whatever_the_conflict_clause(stage: Stage, choice: str) -> None:
    with refused(), transaction.atomic():
        raw_insert(stage, OVERLAPS["inside"], verb=f"INSERT OR {choice}")
    with refused(), transaction.atomic():
        raw_update(stage, OVERLAPS["inside"], verb=f"UPDATE OR {choice}")
    assert list(Claim.objects.all()) == [stage.held]


@only_sqlite
def test_sqlite_keeps_the_claim_that_an_insert_would_replace(stage: Stage) -> None:
    sql = "INSERT OR REPLACE INTO bookings_claim (id, unit_id, school_id, occurrence_id, start_at, end_at)"
    start, end = (text(moment) for moment in OVERLAPS["inside"])
    other = stage.claim(LATER)
    row = (other.pk, stage.unit.pk, stage.unit.school_id, stage.date.pk, start, end)
    with refused(), transaction.atomic():
        execute(f"{sql} VALUES (%s, %s, %s, %s, %s, %s)", *row)
    assert set(Claim.objects.all()) == {stage.held, other}


OTHER_FORMS = {
    "T": ("2026-12-01T17:30:00", "2026-12-01T18:30:00"),
    "microseconds": ("2026-12-01 17:30:00.000000", "2026-12-01 18:30:00.500000"),
    "offset": ("2026-12-01 17:30:00+00:00", "2026-12-01 18:30:00+00:00"),
    "Z": ("2026-12-01 17:30:00Z", "2026-12-01 18:30:00Z"),
    "minutes": ("2026-12-01 17:30", "2026-12-01 18:30"),
    "day": ("2026-12-01", "2026-12-02"),
    "blank before": (" 2026-12-01 17:30:00", " 2026-12-01 18:30:00"),
    "integers": (20261201173000, 20261201183000),
    "julian": (2461376.2, 2461376.3),
    "bytes": (b"2026-12-01 17:30:00", b"2026-12-01 18:30:00"),
    "now": ("now", "now"),
    "words": ("demain", "hier"),
    "no such day": ("2026-11-31 17:30:00", "2026-12-02 18:30:00"),
    "no such month": ("2026-13-01 17:30:00", "2026-13-01 18:30:00"),
    "hour 24": ("2026-12-01 17:30:00", "2026-12-01 24:00:00"),
    "only the start": ("2026-12-01T17:30:00", "2026-12-01 18:30:00"),
    "only the end": ("2026-12-01 17:30:00", "2026-12-01T18:30:00"),
    "empty": ("", ""),
}
SAYS_WHY = "claim_no|non-deterministic"


@only_sqlite
@pytest.mark.parametrize("form", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_sqlite_refuses_other_forms_of_a_date(stage: Stage, form: tuple[object, object]) -> None:
    with pytest.raises(DatabaseError, match=SAYS_WHY), transaction.atomic():
        insert(stage, *form, unit=stage.other)
    moved = stage.claim(LATER)
    sql = "UPDATE bookings_claim SET start_at = %s, end_at = %s WHERE id = %s"
    with pytest.raises(DatabaseError, match=SAYS_WHY), transaction.atomic():
        execute(sql, *form, moved.pk)
    assert Claim.objects.filter(start_at=LATER.start).get() == moved
    assert Claim.objects.count() == 2


@only_postgresql
def test_postgresql_inserts_nothing_when_told_to_do_nothing(stage: Stage) -> None:
    Claim.objects.bulk_create([stage.made(OVERLAPS["inside"])], ignore_conflicts=True)
    assert list(Claim.objects.all()) == [stage.held]


@only_postgresql
def test_postgresql_compares_moments_whatever_their_offset(stage: Stage) -> None:
    with refused(), transaction.atomic():
        insert(stage, "2026-12-01T19:30:00+02:00", "2026-12-01T23:30:00+05:00")


# --- Forms -------------------------------------------------------------------------------------

ClaimForm = modelform_factory(Claim, fields="__all__")


def posted(stage: Stage, period: Period) -> dict[str, object]:
    return {
        "unit": stage.unit.pk,
        "occurrence": stage.date.pk,
        "start_at": f"{period.start:%Y-%m-%d %H:%M:%S}",
        "end_at": f"{period.end:%Y-%m-%d %H:%M:%S}",
    }


def test_a_form_says_that_the_period_is_taken(stage: Stage) -> None:
    form = ClaimForm(posted(stage, OVERLAPS["its end"]))
    assert not form.is_valid()
    assert form.errors == {"__all__": ["Cette période chevauche une autre, déjà prise."]}
    assert form.errors.as_data()["__all__"][0].code == "overlap"


def test_a_form_moves_a_claim_over_its_own_period(stage: Stage) -> None:
    form = ClaimForm(posted(stage, OVERLAPS["its end"]), instance=stage.held)
    assert form.is_valid(), form.errors
    form.save()
    stage.held.refresh_from_db()
    assert stage.held.period == OVERLAPS["its end"]


def test_a_form_with_a_field_left_empty_asks_for_it(stage: Stage) -> None:
    form = ClaimForm({**posted(stage, HELD), "end_at": ""})
    assert set(form.errors) == {"end_at"}


def test_full_clean_refuses_an_overlap_and_accepts_touching(stage: Stage) -> None:
    for period in OVERLAPS.values():
        with pytest.raises(ValidationError) as caught:
            stage.made(period).full_clean()
        assert [error.code for error in caught.value.error_dict["__all__"]] == ["overlap"]
    for period in TOUCHES.values():
        stage.made(period).full_clean()


# --- Migrations --------------------------------------------------------------------------------


def assert_guarded(stage: Stage) -> None:
    for way in (by_create, by_queryset_update, by_raw_insert, by_raw_update):
        with refused(), transaction.atomic():
            way(stage, OVERLAPS["inside"])
    with transaction.atomic():
        stage.claim(TOUCHES["after"]).delete()
    assert Claim.objects.get() == stage.held


def current_state() -> ProjectState:
    return MigrationExecutor(connection).loader.project_state()


def after(state: ProjectState, operation: Operation) -> ProjectState:
    changed = state.clone()
    operation.state_forwards("bookings", changed)
    return changed


def forwards(operation: Operation, old: ProjectState, new: ProjectState) -> None:
    with connection.schema_editor() as editor:
        operation.database_forwards("bookings", editor, old, new)


@contextmanager
def migrated(operation: Operation, *, on: ProjectState | None = None) -> Iterator[ProjectState]:
    """The database with this operation applied after all migrations, or on a state; taken back at the end."""
    old = on or current_state()
    new = after(old, operation)
    forwards(operation, old, new)
    try:
        yield new
    finally:
        with connection.schema_editor() as editor:
            operation.database_backwards("bookings", editor, new, old)


GUARD = next(constraint for constraint in Claim._meta.constraints if isinstance(constraint, NoOverlap))
LATER_CHANGES = {
    "a new field": migrations.AddField(
        "claim", "note", models.CharField(max_length=20, default="", db_default="")
    ),
    "a field changed": migrations.AlterField(
        "claim", "occurrence", models.ForeignKey(Occurrence, models.CASCADE, null=True)
    ),
    "a field of the period changed": migrations.AlterField(
        "claim", "end_at", models.DateTimeField(null=True)
    ),
    "a new check": migrations.AddConstraint(
        "claim", models.CheckConstraint(condition=models.Q(start_at__year__gte=2000), name="claim_recent")
    ),
    "a check removed": migrations.RemoveConstraint("claim", "claim_not_backwards"),
    "an index removed": migrations.RemoveIndex("claim", "claim_unit_period"),
}


@pytest.mark.parametrize("change", LATER_CHANGES.values(), ids=LATER_CHANGES)
def test_the_guard_survives_later_changes_of_the_table(committed_stage: Stage, change: Operation) -> None:
    with migrated(change):
        assert_guarded(committed_stage)
    assert_guarded(committed_stage)


def test_the_guard_survives_changes_one_after_another(committed_stage: Stage) -> None:
    with migrated(LATER_CHANGES["a new field"]) as state:
        with migrated(LATER_CHANGES["a field of the period changed"], on=state):
            assert_guarded(committed_stage)
        assert_guarded(committed_stage)


def test_the_guard_follows_a_table_renamed(committed_stage: Stage) -> None:
    with migrated(migrations.AlterModelTable("claim", "bookings_hold")) as state:
        claims = state.apps.get_model("bookings", "Claim")._default_manager
        unit = committed_stage.unit
        values = {
            "unit_id": unit.pk,
            "school_id": unit.school_id,
            "occurrence_id": committed_stage.date.pk,
        }
        with refused(), transaction.atomic():
            claims.create(**values, start_at=OVERLAPS["inside"].start, end_at=OVERLAPS["inside"].end)
        assert claims.count() == 1
    assert_guarded(committed_stage)


def migrate(*targets: tuple[str, str | None]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def test_the_guard_is_back_after_migrating_back_and_forth(transactional_db: None) -> None:
    try:
        migrate(("bookings", None))
        assert "bookings_claim" not in connection.introspection.table_names()
    finally:
        migrate()
    assert_guarded(Stage())


def test_the_guard_can_be_removed_and_added_by_migrations(committed_stage: Stage) -> None:
    with migrated(migrations.RemoveConstraint("claim", GUARD.name)):
        committed_stage.claim(OVERLAPS["inside"]).delete()
    assert_guarded(committed_stage)


def test_adding_the_guard_fails_where_claims_already_overlap(committed_stage: Stage) -> None:
    removal = migrations.RemoveConstraint("claim", GUARD.name)
    with migrated(removal):
        committed_stage.claim(LATER)
        double = committed_stage.claim(OVERLAPS["inside"])
        without = after(current_state(), removal)
        addition = migrations.AddConstraint("claim", GUARD)
        with refused():
            forwards(addition, without, after(without, addition))
        # Nothing of the attempt is left: the table is whole and still unguarded.
        assert Claim.objects.count() == 3
        committed_stage.claim(OVERLAPS["around"]).delete()
        double.delete()
        Claim.objects.filter(start_at=LATER.start).delete()
    assert_guarded(committed_stage)


class Seat(models.Model):
    """A table that is not ours, made and changed within one migration, its key a plain field."""

    number = models.IntegerField()
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()

    class Meta:
        app_label = "test_no_overlap"
        constraints = [NoOverlap(name="seat_once", key="number", start="start_at", end="end_at")]


def test_a_table_made_and_changed_in_one_migration_is_guarded(transactional_db: None) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Seat)
        editor.alter_field(Seat, Seat._meta.get_field("number"), bigger_number())
    try:
        Seat._default_manager.create(number=1, start_at=HELD.start, end_at=HELD.end)
        Seat._default_manager.create(number=2, start_at=HELD.start, end_at=HELD.end)
        with pytest.raises(IntegrityError, match="seat_once"), transaction.atomic():
            Seat._default_manager.create(number=1, start_at=HELD.start, end_at=HELD.end)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Seat)


def bigger_number() -> models.Field[int, int]:
    field = models.BigIntegerField()
    field.set_attributes_from_name("number")
    field.model = Seat
    return field


# --- Declaration -------------------------------------------------------------------------------


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "bookings", check=True, dry_run=True, stdout=StringIO())


def test_the_declaration_survives_being_written_in_a_migration() -> None:
    guard = NoOverlap(
        name="x", key="unit", start="start_at", end="end_at", violation_error_message="Déjà pris."
    )
    source, imports = MigrationWriter.serialize(guard)
    assert imports == {"import bookings.constraints"}
    assert eval(source, {"bookings": bookings}) == guard
    assert guard.clone() == guard
    assert guard != GUARD
