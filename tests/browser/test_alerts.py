"""From an empty search to the mail of an alert and its link to stop, in a browser; axe finds nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Alert
from tests import factories
from tests.bookings.mail.conftest import work  # noqa: F401
from tests.browser.conftest import Judge
from tests.conftest import Mailbox

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def look(judge: Judge) -> Callable[[Page], None]:
    """Both widths are judged."""

    def looking(page: Page) -> None:
        for width, scripted in ((320, False), (1280, True)):
            page.set_viewport_size({"width": width, "height": 900})
            judge(page, scripted=scripted)

    return looking


def test_from_an_empty_search_to_the_mail(
    page: Page,
    live_server: Any,
    settings: Any,
    look: Callable[[Page], None],
    smtp_server: Mailbox,
    work: Callable[[], None],  # noqa: F811
) -> None:
    settings.SITE_URL = live_server.url
    day = timezone.localdate() + dt.timedelta(days=14)
    user = factories.MembershipFactory.create(user__email="attend@example.org").user
    space = factories.SpaceFactory.create(name="Salle polyvalente", published=False)
    factories.open_always(space.school)

    page.goto(f"/salles/?q=Lille&date={day}&start=18:30&end=20:30")
    expect(page.locator("#resultats")).to_contain_text("Aucune salle libre")
    look(page)
    page.get_by_role("link", name="M’alerter quand une salle se libère").click()
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe", exact=True).fill(factories.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    page.get_by_role("heading", name="Être prévenu quand une salle se libère").wait_for()
    look(page)
    page.get_by_role("button", name="Créer l’alerte").click()
    expect(page.get_by_text("Alerte créée.")).to_be_visible()
    expect(page.get_by_text("En veille")).to_be_visible()
    look(page)

    space.published = True
    space.save()
    call_command("run_due", stdout=open("/dev/null", "w"))  # noqa: SIM115
    work()
    [mail] = smtp_server.messages
    body: Any = mail.get_body(preferencelist=("html",))
    hrefs = [href.replace("&amp;", "&") for href in re.findall('href="([^"]+)"', body.get_content())]
    ask, stop = (next(href for href in hrefs if part in href) for part in ("/demander/", "/alertes/arreter/"))
    page.goto(ask)
    expect(page.locator("#id_dates-0-start")).to_have_value("18:30")

    page.goto("/compte/alertes/")
    expect(page.get_by_text("Salle trouvée")).to_be_visible()
    look(page)
    Alert.objects.update(fired_at=None)
    page.context.clear_cookies()
    page.goto(stop)
    look(page)
    page.get_by_role("button", name="Arrêter cette alerte").click()
    expect(page.get_by_text("1 alerte arrêtée.")).to_be_visible()
    look(page)


def test_a_time_is_checked_on_the_page_of_a_room(page: Page, look: Callable[[Page], None]) -> None:
    day = timezone.localdate() + dt.timedelta(days=14)
    space = factories.SpaceFactory.create(name="Salle polyvalente")
    factories.open_always(space.school)
    start = dt.datetime.combine(day, dt.time(18), factories.PARIS)
    factories.BusyTimeFactory.create(space=space, start_at=start)
    page.goto(f"/salles/{space.pk}/")
    page.get_by_label("De", exact=True).fill("18:30")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("link", name=re.compile("Indiquez aussi le jour"))).to_be_visible()
    look(page)
    page.get_by_label("Jour", exact=True).fill(day.isoformat())
    page.get_by_label("À", exact=True).fill("19:30")
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("Le lycée utilise la salle à ces heures.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Ce jour-là, 17:00–18:00").click()
    assert "/demander/?date=" in page.url or "/connexion" in page.url or "login" in page.url


def test_the_other_rooms_of_a_lycee_unfold(page: Page, look: Callable[[Page], None]) -> None:
    day = timezone.localdate() + dt.timedelta(days=14)
    space = factories.SpaceFactory.create(name="Salle polyvalente")
    page.goto(f"/salles/?school={space.school.uai}&date={day}&start=18:30&end=20:30")
    page.get_by_text("1 autre salle de ce lycée n’est pas libre alors").click()
    expect(page.get_by_text("Cette salle n’est pas prêtée à ces heures.")).to_be_visible()
    look(page)
