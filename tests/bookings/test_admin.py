"""Bookings in the admin: read, not written; equipment and units change only as far as promises let them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from zeal import zeal_ignore

from bookings import stock, workflow
from bookings.models import (
    Agreement,
    Alert,
    BookingRequest,
    CalendarToken,
    Claim,
    Delivery,
    ExpiryNotice,
    Incident,
    Journal,
    Message,
    Occurrence,
    OccurrenceEquipment,
    OccurrenceSpace,
    Proposal,
    ProposalSpace,
    Signature,
    Visit,
)
from bookings.problems import Line
from bookings.states import Verb
from tests.factories import (
    BookingRequestFactory,
    ClaimFactory,
    EquipmentPoolFactory,
    IncidentFactory,
    InsuranceFactory,
    MessageFactory,
    OccurrenceFactory,
    ProposalFactory,
    SchoolFactory,
    SignatureFactory,
    SpaceFactory,
    UserFactory,
    VisitFactory,
    next_week,
)
from tests.venues.test_admin import page_as_sent, staff
from venues.models import EquipmentPool, Space, Unit

from .conftest import Scene, evening


def journal_line() -> Journal:
    date = OccurrenceFactory.create()
    return Journal.objects.create(
        request=date.request,
        verb=Verb.SUBMIT,
        actor=UserFactory.create(),
        at=timezone.now(),
        data={"occurrences": [date.pk]},
    )


def delivery() -> Delivery:
    return Delivery.objects.create(
        journal=journal_line(), recipient=UserFactory.create(), template="submitted"
    )


def notice() -> ExpiryNotice:
    return ExpiryNotice.objects.create(
        document=InsuranceFactory.create(), recipient=UserFactory.create(), created_at=timezone.now()
    )


def token() -> CalendarToken:
    space = SpaceFactory.create()
    secret = f"{space.pk:064d}"
    return CalendarToken.objects.create(user=UserFactory.create(), scope="space", space=space, digest=secret)


def request() -> BookingRequest:
    pool = EquipmentPoolFactory.create()
    asked = BookingRequestFactory.create(school=pool.school)
    for days in range(2):
        start = next_week() + dt.timedelta(days=days)
        OccurrenceFactory.create(request=asked, start_at=start, equipment={pool: 2})
    Journal.objects.create(request=asked, verb=Verb.SUBMIT, actor=asked.created_by, at=timezone.now())
    MessageFactory.create(request=asked)
    return asked


def alert() -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        user=UserFactory.create(),
        query="kind=kitchen",
        label="Salle, Cuisine",
        created_at=now,
        checked_at=now,
        expires_at=now + dt.timedelta(days=90),
    )


def promised() -> Occurrence:
    """A date with all that is shown on its page."""
    date = ClaimFactory.create().occurrence
    ProposalFactory.create(occurrence=date)
    VisitFactory.create(occurrence=date)
    IncidentFactory.create(occurrence=date)
    return date


MAKERS: dict[Any, Callable[[], Any]] = {
    Agreement: lambda: SignatureFactory.create().agreement,
    Alert: alert,
    BookingRequest: request,
    Occurrence: promised,
    Claim: ClaimFactory.create,
    Journal: journal_line,
    Delivery: delivery,
    ExpiryNotice: notice,
    CalendarToken: token,
    EquipmentPool: EquipmentPoolFactory.create,
}
READ_ONLY = [model for model in MAKERS if model is not EquipmentPool]


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def boss(db: None) -> Client:
    return staff(is_superuser=True)


def test_every_model_of_bookings_is_there():
    from django.apps import apps

    # What belongs to a request, a date or an agreement is shown on its page.
    of_requests, of_agreements = {Message}, {Signature}
    of_dates = {OccurrenceEquipment, OccurrenceSpace, Proposal, ProposalSpace, Visit, Incident}
    models = set(apps.get_app_config("bookings").get_models()) - of_requests - of_agreements - of_dates
    assert models <= set(MAKERS)
    assert all(admin.site.is_registered(model) for model in MAKERS)


@pytest.mark.parametrize("model", MAKERS)
def test_every_page_opens(boss: Client, model: Any):
    row = MAKERS[model]()
    assert boss.get(address(model, "changelist")).status_code == 200
    assert boss.get(address(model, "changelist"), {"q": "L’essai"}).status_code == 200
    assert boss.get(address(model, "change", row.pk)).status_code == 200
    assert boss.get(address(model, "add")).status_code == (403 if model in READ_ONLY else 200)


@pytest.mark.parametrize("model", MAKERS)
def test_staff_without_permission_is_refused(db: None, model: Any):
    row, client = MAKERS[model](), staff()
    for page in (address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("model", MAKERS)
def test_pages_do_not_ask_more_for_more_rows(
    boss: Client, model: Any, django_assert_num_queries: Callable[..., Any]
):
    row = MAKERS[model]()
    boss.get(address(model, "changelist"))
    with django_assert_num_queries(14, exact=False) as one:
        boss.get(address(model, "changelist"))
    for _ in range(5):
        MAKERS[model]()
    with django_assert_num_queries(len(one)):
        boss.get(address(model, "changelist"))
    with django_assert_num_queries(25, exact=False):
        boss.get(address(model, "change", row.pk))


def test_the_page_of_a_long_series_asks_no_more(boss: Client, django_assert_num_queries: Callable[..., Any]):
    asked = request()
    url = address(BookingRequest, "change", asked.pk)
    boss.get(url)
    with django_assert_num_queries(25, exact=False) as short:
        boss.get(url)
    for days in range(2, 8):
        OccurrenceFactory.create(request=asked, start_at=next_week() + dt.timedelta(days=days))
        Journal.objects.create(
            request=asked, verb=Verb.APPROVE, actor=UserFactory.create(), at=timezone.now()
        )
    with django_assert_num_queries(len(short)):
        assert boss.get(url).content.decode().count("Salle") > 5


# -- nothing is written that follows from decisions ---------------------------------------------


@pytest.mark.parametrize("model", READ_ONLY)
def test_read_only(boss: Client, model: Any):
    row = MAKERS[model]()
    before = list(model.objects.values_list())
    for page in (address(model, "add"), address(model, "change", row.pk)):
        assert boss.post(page, {"state": "approved", "reason": "autre"}).status_code == 403
    if model is not CalendarToken:
        assert boss.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        boss.post(address(model, "changelist"), chosen)
    assert list(model.objects.values_list()) == before


def test_no_admin_path_adds_a_claim_over_another(boss: Client):
    claim = ClaimFactory.create()
    values = {"unit": claim.unit_id, "occurrence": claim.occurrence_id}
    for name in ("start_at", "end_at"):
        moment = timezone.localtime(getattr(claim, name))
        values |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M}"}
    assert boss.post(address(Claim, "add"), values).status_code == 403
    inline = {f"claims-0-{name}": value for name, value in values.items()}
    inline |= {"claims-TOTAL_FORMS": "1", "claims-INITIAL_FORMS": "0"}
    assert boss.post(address(Occurrence, "change", claim.occurrence_id), inline).status_code == 403
    assert list(Claim.objects.all()) == [claim]


def test_a_lost_calendar_address_is_taken_away_and_its_secret_is_nowhere(boss: Client):
    row = token()
    page = boss.get(address(CalendarToken, "change", row.pk)).content.decode()
    assert row.digest not in page
    assert boss.post(address(CalendarToken, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not CalendarToken.objects.exists()


def test_requests_are_found_by_reference_organisation_and_school(boss: Client):
    school = SchoolFactory.create(name="Lycée Été")
    asked = BookingRequestFactory.create(school=school, purpose="Judo", organisation__name="Les Kimonos")
    BookingRequestFactory.create(purpose="Chorale")
    for words in (asked.reference.lower(), "judo ete", "kimonos"):
        found = boss.get(address(BookingRequest, "changelist"), {"q": words}).context["cl"].result_list
        assert list(found) == [asked]


class TestSendAgain:
    def send(self, boss: Client, row: Delivery) -> str:
        chosen = {"action": "send_again", "_selected_action": [row.pk]}
        return boss.post(address(Delivery, "changelist"), chosen, follow=True).content.decode()

    def test_what_has_not_left_is_queued(self, boss: Client):
        row = delivery()
        Journal.objects.update(notified_at=timezone.now())
        assert "1 courriel sera retenté." in self.send(boss, row)
        assert Journal.objects.get().notified_at is None

    def test_what_has_left_is_not(self, boss: Client):
        row = delivery()
        Delivery.objects.update(sent_at=timezone.now())
        assert "0 courriel" in self.send(boss, row)

    def test_what_is_too_old_is_not(self, boss: Client):
        row = delivery()
        Journal.objects.update(at=timezone.now() - dt.timedelta(days=8))
        assert "0 courriel" in self.send(boss, row)


# -- spaces -------------------------------------------------------------------------------------


class TestSpace:
    def test_with_bookings_is_not_deleted(self, boss: Client, scene: Scene):
        asked = scene.submit(evening("2026-11-05"))
        workflow.refuse(asked, by=scene.manager, reason="Travaux")
        page = boss.get(address(Space, "delete", scene.space.pk)).content.decode()
        assert asked.reference in page
        response = boss.post(address(Space, "delete", scene.space.pk), {"post": "yes"})
        assert asked.reference in response.content.decode()
        assert Space.objects.filter(pk=scene.space.pk).exists()
        assert asked.occurrences.get().spaces.get() == scene.space

    def test_never_asked_for_is_deleted_with_its_unit(self, boss: Client):
        space = SpaceFactory.create()
        assert boss.post(address(Space, "delete", space.pk), {"post": "yes"}).status_code == 302
        assert not Space.objects.exists()
        assert not Unit.objects.exists()

    def test_units_that_others_share_stay(self, boss: Client):
        half = SpaceFactory.create(name="Moitié")
        whole = SpaceFactory.create(school=half.school, name="Entier", units=list(half.units.all()))
        boss.post(address(Space, "delete", whole.pk), {"post": "yes"})
        assert half.units.count() == 1

    def test_many_are_not_deleted_at_once(self, boss: Client):
        space = SpaceFactory.create()
        chosen = {"action": "delete_selected", "_selected_action": [space.pk], "post": "yes"}
        boss.post(address(Space, "changelist"), chosen)
        assert Space.objects.exists()


class TestUnits:
    """A gymnasium in two halves: the whole is a space on both units."""

    def halves(self) -> tuple[Space, Space, Space]:
        left, right, whole = (SpaceFactory.create(school=s) for s in [SchoolFactory.create()] * 3)
        return left, right, whole

    def post(self, boss: Client, space: Space, *units: Unit, keep: bool = True) -> Any:
        url = address(Space, "change", space.pk)
        sent = page_as_sent(boss.get(url))
        if not keep:
            sent["space_units-0-DELETE"] = "on"
        for n, unit in enumerate(units, start=1):
            sent |= {f"space_units-{n}-unit": unit.pk, f"space_units-{n}-space": space.pk}
        sent["space_units-TOTAL_FORMS"] = str(len(units) + 1)
        return boss.post(url, sent)

    def test_the_whole_takes_the_units_of_both_halves(self, boss: Client):
        left, right, whole = self.halves()
        units = [left.units.get(), right.units.get()]
        assert self.post(boss, whole, *units, keep=False).status_code == 302
        assert list(whole.units.order_by("pk")) == units

    def test_a_line_left_empty_is_no_unit(self, boss: Client):
        space = SpaceFactory.create(units=[])
        url = address(Space, "change", space.pk)
        response = boss.post(url, {**page_as_sent(boss.get(url)), "space_units-0-unit": ""})
        assert "errornote" in response.content.decode()

    def test_at_least_one_stays(self, boss: Client):
        space = SpaceFactory.create()
        response = self.post(boss, space, keep=False)
        assert response.status_code == 200
        assert space.units.count() == 1

    def test_units_of_other_schools_and_equipment_cannot_be_chosen(self, boss: Client):
        space, other = SpaceFactory.create(), SpaceFactory.create()
        chair = EquipmentPoolFactory.create(school=space.school, quantity=1).units.get()
        for unit in (other.units.get(), chair):
            assert self.post(boss, space, unit).status_code == 200
        assert space.units.count() == 1

    def test_not_changed_under_a_promise(self, boss: Client, scene: Scene):
        asked = scene.submit(evening("2026-11-05"))
        other = SpaceFactory.create(school=scene.school).units.get()
        assert self.post(boss, scene.space, other).status_code == 302
        workflow.approve(asked, by=scene.manager, occurrences=[asked.occurrences.get().pk])
        third = SpaceFactory.create(school=scene.school).units.get()
        url = address(Space, "change", scene.space.pk)
        sent = page_as_sent(boss.get(url))
        sent |= {"space_units-2-unit": third.pk, "space_units-2-space": scene.space.pk}
        # Django itself reads each line of a formset by its id.
        with zeal_ignore():
            page = boss.post(url, {**sent, "space_units-TOTAL_FORMS": "3"}).content.decode()
        assert "Des dates à venir sont promises dans cette salle" in page
        assert scene.space.units.count() == 2

    def test_everything_else_changes_under_a_promise(self, boss: Client, scene: Scene):
        asked = scene.submit(evening("2026-11-05"))
        workflow.approve(asked, by=scene.manager, occurrences=[asked.occurrences.get().pk])
        url = address(Space, "change", scene.space.pk)
        assert boss.post(url, {**page_as_sent(boss.get(url)), "capacity": "80"}).status_code == 302
        scene.space.refresh_from_db()
        assert scene.space.capacity == 80


# -- equipment ----------------------------------------------------------------------------------


def promise(pool: EquipmentPool, *units: Unit, start: dt.datetime | None = None) -> None:
    for unit in units:
        values = {"start_at": start} if start else {}
        date = OccurrenceFactory.create(state=Occurrence.State.APPROVED, **values)
        Claim.objects.create(unit=unit, occurrence=date, start_at=date.start_at, end_at=date.end_at)


class TestQuantity:
    def test_more_makes_units(self, db: None):
        pool = EquipmentPoolFactory.create(quantity=2)
        stock.set_quantity(pool, 5)
        assert stock.quantity(pool) == 5
        assert {unit.school for unit in pool.units.all()} == {pool.school}
        assert len(set(pool.units.values_list("name", flat=True))) == 5

    def test_retired_units_come_back_first(self, db: None):
        pool = EquipmentPoolFactory.create(quantity=4)
        stock.set_quantity(pool, 1)
        stock.set_quantity(pool, 6)
        assert stock.quantity(pool) == pool.units.count() == 6

    def test_fewer_retires_those_nobody_waits_for(self, db: None):
        pool = EquipmentPoolFactory.create(quantity=4)
        first, _second, third, _fourth = pool.units.all()
        promise(pool, third)
        stock.set_quantity(pool, 2)
        assert list(pool.units.filter(retired_at=None)) == [first, third]
        assert pool.units.count() == 4

    def test_not_below_what_is_promised(self, db: None):
        pool = EquipmentPoolFactory.create(quantity=4)
        promise(pool, *pool.units.all()[:3])
        assert stock.least(pool) == 3
        with pytest.raises(stock.StockError, match="3 exemplaires sont promis"):
            stock.set_quantity(pool, 2)
        assert stock.quantity(pool) == 4

    def test_what_is_over_does_not_count(self, db: None):
        pool = EquipmentPoolFactory.create(quantity=2)
        promise(pool, *pool.units.all(), start=timezone.now().replace(microsecond=0) - dt.timedelta(hours=3))
        stock.set_quantity(pool, 0)
        assert stock.quantity(pool) == 0

    def test_what_goes_on_now_counts(self, db: None):
        pool = EquipmentPoolFactory.create(quantity=2)
        promise(
            pool, pool.units.all()[0], start=timezone.now().replace(microsecond=0) - dt.timedelta(hours=1)
        )
        assert stock.least(pool) == 1

    def test_what_is_set_is_what_can_be_asked(self, scene: Scene):
        pool = EquipmentPoolFactory.create(school=scene.school, quantity=2)
        stock.set_quantity(pool, 5)
        asked = scene.submit(evening("2026-11-05"), equipment=(Line(pool, 5),))
        workflow.approve(asked, by=scene.manager)
        assert Claim.objects.filter(unit__pool=pool).count() == 5
        stock.set_quantity(pool, 5)
        with pytest.raises(stock.StockError):
            stock.set_quantity(pool, 4)

    def test_a_retired_unit_is_not_lent(self, scene: Scene):
        pool = EquipmentPoolFactory.create(school=scene.school, quantity=5)
        stock.set_quantity(pool, 4)
        asked = scene.submit(evening("2026-11-05"), equipment=(Line(pool, 5),))
        with pytest.raises(workflow.WorkflowError):
            workflow.approve(asked, by=scene.manager)

    @pytest.mark.django_db(transaction=True)
    def test_several_at_once_end_with_what_one_of_them_wanted(self):
        pool = EquipmentPoolFactory.create(quantity=1)

        def change(wanted: int) -> None:
            try:
                stock.set_quantity(pool, wanted)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as crowd:
            list(crowd.map(change, [7, 7, 7, 7]))
        assert stock.quantity(pool) == pool.units.count() == 7


class TestPoolPages:
    def post(self, boss: Client, pool: EquipmentPool, quantity: Any) -> str:
        url = address(EquipmentPool, "change", pool.pk)
        sent = {**page_as_sent(boss.get(url)), "quantity": quantity}
        return boss.post(url, sent, follow=True).content.decode()

    def test_added_with_its_quantity(self, boss: Client):
        school, kind = SchoolFactory.create(), EquipmentPoolFactory.create().kind
        values = {
            "school": school.pk,
            "kind": kind.pk,
            "quantity": "12",
            "notice_hours": "48",
            "published": "on",
        }
        assert boss.post(address(EquipmentPool, "add"), values).status_code == 302
        assert stock.quantity(EquipmentPool.objects.get(school=school)) == 12

    def test_changed_and_shown(self, boss: Client):
        pool = EquipmentPoolFactory.create(quantity=3)
        self.post(boss, pool, 8)
        assert stock.quantity(pool) == 8
        page = boss.get(address(EquipmentPool, "change", pool.pk)).content.decode()
        assert 'name="quantity" value="8"' in page

    def test_refusal_is_beside_the_field(self, boss: Client):
        pool = EquipmentPoolFactory.create(quantity=3)
        promise(pool, *pool.units.all()[:2])
        assert "2 exemplaires sont promis à des dates à venir" in self.post(boss, pool, 1)
        assert stock.quantity(pool) == 3

    @pytest.mark.parametrize("quantity", ["", "-1", "1000000", "douze", "1.5"])
    def test_nonsense_is_refused(self, boss: Client, quantity: str):
        pool = EquipmentPoolFactory.create(quantity=3)
        assert "errornote" in self.post(boss, pool, quantity)
        assert stock.quantity(pool) == 3

    def test_promised_between_the_check_and_the_change(self, boss: Client, monkeypatch: pytest.MonkeyPatch):
        pool = EquipmentPoolFactory.create(quantity=3)
        promise(pool, *pool.units.all()[:2])
        monkeypatch.setattr(stock, "least", lambda _pool: 0)
        assert "2 exemplaires sont promis" in self.post(boss, pool, 1)
        assert stock.quantity(pool) == 3

    def test_the_same_twice_is_explained(self, boss: Client):
        pool = EquipmentPoolFactory.create()
        values = {"school": pool.school_id, "kind": pool.kind_id, "quantity": "1"}
        page = boss.post(address(EquipmentPool, "add"), values).content.decode()
        assert "changez sa quantité ou précisez-le" in page
