"""What is free in place of dates that are taken."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from bookings import alternatives, problems
from bookings.alternatives import Instead
from bookings.problems import Asked
from shareloc.accounts.models import Organisation
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris
from venues.models import Space
from venues.periods import Period


@pytest.fixture
def other(scene: Scene) -> Space:
    return factories.SpaceFactory.create(school=scene.school, name="Salle B", kind=scene.space.kind)


def instead(
    scene: Scene, *periods: Period, spaces: tuple[Space, ...] = (), attendees: int = 20
) -> list[Instead]:
    now = timezone.now()
    asked = [
        Asked(period, spaces or (scene.space,), scene.organisation, attendees, now) for period in periods
    ]
    known = problems.read(asked, now=now, suggest=True, rivals=True)
    return alternatives.of_dates(asked, problems.judge(asked, known), known)


def take(space: Space, period: Period) -> None:
    factories.BusyTimeFactory.create(space=space, start_at=period.start, end_at=period.end)


def names(found: Instead) -> list[str]:
    return [swap.space.name for swap in found.swaps]


def test_a_free_date_needs_nothing(scene: Scene, other: Space) -> None:
    assert instead(scene, evening("2026-11-12")) == [Instead()]


def test_what_no_other_hour_cures_has_no_alternative(scene: Scene, other: Space) -> None:
    assert instead(scene, evening("2026-11-12"), attendees=500) == [Instead()]


def test_what_is_too_small_is_not_offered(scene: Scene, other: Space) -> None:
    """Neither other hours of a room that cannot hold them, nor rooms and lycées that cannot either."""
    near = factories.SpaceFactory.create(
        kind=scene.space.kind, capacity=80, school__latitude=50.64, school__longitude=3.07
    )
    factories.open_always(near.school)
    other.capacity = 80
    other.save()
    take(scene.space, evening("2026-11-12", "18:00", "18:30"))
    (found,) = instead(scene, evening("2026-11-12"), attendees=80)
    assert (found.time, names(found)) == (None, ["Salle B"])
    assert [one.school for one in found.schools] == [near.school]
    assert instead(scene, evening("2026-11-12"), attendees=81) == [Instead()]


def test_with_the_spaces_kept_another_one_holds_everybody(scene: Scene, other: Space) -> None:
    """The kitchen needs no place for all; the hall holds those whom the kitchen does not."""
    kitchen = factories.SpaceFactory.create(school=scene.school, name="Cuisine", kind="kitchen", capacity=10)
    other.capacity = scene.space.capacity + 10
    other.save()
    spaces, everybody = (scene.space, kitchen), scene.space.capacity + 10
    take(kitchen, evening("2026-11-12", "18:00", "18:30"))
    (found,) = instead(scene, evening("2026-11-12"), spaces=spaces, attendees=everybody)
    assert (found.time, names(found)) == (evening("2026-11-12", "18:30", "20:30"), ["Salle B"])
    (found,) = instead(scene, evening("2026-11-12"), spaces=spaces, attendees=everybody + 10)
    assert (found.time, names(found)) == (None, ["Salle B"])
    assert names(instead(scene, evening("2026-11-12"), spaces=spaces, attendees=everybody * 2 + 1)[0]) == []


def test_the_nearest_hours_of_that_day_before_or_after(scene: Scene) -> None:
    take(scene.space, evening("2026-11-12", "18:00", "18:30"))
    take(scene.space, evening("2026-11-19", "21:30", "22:00"))
    found = instead(
        scene, evening("2026-11-12"), evening("2026-11-19", "20:00", "22:00"), evening("2026-11-26")
    )
    assert [one.time for one in found] == [
        evening("2026-11-12", "18:30", "20:30"), evening("2026-11-19", "19:30", "21:30"), None,
    ]  # fmt: skip


def test_other_hours_do_not_touch_another_date_of_the_request(scene: Scene) -> None:
    take(scene.space, evening("2026-11-12", "18:00", "18:30"))
    asked = (evening("2026-11-12", "18:00", "19:00"), evening("2026-11-12", "19:30", "20:30"))
    assert instead(scene, *asked)[0].time == evening("2026-11-12", "21:00", "22:00")


def test_all_spaces_of_a_date_are_free_at_its_other_hours(scene: Scene, other: Space) -> None:
    take(scene.space, evening("2026-11-12", "18:00", "18:30"))
    take(other, evening("2026-11-12", "18:30", "19:00"))
    found = instead(scene, evening("2026-11-12"), spaces=(scene.space, other))
    assert found[0].time == evening("2026-11-12", "19:00", "21:00")
    # One for one: with both taken there is nothing to put in place of one.
    assert (
        names(instead(scene, evening("2026-11-12", "18:00", "20:00"), spaces=(scene.space, other))[0]) == []
    )


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        ({}, ["Salle B"]),
        ({"capacity": 19}, []),
        ({"published": False}, []),
        ({"open_to": [Organisation.Kind.COMMUNE]}, []),
        ({"notice_hours": 24 * 60}, []),
        ({"min_minutes": 180}, []),
        ({"kind": Space.Kind.KITCHEN}, ["Salle B"]),
    ],
)
def test_another_space_is_one_that_may_be_asked_for(
    scene: Scene, other: Space, spoil: dict[str, Any], found: list[str]
) -> None:
    take(scene.space, evening("2026-11-12"))
    for name, value in spoil.items():
        setattr(other, name, value)
    other.save()
    assert names(instead(scene, evening("2026-11-12"))[0]) == found


def test_an_unverified_organisation_is_shown_nothing_for_verified_ones(scene: Scene, other: Space) -> None:
    take(scene.space, evening("2026-11-12"))
    other.needs_verified = True
    other.save()
    assert names(instead(scene, evening("2026-11-12"))[0]) == ["Salle B"]
    scene.organisation.verified_at = None
    assert names(instead(scene, evening("2026-11-12"))[0]) == []


def test_a_part_of_a_room_of_the_date_is_no_alternative(scene: Scene, other: Space) -> None:
    half = factories.SpaceFactory.create(
        school=scene.school, name="Demi-gymnase", kind=other.kind, units=[scene.space.units.get()]
    )
    take(other, evening("2026-11-12"))
    (found,) = instead(scene, evening("2026-11-12"), spaces=(scene.space, other))
    assert names(found) == []
    third = factories.SpaceFactory.create(school=scene.school, name="Salle C", kind=other.kind)
    (found,) = instead(scene, evening("2026-11-12"), spaces=(scene.space, other))
    assert (names(found), found.swaps[0].spaces) == (["Salle C"], (scene.space, third))
    (found,) = instead(scene, evening("2026-11-12"), spaces=(half, other))
    assert names(found) == ["Salle C"]


def test_the_same_kind_comes_first_then_the_smallest(scene: Scene, other: Space) -> None:
    factories.SpaceFactory.create(school=scene.school, name="Cuisine", kind="kitchen", capacity=25)
    factories.SpaceFactory.create(school=scene.school, name="Amphi", kind=scene.space.kind, capacity=200)
    take(scene.space, evening("2026-11-12"))
    assert names(instead(scene, evening("2026-11-12"))[0]) == ["Salle B", "Amphi"]


def test_a_half_is_not_free_where_the_whole_is_taken(scene: Scene) -> None:
    factories.SpaceFactory.create(
        school=scene.school, name="Moitié", capacity=40, units=list(scene.space.units.all())
    )
    take(scene.space, evening("2026-11-12"))
    assert names(instead(scene, evening("2026-11-12"))[0]) == []


def test_dates_at_different_hours_are_judged_each_at_its_own(scene: Scene, other: Space) -> None:
    """Two Thursdays look alike but for the clock."""
    factories.OpeningHoursFactory.create(
        school=scene.school, space=other, weekday=3, starts_at=dt.time(18), minutes=120
    )
    take(scene.space, evening("2026-11-12"))
    take(scene.space, evening("2026-11-19", "20:00", "22:00"))
    found = instead(scene, evening("2026-11-12"), evening("2026-11-19", "20:00", "22:00"))
    assert [names(one) for one in found] == [["Salle B"], []]


def test_a_closure_late_in_a_long_stay_counts(scene: Scene, other: Space) -> None:
    factories.open_always(scene.school)
    for space in (scene.space, other):
        space.max_minutes = 20 * 24 * 60
        space.save()
    stay = Period(paris("2027-07-05 18:00"), paris("2027-07-15 10:00"))
    short = evening("2027-07-06")
    take(scene.space, evening("2027-07-05"))
    take(scene.space, short)
    found = instead(scene, stay, short)
    assert [names(one) for one in found] == [["Salle B"], ["Salle B"]]
    factories.ClosureFactory.create(
        school=scene.school, space=other, first_on=dt.date(2027, 7, 12), last_on=dt.date(2027, 7, 12)
    )
    assert [names(one) for one in instead(scene, stay, short)] == [[], ["Salle B"]]


def test_the_nearest_lycees_with_a_room_of_the_kind(scene: Scene) -> None:
    far = factories.SchoolFactory.create(name="Loin", latitude=50.7, longitude=3.1)
    near = factories.SchoolFactory.create(name="Près", latitude=50.64, longitude=3.07)
    too_far = factories.SchoolFactory.create(name="Trop loin", latitude=49.9, longitude=2.3)
    other_kind = factories.SchoolFactory.create(name="Autre", latitude=50.634, longitude=3.067)
    for school in (far, near, too_far, other_kind):
        factories.open_always(school)
        kind = "kitchen" if school == other_kind else scene.space.kind
        factories.SpaceFactory.create(school=school, kind=kind, capacity=60)
    take(scene.space, evening("2026-11-12"))
    (found,) = instead(scene, evening("2026-11-12"))
    assert [near.school.name for near in found.schools] == ["Près", "Loin"]
    scene.school.latitude = scene.school.longitude = None
    scene.space.school = scene.school
    assert instead(scene, evening("2026-11-12"))[0].schools == []
