"""Which schools a question is about, in what order, how far: one statement."""

from __future__ import annotations

from typing import NamedTuple

from venues import geo
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
        box = geo.bounding_box(place.near, place.within_km)
        schools = schools.filter(
            latitude__range=(box.south, box.north), longitude__range=(box.west, box.east)
        )
        return Where(_circle(list(schools.values_list(*columns)), place.near, place.within_km), place.near)
    return Where(_in_order(list(schools.values_list(*columns)), place.near), place.near)


Row = tuple[int, float | None, float | None]


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
    far = {
        pk: None if lat is None or lon is None else geo.distance_km(centre, (lat, lon))
        for pk, lat, lon in rows
    }
    # Stable: at one distance by commune and name; schools without a position come last.
    return dict(sorted(far.items(), key=lambda item: (item[1] is None, item[1] or 0)))
