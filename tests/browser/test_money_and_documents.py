"""Documents and statements in a browser: axe, 320 px, dark, and no script needed to deposit a certificate half-way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shareloc.accounts.models import Document, Membership
from tests import factories
from tests.browser.conftest import Judge
from tests.conftest import Cast, OpenWindow
from tests.documents import PDF, certificate
from venues.models import Space

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


@pytest.fixture
def space(cast: Cast) -> Space:
    """A room that demands a certificate, with prices of its own for firms."""
    factories.open_always(cast.school)
    space = factories.SpaceFactory.create(
        school=cast.school, name="Gymnase", needs_insurance=True, hourly_rate=8, hourly_value=30, deposit=150
    )
    factories.PriceRuleFactory.create(space=space, organisation_kind="company", basis="half_day", amount=90)
    return space


@pytest.mark.looks
@pytest.mark.parametrize(("scheme", "pixels"), [("light", 320), ("dark", 1280)])
def test_axe_finds_nothing_and_a_small_screen_is_enough(
    cast: Cast,
    space: Space,
    signed_in: Callable[[Any], Any],
    judge: Judge,
    scheme: Any,
    pixels: int,
) -> None:
    today = timezone.localdate()
    for days in (-1, 20, 300):
        certificate(organisation=cast.organisation, valid_until=today + dt.timedelta(days=days))
    Membership.objects.filter(user=cast.user("member")).update(role=Membership.Role.ADMIN)
    date = factories.OccurrenceFactory.create(
        request__organisation=cast.organisation,
        request__school=cast.school,
        spaces=[space],
        state="approved",
        price=Decimal(16),
        price_ground="2 h à 8 €",
        value=60,
    )
    papers = f"/compte/organismes/{cast.organisation.pk}/pieces/"
    month = timezone.localdate(date.start_at)
    addresses = {
        "member": [
            papers,
            f"{papers}deposer/assurance/",
            f"/compte/organismes/{cast.organisation.pk}/",
            f"/salles/{space.pk}/",
        ],
        "manager": [f"/lycees/{cast.school.uai}/releve/?mois={month:%Y-%m}", date.request.get_absolute_url()],
    }
    for role, found in addresses.items():
        page = signed_in(cast.user(role))
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": pixels, "height": 800})
        for address in found:
            assert page.goto(address).status == 200
            judge(page)


def test_a_certificate_is_deposited_half_way_without_javascript(
    cast: Cast, space: Space, open_window: OpenWindow, tmp_path: Path
) -> None:
    file = tmp_path / "attestation.pdf"
    file.write_bytes(PDF)
    page = open_window(cast.user("member"), scripted=False)
    day = timezone.localdate() + dt.timedelta(days=14)
    page.goto(f"/salles/{space.pk}/demander/?date={day}&start=18:00&end=20:00")
    page.get_by_label("Activité").fill("Cours de judo")
    page.get_by_label("Personnes attendues").fill("20")
    page.locator("[name=contact_name]").fill("Camille Exemple")
    page.locator("[name=contact_phone]").fill("03 20 00 00 00")
    page.get_by_role("button", name="Vérifier ma demande").click()
    page.get_by_role("button", name="Déposer l’attestation maintenant").click()
    page.get_by_label("Assureur").fill("Mutuelle d’essai")
    page.get_by_label("Numéro de contrat").fill("P-1234")
    page.get_by_label("Valable à partir du").fill(f"{timezone.localdate()}")
    page.get_by_label("Valable jusqu’au").fill(f"{day}")
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_role("button", name="Mettre au dossier").click()
    page.get_by_role("heading", name="Vérifier ma demande").wait_for()
    assert "déjà au dossier" in page.inner_text("main")
    assert "Cours de judo" in page.inner_text("main")
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.wait_for_url("**/demandes/R-*/")
    assert Document.objects.get().organisation == cast.organisation
