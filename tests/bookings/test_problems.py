"""Every objection: its code, its sentence, and the conditions on either side of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from bookings import workflow
from bookings.problems import RULES, Asked, Line, for_dates
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris
from venues.models import Space
from venues.periods import Period

THURSDAY = evening("2026-11-12")


def asked(
    scene: Scene,
    *periods: Period,
    attendees: int = 20,
    equipment: tuple[Line, ...] = (),
    spaces: tuple[Space, ...] = (),
) -> list[Asked]:
    return [
        Asked(period, spaces or (scene.space,), scene.organisation, attendees, timezone.now(), equipment)
        for period in periods
    ]


def codes(scene: Scene, *periods: Period, **options: object) -> list[list[str]]:
    found = for_dates(asked(scene, *periods, **options), now=timezone.now())  # type: ignore[arg-type]
    return [[problem.code for problem in problems] for problems in found]


def sentence(scene: Scene, period: Period, **options: object) -> str:
    [[problem]] = for_dates(asked(scene, period, **options), now=timezone.now())  # type: ignore[arg-type]
    return problem.message.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_free_date_has_no_problem(scene: Scene) -> None:
    assert codes(scene, THURSDAY) == [[]]


def test_past(scene: Scene) -> None:
    assert "past" in codes(scene, evening("2026-10-08"))[0]
    assert "past" in codes(scene, Period(timezone.now(), timezone.now() + dt.timedelta(hours=1)))[0]


def test_outside_the_hours(scene: Scene) -> None:
    assert codes(scene, evening("2026-11-12", "17:30", "19:00")) == [["out_of_hours"]]
    assert codes(scene, evening("2026-11-12", "20:00", "22:00")) == [[]]
    assert codes(scene, evening("2026-11-12", "20:00", "22:30")) == [["out_of_hours"]]


def test_holidays_are_told_apart_from_hours(scene: Scene) -> None:
    scene.school.opening_hours.update(season="term")
    assert codes(scene, evening("2026-10-22")) == [["holiday"]]
    assert codes(scene, evening("2026-10-22", "08:00", "10:00")) == [["out_of_hours"]]
    assert codes(scene, THURSDAY) == [[]]


def test_closure(scene: Scene) -> None:
    factories.ClosureFactory.create(
        school=scene.school, first_on=dt.date(2026, 11, 12), reason="Examens blancs"
    )
    assert sentence(scene, THURSDAY) == (
        "Fermé ce jour-là : Examens blancs. Prochaine date libre : vendredi 13 novembre 2026, 18:00–20:00."
    )
    assert codes(scene, evening("2026-11-13")) == [[]]


def test_a_closed_half_closes_the_whole(scene: Scene) -> None:
    half = factories.SpaceFactory.create(school=scene.school, units=[scene.space.units.get()])
    factories.ClosureFactory.create(school=scene.school, space=half, first_on=dt.date(2026, 11, 12))
    assert codes(scene, THURSDAY) == [["closure"]]


def test_a_whole_and_its_half_are_the_same_room(scene: Scene) -> None:
    half = factories.SpaceFactory.create(
        school=scene.school, name="Demi-gymnase", units=[scene.space.units.get()]
    )
    other = factories.SpaceFactory.create(school=scene.school)
    assert codes(scene, THURSDAY, spaces=(scene.space, half, other)) == [["same_room"]]
    assert codes(scene, THURSDAY, spaces=(scene.space, other)) == [[]]
    assert sentence(scene, THURSDAY, spaces=(scene.space, half)) == (
        "Gymnase et Demi-gymnase sont en tout ou partie la même salle : gardez l’une des deux."
    )


def test_lesson_names_the_next_free_date(scene: Scene) -> None:
    lesson = evening("2026-11-12", "19:00", "21:00")
    factories.BusyTimeFactory.create(space=scene.space, start_at=lesson.start, end_at=lesson.end)
    assert sentence(scene, THURSDAY) == (
        "Le lycée utilise la salle à ces heures. Prochaine date libre : vendredi 13 novembre 2026, 18:00–20:00."
    )


def test_taken_and_touching(scene: Scene) -> None:
    workflow.approve(scene.submit(THURSDAY), by=scene.manager)
    assert codes(scene, evening("2026-11-12", "19:00", "21:00")) == [["taken", "repeat"]]
    assert codes(scene, evening("2026-11-12", "20:00", "21:00")) == [[]]


def test_buffers_add_up(scene: Scene) -> None:
    scene.space.setup_minutes = scene.space.cleanup_minutes = 30
    scene.space.save()
    workflow.approve(scene.submit(evening("2026-11-12", "18:00", "19:00")), by=scene.manager)
    assert codes(scene, evening("2026-11-12", "19:30", "20:30")) == [["buffer"]]
    assert codes(scene, evening("2026-11-12", "20:00", "21:00")) == [[]]


def test_a_date_does_not_stand_in_its_own_way(scene: Scene) -> None:
    request = scene.submit(THURSDAY)
    workflow.approve(request, by=scene.manager)
    own = asked(scene, THURSDAY)[0]
    own = Asked(
        own.period,
        own.spaces,
        own.organisation,
        20,
        own.sent_at,
        (),
        request.pk,
        request.occurrences.get().pk,
    )
    assert for_dates([own], now=timezone.now()) == [[]]


def test_capacity(scene: Scene) -> None:
    assert codes(scene, THURSDAY, attendees=60) == [[]]
    assert sentence(scene, THURSDAY, attendees=61) == "Gymnase accueille au plus 60 personnes."


def test_equipment(scene: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school, quantity=4)
    assert codes(scene, THURSDAY, equipment=(Line(pool, 4),)) == [[]]
    assert codes(scene, THURSDAY, equipment=(Line(pool, 5),)) == [["equipment"]]


def test_length_and_step(scene: Scene) -> None:
    scene.space.min_minutes, scene.space.max_minutes = 60, 120
    scene.space.save()
    assert sentence(scene, evening("2026-11-12", "18:00", "18:30")) == "La durée minimale est de 1 h."
    assert sentence(scene, evening("2026-11-12", "18:00", "20:30")) == "La durée maximale est de 2 h."
    assert codes(scene, evening("2026-11-12", "18:15", "19:15")) == [["start_step"]]


@pytest.mark.parametrize(
    ("hours", "day", "with_room", "expected"),
    [
        (48, "2026-10-15", False, ["notice"]),
        (48, "2026-10-16", False, []),
        (0, "2026-10-14", False, []),
        (7 * 24, "2026-10-16", False, ["notice"]),
        (7 * 24, "2026-10-16", True, []),
    ],
)
def test_equipment_alone_has_a_notice_of_its_own(
    scene: Scene, hours: int, day: str, with_room: bool, expected: list[str]
) -> None:
    pool = factories.EquipmentPoolFactory.create(school=scene.school, quantity=5, notice_hours=hours)
    spaces = (scene.space,) if with_room else ()
    scene.space.notice_hours = 0
    draft = scene.draft(evening(day), spaces=spaces, equipment=(Line(pool, 2),))
    asked = Asked(
        period=draft.dates[0].period, spaces=spaces, organisation=scene.organisation, attendees=20,
        sent_at=timezone.now(), equipment=(Line(pool, 2),),
    )  # fmt: skip
    (found,) = for_dates([asked], now=timezone.now())
    assert [problem.code for problem in found if problem.code == "notice"] == expected
    if hours == 7 * 24 and expected:
        assert (
            found[0].message
            == f"{pool}\u00a0: la demande doit arriver au moins 7\N{NO-BREAK SPACE}jours avant."
        )
        assert found[0].overridable


def test_notice_is_judged_when_the_request_is_sent(scene: Scene) -> None:
    scene.space.notice_hours = 48
    scene.space.save()
    soon = evening("2026-10-15")
    assert codes(scene, soon) == [["notice"]]
    sent_long_ago = Asked(soon, (scene.space,), scene.organisation, 20, paris("2026-10-01 10:00"))
    assert for_dates([sent_long_ago], now=timezone.now()) == [[]]


def test_horizon(scene: Scene) -> None:
    scene.space.horizon_days = 30
    scene.space.save()
    assert codes(scene, evening("2026-11-12")) == [[]]
    assert codes(scene, evening("2026-11-19")) == [["horizon"]]


def test_who_may_book(scene: Scene) -> None:
    scene.space.open_to = ["commune"]
    scene.space.save()
    assert sentence(scene, THURSDAY) == "Gymnase est réservée à : Commune ou intercommunalité."
    scene.space.open_to = ["commune", "association"]
    scene.space.save()
    assert codes(scene, THURSDAY) == [[]]


def test_insurance(scene: Scene) -> None:
    document = scene.organisation.documents.get()
    document.valid_until = dt.date(2026, 11, 11)
    document.save()
    assert codes(scene, THURSDAY) == [["insurance_expired"]]
    document.valid_until = dt.date(2026, 11, 12)
    document.save()
    assert codes(scene, THURSDAY) == [[]]
    document.delete()
    assert codes(scene, THURSDAY) == [["insurance_missing"]]


def test_organisation_not_verified(scene: Scene) -> None:
    scene.space.needs_verified = True
    scene.space.save()
    assert codes(scene, THURSDAY) == [[]]
    scene.organisation.verified_at = None
    assert codes(scene, THURSDAY) == [["organisation_unverified"]]


def test_competing_and_repeated_asks(scene: Scene) -> None:
    scene.submit(evening("2026-11-12", "19:00", "21:00"))
    assert codes(scene, THURSDAY) == [["repeat"]]
    other = factories.InsuranceFactory.create().organisation
    competing = Asked(THURSDAY, (scene.space,), other, 20, timezone.now())
    [[problem]] = for_dates([competing], now=timezone.now())
    assert (problem.code, problem.severity) == ("competing", "warning")


def test_dates_that_touch_or_overlap_within_a_request(scene: Scene) -> None:
    touching = evening("2026-11-12", "20:00", "21:00")
    assert codes(scene, THURSDAY, touching, evening("2026-11-19")) == [
        ["within_request"],
        ["within_request"],
        [],
    ]


def test_a_long_date_crowds_every_date_it_covers(scene: Scene) -> None:
    long = evening("2026-11-12", "18:00", "22:00")
    inside = [evening("2026-11-12", "18:30", "19:00"), evening("2026-11-12", "21:00", "21:30")]
    assert all("within_request" in found for found in codes(scene, long, *inside))


def test_unpublished_space(scene: Scene) -> None:
    scene.space.published = False
    scene.space.save()
    assert codes(scene, THURSDAY) == [["unavailable"]]


def test_beyond_the_published_calendar(scene: Scene, settings: Any) -> None:
    scene.space.horizon_days = settings.REQUEST_HORIZON_DAYS = 5000
    scene.space.needs_insurance = False
    scene.space.save()
    assert codes(scene, evening("2028-08-31")) == [[]]
    assert codes(scene, evening("2028-09-07")) == [["uncalendared"]]


def test_every_code_has_a_rule_and_the_unbreakable_ones_cannot_be_passed_over() -> None:
    for code in ("taken", "buffer", "lesson", "equipment", "capacity", "past"):
        assert not RULES[code].overridable


@pytest.mark.parametrize("dates", [1, 40])
def test_the_number_of_statements_does_not_depend_on_the_dates(  # type: ignore[no-untyped-def]
    scene: Scene, django_assert_num_queries, dates: int
) -> None:
    first = dt.date(2026, 11, 12)
    many = asked(scene, *(evening(str(first + dt.timedelta(weeks=n))) for n in range(dates)))
    with django_assert_num_queries(3, own=True):
        for_dates(many, now=timezone.now())
