"""Places as they are answered: what they are called, where they are, which lycées are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..geo import Point
from ..models import School
from .rows import CommuneRow, SchoolRow


class Kind(TextChoices):
    COMMUNE = "commune", _("Commune")
    POSTCODE = "postcode", _("Code postal")
    SCHOOL = "school", _("Lycée")
    ADDRESS = "address", _("Adresse")


@dataclass(frozen=True)
class Place:
    """A place a text can mean."""

    kind: Kind
    # In a sentence: `Lille`. In a list, and in the search field to mean this place alone: `Lille (59)`.
    name: str
    label: str
    point: Point | None
    # Whether the point is right to a few kilometres only.
    is_approximate: bool = False
    # The lycées of the place: these, or those of these communes, less those of other postcodes.
    school_pks: tuple[int, ...] = ()
    insee_codes: tuple[str, ...] = ()
    postcode: str = ""
    other_postcodes: tuple[str, ...] = ()

    def schools(self) -> QuerySet[School]:
        """The open lycées that are there; CEDEX codes count as the commune's own."""
        found = Q(pk__in=self.school_pks)
        if self.insee_codes:
            found |= Q(insee_code__in=self.insee_codes) & ~Q(postcode__in=self.other_postcodes)
        if self.postcode:
            found |= Q(postcode=self.postcode)
        return School.objects.open().filter(found)


@dataclass(frozen=True)
class Suggestion:
    """One line of what is offered: `value` is what to put in the search field."""

    kind: Kind
    label: str
    value: str
    point: Point | None
    is_approximate: bool

    @property
    def latitude(self) -> float | None:
        return self.point[0] if self.point else None

    @property
    def longitude(self) -> float | None:
        return self.point[1] if self.point else None


def suggestion(place: Place) -> Suggestion:
    value = place.postcode if place.kind == Kind.POSTCODE else place.label
    return Suggestion(place.kind, place.label, value, place.point, place.is_approximate)


# -- from rows --------------------------------------------------------------------------------------


def of_commune(row: CommuneRow) -> Place:
    return Place(
        Kind.COMMUNE,
        row.name,
        f"{row.name} ({row.department})",
        _point(row),
        is_approximate=row.is_rough,
        insee_codes=(row.insee_code,),
    )


def of_postcode(postcode: str, communes: Sequence[CommuneRow]) -> Place:
    """`communes` all have this postcode, the most populous first."""
    others = {code for row in communes for code in row.postcodes} - {postcode}
    return Place(
        Kind.POSTCODE,
        postcode,
        gettext("%(postcode)s – %(communes)s")
        % {"postcode": postcode, "communes": _some([row.name for row in communes])},
        middle(communes),
        is_approximate=any(row.is_rough for row in communes),
        insee_codes=tuple(row.insee_code for row in communes),
        postcode=postcode,
        other_postcodes=tuple(sorted(others)),
    )


def of_schools(rows: Sequence[SchoolRow], name: str = "") -> Place:
    """One lycée, or several that a name means alike."""
    first = rows[0]
    label = f"{first.name}, {first.commune}" if first.commune else first.name
    return Place(
        Kind.SCHOOL,
        name or first.name,
        name or label,
        middle(rows),
        is_approximate=any(row.is_rough for row in rows),
        school_pks=tuple(row.pk for row in rows),
    )


def of_commune_with_schools(rows: Sequence[SchoolRow]) -> Place:
    """A commune that is known by its lycées only, where no list of communes was loaded."""
    first = rows[0]
    return Place(
        Kind.COMMUNE,
        first.commune,
        f"{first.commune} ({first.department})",
        middle(rows),
        is_approximate=True,
        school_pks=tuple(row.pk for row in rows),
    )


def middle(rows: Iterable[CommuneRow | SchoolRow]) -> Point | None:
    """The middle of these positions; None if none is known."""
    points = [point for row in rows if (point := _point(row))]
    if not points:
        return None
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)


def _point(row: CommuneRow | SchoolRow) -> Point | None:
    if row.latitude is None or row.longitude is None:
        return None
    return row.latitude, row.longitude


def _some(names: Sequence[str], most: int = 2) -> str:
    """`Landas, Nomain et 3 autres`."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return gettext("%(names)s et %(count)s autres") % {
        "names": ", ".join(names[:most]),
        "count": len(names) - most,
    }
