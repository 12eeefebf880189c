"""The day, the lodge and equipment in a real browser: narrow, and axe finds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from PIL import Image

from bookings import workflow
from bookings.models import Incident, Occurrence, Visit
from shareloc.accounts.models import User
from tests import factories
from tests.browser.conftest import Judge

if TYPE_CHECKING:
    from playwright.sync_api import Page

SignedIn = Callable[[User], "Page"]
NARROW = {"width": 320, "height": 700}


@pytest.fixture
def now_on(transactional_db: None) -> Occurrence:
    """A date that is going on at this very moment, with chairs."""
    school = factories.SchoolFactory.create(
        access_notes="Portail de la rue de l’Essai.", emergency_instructions="Rassemblement dans la cour."
    )
    member = factories.MembershipFactory.create()
    factories.SchoolRoleFactory.create(school=school, role="caretaker")
    pool = factories.EquipmentPoolFactory.create(school=school, quantity=20)
    request = factories.BookingRequestFactory.create(
        organisation=member.organisation, school=school, created_by=member.user, state="decided"
    )
    start = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(minutes=30)
    return factories.OccurrenceFactory.create(
        request=request,
        start_at=start,
        end_at=start + dt.timedelta(hours=2),
        state="approved",
        equipment={pool: 20},
    )


def test_the_evening_on_a_telephone(
    now_on: Occurrence, signed_in: SignedIn, judge: Judge, tmp_path: Path
) -> None:
    page = signed_in(now_on.request.created_by)  # type: ignore[arg-type]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(now_on.request.get_absolute_url())
    page.get_by_role("link", name="Le jour : accès, arrivée, problème").click()
    judge(page)
    page.get_by_role("button", name="Je suis arrivé").click()
    page.get_by_text("Arrivée notée à").wait_for()
    page.get_by_text("Signaler un problème…").click()
    page.get_by_label("Que se passe-t-il ?").fill("Une vitre est cassée.")
    photo = tmp_path / "photo.png"
    Image.new("RGB", (40, 30), "red").save(photo)
    page.get_by_label("Photo").set_input_files(photo)
    judge(page)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.get_by_role("link", name="Télécharger la photo").wait_for()
    judge(page)
    assert Incident.objects.get().photo
    assert Visit.objects.get().arrived_at

    over = timezone.now() - dt.timedelta(minutes=1)
    Occurrence.objects.update(end_at=over)
    page.reload()
    judge(page)
    for question in page.get_by_role("group").filter(has_text="?").filter(has_text="Oui").all():
        question.get_by_label("Oui").check()
    page.get_by_label("4 – bien").check()
    page.get_by_role("button", name="Envoyer mon retour").click()
    page.get_by_text("4 sur 5").wait_for()
    judge(page)


def test_the_lodge_hands_over_and_takes_back(now_on: Occurrence, signed_in: SignedIn, judge: Judge) -> None:
    page = signed_in(now_on.request.school.roles.get().user)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(f"/lycees/{now_on.request.school.uai}/loge/")
    judge(page)
    page.get_by_role("link", name="Remettre, reprendre").click()
    judge(page)
    page.get_by_role("button", name="Matériel remis").click()
    page.get_by_label("Rendus").fill("21")
    page.get_by_role("button", name="Matériel rendu").click()
    page.get_by_text("Il reste quelque chose à corriger").wait_for()
    judge(page)
    page.get_by_label("Rendus").fill("19")
    page.get_by_role("button", name="Matériel rendu").click()
    page.get_by_text("Il en manque 1.").wait_for()
    judge(page)


@pytest.mark.looks
@pytest.mark.parametrize("width", [320, 1280])
def test_a_loan_of_several_days_fits_the_sheet(
    now_on: Occurrence, signed_in: SignedIn, judge: Judge, width: int
) -> None:
    factories.OccurrenceFactory.create(
        request=now_on.request,
        start_at=now_on.start_at - dt.timedelta(days=2),
        end_at=now_on.end_at + dt.timedelta(days=2),
        state="approved",
    )
    page = signed_in(now_on.request.school.roles.get().user)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/lycees/{now_on.request.school.uai}/loge/")
    judge(page)
    frame = page.locator(".table-frame")
    assert frame.evaluate("element => element.scrollWidth - element.clientWidth") == 0


def test_equipment_without_a_room(now_on: Occurrence, signed_in: SignedIn, judge: Judge) -> None:
    page = signed_in(now_on.request.created_by)  # type: ignore[arg-type]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto("/materiel/")
    judge(page)
    page.get_by_role("link", name=str(now_on.equipment.get().pool)).click()
    judge(page)
    day = timezone.localdate() + dt.timedelta(days=10)
    page.get_by_label("Jour", exact=True).fill(f"{day}")
    page.get_by_label("De", exact=True).fill("14:00")
    page.get_by_label("À", exact=True).fill("18:00")
    page.get_by_label("Votre activité").fill("Fête de quartier")
    page.get_by_label("Nombre de personnes attendues").fill("80")
    page.get_by_label("Son téléphone").fill("06 00 00 00 00")
    page.get_by_role("button", name="Vérifier ma demande").click()
    page.get_by_text("Tout est libre à ces heures.").wait_for()
    judge(page)
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.get_by_text("est envoyée").wait_for()
    judge(page)
    sent = Occurrence.objects.order_by("pk").last()
    assert sent is not None
    manager = factories.SchoolRoleFactory.create(school=sent.request.school).user
    workflow.approve(sent.request, by=manager)
    assert sent.claims.count() == 1
