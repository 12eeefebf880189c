"""Random verbs by random people: never a state outside the table, a claim too many or a line too few."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bookings import workflow
from bookings.models import BookingRequest, Claim, Journal, Occurrence, Proposal, Visit
from bookings.problems import Line
from bookings.states import HOLDING, HOSTED, OccurrenceState, RequestState, Verb
from bookings.workflow import Answers, Draft, DraftDate, Returned, WorkflowError, due
from bookings.workflow.transitions import TRANSITIONS, state_of
from tests import factories
from tests.conftest import effort, paris
from venues.models import StandingApproval
from venues.periods import Period

NOW = paris("2026-11-02 08:00")
# Few hours, few rooms, few chairs: requests meet.
DAYS = st.integers(1, 8)
HOURS = st.integers(17, 20)
LENGTHS = st.integers(1, 3)
EQUIPMENT = st.integers(0, 2)
SOME = st.integers(0, 30)
PLACES = st.tuples(DAYS, HOURS, LENGTHS, st.integers(0, 2), EQUIPMENT)
# Every step from a state to another that any verb may make; a date keeps its state under the others.
STEPS = {(before, rule.to) for rule in TRANSITIONS.values() if rule.to for before in rule.dates}
REQUEST_STEPS = {
    (before, after)
    for before in (RequestState.SUBMITTED, RequestState.INFORMATION_ASKED)
    for after in RequestState
} | {(RequestState.DECIDED, RequestState.CLOSED), (RequestState.DECIDED, RequestState.EXPIRED)}


class Life(RuleBasedStateMachine):
    """Two rooms that share a unit with a hall, three chairs, two associations, one school; the clock goes on."""

    @initialize()
    def open_the_school(self) -> None:
        self.moment = NOW
        self.clock = time_machine.travel(NOW, tick=False)
        self.clock.start()
        first = factories.SpaceFactory.create()
        school = first.school
        second = factories.SpaceFactory.create(school=school, setup_minutes=30, cleanup_minutes=30)
        hall = factories.SpaceFactory.create(school=school, units=[first.units.get(), second.units.get()])
        factories.open_always(school)
        for weekday in StandingApproval.Weekday.values[:2]:
            factories.StandingApprovalFactory.create(
                space=first, weekday=weekday, starts_at=dt.time(17), minutes=120
            )
        self.rooms = [first, second, hall]
        self.pool = factories.EquipmentPoolFactory.create(school=school, quantity=3)
        self.members = factories.MembershipFactory.create_batch(2)
        self.manager = factories.SchoolRoleFactory.create(school=school).user
        self.states: dict[int, str] = {}
        self.request_states: dict[int, str] = {}
        self.lines = Counter[str]()

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.stop()
        # Each example begins with an empty house; the test's transaction holds the rest.
        for model in (Journal, Proposal, Claim, Occurrence, BookingRequest):
            model._default_manager.all().delete()

    # -- places and people ------------------------------------------------------------------------

    def place(self, drawn: tuple[int, int, int, int, int]) -> DraftDate:
        day, hour, length, room, chairs = drawn
        start = NOW.replace(hour=hour) + dt.timedelta(days=day)
        lines = (Line(self.pool, chairs),) if chairs else ()
        return DraftDate(Period(start, start + dt.timedelta(hours=length)), (self.rooms[room],), lines)

    def some_request(self, n: int) -> BookingRequest | None:
        found = list(BookingRequest.objects.order_by("pk"))
        return found[n % len(found)] if found else None

    def some_date(self, n: int) -> Occurrence | None:
        found = list(Occurrence.objects.select_related("request").order_by("pk"))
        return found[n % len(found)] if found else None

    def do(self, verb: Verb, call: Any) -> None:
        """A verb is done and written once, or refused and nothing happened."""
        before = Journal.objects.count()
        try:
            call()
        except WorkflowError:
            if Journal.objects.count() != before:
                pytest.fail("a refused verb wrote a line")
            return
        assert Journal.objects.filter(verb=verb).count() > self.lines[verb]

    def by_request(self, verb: Verb, n: int, call: Any) -> None:
        if request := self.some_request(n):
            self.do(verb, lambda: call(request))

    def by_date(self, verb: Verb, n: int, call: Any) -> None:
        if date := self.some_date(n):
            self.do(verb, lambda: call(date.request, date.pk))

    # -- verbs ------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 1), places=st.lists(PLACES, min_size=1, max_size=3))
    def submit(self, who: int, places: list[tuple[int, int, int, int, int]]) -> None:
        member = self.members[who]
        draft = Draft(member.organisation, "Chorale", 20, [self.place(drawn) for drawn in places])
        self.do(Verb.SUBMIT, lambda: workflow.submit(draft, by=member.user))

    @rule(n=SOME)
    def approve_all(self, n: int) -> None:
        self.by_request(Verb.APPROVE, n, lambda request: workflow.approve(request, by=self.manager))

    @rule(n=SOME)
    def approve_one(self, n: int) -> None:
        self.by_date(
            Verb.APPROVE, n, lambda request, pk: workflow.approve(request, by=self.manager, occurrences=[pk])
        )

    @rule(n=SOME)
    def refuse(self, n: int) -> None:
        self.by_date(
            Verb.REFUSE,
            n,
            lambda request, pk: workflow.refuse(request, by=self.manager, reason="Non", occurrences=[pk]),
        )

    @rule(n=SOME)
    def withdraw(self, n: int) -> None:
        self.by_request(Verb.WITHDRAW, n, lambda request: workflow.withdraw(request, by=self.members[0].user))

    @rule(n=SOME)
    def cancel(self, n: int) -> None:
        self.by_date(
            Verb.CANCEL,
            n,
            lambda request, pk: workflow.cancel(request, by=self.manager, reason="Non", occurrences=[pk]),
        )

    @rule(n=SOME, place=PLACES)
    def offer(self, n: int, place: tuple[int, int, int, int, int]) -> None:
        to = self.place(place)
        self.by_date(
            Verb.OFFER, n, lambda request, pk: workflow.offer(request, by=self.manager, occurrence=pk, to=to)
        )

    @rule(n=SOME)
    def accept_offer(self, n: int) -> None:
        self.by_request(
            Verb.ACCEPT_OFFER, n, lambda request: workflow.accept_offer(request, by=self.members[0].user)
        )

    @rule(n=SOME)
    def decline_offer(self, n: int) -> None:
        self.by_request(
            Verb.DECLINE_OFFER, n, lambda request: workflow.decline_offer(request, by=self.members[0].user)
        )

    @rule(n=SOME, place=PLACES)
    def ask_move(self, n: int, place: tuple[int, int, int, int, int]) -> None:
        to = self.place(place)
        self.by_date(
            Verb.ASK_MOVE,
            n,
            lambda request, pk: workflow.ask_move(request, by=self.members[0].user, occurrence=pk, to=to),
        )

    @rule(n=SOME)
    def approve_move(self, n: int) -> None:
        self.by_date(
            Verb.APPROVE_MOVE,
            n,
            lambda request, pk: workflow.approve_move(request, by=self.manager, occurrence=pk),
        )

    @rule(n=SOME)
    def refuse_move(self, n: int) -> None:
        self.by_date(
            Verb.REFUSE_MOVE,
            n,
            lambda request, pk: workflow.refuse_move(request, by=self.manager, occurrence=pk, reason="Non"),
        )

    @rule(n=SOME)
    def ask_information(self, n: int) -> None:
        self.by_request(
            Verb.ASK_INFORMATION,
            n,
            lambda request: workflow.ask_information(request, by=self.manager, text="Combien ?"),
        )

    @rule(n=SOME)
    def answer_information(self, n: int) -> None:
        self.by_request(
            Verb.ANSWER_INFORMATION,
            n,
            lambda request: workflow.answer_information(request, by=self.members[0].user, text="Vingt"),
        )

    # -- the day ----------------------------------------------------------------------------------

    def on_its_day(self, n: int, hours: int) -> None:
        """Without it the clock would seldom stand where the day's verbs may be said."""
        if date := self.some_date(n):
            self.go_to(date.start_at + dt.timedelta(hours=hours))

    @rule(n=SOME, hours=st.integers(-1, 4))
    def go_to_a_day(self, n: int, hours: int) -> None:
        self.on_its_day(n, hours)

    @rule(n=SOME)
    def arrive(self, n: int) -> None:
        self.by_date(
            Verb.ARRIVE,
            n,
            lambda request, pk: workflow.arrive(request, by=self.members[0].user, occurrence=pk),
        )

    @rule(n=SOME, side=st.sampled_from(["school", "organisation"]))
    def report(self, n: int, side: str) -> None:
        self.by_date(
            Verb.REPORT,
            n,
            lambda request, pk: workflow.report(
                request, by=self.manager, side=side, occurrence=pk, text="Cassé"
            ),
        )

    @rule(n=SOME, stars=st.integers(1, 5))
    def review(self, n: int, stars: int) -> None:
        answers = Answers(stars, left_clean=stars > 2)
        self.by_date(
            Verb.REVIEW,
            n,
            lambda request, pk: workflow.review(
                request, by=self.members[0].user, occurrence=pk, answers=answers
            ),
        )

    @rule(n=SOME)
    def not_used(self, n: int) -> None:
        self.by_date(
            Verb.NOT_USED,
            n,
            lambda request, pk: workflow.not_used(request, by=self.members[0].user, occurrence=pk),
        )

    @rule(n=SOME)
    def no_show(self, n: int) -> None:
        self.by_date(
            Verb.NO_SHOW, n, lambda request, pk: workflow.no_show(request, by=self.manager, occurrence=pk)
        )

    @rule(n=SOME)
    def hand_over(self, n: int) -> None:
        self.by_date(
            Verb.HAND_OVER,
            n,
            lambda request, pk: workflow.hand_over(request, by=self.manager, occurrence=pk),
        )

    @rule(n=SOME, back=st.integers(0, 3), damaged=st.integers(0, 2))
    def take_back(self, n: int, back: int, damaged: int) -> None:
        returned = {self.pool.pk: Returned(back, damaged)}
        self.by_date(
            Verb.TAKE_BACK,
            n,
            lambda request, pk: workflow.take_back(
                request, by=self.manager, occurrence=pk, returned=returned
            ),
        )

    @rule(hours=st.integers(1, 60))
    def time_goes_on(self, hours: int) -> None:
        self.go_to(self.moment + dt.timedelta(hours=hours))

    def go_to(self, moment: dt.datetime) -> None:
        """The clock never goes back."""
        self.clock.stop()
        self.moment = max(self.moment, moment)
        self.clock = time_machine.travel(self.moment, tick=False)
        self.clock.start()

    @rule()
    def run_due(self) -> None:
        for job in (due.prepare, due.lapse, due.take_place, due.expire, due.block, due.remind, due.escalate):
            job()
            assert job() == 0

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def dates_went_only_where_the_table_leads(self) -> None:
        now = dict(Occurrence.objects.values_list("pk", "state"))
        for pk, state in now.items():
            before = self.states.get(pk, OccurrenceState.PENDING)
            assert before == state or reachable(before, state), (before, state)
        self.states = now

    @invariant()
    def requests_are_in_the_state_of_their_dates(self) -> None:
        for request in BookingRequest.objects.prefetch_related("occurrences"):
            states = {date.state for date in request.occurrences.all()}
            assert request.state == state_of(states, request.state)
            before = self.request_states.get(request.pk, RequestState.SUBMITTED)
            assert before == request.state or (before, request.state) in REQUEST_STEPS
            asked = request.state == RequestState.INFORMATION_ASKED
            assert (request.information_asked_at is not None) == asked
            self.request_states[request.pk] = request.state

    @invariant()
    def claims_are_those_of_held_dates_and_no_others(self) -> None:
        for date in Occurrence.objects.prefetch_related("claims__unit", "spaces__units", "equipment"):
            held = Counter(claim.unit.pool_id for claim in date.claims.all())
            wanted: Counter[int | None] = Counter()
            if date.state in HOLDING:
                rooms = {unit.pk for space in date.spaces.all() for unit in space.units.all()}
                wanted[None] = len(rooms)
                wanted.update({line.pool_id: line.quantity for line in date.equipment.all()})
            assert held == wanted, (date.state, held, wanted)
            assert all(claim.period.covers(date.period) for claim in date.claims.all())

    @invariant()
    def what_is_out_belongs_to_a_date_that_took_it_and_is_never_forgotten(self) -> None:
        """Nothing somebody has at home is promised to others, and every hand-over is out or was taken back."""
        for date in Occurrence.objects.prefetch_related("equipment"):
            if date.has_equipment_out:
                assert date.state in HOSTED | {OccurrenceState.NOT_USED}
        lines = Counter(Journal.objects.values_list("verb", flat=True))
        out = sum(date.has_equipment_out for date in Occurrence.objects.prefetch_related("equipment"))
        assert out >= lines[Verb.HAND_OVER] - lines[Verb.TAKE_BACK]

    @invariant()
    def offered_dates_have_an_open_offer_and_lie_where_it_says(self) -> None:
        open_offers = Proposal.objects.open().filter(side=Proposal.Side.SCHOOL)
        places = {offer.occurrence_id: offer.period for offer in open_offers}
        offered = Occurrence.objects.in_state(OccurrenceState.OFFERED)
        assert places == {date.pk: date.period for date in offered}

    @invariant()
    def wishes_are_of_promised_dates(self) -> None:
        wishes = Proposal.objects.open().filter(side=Proposal.Side.ORGANISATION)
        assert not wishes.exclude(occurrence__state=OccurrenceState.APPROVED).exists()

    @invariant()
    def who_came_did_not_stay_away(self) -> None:
        absent = Visit.objects.filter(occurrence__state=OccurrenceState.NOT_USED)
        assert not absent.filter(arrived_at__isnull=False).exists()
        assert not absent.filter(answered_at__isnull=False).exists()
        missed = Visit.objects.filter(missed_at__isnull=False)
        assert not missed.exclude(occurrence__state=OccurrenceState.NOT_USED).exists()
        assert missed.count() == Journal.objects.filter(verb=Verb.NO_SHOW).count()

    @invariant()
    def no_line_is_lost(self) -> None:
        lines = Counter(Journal.objects.values_list("verb", flat=True))
        assert all(lines[verb] >= count for verb, count in self.lines.items())
        self.lines = lines
        for date in Occurrence.objects.all():
            if date.state != OccurrenceState.PENDING:
                assert Journal.objects.filter(request=date.request_id).exclude(verb=Verb.SUBMIT).exists()


def reachable(before: str, after: str) -> bool:
    """Whether steps of the table lead from one state to the other."""
    seen, ahead = {before}, {before}
    while ahead:
        ahead = {to for frm, to in STEPS if frm in ahead} - seen
        seen |= ahead
    return after in seen


@pytest.mark.django_db
def test_the_life_of_requests_keeps_to_the_table() -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=effort(40, least=5),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
