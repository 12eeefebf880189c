"""What a manager does with rooms as a whole: publish, copy, cut into parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from .models import School, Space, SpaceUnit


class Part(NamedTuple):
    """One part of a divisible room."""

    name: str
    capacity: int


def set_published(space: Space, published: bool) -> None:
    space.published = published
    space.save(update_fields=["published", "changed_at"])


@transaction.atomic
def duplicate(space: Space) -> Space:
    """`Salle 12` → `Salle 12 (copie)`, not published: features, prices and own hours come along."""
    School.objects.select_for_update().get(pk=space.school_id)
    return _copies(space, [{"name": _free_name(space), "published": False}])[0]


@transaction.atomic
def divide(space: Space, parts: Sequence[Part]) -> list[Space]:
    """Make the room divisible: each part a space on a unit of its own, the whole on all of them.

    The first part gets the unit the room has had so far. Callers make sure that no date is promised in it.
    """
    made = _copies(space, [part._asdict() for part in parts])
    own = SpaceUnit.objects.get(space=space)
    first = SpaceUnit.objects.select_related("unit").get(space=made[0])
    spare, first.unit = first.unit, own.unit
    first.save()
    spare.delete()
    later = SpaceUnit.objects.filter(space__in=made[1:]).order_by("pk")
    SpaceUnit.objects.bulk_create(SpaceUnit(space=space, unit_id=row.unit_id) for row in later)
    return made


def is_divided(space: Space) -> bool:
    """Whether it has several units, or shares one with another space."""
    units = list(space.units.values_list("pk", flat=True))
    return len(units) != 1 or SpaceUnit.objects.filter(unit__in=units).exclude(space=space).exists()


def sharing(space: Space) -> Iterable[Space]:
    """The other spaces that are taken when this one is."""
    units = space.units.order_by().values("pk")
    return Space.objects.filter(units__in=units).exclude(pk=space.pk).distinct().order_by("name")


def _copies(space: Space, changes: Iterable[dict[str, Any]]) -> list[Space]:
    """Spaces with units of their own, and all that is said of this one but for the changes."""
    features = list(space.features.all())
    belongings: list[list[Any]] = [list(space.price_rules.all()), list(space.opening_hours.all())]
    made = [Space.objects.create(**{**_columns(space), **change}) for change in changes]
    for copy in made:
        copy.features.add(*features)
        for rows in filter(None, belongings):
            type(rows[0])._default_manager.bulk_create(_again(row, copy) for row in rows)
    return made


def _columns(space: Space) -> dict[str, Any]:
    own = {"id", "created_at", "changed_at"}
    names = [field.name for field in Space._meta.concrete_fields if field.name not in own]
    return {name: getattr(space, name) for name in names}


def _again(row: Any, space: Space) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**values, "id": None, "space_id": space.pk})


def _free_name(space: Space) -> str:
    """`… (copie)`, or the first of `… (copie 2)`, `… (copie 3)` that is free."""
    taken = set(Space.objects.filter(school=space.school_id).values_list("name", flat=True))
    number = 1
    while (name := _named(space.name, number)) in taken:
        number += 1
    return name


def _named(name: str, number: int) -> str:
    end = _(" (copie)") if number == 1 else _(" (copie %(n)s)") % {"n": number}
    longest = Space._meta.get_field("name").max_length or 0
    return name[: longest - len(end)] + end
