"""Which schools a question is about, in what order, how far: one statement, and one to find a named place."""

from __future__ import annotations

from typing import NamedTuple

from venues import gazetteer, geo, sql

from .question import Place, Point

# School → kilometres from the centre (None without a centre or a position), in the order of the answer.
Schools = dict[int, float | None]


class Where(NamedTuple):
    """The schools of a place, and the point that distances are counted from, if any."""

    schools: Schools
    centre: Point | None
    # What the text was taken for, if one was given.
    answer: gazetteer.Answer | None = None


def where(place: Place, answer: gazetteer.Answer | None = None) -> Where:
    """Open schools, nearest first where there is a centre, else by commune and name.

    `answer` is what the text means, where that is known already.
    """
    if place.text:
        return _named(place, answer or gazetteer.look_up(place.text))
    if place.near is not None and place.within_km is not None:
        return Where(_circle(_around(place.near, place.within_km), place.near, place.within_km), place.near)
    return Where(_in_order(_everywhere(), place.near), place.near)


def around(place: Place) -> Schools:
    """The open schools of a place by how far they are, nearest first."""
    return where(place).schools


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


def _named(place: Place, answer: gazetteer.Answer) -> Where:
    """Around the place that is named, or the schools that are there; around `near` if it is given too."""
    if answer.place is None:
        return Where({}, None, answer)
    if place.within_km is None:
        schools = answer.place.schools().order_by("commune", "name", "pk")
        rows = list(schools.values_list("pk", "latitude", "longitude"))
        return Where(_in_order(rows, place.near), place.near, answer)
    centre = place.near or answer.place.point
    if centre is None:
        return Where({}, None, answer)
    return Where(_circle(_around(centre, place.within_km), centre, place.within_km), centre, answer)


def _circle(rows: list[Row], centre: Point, within_km: float) -> Schools:
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
