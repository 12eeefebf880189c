"""Why a space is not free at a time: the reference's word, the sentences, and what is free instead."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.utils import timezone

from bookings import why, workflow
from bookings.problems import Asked, for_dates
from tests import factories
from tests.bookings import reference
from tests.bookings.conftest import Scene, evening
from tests.bookings.random_scenes import in_random_scenes, make_scene, random_period
from tests.bookings.test_free_or_not import TIME_CODES
from tests.conftest import paris
from tests.factories import PARIS
from venues.local_time import exists, instant
from venues.models import Space
from venues.periods import Period

THURSDAY = evening("2026-11-12")
DAY, QUARTER = dt.timedelta(days=1), dt.timedelta(minutes=15)


def ask(scene: Scene, period: Period = THURSDAY) -> why.Answer:
    return why.not_free(scene.space, period, now=timezone.now())


def codes(answer: why.Answer) -> list[str]:
    return [problem.code for problem in answer.problems]


# -- the reference's word -----------------------------------------------------------------------


def days_between(space: Space, wanted: Period, end: dt.datetime | None) -> list[Period]:
    """The same clock hours on each day after the one wanted, before `end` (None: four weeks)."""
    local = wanted.start.astimezone(PARIS)
    found = []
    for ahead in range(1, 29):
        naive = dt.datetime.combine(local.date() + ahead * DAY, local.time())
        if exists(naive, PARIS):
            start = instant(naive.date(), PARIS, local.hour * 60 + local.minute)
            found.append(Period(start, start + wanted.length))
    return [period for period in found if end is None or period.start < end]


def starts_that_day(wanted: Period) -> list[Period]:
    midnight = instant(wanted.start.astimezone(PARIS).date(), PARIS)
    starts = [midnight + n * QUARTER for n in range(25 * 4)]
    same_day = [s for s in starts if s.astimezone(PARIS).date() == wanted.start.astimezone(PARIS).date()]
    return [Period(start, start + wanted.length) for start in same_day]


@in_random_scenes(full=60, least=5)
def test_the_answer_is_the_references(rng: random.Random, day: dt.date, at_paris: Any) -> None:
    with at_paris("2026-10-01 10:00"):
        spaces = make_scene(rng, day)
        for _ in range(2):
            wanted, space = random_period(rng, day), rng.choice(spaces)
            answer = why.not_free(space, wanted, now=timezone.now())
            assert answer.is_free == reference.is_free(space, wanted)
            assert bool({*codes(answer)} & TIME_CODES) != answer.is_free
            if not answer.is_free:
                agrees_on_what_is_free_instead(space, wanted, answer)


def agrees_on_what_is_free_instead(space: Space, wanted: Period, answer: why.Answer) -> None:
    """What is proposed is free, and nothing of its kind is sooner or nearer."""
    if answer.next_free:
        assert reference.is_free(space, answer.next_free)
        assert answer.next_free.length == wanted.length
    before = days_between(space, wanted, answer.next_free.start if answer.next_free else None)
    assert not any(reference.is_free(space, period) for period in before)
    nearer = starts_that_day(wanted)
    if answer.same_day:
        assert reference.is_free(space, answer.same_day)
        distance = abs(answer.same_day.start - wanted.start)
        nearer = [period for period in nearer if abs(period.start - wanted.start) < distance]
    assert not any(reference.is_free(space, period) for period in nearer)


# -- one fact at a time -------------------------------------------------------------------------


def test_nothing_stands_against_a_free_time(scene: Scene) -> None:
    assert ask(scene) == why.Answer(scene.space, THURSDAY)


def test_a_lesson_and_both_ways_out(scene: Scene) -> None:
    factories.BusyTimeFactory.create(
        space=scene.space, start_at=paris("2026-11-12 18:00"), end_at=paris("2026-11-12 19:00")
    )
    answer = ask(scene)
    assert codes(answer) == ["lesson"]
    assert answer.problems[0].reason == "Le lycée utilise la salle à ces heures."
    assert answer.problems[0].next_free == answer.next_free == evening("2026-11-13")
    assert answer.same_day == evening("2026-11-12", "19:00", "21:00")


def test_of_two_starts_as_near_the_earlier(scene: Scene) -> None:
    workflow.approve(scene.submit(evening("2026-11-12", "19:30", "20:30")), by=scene.manager)
    scene.school.opening_hours.update(starts_at=dt.time(17), minutes=6 * 60)
    assert ask(scene, evening("2026-11-12", "19:30", "20:30")).same_day == evening(
        "2026-11-12", "18:30", "19:30"
    )


@pytest.mark.parametrize(
    ("hours", "code", "season"),
    [(("17:00", "19:00"), "out_of_hours", "always"), (("18:00", "20:00"), "holiday", "term")],
)
def test_hours_and_holidays(scene: Scene, hours: tuple[str, str], code: str, season: str) -> None:
    scene.school.opening_hours.update(season=season)
    answer = ask(scene, evening("2026-10-22", *hours))
    assert codes(answer) == [code]
    # Thursday 5 November is the first lending day after the holidays; at 17:00 no day will do.
    assert answer.next_free == (evening("2026-11-05") if code == "holiday" else None)


def test_a_closure_gives_the_next_day(scene: Scene) -> None:
    factories.ClosureFactory.create(
        school=scene.school, first_on=dt.date(2026, 11, 12), last_on=dt.date(2026, 11, 13)
    )
    answer = ask(scene)
    assert (codes(answer), answer.next_free) == (["closure"], evening("2026-11-19"))
    assert answer.same_day is None


def test_rules_are_told_and_kept_by_what_is_proposed(scene: Scene) -> None:
    scene.space.notice_hours, scene.space.max_minutes = 30 * 24, 60
    scene.space.save()
    assert codes(ask(scene)) == ["duration", "notice"]
    assert ask(scene).next_free is None
    scene.space.max_minutes = 120
    scene.space.save()
    # A month's notice from Wednesday 14 October, 10:00.
    assert (codes(ask(scene)), ask(scene).next_free) == (["notice"], evening("2026-11-13"))
    scene.space.horizon_days, scene.space.notice_hours = 20, 0
    scene.space.save()
    assert (codes(ask(scene)), ask(scene).next_free) == (["horizon"], None)


def test_off_the_step(scene: Scene) -> None:
    answer = ask(scene, evening("2026-11-12", "18:10", "19:10"))
    assert (codes(answer), answer.next_free) == (["start_step"], None)
    assert answer.same_day == evening("2026-11-12", "18:00", "19:00")


def test_what_is_past_is_free_again_from_today_on(scene: Scene) -> None:
    answer = ask(scene, evening("2026-10-08"))
    assert (codes(answer), answer.next_free) == (["past"], evening("2026-10-15"))


def test_far_dates_are_free_with_a_warning(scene: Scene, settings: Any) -> None:
    scene.space.horizon_days = settings.REQUEST_HORIZON_DAYS = 5000
    scene.space.save()
    answer = ask(scene, evening("2028-09-07"))
    assert (codes(answer), answer.is_free) == (["uncalendared"], True)


def test_the_clocks_go_back_before_the_fourth_week(scene: Scene) -> None:
    """The 28th day after is an hour of elapsed time later than four weeks."""
    factories.ClosureFactory.create(
        school=scene.school, first_on=dt.date(2026, 10, 15), last_on=dt.date(2026, 11, 6)
    )
    scene.school.opening_hours.filter(weekday=4).update(valid_until=dt.date(2026, 11, 1))
    scene.school.opening_hours.update(starts_at=dt.time(20), minutes=4 * 60)
    wanted = Period(paris("2026-10-15 22:00"), paris("2026-10-16 00:00"))
    assert ask(scene, wanted).next_free == Period(paris("2026-11-12 22:00"), paris("2026-11-13 00:00"))


def test_the_same_problems_as_a_request_meets(scene: Scene) -> None:
    """What a page says before asking, the summary says again; the organisation's own matters come on top."""
    workflow.approve(scene.submit(THURSDAY), by=scene.manager)
    other = factories.InsuranceFactory.create().organisation
    asked = Asked(THURSDAY, (scene.space,), other, 20, timezone.now())
    assert for_dates([asked], now=timezone.now()) == [ask(scene).problems]


@pytest.mark.parametrize("rooms", [1, 12])
def test_one_statement_whatever_the_number_of_rooms(
    scene: Scene, django_assert_num_queries: Any, rooms: int
) -> None:
    spaces = [scene.space, *factories.SpaceFactory.create_batch(rooms, school=scene.school)]
    with django_assert_num_queries(1):
        answers = why.of_spaces(spaces, evening("2026-11-12", "17:00", "19:00"), now=timezone.now())
    assert [codes(answer) for answer in answers] == [["out_of_hours"]] * (rooms + 1)


def test_no_room_no_statement(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert why.of_spaces([], THURSDAY, now=timezone.now()) == []
