"""An agreement in a real browser: signed by two sides on a narrow screen, verified by file by anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from bookings import agreements, workflow
from bookings.models import Agreement
from bookings.workflow import Draft, DraftDate
from shareloc.accounts.models import User
from tests import factories
from tests.browser.conftest import Judge
from tests.browser.test_life import NARROW
from tests.conftest import PARIS
from venues.models import School
from venues.periods import Period

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignedIn = Callable[[User], "Page"]


@pytest.fixture
def agreement(transactional_db: None) -> Agreement:
    """That of one evening, where the Région signed once for all."""
    school = factories.SchoolFactory.create(
        region_signature=School.RegionSignature.STANDING, region_delegation="Délibération d’essai"
    )
    factories.open_always(school)
    space = factories.SpaceFactory.create(school=school)
    member = factories.MembershipFactory.create()
    manager = factories.SchoolRoleFactory.create(school=school).user
    start = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=14), dt.time(18), PARIS)
    date = DraftDate(Period(start, start + dt.timedelta(hours=2)), (space,))
    request = workflow.submit(Draft(member.organisation, "Chorale", 20, [date]), by=member.user)
    workflow.approve(request, by=manager)
    drawn = agreements.draw_up(request.pk)
    assert drawn
    return drawn


def sign(page: Page, agreement: Agreement, judge: Judge) -> None:
    page.goto(agreement.request.get_absolute_url())
    page.get_by_role("link", name="Lire et signer la convention").click()
    page.get_by_label("Qualité").fill("Présidente")
    page.get_by_label("J’ai lu la version 1").check()
    judge(page)
    page.get_by_role("button", name="Signer la convention").click()
    page.get_by_text("Votre signature est enregistrée.").wait_for()
    judge(page)


def test_two_sides_sign_and_anybody_verifies(
    agreement: Agreement, signed_in: SignedIn, judge: Judge, tmp_path: Any
) -> None:
    request = agreement.request
    page = signed_in(request.created_by)  # type: ignore[arg-type]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    sign(page, agreement, judge)
    with page.expect_download() as download:
        page.get_by_role("link", name="Convention (PDF)").first.click()
    file = tmp_path / "convention.pdf"
    download.value.save_as(file)
    sign(signed_in(request.school.roles.get().user), agreement, judge)
    page.get_by_text("La version 1 est signée par les trois parties.").wait_for()
    page.context.clear_cookies()
    page.goto("/conventions/verifier/")
    page.get_by_label("Fichier PDF de la convention").set_input_files(file)
    page.get_by_role("button", name="Calculer et comparer").click()
    page.get_by_text("Convention authentique et signée").wait_for()
    judge(page)
