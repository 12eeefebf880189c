"""The language chosen in the footer: kept in a cookie, French without one, whatever the browser prefers."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_french_is_spoken_whatever_the_browser_prefers(client: Client):
    page = client.get("/", headers={"accept-language": "en"})
    assert page.headers["Content-Language"] == "fr"
    assert '<html lang="fr">' in page.text
    assert "Cookie" in page.headers["Vary"]
    assert page.cookies == {}


def test_the_footer_changes_the_language_and_stays_on_the_page(client: Client):
    answer = client.post("/langue/", {"language": "en", "next": "/salles/?capacite=20"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/salles/?capacite=20")
    cookie = answer.cookies["langue"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    page = client.get("/")
    assert '<html lang="en">' in page.text
    assert page.headers["Content-Language"] == "en"


def test_no_token_is_asked(settings):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/langue/", {"language": "en"}).status_code == 302
    assert client.get("/langue/").status_code == 405


@pytest.mark.parametrize("wanted", ["xx", "../../etc", ""])
def test_an_unknown_language_is_french(client: Client, wanted: str):
    client.post("/langue/", {"language": wanted})
    assert '<html lang="fr">' in client.get("/").text
    client.cookies["langue"] = "xx"
    assert '<html lang="fr">' in client.get("/").text


def test_another_site_is_not_where_one_goes_next(client: Client):
    answer = client.post("/langue/", {"language": "en", "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
