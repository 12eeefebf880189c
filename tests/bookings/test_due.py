"""What falls due by itself: reminders, escalation, expiry, dates past. Twice is the same as once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bookings import workflow
from bookings.models import BookingRequest, Claim, Journal
from bookings.workflow import due
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris

States = Callable[[BookingRequest], list[str]]


def lines(verb: str) -> int:
    return Journal.objects.filter(verb=verb, actor=None).count()


class TestReminder:
    """Sent on 14 October, promised within seven days: before 21 October."""

    def test_three_days_before_and_on_the_day_once_each(self, scene: Scene) -> None:
        scene.submit(evening("2026-11-12"))
        told = [
            (moment, due.remind(at=paris(moment)), due.remind(at=paris(moment)))
            for moment in (
                "2026-10-17 23:59", "2026-10-18 00:00", "2026-10-20 12:00", "2026-10-21 00:01",
                "2026-10-22 09:00", "2026-11-02 09:00",
            )
        ]  # fmt: skip
        assert told == [
            ("2026-10-17 23:59", 0, 0),
            ("2026-10-18 00:00", 1, 0),
            ("2026-10-20 12:00", 0, 0),
            ("2026-10-21 00:01", 1, 0),
            ("2026-10-22 09:00", 0, 0),
            ("2026-11-02 09:00", 0, 0),
        ]
        assert lines("remind") == 2

    def test_a_program_that_slept_reminds_once(self, scene: Scene) -> None:
        scene.submit(evening("2026-11-12"))
        assert due.remind(at=paris("2026-10-25 09:00")) == 1
        assert due.remind(at=paris("2026-10-26 09:00")) == 0

    def test_a_short_promise_is_not_reminded_of_at_once(self, scene: Scene) -> None:
        scene.school.answer_days = 2
        scene.school.save()
        scene.submit(evening("2026-11-12"))
        assert due.remind(at=paris("2026-10-14 10:05")) == 0
        assert due.remind(at=paris("2026-10-16 10:05")) == 1

    def test_what_is_decided_or_waits_for_information_is_left(self, scene: Scene) -> None:
        workflow.approve(scene.submit(evening("2026-11-12")), by=scene.manager)
        workflow.ask_information(scene.submit(evening("2026-11-19")), by=scene.manager, text="Combien ?")
        assert due.remind(at=paris("2026-10-21 09:00")) == 0


class TestEscalation:
    def test_once_after_seven_days_when_the_promise_is_broken(self, scene: Scene) -> None:
        scene.submit(evening("2026-11-12"))
        assert due.escalate(at=paris("2026-10-21 23:59")) == 0
        assert due.escalate(at=paris("2026-10-22 00:00")) == 1
        assert due.escalate(at=paris("2026-10-29 00:00")) == 0
        assert lines("escalate") == 1

    def test_a_longer_promise_is_waited_for(self, scene: Scene) -> None:
        scene.school.answer_days = 14
        scene.school.save()
        scene.submit(evening("2026-11-12"))
        assert due.escalate(at=paris("2026-10-28 12:00")) == 0
        assert due.escalate(at=paris("2026-10-29 00:00")) == 1

    def test_days_in_which_the_school_waited_do_not_count(self, scene: Scene) -> None:
        request = scene.submit(evening("2026-11-12"))
        workflow.ask_information(request, by=scene.manager, text="Combien ?")
        workflow.answer_information(request, by=scene.member, text="Vingt", at=paris("2026-10-19 10:00"))
        assert due.escalate(at=paris("2026-10-26 12:00")) == 0
        assert due.escalate(at=paris("2026-10-27 10:00")) == 1


class TestExpiry:
    def test_nobody_answered_by_the_first_date(self, scene: Scene, states: States) -> None:
        request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
        assert due.expire(at=paris("2026-11-12 17:59")) == 0
        assert due.expire(at=paris("2026-11-12 18:00")) == 2
        assert due.expire(at=paris("2026-11-12 18:00")) == 0
        request.refresh_from_db()
        assert states(request) == ["expired", "expired"]
        assert request.state == "expired"
        assert lines("expire") == 1

    def test_after_an_answer_only_what_began(self, scene: Scene, states: States) -> None:
        request = scene.submit(evening("2026-11-12"), evening("2026-11-19"), evening("2026-11-26"))
        dates = [date.pk for date in request.occurrences.all()]
        workflow.approve(request, by=scene.manager, occurrences=dates[1:2])
        assert due.expire(at=paris("2026-11-12 18:00")) == 1
        request.refresh_from_db()
        assert states(request) == ["expired", "approved", "pending"]
        assert request.state == "submitted"

    def test_an_expired_request_is_not_approved_any_more(self, scene: Scene) -> None:
        request = scene.submit(evening("2026-11-12"))
        due.expire(at=paris("2026-11-12 18:00"))
        with pytest.raises(workflow.WorkflowError) as refused:
            workflow.approve(request, by=scene.manager)
        assert refused.value.code == "already_decided"
        assert refused.value.message.startswith("Restée sans réponse par Shareloc le jeudi 12 novembre")


class TestPastDates:
    def test_they_took_place_and_the_last_closes_the_request(self, scene: Scene, states: States) -> None:
        request = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
        workflow.approve(request, by=scene.manager)
        assert due.take_place(at=paris("2026-11-12 19:59")) == 0
        assert due.take_place(at=paris("2026-11-12 20:00")) == 1
        assert due.take_place(at=paris("2026-11-12 20:00")) == 0
        request.refresh_from_db()
        assert (states(request), request.state) == (["took_place", "approved"], "decided")
        assert Claim.objects.count() == 1
        assert due.take_place(at=paris("2026-12-01 08:00")) == 1
        request.refresh_from_db()
        assert (states(request), request.state) == (["took_place", "took_place"], "closed")
        assert not Claim.objects.exists()

    def test_thirty_requests_at_once(self, scene: Scene) -> None:
        first = dt.date(2026, 11, 12)
        for week in range(30):
            scene.submit(evening(str(first + dt.timedelta(weeks=week))))
        assert due.expire(at=paris("2027-07-01 08:00")) == 30


class TestInformation:
    def test_the_clock_of_the_promise_stops(self, scene: Scene) -> None:
        request = scene.submit(evening("2026-11-12"))
        assert request.answer_due_on == dt.date(2026, 10, 21)
        workflow.ask_information(
            request, by=scene.manager, text="Combien de voitures ?", at=paris("2026-10-15 09:00")
        )
        request.refresh_from_db()
        assert request.state == "information_asked"
        assert request.information_asked_at == paris("2026-10-15 09:00")
        assert not BookingRequest.objects.awaiting().exists()
        workflow.answer_information(request, by=scene.member, text="Douze.", at=paris("2026-10-18 23:00"))
        request.refresh_from_db()
        assert (request.state, request.information_asked_at) == ("submitted", None)
        assert (request.paused_days, request.answer_due_on) == (3, dt.date(2026, 10, 24))
        assert [(m.side, m.text) for m in request.messages.all()] == [
            ("school", "Combien de voitures ?"),
            ("organisation", "Douze."),
        ]

    def test_deciding_meanwhile_restarts_it_too(self, scene: Scene) -> None:
        request = scene.submit(evening("2026-11-12"))
        workflow.ask_information(request, by=scene.manager, text="Combien ?", at=paris("2026-10-15 09:00"))
        workflow.approve(request, by=scene.manager, at=paris("2026-10-17 09:00"))
        request.refresh_from_db()
        assert (request.state, request.information_asked_at, request.paused_days) == ("decided", None, 2)

    def test_not_asked_twice_and_not_answered_unasked(self, scene: Scene) -> None:
        request = scene.submit(evening("2026-11-12"))
        with pytest.raises(workflow.WorkflowError):
            workflow.answer_information(request, by=scene.member, text="Douze.")
        workflow.ask_information(request, by=scene.manager, text="Combien ?")
        with pytest.raises(workflow.WorkflowError):
            workflow.ask_information(request, by=scene.manager, text="Combien ?")
