"""The money of a request: estimated, frozen at approval and at every other place it may get."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bookings import pricing, workflow
from bookings.models import Occurrence
from bookings.problems import Line
from tests import factories
from tests.bookings.conftest import Scene, evening
from tests.conftest import paris
from venues.models import Space
from venues.periods import Period

THURSDAY = "2026-11-12"


@pytest.fixture
def paid(scene: Scene) -> Scene:
    scene.space.hourly_rate, scene.space.hourly_value, scene.space.deposit = 8, 30, 200  # type: ignore[assignment]
    scene.space.save()
    return scene


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def money(date: Occurrence) -> tuple[Decimal | None, str, Decimal | None]:
    date.refresh_from_db()
    return date.price, said(date.price_ground), date.value


def test_nothing_is_frozen_before_approval(paid: Scene) -> None:
    asked = paid.submit(evening(THURSDAY))
    assert money(asked.occurrences.get()) == (None, "", None)
    assert asked.deposit is None


def test_approval_freezes_price_ground_value_and_deposit(paid: Scene) -> None:
    asked = paid.submit(evening(THURSDAY), evening("2026-11-19", "18:00", "19:30"))
    workflow.approve(asked, by=paid.manager)
    first, second = asked.occurrences.all()
    assert money(first) == (Decimal(16), "2 h à 8 €", Decimal(60))
    assert money(second) == (Decimal(12), "1 h 30 à 8 €", Decimal(45))
    asked.refresh_from_db()
    assert asked.deposit == 200
    # What changes later changes nothing of what was agreed.
    Space.objects.update(hourly_rate=99, hourly_value=99, deposit=99)
    assert money(first) == (Decimal(16), "2 h à 8 €", Decimal(60))


def test_what_is_frozen_is_french_whoever_approves(paid: Scene) -> None:
    asked = paid.submit(evening(THURSDAY))
    with override("en"):
        workflow.approve(asked, by=paid.manager)
    assert money(asked.occurrences.get())[1] == "2 h à 8 €"


def test_only_what_is_approved_is_frozen_and_the_deposit_stays_the_first(paid: Scene) -> None:
    asked = paid.submit(evening(THURSDAY), evening("2026-11-19"))
    first, second = asked.occurrences.all()
    workflow.approve(asked, by=paid.manager, occurrences=[first.pk])
    assert money(second) == (None, "", None)
    Space.objects.update(hourly_rate=10, deposit=500)
    workflow.approve(asked, by=paid.manager, occurrences=[second.pk])
    assert money(first)[0] == 16
    assert money(second)[0] == 20
    asked.refresh_from_db()
    assert asked.deposit == 200


def test_several_spaces_add_up_by_the_tariff_of_the_organisation(paid: Scene) -> None:
    kitchen = factories.SpaceFactory.create(school=paid.school, name="Cuisine", hourly_value=12, deposit=300)
    factories.PriceRuleFactory.create(space=kitchen, organisation_kind="association", basis="flat", amount=20)
    factories.PriceRuleFactory.create(space=kitchen, organisation_kind="company", basis="flat", amount=90)
    asked = paid.submit(evening(THURSDAY), spaces=(paid.space, kitchen))
    workflow.approve(asked, by=paid.manager)
    price, ground, value = money(asked.occurrences.get())
    assert (price, value) == (36, 84)
    assert sorted(ground.split(" ; ")) == ["Cuisine : forfait de 20 €", "Gymnase : 2 h à 8 €"]
    asked.refresh_from_db()
    assert asked.deposit == 300


def test_a_free_loan_has_its_ground(paid: Scene) -> None:
    factories.PriceRuleFactory.create(
        space=paid.space, organisation_kind="association", amount=0, free_ground="Intérêt général"
    )
    asked = paid.submit(evening(THURSDAY))
    workflow.approve(asked, by=paid.manager)
    assert money(asked.occurrences.get()) == (Decimal(0), "Intérêt général", Decimal(60))


def test_equipment_alone_is_free(paid: Scene) -> None:
    pool = factories.EquipmentPoolFactory.create(school=paid.school)
    asked = paid.submit(evening(THURSDAY), spaces=(), equipment=(Line(pool, 3),))
    workflow.approve(asked, by=paid.manager)
    assert money(asked.occurrences.get()) == (Decimal(0), "matériel prêté gratuitement", Decimal(0))


def test_an_offer_costs_what_it_is_when_it_is_taken(paid: Scene) -> None:
    asked = paid.submit(evening(THURSDAY))
    date = asked.occurrences.get()
    there = workflow.DraftDate(evening(THURSDAY, "18:00", "21:00"), (paid.space,))
    workflow.offer(asked, by=paid.manager, occurrence=date.pk, to=there)
    assert money(date) == (None, "", None)
    workflow.accept_offer(asked, by=paid.member)
    assert money(date) == (Decimal(24), "3 h à 8 €", Decimal(90))


def test_a_date_moved_costs_what_its_new_place_does(paid: Scene) -> None:
    asked = paid.submit(evening(THURSDAY))
    date = asked.occurrences.get()
    workflow.approve(asked, by=paid.manager)
    there = workflow.DraftDate(evening("2026-11-19", "18:00", "19:00"), (paid.space,))
    workflow.ask_move(asked, by=paid.member, occurrence=date.pk, to=there)
    assert money(date)[0] == 16
    workflow.approve_move(asked, by=paid.manager, occurrence=date.pk)
    assert money(date) == (Decimal(8), "1 h à 8 €", Decimal(30))


def test_what_is_promised_at_once_is_frozen_at_once(paid: Scene) -> None:
    factories.StandingApprovalFactory.create(space=paid.space, weekday=3)
    asked = paid.submit(evening(THURSDAY))
    assert money(asked.occurrences.get())[0] == 16


def test_absurd_prices_are_stored(paid: Scene) -> None:
    """The dearest tariff for the longest stay of many rooms fits."""
    paid.space.hourly_rate, paid.space.max_minutes = Decimal("99999.99"), 60 * 24 * 60
    paid.space.save()
    asked = paid.submit(Period(paris("2026-11-12 18:00"), paris("2027-01-11 18:00")))
    chosen = [asked.occurrences.get().pk]
    workflow.approve(asked, by=paid.manager, occurrences=chosen)
    assert money(asked.occurrences.get())[0] == Decimal("143999985.60")


def test_long_words_are_cut_and_not_refused(paid: Scene) -> None:
    rooms = [
        factories.SpaceFactory.create(school=paid.school, name=f"{n} " + "Salle au nom bien long " * 4)
        for n in range(15)
    ]
    asked = paid.submit(evening(THURSDAY), spaces=tuple(rooms))
    workflow.approve(asked, by=paid.manager)
    ground = money(asked.occurrences.get())[1]
    assert len(ground) <= 1000
    assert ground.endswith("…")


# -- estimates ----------------------------------------------------------------------------------


def test_an_estimate_is_what_approval_freezes(paid: Scene, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    factories.PriceRuleFactory.create(space=paid.space, organisation_kind="association", amount=6)
    draft = paid.draft(evening(THURSDAY), evening("2026-11-19"), evening("2026-11-26", "18:00", "21:00"))
    with django_assert_num_queries(1):
        estimated = pricing.estimate(draft.dates, draft.organisation)
    assert (estimated.price, estimated.value, estimated.deposit) == (42, 210, 200)
    assert [(count, said(date.ground)) for count, date in estimated.lines] == [
        (2, "2 h à 6 €"),
        (1, "3 h à 6 €"),
    ]
    asked = workflow.submit(draft, by=paid.member)
    outcome = workflow.approve(asked, by=paid.manager)
    assert [(date.price, date.price_ground, date.value) for date in outcome.done] == [
        (date.price, date.ground, date.value) for date in estimated.dates
    ]


rates = st.decimals(0, 1000, places=2)


@given(st.lists(st.tuples(rates, rates), min_size=1, max_size=4), st.integers(1, 2000))
def test_spaces_add_up(spaces: list[tuple[Decimal, Decimal]], minutes: int) -> None:
    rooms = [
        Space(pk=n, name=f"Salle {n}", hourly_rate=rate, hourly_value=worth)
        for n, (rate, worth) in enumerate(spaces)
    ]
    start = paris("2026-11-12 18:00")
    period = Period(start, start + dt.timedelta(minutes=minutes))
    together = pricing.priced_at(period, rooms, [], "association")
    alone = [pricing.priced_at(period, [room], [], "association") for room in rooms]
    assert together.price == sum(one.price for one in alone) >= 0
    assert together.value == sum(one.value for one in alone) >= 0
