"""Turns dates into claims: locks the units, picks them, refuses what another date already took."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _

from venues.models import SpaceUnit, Unit
from venues.periods import Period

from . import equipment
from .models import Claim, Occurrence
from .problems import Asked, Problem

MINUTE = dt.timedelta(minutes=1)


def lock_units(dates: Iterable[Asked]) -> dict[int, list[int]]:
    """Lock every unit these dates could take; returns the units of each space.

    Rooms before equipment and each in id order: the order is the same for everybody, so that two
    approvals wait for each other instead of deadlocking. On SQLite the transaction itself is the
    lock (IMMEDIATE).
    """
    dates = list(dates)
    spaces = {space.pk for date in dates for space in date.spaces}
    pools = {line.pool.pk for date in dates for line in date.equipment}
    rows = SpaceUnit.objects.filter(space__in=spaces).select_related("unit").order_by("unit_id", "pk")
    of_space: dict[int, list[int]] = defaultdict(list)
    for row in rows.select_for_update(of=("unit",)):
        of_space[row.space_id].append(row.unit_id)
    if pools and connection.features.has_select_for_update:
        list(Unit.objects.filter(pool__in=pools).order_by("pk").select_for_update().values_list("pk"))
    return of_space


@dataclass
class Picker:
    """Collects the claims of the dates approved together, none overlapping another.

    What a date holds already is no obstacle to it: it gives that up when it moves.
    """

    # The units of each space, locked.
    units: dict[int, list[int]]
    stock: equipment.Stock
    claims: list[Claim] = field(default_factory=list)
    _taken: dict[int, list[Period]] = field(default_factory=lambda: defaultdict(list))

    def take(self, date: Occurrence, asked: Asked) -> list[Problem]:
        """Take the units of one date, all or none; returns what stands against it."""
        wanted, missing = self._rooms(asked), []
        if any(self._is_taken(unit, period) for unit, period in wanted):
            missing.append(Problem("buffer", _("Une autre date acceptée de la demande est trop proche.")))
        picked, short = self._equipment(asked)
        missing += short
        if not missing:
            for unit, period in [*wanted, *picked]:
                self._taken[unit].append(period)
                self.claims.append(
                    Claim(
                        unit_id=unit,
                        school_id=date.request.school_id,
                        occurrence=date,
                        start_at=period.start,
                        end_at=period.end,
                    )
                )
        return missing

    def _rooms(self, asked: Asked) -> list[tuple[int, Period]]:
        """Every unit of every space, with the widest buffers of the spaces that share it."""
        widest: dict[int, Period] = {}
        for space in asked.spaces:
            held = asked.period.widened(space.setup_minutes * MINUTE, space.cleanup_minutes * MINUTE)
            for unit in self.units.get(space.pk, []):
                before = widest.get(unit, held)
                widest[unit] = Period(min(before.start, held.start), max(before.end, held.end))
        return list(widest.items())

    def _is_taken(self, unit: int, period: Period) -> bool:
        return any(taken.overlaps(period) for taken in self._taken[unit])

    def _equipment(self, asked: Asked) -> tuple[list[tuple[int, Period]], list[Problem]]:
        period = equipment.claim_period(asked.period, asked.spaces)
        own = () if asked.occurrence_id is None else (asked.occurrence_id,)
        picked: list[tuple[int, Period]] = []
        for line in asked.equipment:
            held = self.stock.held_units(line.pool.pk, period, ignoring=own)
            free = [unit for unit in self.stock.units.get(line.pool.pk, []) if unit not in held]
            free = [unit for unit in free if not self._is_taken(unit, period)]
            if len(free) < line.quantity:
                return [], [
                    Problem("equipment", _("%(pool)s : il n’en reste pas assez.") % {"pool": line.pool})
                ]
            picked += [(unit, period) for unit in free[: line.quantity]]
        return picked, []
