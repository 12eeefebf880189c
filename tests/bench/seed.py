"""Seeds a bench database: 274 schools of 36 rooms, and SCALE million claims over two years.

Everything follows from one seed. Rows go in as plain SQL; the constraints judge them in the end.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, migrations, transaction
from django.db.migrations.executor import MigrationExecutor

from bookings.models import BookingRequest, Claim, Occurrence
from shareloc.accounts.models import Organisation, User
from venues.local_time import instant
from venues.models import BusyTime, Closure, Feature, OpeningHours, School, Space, SpaceUnit, Unit

PARIS = ZoneInfo("Europe/Paris")
SEED = 20260101
ROOMS = 36
CLAIMS = 1_000_000
FIRST_DAY = dt.date(2026, 9, 1)
DAYS = 730
FEATURES = 12
# Local hours at which a claim may start, so that no two on one room and day overlap: (start, minutes).
SLOTS = [(8 * 60, 120), (10 * 60 + 30, 90), (13 * 60, 120), (16 * 60, 90), (18 * 60, 105), (20 * 60, 105)]
BATCH = 20_000


def seed(*, scale: int) -> None:
    """Fill an empty, migrated database: some minutes a million claims."""
    rng = random.Random(SEED)
    schools = _schools()
    spaces = _spaces(schools, rng)
    _hours(schools, spaces, rng)
    _closures_and_lessons(schools, spaces, rng)
    with _guard_comes_last():
        _claims(spaces, CLAIMS * scale, rng)
    with connection.cursor() as cursor:
        # What a database in service does by itself after a while.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


@contextmanager
def _guard_comes_last() -> Iterator[None]:
    """Claims go in faster without their constraint, which then judges them all at once."""
    removal = migrations.RemoveConstraint("claim", "claim_no_overlap")
    guarded = MigrationExecutor(connection).loader.project_state()
    unguarded = guarded.clone()
    removal.state_forwards("bookings", unguarded)
    with connection.schema_editor() as editor:
        removal.database_forwards("bookings", editor, guarded, unguarded)
    yield
    with connection.schema_editor() as editor:
        removal.database_backwards("bookings", editor, unguarded, guarded)


def _schools() -> list[School]:
    path = Path(settings.BASE_DIR) / "fixtures" / "lycees.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    made = [
        School(
            uai=row["Identifiant_de_l_etablissement"],
            name=row["Nom_etablissement"],
            commune=row["Nom_commune"],
            department=row["Code_departement"].removeprefix("0"),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in rows
    ]
    for school in made:
        school.refresh_search_text()
    return School.objects.bulk_create(made)


def _spaces(schools: list[School], rng: random.Random) -> list[Space]:
    kinds = list(Space.Kind)
    spaces = Space.objects.bulk_create(
        (
            Space(
                school=school,
                name=f"Salle {number:02}",
                kind=rng.choice(kinds),
                capacity=rng.choice([20, 30, 30, 60, 120, 300]),
                step_free=rng.random() < 0.6,
                published=True,
                notice_hours=24,
                setup_minutes=rng.choice([0, 0, 0, 15]),
                cleanup_minutes=rng.choice([0, 0, 0, 15]),
                hourly_rate=rng.choice([0, 0, 0, 8]),
                needs_insurance=False,
            )
            for school in schools
            for number in range(ROOMS)
        ),
        batch_size=2000,
    )
    units = Unit.objects.bulk_create(
        (Unit(school_id=s.school_id, name=s.name) for s in spaces), batch_size=5000
    )
    SpaceUnit.objects.bulk_create(
        (SpaceUnit(space=space, unit=unit) for space, unit in zip(spaces, units, strict=True)),
        batch_size=5000,
    )
    features = Feature.objects.bulk_create(
        Feature(slug=f"f{n}", name=f"Aménagement {n}") for n in range(FEATURES)
    )
    through = Space.features.through
    through.objects.bulk_create(
        (
            through(space_id=space.pk, feature_id=feature.pk)
            for space in spaces
            for feature in rng.sample(features, rng.randint(1, 6))
        ),
        batch_size=5000,
    )
    return spaces


def _hours(schools: list[School], spaces: list[Space], rng: random.Random) -> None:
    """Evenings of the week in two windows that touch, Wednesday afternoons, Saturdays; a tenth of the rooms their own.

    No two weeks need be alike: they begin and end at hours of their own.
    """
    rows = [hours for school in schools for hours in _week(school.pk, None, rng)]
    rows += [
        hours for space in spaces if rng.random() < 0.1 for hours in _week(space.school_id, space.pk, rng)
    ]
    OpeningHours.objects.bulk_create(rows, batch_size=5000)


def _week(school: int, space: int | None, rng: random.Random) -> Iterator[OpeningHours]:
    evening = rng.randrange(16 * 60, 18 * 60 + 1, 15)
    night = rng.randrange(21 * 60, 23 * 60 + 1, 15)

    def window(weekday: int, start: int, end: int, season: str = "always") -> OpeningHours:
        return OpeningHours(
            school_id=school,
            space_id=space,
            weekday=weekday,
            starts_at=dt.time(start // 60, start % 60),
            minutes=end - start,
            season=season,
        )

    for weekday in range(5):
        yield window(weekday, evening, 20 * 60)
        yield window(weekday, 20 * 60, night)
    yield window(2, 13 * 60, evening, "term")
    yield window(5, rng.randrange(8 * 60, 10 * 60, 15), night)


def _closures_and_lessons(schools: list[School], spaces: list[Space], rng: random.Random) -> None:
    Closure.objects.bulk_create(
        Closure(school=school, first_on=first, last_on=first + dt.timedelta(days=rng.randint(0, 10)))
        for school in schools
        for first in (FIRST_DAY + dt.timedelta(days=rng.randrange(DAYS)) for _ in range(4))
    )
    lessons = []
    for space in rng.sample(spaces, len(spaces) // 4):
        for _ in range(20):
            start = instant(FIRST_DAY + dt.timedelta(days=rng.randrange(DAYS)), PARIS, 17 * 60)
            lessons.append(BusyTime(space=space, start_at=start, end_at=start + dt.timedelta(minutes=90)))
    BusyTime.objects.bulk_create(lessons, batch_size=5000)


def _claims(spaces: list[Space], wanted: int, rng: random.Random) -> None:
    """Spread evenly over rooms; one occurrence a claim, ten to a request."""
    asker = User.objects.create(email="bench@example.org")
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Organisme {n}", rna=f"W59{n:07d}") for n in range(200)
    )
    requests = _requests(spaces, organisations, asker, rng)
    _insert(_table(spaces, wanted, rng), requests, rng)


def _requests(
    spaces: list[Space], organisations: list[Organisation], asker: User, rng: random.Random
) -> dict[int, list[int]]:
    """Ten decided requests a school, by school."""
    at = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    schools = [school for school in sorted({space.school_id for space in spaces}) for _ in range(10)]
    made = BookingRequest.objects.bulk_create(
        (
            BookingRequest(
                reference=f"R-{n:09d}",
                organisation=rng.choice(organisations),
                school_id=school,
                created_by=asker,
                purpose="Banc d’essai",
                attendees=10,
                state="decided",
                submitted_at=at,
                answer_due_on=at.date(),
            )
            for n, school in enumerate(schools)
        ),
        batch_size=2000,
    )
    by_school: dict[int, list[int]] = {}
    for request in made:
        by_school.setdefault(request.school_id, []).append(request.pk)
    return by_school


# What is written of each, in the order of its rows.
COLUMNS: dict[Any, Sequence[str]] = {
    Occurrence: (
        "id",
        "request_id",
        "uid",
        "start_at",
        "end_at",
        "state",
        "reason",
        "price_ground",
        "sequence",
        "changed_at",
    ),
    Occurrence.spaces.through: ("occurrence_id", "space_id"),
    Claim: ("unit_id", "school_id", "occurrence_id", "start_at", "end_at"),
}
# (space, unit, start, end) of a claim.
Taken = tuple[int, int, dt.datetime, dt.datetime]


def _table(spaces: list[Space], wanted: int, rng: random.Random) -> Iterator[tuple[int, list[Taken]]]:
    """The claims of each school, a school at a time: all of them would fill the memory."""
    units = dict(SpaceUnit.objects.values_list("space_id", "unit_id"))
    starts = {
        (day, slot): instant(FIRST_DAY + dt.timedelta(days=day), PARIS, SLOTS[slot][0])
        for day in range(DAYS)
        for slot in range(len(SLOTS))
    }
    places = list(starts)
    # Evenings are where people ask: two thirds of the claims at scale 1.
    evenings = [place for place in places if place[1] >= 4]
    each, left = divmod(wanted, len(spaces))
    for school, rooms in groupby(enumerate(spaces), key=lambda numbered: numbered[1].school_id):
        rows: list[Taken] = []
        for n, space in rooms:
            count = each + (n < left)
            chosen = set(rng.sample(evenings, min(len(evenings), count * 2 // 3)))
            while len(chosen) < count:
                chosen.add(rng.choice(places))
            for place in sorted(chosen):
                start = starts[place]
                end = start + dt.timedelta(minutes=SLOTS[place[1]][1])
                rows.append((space.pk, units[space.pk], start, end))
        yield school, rows


def _insert(
    table: Iterable[tuple[int, list[Taken]]], requests: dict[int, list[int]], rng: random.Random
) -> None:
    next_id = 1
    for school, rows in table:
        for first in range(0, len(rows), BATCH):
            part = rows[first : first + BATCH]
            with transaction.atomic():
                _insert_part(school, part, next_id, requests[school], rng)
            next_id += len(part)


def _insert_part(
    school: int, part: list[Taken], first_id: int, requests: list[int], rng: random.Random
) -> None:
    """Claims, each with its date, numbered from `first_id` on."""
    numbered = list(enumerate(part, first_id))
    _insert_rows(
        Occurrence,
        (
            (pk, rng.choice(requests), uuid.UUID(int=pk), start, end, "approved", "", "", 1, start)
            for pk, (_space, _unit, start, end) in numbered
        ),
    )
    _insert_rows(Occurrence.spaces.through, ((pk, space) for pk, (space, *_rest) in numbered))
    _insert_rows(
        Claim,
        ((unit, school, pk, start, end) for pk, (_space, unit, start, end) in numbered),
    )


def _insert_rows(model: Any, rows: Iterable[Sequence[Any]]) -> None:
    columns = COLUMNS[model]
    table, names = model._meta.db_table, ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", [[_text(v) for v in row] for row in rows]
            )


def _text(value: Any) -> Any:
    """As Django writes it in SQLite."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    return value.hex if isinstance(value, uuid.UUID) else value
