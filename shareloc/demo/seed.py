"""Writes the demonstration's rooms, equipment and hours, many rows a statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from shareloc.accounts.models import Organisation
from venues.models import (
    BusyTime,
    Closure,
    EquipmentKind,
    EquipmentPool,
    Feature,
    OpeningHours,
    PriceRule,
    School,
    Space,
    SpaceUnit,
    Unit,
)
from venues.school_calendar import is_holiday, public_holiday

from . import hours, rooms

BATCH = 2_000
# Kinds of lycée that anybody can picture.
GENERAL = (School.Kind.GENERAL_TECHNOLOGICAL, School.Kind.POLYVALENT)
# Kinds of room that firms ask for.
DEARER = (Space.Kind.HALL, Space.Kind.AMPHITHEATRE, Space.Kind.GYMNASIUM)


class MissingGround(Exception):
    """What the demonstration stands on is not there: schools or vocabulary. The message says what to run."""


@dataclass
class _Rows:
    """Everything to be written, before it is."""

    spaces: list[Space] = field(default_factory=list)
    plans: list[rooms.Room] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    links: list[SpaceUnit] = field(default_factory=list)
    pools: list[EquipmentPool] = field(default_factory=list)
    hours: list[OpeningHours] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    busy: list[BusyTime] = field(default_factory=list)


def showcase_school() -> School:
    """The lycée of the demonstration's manager: a general one of Lille if there is one."""
    schools = School.objects.open().order_by("uai")
    general = schools.filter(kind__in=GENERAL)
    found = general.filter(commune__startswith="Lille").first() or general.first() or schools.first()
    if found is None:
        raise MissingGround(
            "Aucun lycée : lancez d’abord « manage.py import_schools fixtures/lycees.csv --apply »."
        )
    return found


def newcomer_school(showcase: School) -> School:
    """The lycée that proposes nothing yet: a general one if there is one, far down the list from the showcase."""
    others = School.objects.open().exclude(pk=showcase.pk).order_by("-uai")
    found = others.filter(kind__in=GENERAL).first() or others.first()
    if found is None:
        raise MissingGround("Un seul lycée : la démonstration en demande au moins deux.")
    return found


def fill_schools(showcase: School, newcomer: School, *, seed: int, today: dt.date) -> int:
    """Give every open school but the newcomer its made-up rooms, equipment and hours; returns how many rooms."""
    features, kinds = _vocabulary()
    rows = _Rows()
    for school in School.objects.open().exclude(pk=newcomer.pk).order_by("uai"):
        random = Random(f"{seed}:{school.uai}")
        _plan_school(rows, school, kinds, random, today, is_showcase=school == showcase)
    _write(rows)
    _write_features(rows, features)
    return len(rows.spaces)


def _vocabulary() -> tuple[dict[str, int], dict[str, EquipmentKind]]:
    features = dict(Feature.objects.values_list("slug", "pk"))
    kinds = {kind.slug: kind for kind in EquipmentKind.objects.all()}
    if not (features and kinds):
        raise MissingGround("Le vocabulaire manque : lancez d’abord « manage.py load_vocabulary ».")
    return features, kinds


def _plan_school(
    rows: _Rows,
    school: School,
    kinds: dict[str, EquipmentKind],
    random: Random,
    today: dt.date,
    *,
    is_showcase: bool,
) -> None:
    planned = rooms.showcase(random) if is_showcase else rooms.rooms(school.kind, random)
    spaces = [_space(school, room) for room in planned]
    rows.plans += planned
    rows.spaces += spaces
    _plan_units(rows, school, spaces, planned)
    _plan_equipment(rows, school, kinds, random, everything=is_showcase)
    _plan_hours(rows, school, spaces, random, everything=is_showcase)
    # The showcase closes nothing: its rooms are kept for the demonstration's own requests, whatever the day.
    if not is_showcase:
        _plan_closures(rows, school, spaces, random, today)
    _plan_lessons(rows, spaces, random, today)


def price(school: School) -> None:
    """Its halls have prices of their own: associations pay nothing, and why; firms pay by the half-day."""
    halls = Space.objects.filter(school=school, kind__in=DEARER)
    PriceRule.objects.bulk_create(
        rule
        for space in halls
        for rule in (
            PriceRule(
                space=space,
                organisation_kind=Organisation.Kind.ASSOCIATION,
                amount=0,
                free_ground="association à but non lucratif, d’intérêt général",
            ),
            PriceRule(
                space=space,
                organisation_kind=Organisation.Kind.COMPANY,
                basis=PriceRule.Basis.HALF_DAY,
                amount=120,
            ),
        )
    )


def introduce(school: School, *, today: dt.date) -> None:
    """What its agreements cite and its lodge reads: inventions too, and said to be."""
    school.board_decided_on = dt.date(today.year - 1, 12, 1)
    school.region_signature = School.RegionSignature.STANDING
    school.region_delegation = "Délégation fictive, donnée de démonstration."
    school.access_notes = "Accès fictif, donnée de démonstration : sonnez à la loge, rue de la Démonstration."
    school.emergency_instructions = (
        "Consignes fictives, données de démonstration : au signal, sortez vers la cour et prévenez la loge."
    )
    school.save()


def _space(school: School, room: rooms.Room) -> Space:
    return Space(
        school=school,
        name=room.name,
        kind=room.kind,
        description=room.description,
        capacity=room.capacity,
        area=room.area,
        location=room.location,
        step_free=room.step_free,
        published=True,
        is_demo=True,
        min_minutes=room.min_minutes,
        max_minutes=room.max_minutes,
        setup_minutes=room.setup,
        cleanup_minutes=room.cleanup,
        notice_hours=room.notice_hours,
        hourly_rate=room.hourly_rate,
        hourly_value=room.hourly_value,
        needs_verified=room.needs_verified,
    )


def _plan_units(rows: _Rows, school: School, spaces: list[Space], planned: list[rooms.Room]) -> None:
    units: dict[str, Unit] = {}
    for space, room in zip(spaces, planned, strict=True):
        for name in room.units:
            if name not in units:
                units[name] = Unit(school=school, name=name)
            rows.links.append(SpaceUnit(space=space, unit=units[name]))
    rows.units += units.values()


def _plan_equipment(
    rows: _Rows, school: School, kinds: dict[str, EquipmentKind], random: Random, *, everything: bool
) -> None:
    for plan in rooms.equipment(random, everything=everything):
        kind = kinds[plan.kind]
        pool = EquipmentPool(school=school, kind=kind, description=plan.description, is_demo=True)
        rows.pools.append(pool)
        rows.units += (
            Unit(school=school, pool=pool, name=f"{kind.name} {number}")
            for number in range(1, plan.quantity + 1)
        )


def _plan_hours(
    rows: _Rows, school: School, spaces: list[Space], random: Random, *, everything: bool
) -> None:
    def row(window: hours.Hours, space: Space | None = None) -> OpeningHours:
        return OpeningHours(school=school, space=space, **window._asdict())

    rows.hours += (row(window) for window in hours.of_school(random, everything=everything))
    rows.hours += (row(window, space) for space in spaces for window in hours.of_kind(space.kind))


def _plan_closures(rows: _Rows, school: School, spaces: list[Space], random: Random, today: dt.date) -> None:
    rows.closures += (Closure(school=school, **days._asdict()) for days in hours.closures(today, random))
    if random.random() < 0.5:
        days = hours.works(today, random)
        rows.closures.append(Closure(school=school, space=random.choice(spaces), **days._asdict()))


def _plan_lessons(rows: _Rows, spaces: Iterable[Space], random: Random, today: dt.date) -> None:
    tz = ZoneInfo(settings.TIME_ZONE)
    for space in spaces:
        for lesson in hours.lessons(space.kind, random):
            rows.busy += (
                BusyTime(space=space, start_at=period.start, end_at=period.end, reason=lesson.reason)
                for period in hours.dates(lesson, today, tz, is_off=_is_off)
            )


def _is_off(day: dt.date) -> bool:
    return is_holiday(day, settings.HOLIDAY_ZONE) or bool(public_holiday(day))


def _write(rows: _Rows) -> None:
    """Each group after those it points to: `bulk_create` takes the keys of rows written before."""
    groups: tuple[list[Any], ...] = (
        rows.pools, rows.units, rows.spaces, rows.links, rows.hours, rows.closures, rows.busy,
    )  # fmt: skip
    for group in groups:
        if group:
            type(group[0])._default_manager.bulk_create(group, batch_size=BATCH)


def _write_features(rows: _Rows, features: dict[str, int]) -> None:
    through = Space.features.through
    through.objects.bulk_create(
        (
            through(space_id=space.pk, feature_id=features[slug])
            for space, room in zip(rows.spaces, rows.plans, strict=True)
            for slug in room.features
        ),
        batch_size=BATCH,
    )
