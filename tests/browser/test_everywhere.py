"""Pages of people signed in, by what axe does not see: names, order, labels, table headers, silent messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bookings.models import OccurrenceEquipment
from shareloc.accounts.models import User
from tests import factories
from tests.browser.reading import faults
from tests.conftest import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(cast: Cast) -> dict[str, str]:
    """What the addresses name: a lycée with rooms and equipment, a request with a date asked for and one accepted."""
    factories.open_always(cast.school)
    space = factories.SpaceFactory.create(school=cast.school, name="Gymnase", kind="gymnasium")
    pool = factories.EquipmentPoolFactory.create(school=cast.school)
    asked = factories.BookingRequestFactory.create(school=cast.school, organisation=cast.organisation)
    start = factories.next_week()
    pending, approved = (
        factories.OccurrenceFactory.create(
            request=asked, spaces=[space], state=state, start_at=start + dt.timedelta(days=days)
        )
        for days, state in enumerate(("pending", "approved"))
    )
    factories.ClaimFactory.create(occurrence=approved)
    factories.BusyTimeFactory.create(space=space, start_at=start + dt.timedelta(days=3), reason="Badminton")
    factories.ClosureFactory.create(school=cast.school)
    OccurrenceEquipment.objects.create(occurrence=approved, pool=pool, quantity=2)
    cast.users["caretaker"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    return {
        "uai": cast.school.uai,
        "space": str(space.pk),
        "pool": str(pool.pk),
        "asked": asked.reference,
        "pending": str(pending.pk),
        "approved": str(approved.pk),
        "organisation": str(cast.organisation.pk),
    }


PAGES = {
    "member": [
        "/salles/{space}/",
        "/salles/{space}/?mois=",
        "/salles/{space}/demander/",
        "/demandes/",
        "/demandes/{asked}/",
        "/demandes/{asked}/annuler/",
        "/demandes/{asked}/retirer/",
        "/demandes/{asked}/dates/{approved}/deplacer/",
        "/demandes/{asked}/dates/{approved}/jour/",
        "/demandes/{asked}/convention/",
        "/compte/",
        "/compte/organismes/{organisation}/",
        "/compte/alertes/",
        "/compte/calendriers/",
        "/compte/calendriers/nouveau/?scope=person",
        "/compte/courriels/",
        "/compte/valeur/",
    ],
    "manager": [
        "/a-decider/",
        "/a-decider/toutes/",
        "/a-decider/conflits/",
        "/a-decider/deplacements/",
        "/demandes/{asked}/",
        "/demandes/{asked}/dates/{pending}/proposer/",
        "/lycees/{uai}/planning/",
        "/lycees/{uai}/planning/bloquer/",
        "/lycees/{uai}/loge/",
        "/mon-lycee/{uai}/",
        "/mon-lycee/{uai}/horaires/",
        "/mon-lycee/{uai}/fermetures/",
        "/mon-lycee/{uai}/regles/",
        "/mon-lycee/{uai}/personnes/",
        "/mon-lycee/{uai}/salles/nouvelle/",
        "/mon-lycee/{uai}/salles/{space}/",
        "/mon-lycee/{uai}/salles/{space}/horaires/",
        "/mon-lycee/{uai}/salles/{space}/tarifs/",
        "/mon-lycee/{uai}/salles/{space}/accords/",
        "/mon-lycee/{uai}/salles/{space}/photos/",
        "/mon-lycee/{uai}/materiel/nouveau/",
        "/mon-lycee/{uai}/materiel/{pool}/",
    ],
    "caretaker": [
        "/lycees/{uai}/loge/",
        "/lycees/{uai}/planning/",
        "/demandes/{asked}/dates/{approved}/materiel/",
        "/compte/calendriers/nouveau/?scope=caretaker&id={uai}",
    ],
    "region": [
        "/region/",
        "/region/lycees/",
        "/region/organismes/",
        "/region/journal/",
        "/region/soiree/",
        "/region/conventions/",
    ],
}


@pytest.mark.looks
@pytest.mark.parametrize("role", PAGES)
def test_every_page_of_a_role_is_named_ordered_labelled_and_spoken(
    cast: Cast, places: dict[str, str], signed_in: Callable[[User], Page], role: str
):
    page = signed_in(cast.user(role))
    wrong: dict[str, list[str]] = {}
    titles: dict[str, list[str]] = {}
    for address in PAGES[role]:
        answer = page.goto(address.format(**places))
        assert answer and answer.ok, address
        titles.setdefault(page.title(), []).append(address)
        if said := faults(page):
            wrong[address] = said
    assert wrong == {}
    # A room by week and by month is one page.
    assert [same for same in titles.values() if len({each.split("?")[0] for each in same}) > 1] == []
