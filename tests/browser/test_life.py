"""Offers, moves and words in a real browser: few clicks, no script needed, narrow, and axe finds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from bookings import workflow
from bookings.models import BookingRequest, Occurrence
from bookings.workflow import Draft, DraftDate
from shareloc.accounts.models import User
from tests import factories
from tests.browser.conftest import Judge
from tests.conftest import PARIS
from venues.periods import Period

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignedIn = Callable[[User], "Page"]
NARROW = {"width": 320, "height": 700}


@pytest.fixture
def asked(transactional_db: None) -> BookingRequest:
    """Two evenings in two weeks, free, asked for by an insured association."""
    space = factories.SpaceFactory.create()
    factories.open_always(space.school)
    member = factories.MembershipFactory.create()
    factories.SchoolRoleFactory.create(school=space.school)
    first = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=14), dt.time(18), PARIS)
    dates = [
        DraftDate(Period(start, start + dt.timedelta(hours=2)), (space,))
        for start in (first, first + dt.timedelta(days=1))
    ]
    return workflow.submit(Draft(member.organisation, "Chorale", 20, dates), by=member.user)


def test_an_offer_from_one_side_to_the_other(
    asked: BookingRequest, signed_in: SignedIn, judge: Judge
) -> None:
    manager = asked.school.roles.get().user
    page = signed_in(manager)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(asked.get_absolute_url())
    judge(page)
    page.get_by_role("link", name="Proposer autre chose").first.click()
    page.get_by_label("De", exact=True).fill("19:00")
    page.get_by_label("À", exact=True).fill("21:00")
    judge(page)
    page.get_by_role("button", name="Envoyer la proposition").click()
    page.get_by_role("heading", name="Autre date proposée").wait_for()
    judge(page)

    page.context.clear_cookies()
    page = signed_in(asked.created_by)  # type: ignore[arg-type]
    page.goto(asked.get_absolute_url())
    judge(page)
    page.get_by_role("button", name="Accepter la proposition").click()
    page.get_by_text("C’est réservé").wait_for()
    assert sorted(Occurrence.objects.values_list("state", flat=True)) == ["approved", "pending"]

    page.get_by_role("link", name="Demander à déplacer").click()
    judge(page)
    page.get_by_label("De", exact=True).fill("20:00")
    page.get_by_label("À", exact=True).fill("22:00")
    page.get_by_role("button", name="Envoyer au lycée").click()
    page.get_by_role("heading", name="Déplacement demandé").wait_for()
    judge(page)


def test_several_at_once(asked: BookingRequest, signed_in: SignedIn, judge: Judge) -> None:
    date = asked.occurrences.all()[0]
    other = Draft(asked.organisation, "Judo", 10, [DraftDate(date.period, tuple(date.spaces.all()))])
    workflow.submit(other, by=asked.created_by)
    page = signed_in(asked.school.roles.get().user)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/a-decider/")
    judge(page)
    for box in page.get_by_role("checkbox", name="Choisir la demande").all():
        box.check()
    page.get_by_role("button", name="Accepter tout ce qui est libre").click()
    page.get_by_text("2 dates acceptées.").wait_for()
    judge(page)


def test_choosing_ones_mails(signed_in: SignedIn, judge: Judge, transactional_db: None) -> None:
    page = signed_in(factories.UserFactory.create())
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/compte/courriels/")
    judge(page)
    page.get_by_label("Rappels et échéances").uncheck()
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Vos choix sont enregistrés.").wait_for()
    assert User.objects.get().muted_mails == ["reminders"]
