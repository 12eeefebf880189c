"""What a school owns of its equipment and how its rooms are cut up, without breaking what was promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues import rooms
from venues.models import EquipmentPool, Space, Unit

from .models import Claim, Occurrence
from .states import HOLDING


class StockError(Exception):
    """A change that promises made for dates to come forbid; the message is French."""


def quantity(pool: EquipmentPool) -> int:
    """How many of a pool the school owns."""
    return Unit.objects.filter(pool=pool, retired_at__isnull=True).count()


def least(pool: EquipmentPool, *, at: dt.datetime | None = None) -> int:
    """How low the quantity of a pool can go: its units with a claim that is not over."""
    return len(_promised(pool, at or timezone.now()))


def set_quantity(pool: EquipmentPool, wanted: int, *, at: dt.datetime | None = None) -> None:
    """Make the pool own so many. Raises StockError when units to be retired are promised to a date.

    More: retired units come back first, then new ones are made. Fewer: units are retired that no
    claim needs any more, never deleted; those of the highest ids, because approvals pick the lowest.
    """
    at = at or timezone.now()
    with transaction.atomic():
        units = _lock(pool)
        owned = [unit for unit in units if unit.retired_at is None]
        if wanted > len(owned):
            _add(pool, units, wanted - len(owned))
        elif wanted < len(owned):
            _retire(pool, owned, len(owned) - wanted, at)


def _lock(pool: EquipmentPool) -> list[Unit]:
    """The pool and its units, locked in the order in which approvals lock them."""
    EquipmentPool.objects.select_for_update().get(pk=pool.pk)
    return list(Unit.objects.filter(pool=pool).order_by("pk").select_for_update())


def _add(pool: EquipmentPool, units: Sequence[Unit], count: int) -> None:
    back = [unit.pk for unit in units if unit.retired_at is not None][:count]
    Unit.objects.filter(pk__in=back).update(retired_at=None)
    first = len(units) + 1
    Unit.objects.bulk_create(
        Unit(school_id=pool.school_id, pool=pool, name=f"{pool.kind} {number}"[:120])
        for number in range(first, first + count - len(back))
    )


def _retire(pool: EquipmentPool, owned: Sequence[Unit], count: int, at: dt.datetime) -> None:
    promised = _promised(pool, at)
    idle = [unit.pk for unit in owned if unit.pk not in promised]
    if len(idle) < count:
        raise StockError(too_few(len(promised)))
    Unit.objects.filter(pk__in=idle[len(idle) - count :]).update(retired_at=at)


def _promised(pool: EquipmentPool, at: dt.datetime) -> set[int]:
    claims = Claim.objects.filter(unit__pool=pool, unit__retired_at__isnull=True, end_at__gt=at)
    return set(claims.order_by().values_list("unit_id", flat=True).distinct())


def too_few(promised: int) -> str:
    """Why a quantity cannot go below what is promised, and what to do."""
    return ngettext(
        "%(n)s exemplaire est promis à une date à venir : la quantité ne peut pas descendre plus bas. "
        "Annulez d’abord la date concernée.",
        "%(n)s exemplaires sont promis à des dates à venir : la quantité ne peut pas descendre plus bas. "
        "Annulez d’abord les dates concernées.",
        promised,
    ) % {"n": promised}


# -- spaces -------------------------------------------------------------------------------------


def check_can_be_recut(space: Space, *, at: dt.datetime | None = None) -> None:
    """Raise StockError while dates to come are promised in a space.

    Their claims are on the units it has now: with other units, one of them could be taken twice.
    Call it in the transaction that changes the units: approvals wait until that ends.
    """
    list(Unit.objects.filter(spaces=space).order_by("pk").select_for_update().values_list("pk"))
    promised = Occurrence.objects.in_state(*HOLDING).filter(spaces=space, end_at__gt=at or timezone.now())
    if promised.exists():
        raise StockError(
            _(
                "Des dates à venir sont promises dans cette salle : ses unités ne peuvent pas changer avant leur fin."
            )
        )


def requests_of(spaces: Sequence[Space]) -> list[Occurrence]:
    """Dates that were ever asked for in these spaces, which therefore stay. Locks the spaces."""
    keys = [space.pk for space in spaces]
    list(Space.objects.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk"))
    return list(
        Occurrence.objects.filter(spaces__in=keys)
        .select_related("request")
        .distinct()
        .order_by("start_at", "pk")[:20]
    )


@transaction.atomic
def divide(space: Space, parts: Sequence[rooms.Part], *, at: dt.datetime | None = None) -> list[Space]:
    """Cut a room into parts that are lent alone or together. Raises StockError where it cannot be cut."""
    check_can_be_recut(space, at=at)
    if rooms.is_divided(space):
        raise StockError(_("Cette salle est déjà divisible : changez ses parties une à une."))
    return rooms.divide(space, parts)


@transaction.atomic
def delete_space(space: Space) -> None:
    """Delete a space that was never asked for, with units nothing else needs. Else raises StockError."""
    if requests_of([space]):
        raise StockError(
            _(
                "Cette salle a déjà été demandée : son histoire reste. Pour ne plus la prêter, ne la proposez plus."
            )
        )
    units = list(space.units.values_list("pk", flat=True))
    space.delete()
    forget_units(units)


def forget_units(keys: Sequence[int]) -> None:
    """Delete those of these rooms' units that no space and no claim needs."""
    Unit.objects.filter(pk__in=keys, pool=None, space_units=None, claims=None).delete()
