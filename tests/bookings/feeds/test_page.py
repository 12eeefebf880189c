"""The page of addresses: made, shown once, renewed, revoked; by their owner alone."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from bookings import calendars
from bookings.models import CalendarToken
from tests import factories
from tests.conftest import ROLES, Cast

pytestmark = pytest.mark.django_db
LIST, NEW = "/compte/calendriers/", "/compte/calendriers/nouveau/"


def shown_address(answer: Any) -> str:
    """The address in the page that shows it once."""
    found = re.findall(r'value="(http://testserver/calendars/[\w-]{32}\.ics)"', answer.content.decode())
    assert len(found) == 1
    return str(found[0])


def test_signing_in_is_asked(cast: Cast):
    for url in (LIST, f"{NEW}?scope=person", f"{LIST}1/supprimer/"):
        answer = cast.client("anonymous").get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_address_is_shown_once(cast: Cast, client: Any):
    browser = cast.client("member")
    answer = browser.post(NEW, {"scope": "person"})
    address = shown_address(answer)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert f'href="webcal://{address.removeprefix("http://")}"' in page
    assert 'src="data:image/svg+xml' in page
    for agenda in ("Google Agenda", "Outlook", "Apple Calendrier", "Thunderbird"):
        assert agenda in page
    assert client.get(address).status_code == 200
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in browser.get(LIST).content.decode()
    assert secret not in str(dict(browser.session))


def test_list_offers_one_s_own_and_one_s_schools(cast: Cast):
    offered = [choice["name"] for choice in cast.client("manager").get(LIST).context["missing"]]
    assert offered == ["Shareloc – mes réservations", cast.school.name, f"Loge – {cast.school.name}"]
    calendars.issue_for(cast.user("manager"), cast.school)
    page = cast.client("manager").get(LIST)
    assert [choice["scope"] for choice in page.context["missing"]] == ["person", "caretaker"]
    assert [row["name"] for row in page.context["addresses"]] == [cast.school.name]
    assert "jamais" in page.content.decode()


def test_list_has_as_many_statements_for_many(cast: Cast, django_assert_num_queries: Any):
    browser = cast.client("member")
    counts = []
    for _round in range(2):
        for space in factories.SpaceFactory.create_batch(4, school=cast.school):
            calendars.issue_for(cast.user("member"), space)
        with django_assert_num_queries(100, exact=False) as captured:
            browser.get(LIST)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_asking_from_a_space_says_what_will_be_made(cast: Cast):
    space = factories.SpaceFactory.create(school=cast.school, name="Gymnase <b>")
    browser = cast.client("member")
    url = f"{NEW}?scope=space&id={space.pk}"
    page = browser.get(url)
    assert page.status_code == 200
    assert CalendarToken.objects.count() == 0
    assert html.escape(f"Gymnase <b> – {cast.school.name}") in page.content.decode()
    assert "cessera de fonctionner" not in page.content.decode()
    shown_address(browser.post(url, {"scope": "space", "id": space.pk}))
    assert "cessera de fonctionner" in browser.get(url).content.decode()


NOT_FOUND = [
    {"scope": "space", "id": "999999"},
    {"scope": "space", "id": "9" * 40},
    {"scope": "space", "id": "x"},
    {"scope": "space"},
    {"scope": "school", "id": "0590000X"},
    {"scope": "school", "id": "\0"},
    {"scope": "galaxy"},
    {"scope": ""},
]


@pytest.mark.parametrize("asked", NOT_FOUND)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_to_follow(cast: Cast, asked: dict[str, str], method: str):
    assert getattr(cast.client("member"), method)(NEW, asked).status_code == 404


def test_back_from_signing_in_without_a_subject(cast: Cast):
    assert cast.client("member").get(NEW)["Location"] == LIST


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("manager", 200), ("region", 200)])
def test_unpublished_space(cast: Cast, role: str, status: int, method: str):
    space = factories.SpaceFactory.create(school=cast.school, published=False)
    answer = getattr(cast.client(role), method)(NEW, {"scope": "space", "id": space.pk})
    assert answer.status_code == status


# -- renewing and revoking ----------------------------------------------------------------------

ACTS = {
    "member": 200,
    "anonymous": 302,
    **dict.fromkeys(("stranger", "other_manager", "manager", "region"), 404),
}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_renew(cast: Cast, role: str):
    token, old = calendars.issue_for(cast.user("member"), None)
    answer = cast.client(role).post(f"{LIST}{token.pk}/renouveler/")
    assert answer.status_code == ACTS[role]
    assert (calendars.find(old) is None) is (role == "member")
    if role == "member":
        shown_address(answer)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_revoke(cast: Cast, role: str):
    token, secret = calendars.issue_for(cast.user("member"), None)
    url = f"{LIST}{token.pk}/supprimer/"
    assert cast.client(role).get(url).status_code == ACTS[role]
    assert calendars.find(secret) == token
    answer = cast.client(role).post(url)
    assert answer.status_code == (302 if role == "member" else ACTS[role])
    assert (calendars.find(secret) is None) is (role == "member")


def test_revoking_says_so(cast: Cast):
    token, _secret = calendars.issue_for(cast.user("member"), cast.school)
    answer = cast.client("member").post(f"{LIST}{token.pk}/supprimer/", follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert f"«\u00a0{cast.school.name}\u00a0» ne fonctionne plus" in answer.content.decode()


def test_renewing_what_one_may_no_longer_follow(cast: Cast):
    space = factories.SpaceFactory.create(school=cast.school)
    token, _secret = calendars.issue_for(cast.user("stranger"), space)
    space.published = False
    space.save()
    assert cast.client("stranger").post(f"{LIST}{token.pk}/renouveler/").status_code == 404
    assert cast.client("stranger").get(LIST).status_code == 200


def test_renewing_by_a_link_is_refused(cast: Cast):
    token, secret = calendars.issue_for(cast.user("member"), None)
    assert cast.client("member").get(f"{LIST}{token.pk}/renouveler/").status_code == 405
    assert calendars.find(secret) == token


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_no_such_address(cast: Cast, pk: str):
    assert cast.client("member").get(f"{LIST}{pk}/supprimer/").status_code == 404


def test_pages_of_spaces_and_schools_lead_here(cast: Cast):
    space = factories.SpaceFactory.create(school=cast.school)
    offers = {
        space.get_absolute_url(): ("space", space.pk),
        cast.school.get_absolute_url(): ("school", cast.school.uai),
    }
    for url, (scope, ref) in offers.items():
        page = cast.client("anonymous").get(url).content.decode()
        assert f'href="{NEW}?scope={scope}&amp;id={ref}"' in page


def test_signing_in_leads_back_to_what_was_asked(cast: Cast):
    asked = f"{NEW}?scope=school&id={cast.school.uai}"
    answer = cast.client("anonymous").get(asked)
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [asked]
