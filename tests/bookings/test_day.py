"""The day: the reminder before, who came, what went wrong, how it was, which equipment came back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from bookings import workflow
from bookings.models import BookingRequest, Claim, Incident, Journal, Occurrence, OccurrenceEquipment, Visit
from bookings.problems import Line
from bookings.wording import told
from bookings.workflow import Answers, Returned, WorkflowError, due
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris

States = Callable[[BookingRequest], list[str]]
BEFORE, DURING, AFTER = "2026-11-12 17:30", "2026-11-12 19:00", "2026-11-12 20:05"


@pytest.fixture
def promised(scene: Scene) -> BookingRequest:
    """Thursday 12 November 2026, 18:00–20:00, approved."""
    asked = scene.submit(evening("2026-11-12"))
    workflow.approve(asked, by=scene.manager)
    return asked


def date_of(asked: BookingRequest) -> int:
    return asked.occurrences.order_by("start_at")[0].pk


def refused(call: Callable[[], Any]) -> str:
    before = Journal.objects.count()
    with pytest.raises(WorkflowError) as error:
        call()
    assert Journal.objects.count() == before
    return error.value.code


class TestTheDayBefore:
    def test_once_from_eight_in_the_morning_on(self, promised: BookingRequest) -> None:
        told = [
            (moment, due.prepare(at=paris(moment)))
            for moment in ("2026-11-10 23:59", "2026-11-11 07:59", "2026-11-11 08:00", "2026-11-11 09:00")
        ]
        assert told == [
            ("2026-11-10 23:59", 0),
            ("2026-11-11 07:59", 0),
            ("2026-11-11 08:00", 1),
            ("2026-11-11 09:00", 0),
        ]
        line = promised.journal.get(verb="prepare")
        assert (line.actor, line.data) == (None, {"occurrences": [date_of(promised)]})

    def test_a_date_promised_on_its_own_day_is_told_at_once(self, promised: BookingRequest) -> None:
        assert due.prepare(at=paris("2026-11-12 00:10")) == 1

    def test_a_date_that_has_begun_is_not(self, promised: BookingRequest) -> None:
        assert due.prepare(at=paris("2026-11-12 18:00")) == 0

    def test_each_date_of_a_series(self, scene: Scene) -> None:
        asked = scene.submit(evening("2026-11-12"), evening("2026-11-19"))
        workflow.approve(asked, by=scene.manager)
        assert [due.prepare(at=paris(f"2026-11-{day} 09:00")) for day in (11, 12, 18)] == [1, 0, 1]

    def test_what_is_not_promised_is_left(self, scene: Scene) -> None:
        scene.submit(evening("2026-11-12"))
        assert due.prepare(at=paris("2026-11-11 09:00")) == 0

    def test_a_date_moved_afterwards_is_told_again(self, scene: Scene, promised: BookingRequest) -> None:
        due.prepare(at=paris("2026-11-11 09:00"))
        place = workflow.DraftDate(evening("2026-11-13"), (scene.space,))
        at = paris("2026-11-11 10:00")
        workflow.ask_move(promised, by=scene.member, occurrence=date_of(promised), to=place, at=at)
        workflow.approve_move(promised, by=scene.manager, occurrence=date_of(promised), at=at)
        assert [due.prepare(at=paris(f"2026-11-{day} 09:00")) for day in (12, 13)] == [1, 0]

    def test_reads_as_many_rows_for_many_requests(
        self, scene: Scene, django_assert_num_queries: Callable[..., Any]
    ) -> None:
        with django_assert_num_queries(1, own=True):
            assert due.prepare(at=paris("2026-11-11 09:00")) == 0


class TestArriving:
    @pytest.mark.parametrize(
        ("moment", "code"),
        [
            ("2026-11-12 16:59", "not_now"),
            ("2026-11-12 17:00", ""),
            ("2026-11-12 19:59", ""),
            ("2026-11-12 20:00", "not_now"),
        ],
    )
    def test_only_around_the_date(
        self, scene: Scene, promised: BookingRequest, moment: str, code: str
    ) -> None:
        def arrive() -> None:
            workflow.arrive(promised, by=scene.member, occurrence=date_of(promised), at=paris(moment))

        if code:
            assert refused(arrive) == code
        else:
            arrive()
            assert Visit.objects.get().arrived_at == paris(moment)
            assert told(promised.journal.last()) == (
                "Arrivée sur place (jeudi 12 novembre 2026, 18:00–20:00)"
            )

    def test_twice_is_once(self, scene: Scene, promised: BookingRequest) -> None:
        first = {"by": scene.member, "occurrence": date_of(promised), "at": paris(BEFORE)}
        workflow.arrive(promised, **first)
        assert refused(lambda: workflow.arrive(promised, **{**first, "at": paris(DURING)})) == "already_said"
        assert Visit.objects.get().arrived_at == paris(BEFORE)

    def test_nobody_arrives_at_a_cancelled_date(self, scene: Scene, promised: BookingRequest) -> None:
        workflow.cancel(promised, by=scene.manager, reason="Travaux")
        at = paris(DURING)
        assert (
            refused(lambda: workflow.arrive(promised, by=scene.member, occurrence=date_of(promised), at=at))
            == "not_now"
        )


class TestAProblem:
    @pytest.mark.parametrize(
        ("moment", "possible"),
        [
            (BEFORE, True),
            (AFTER, True),
            ("2026-12-12 19:59", True),
            ("2026-12-12 20:01", False),
            ("2026-11-12 16:00", False),
        ],
    )
    def test_from_the_day_to_a_month_later(
        self, scene: Scene, promised: BookingRequest, moment: str, possible: bool
    ) -> None:
        due.take_place(at=paris(moment))

        def report() -> None:
            workflow.report(
                promised, by=scene.member, side="organisation", occurrence=date_of(promised),
                text="La porte est fermée.", at=paris(moment),
            )  # fmt: skip

        if not possible:
            assert refused(report) == "not_now"
        else:
            report()
            incident = Incident.objects.get()
            assert (incident.text, incident.side, incident.reported_by) == (
                "La porte est fermée.", "organisation", scene.member,
            )  # fmt: skip
            assert promised.journal.last().data["incident"] == incident.pk


class TestAfterwards:
    ANSWERS = Answers(4, left_clean=True, left_whole=False, left_closed=True, comment="Un verre cassé.")

    def test_once_it_is_over(self, scene: Scene, promised: BookingRequest) -> None:
        said = {"by": scene.member, "occurrence": date_of(promised), "answers": self.ANSWERS}
        assert refused(lambda: workflow.review(promised, **said, at=paris(DURING))) == "not_now"
        workflow.review(promised, **said, at=paris(AFTER))
        visit = Visit.objects.get()
        assert (visit.satisfaction, visit.left_clean, visit.left_whole, visit.comment) == (
            4, True, False, "Un verre cassé.",
        )  # fmt: skip
        assert told(promised.journal.last()).startswith("Retour sur la date : satisfaction 4 sur 5 (jeudi")
        assert refused(lambda: workflow.review(promised, **said, at=paris(AFTER))) == "already_said"
        assert refused(lambda: workflow.review(promised, **said, at=paris("2026-12-12 20:00"))) == "not_now"

    @pytest.mark.parametrize("over", [True, False])
    @pytest.mark.parametrize("verb", ["not_used", "no_show"])
    def test_a_date_nobody_used_holds_nothing(
        self, scene: Scene, promised: BookingRequest, states: States, verb: str, over: bool
    ) -> None:
        """Whether `run_due` came by since it ended or not."""
        if over:
            due.take_place(at=paris(AFTER))
        by = scene.member if verb == "not_used" else scene.manager
        getattr(workflow, verb)(
            promised, by=by, occurrence=date_of(promised), reason="Malades", at=paris(AFTER)
        )
        assert states(promised) == ["not_used"]
        promised.refresh_from_db()
        assert promised.state == "closed"
        assert not Claim.objects.exists()
        assert Occurrence.objects.get().reason == "Malades"
        assert Visit.objects.filter(missed_at=paris(AFTER)).exists() == (verb == "no_show")

    @pytest.mark.parametrize("verb", ["not_used", "no_show"])
    def test_not_before_the_end(self, scene: Scene, promised: BookingRequest, verb: str) -> None:
        call = getattr(workflow, verb)
        assert (
            refused(lambda: call(promised, by=scene.member, occurrence=date_of(promised), at=paris(DURING)))
            == "not_now"
        )

    def test_an_absence_is_noted_within_a_week(self, scene: Scene, promised: BookingRequest) -> None:
        due.take_place(at=paris(AFTER))
        late = paris("2026-11-19 20:00")
        call = {"by": scene.manager, "occurrence": date_of(promised)}
        assert refused(lambda: workflow.no_show(promised, **call, at=late)) == "not_now"
        assert refused(lambda: workflow.not_used(promised, **call, at=paris("2026-12-12 20:00"))) == "not_now"
        workflow.not_used(promised, **call, at=late)

    @pytest.mark.parametrize("verb", ["not_used", "no_show"])
    def test_who_arrived_came(
        self, scene: Scene, promised: BookingRequest, states: States, verb: str
    ) -> None:
        date = date_of(promised)
        workflow.arrive(promised, by=scene.member, occurrence=date, at=paris(DURING))
        due.take_place(at=paris(AFTER))
        call = getattr(workflow, verb)
        assert refused(lambda: call(promised, by=scene.manager, occurrence=date, at=paris(AFTER))) == "came"
        assert states(promised) == ["took_place"]


class TestEquipment:
    @pytest.fixture
    def lent(self, scene: Scene) -> BookingRequest:
        """Twenty chairs and a projector, alone, on that evening."""
        chairs = factories.EquipmentPoolFactory.create(
            school=scene.school, kind=factories.EquipmentKindFactory.create(name="Chaises"), quantity=20
        )
        projector = factories.EquipmentPoolFactory.create(
            school=scene.school,
            kind=factories.EquipmentKindFactory.create(name="Vidéoprojecteur"),
            quantity=1,
        )
        asked = scene.submit(
            evening("2026-11-12"), spaces=(), equipment=(Line(chairs, 20), Line(projector, 1))
        )
        workflow.approve(asked, by=scene.manager)
        return asked

    def pools(self) -> list[int]:
        return list(OccurrenceEquipment.objects.order_by("pk").values_list("pool", flat=True))

    def test_out_and_back_with_its_state(self, scene: Scene, lent: BookingRequest) -> None:
        date, (chairs, projector) = date_of(lent), self.pools()
        assert (
            refused(
                lambda: workflow.hand_over(
                    lent, by=scene.manager, occurrence=date, at=paris("2026-11-11 17:00")
                )
            )
            == "not_now"
        )
        workflow.hand_over(lent, by=scene.manager, occurrence=date, at=paris("2026-11-11 18:30"))
        assert told(lent.journal.last()) == (
            "Matériel remis : 20\u00a0× Chaises ; 1\u00a0× Vidéoprojecteur (jeudi 12 novembre 2026, 18:00–20:00)"
        )
        assert (
            refused(lambda: workflow.hand_over(lent, by=scene.manager, occurrence=date, at=paris(BEFORE)))
            == "nothing_to_do"
        )
        due.take_place(at=paris(AFTER))
        back = {chairs: Returned(18, 2, "Deux pieds tordus"), projector: Returned(1)}
        workflow.take_back(lent, by=scene.manager, occurrence=date, returned=back, at=paris(AFTER))
        line = lent.journal.last()
        assert told(line) == (
            "Matériel rendu : 18\u00a0× Chaises sur 20, dont 2 abîmés ; 1\u00a0× Vidéoprojecteur sur 1"
            " (jeudi 12 novembre 2026, 18:00–20:00)"
        )
        assert line.reason == "Deux pieds tordus"
        assert list(
            OccurrenceEquipment.objects.order_by("pk").values_list(
                "returned_quantity", "damaged_quantity", "condition"
            )
        ) == [(18, 2, "Deux pieds tordus"), (1, 0, "")]
        assert [item.missing for item in OccurrenceEquipment.objects.order_by("pk")] == [2, 0]

    def test_one_pool_after_the_other(self, scene: Scene, lent: BookingRequest) -> None:
        date, (chairs, projector) = date_of(lent), self.pools()
        for pool, at in ((chairs, DURING), (projector, AFTER)):
            back = {pool: Returned(1)}
            workflow.take_back(lent, by=scene.manager, occurrence=date, returned=back, at=paris(at))
        call = {"by": scene.manager, "occurrence": date, "returned": {chairs: Returned(1)}}
        assert refused(lambda: workflow.take_back(lent, **call, at=paris(AFTER))) == "nothing_to_do"

    @pytest.mark.parametrize("back", [Returned(21), Returned(-1), Returned(10, 11), Returned(10, -1)])
    def test_never_more_than_was_lent(self, scene: Scene, lent: BookingRequest, back: Returned) -> None:
        call = {"by": scene.manager, "occurrence": date_of(lent), "returned": {self.pools()[0]: back}}
        assert refused(lambda: workflow.take_back(lent, **call, at=paris(AFTER))) == "quantity"
        assert not OccurrenceEquipment.objects.filter(returned_at__isnull=False).exists()

    def test_what_was_not_lent_does_not_come_back(self, scene: Scene, lent: BookingRequest) -> None:
        call = {"by": scene.manager, "occurrence": date_of(lent), "returned": {0: Returned(1)}}
        assert refused(lambda: workflow.take_back(lent, **call, at=paris(AFTER))) == "nothing_to_do"

    EARLIER = "2026-11-11 18:30"

    @pytest.fixture
    def out(self, scene: Scene, lent: BookingRequest) -> BookingRequest:
        """The same, handed over the evening before."""
        workflow.hand_over(lent, by=scene.manager, occurrence=date_of(lent), at=paris(self.EARLIER))
        return lent

    def collected(self) -> list[tuple[int, bool]]:
        """(quantity, whether it is out) of every line."""
        return [(line.quantity, line.is_out) for line in OccurrenceEquipment.objects.order_by("pk")]

    def elsewhere(self, asked: BookingRequest, day: str, **changed: int) -> workflow.DraftDate:
        """The same equipment on another evening, in other quantities where told by name."""
        lines = asked.occurrences.get().equipment.order_by("pk")
        wanted = tuple(Line(line.pool, changed.get(str(line.pool.kind), line.quantity)) for line in lines)
        return workflow.DraftDate(evening(day), (), tuple(line for line in wanted if line.quantity))

    @pytest.mark.parametrize("verb", ["cancel", "offer"])
    def test_a_date_whose_equipment_is_outside_keeps_what_it_holds(
        self, scene: Scene, out: BookingRequest, states: States, verb: str
    ) -> None:
        at, date = paris("2026-11-12 09:00"), date_of(out)

        def act() -> None:
            if verb == "cancel":
                workflow.cancel(out, by=scene.member, reason="Grippe", at=at)
            else:
                place = self.elsewhere(out, "2026-11-13")
                workflow.offer(out, by=scene.manager, occurrence=date, to=place, at=at)

        assert refused(act) == "equipment_out"
        assert (states(out), Claim.objects.count()) == (["approved"], 21)
        back = {pool: Returned(1) for pool in self.pools()}
        workflow.take_back(out, by=scene.manager, occurrence=date, returned=back, at=at)
        act()
        assert states(out) == ["cancelled" if verb == "cancel" else "offered"]

    def test_of_several_dates_the_one_outside_is_left_and_said(
        self, scene: Scene, out: BookingRequest, states: States
    ) -> None:
        pool = out.occurrences.get().equipment.order_by("pk")[1].pool
        asked = scene.submit(
            evening("2026-11-17"), evening("2026-11-19"), spaces=(), equipment=(Line(pool, 1),)
        )
        workflow.approve(asked, by=scene.manager)
        at = paris("2026-11-16 19:00")
        workflow.hand_over(asked, by=scene.manager, occurrence=date_of(asked), at=at)
        outcome = workflow.cancel(asked, by=scene.member, reason="Grippe", at=at)
        assert [(date.pk, [p.code for p in against]) for date, against in outcome.left] == [
            (date_of(asked), ["equipment_out"])
        ]
        assert states(asked) == ["approved", "cancelled"]

    @pytest.mark.parametrize(
        "state", ["cancelled", "offered", "declined", "expired", "refused", "not_used", "took_place"]
    )
    def test_what_is_out_comes_back_whatever_became_of_its_date(
        self, scene: Scene, out: BookingRequest, state: str
    ) -> None:
        """Long after too."""
        Occurrence.objects.update(state=state)
        back = {pool: Returned(1) for pool in self.pools()}
        call = {"by": scene.manager, "occurrence": date_of(out), "returned": back}
        workflow.take_back(out, **call, at=paris("2027-11-12 20:00"))
        assert self.collected() == [(20, False), (1, False)]

    @pytest.mark.parametrize(("moment", "code"), [("2026-11-12 17:59", "not_now"), ("2026-11-12 18:00", "")])
    def test_what_nobody_noted_as_handed_over_comes_back_once_the_date_has_begun(
        self, scene: Scene, lent: BookingRequest, moment: str, code: str
    ) -> None:
        back = {pool: Returned(1) for pool in self.pools()}
        call = {"by": scene.manager, "occurrence": date_of(lent), "returned": back, "at": paris(moment)}
        if code:
            assert refused(lambda: workflow.take_back(lent, **call)) == code
        else:
            workflow.take_back(lent, **call)
            assert OccurrenceEquipment.objects.filter(returned_at=paris(moment)).count() == 2

    def test_a_date_moved_takes_along_what_was_handed_over(self, scene: Scene, out: BookingRequest) -> None:
        microphone = factories.EquipmentPoolFactory.create(
            school=scene.school, kind=factories.EquipmentKindFactory.create(name="Micro"), quantity=1
        )
        to = self.elsewhere(out, "2026-11-13")
        to = replace(to, equipment=(*to.equipment, Line(microphone, 1)))
        at, date = paris("2026-11-12 09:00"), date_of(out)
        workflow.ask_move(out, by=scene.member, occurrence=date, to=to, at=at)
        workflow.approve_move(out, by=scene.manager, occurrence=date, at=at)
        assert self.collected() == [(20, True), (1, True), (1, False)]
        assert OccurrenceEquipment.objects.filter(collected_at=paris(self.EARLIER)).count() == 2
        assert {claim.period for claim in Claim.objects.all()} == {evening("2026-11-13")}
        workflow.hand_over(out, by=scene.manager, occurrence=date, at=paris("2026-11-13 17:00"))
        assert self.collected() == [(20, True), (1, True), (1, True)]

    @pytest.mark.parametrize("changed", [{"Chaises": 19}, {"Chaises": 0}, {"Vidéoprojecteur": 0}])
    def test_a_date_does_not_leave_behind_what_was_handed_over(
        self, scene: Scene, out: BookingRequest, changed: dict[str, int]
    ) -> None:
        to = self.elsewhere(out, "2026-11-13", **changed)
        call = {"occurrence": date_of(out), "at": paris("2026-11-12 09:00")}
        assert refused(lambda: workflow.ask_move(out, by=scene.member, to=to, **call)) == "equipment_out"

    def test_nor_when_it_was_handed_over_after_the_wish(self, scene: Scene, lent: BookingRequest) -> None:
        to, date = self.elsewhere(lent, "2026-11-13", Chaises=5), date_of(lent)
        workflow.ask_move(lent, by=scene.member, occurrence=date, to=to)
        at = paris(self.EARLIER)
        workflow.hand_over(lent, by=scene.manager, occurrence=date, at=at)
        call = {"by": scene.manager, "occurrence": date, "at": at}
        assert refused(lambda: workflow.approve_move(lent, **call)) == "equipment_out"
        assert self.collected() == [(20, True), (1, True)]

    def test_a_date_moved_after_the_return_is_handed_over_again(
        self, scene: Scene, out: BookingRequest
    ) -> None:
        at, date = paris("2026-11-12 09:00"), date_of(out)
        back = {pool: Returned(1) for pool in self.pools()}
        workflow.take_back(out, by=scene.manager, occurrence=date, returned=back, at=at)
        to = self.elsewhere(out, "2026-11-13")
        workflow.ask_move(out, by=scene.member, occurrence=date, to=to, at=at)
        workflow.approve_move(out, by=scene.manager, occurrence=date, at=at)
        workflow.hand_over(out, by=scene.manager, occurrence=date, at=paris("2026-11-13 17:00"))
        assert self.collected() == [(20, True), (1, True)]

    def test_a_room_without_equipment_has_nothing_to_hand_over(
        self, scene: Scene, promised: BookingRequest
    ) -> None:
        call = {"by": scene.manager, "occurrence": date_of(promised)}
        assert refused(lambda: workflow.hand_over(promised, **call, at=paris(BEFORE))) == "nothing_to_do"


def test_now_is_when_nothing_else_is_said(scene: Scene, promised: BookingRequest) -> None:
    assert timezone.now() == paris("2026-10-14 10:00")
    assert (
        refused(lambda: workflow.arrive(promised, by=scene.member, occurrence=date_of(promised))) == "not_now"
    )
