"""Which schools a question is about, in what order, how far: one statement."""

from __future__ import annotations

from typing import NamedTuple

from venues import geo, sql
from venues.models import School
from venues.places import fold

from .question import Place, Point

# School → kilometres from the centre (None without a centre or a position), in the order of the answer.
Schools = dict[int, float | None]


class Where(NamedTuple):
    """The schools of a place, and the point that distances are counted from, if any."""

    schools: Schools
    centre: Point | None


def where(place: Place) -> Where:
    """Open schools, nearest first where there is a centre, else by commune and name."""
    schools = School.objects.open().order_by("commune", "name", "pk")
    columns = ("pk", "latitude", "longitude")
    if place.text:
        rows = schools.values_list(*columns, "search_text")
        named = [row[:3] for row in rows if _is_named(row[3], place.text)]
        if place.within_km is None:
            return Where(_in_order(named, place.near), place.near)
        centre = place.near or _middle(named)
        return Where(_circle([row[:3] for row in rows], centre, place.within_km), centre)
    if place.near is not None and place.within_km is not None:
        return Where(_circle(_around(place.near, place.within_km), place.near, place.within_km), place.near)
    return Where(_in_order(_everywhere(), place.near), place.near)


FARTHEST = float("inf")
Row = tuple[int, float | None, float | None]

EVERYWHERE = "SELECT id, latitude, longitude FROM venues_school WHERE closed_on IS NULL"
IN_ORDER = " ORDER BY commune, name, id"


def _everywhere() -> list[Row]:
    return sql.rows(EVERYWHERE + IN_ORDER, {})


def _around(centre: Point, km: float) -> list[Row]:
    """The schools in a box around the circle."""
    box = " AND latitude BETWEEN %(south)s AND %(north)s AND longitude BETWEEN %(west)s AND %(east)s"
    return sql.rows(EVERYWHERE + box + IN_ORDER, geo.bounding_box(centre, km)._asdict())


def _is_named(search_text: str, text: str) -> bool:
    """As `School.objects.named_like`, for rows already read."""
    return all(word in search_text for word in fold(text).split())


def _middle(rows: list[Row]) -> Point | None:
    """The middle of these schools; None if none has a position."""
    points = [(lat, lon) for _pk, lat, lon in rows if lat is not None and lon is not None]
    if not points:
        return None
    return sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points)


def _circle(rows: list[Row], centre: Point | None, within_km: float) -> Schools:
    if centre is None:
        return {}
    return {pk: km for pk, km in _in_order(rows, centre).items() if km is not None and km <= within_km}


def _in_order(rows: list[Row], centre: Point | None) -> Schools:
    if centre is None:
        return {pk: None for pk, _lat, _lon in rows}
    placed = [(pk, (lat, lon)) for pk, lat, lon in rows if lat is not None and lon is not None]
    far = dict(
        zip(
            (pk for pk, _point in placed),
            geo.distances_km(centre, (point for _pk, point in placed)),
            strict=True,
        )
    )
    # Stable: at one distance by commune and name; schools without a position come last.
    nearest = sorted((pk for pk, _lat, _lon in rows), key=lambda pk: far.get(pk, FARTHEST))
    return {pk: far.get(pk) for pk in nearest}
