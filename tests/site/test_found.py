"""What search engines and shared links read: site map, robots, title, description, address, picture."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from shareloc.site.sitemaps import PAGES
from tests import factories

HOST = "https://salles.example.org"


@pytest.fixture(autouse=True)
def _public_address(settings: Any) -> None:
    settings.SITE_URL = HOST


def addresses(client: Client, page: str) -> list[str]:
    response = client.get(page)
    assert response.status_code == 200
    return re.findall(r"<loc>([^<]+)</loc>", response.content.decode())


def test_every_page_of_the_map_can_be_read_and_wants_to_be_found(client: Client, db: None):
    pages = addresses(client, "/sitemap.xml")
    assert f"{HOST}/comment-ca-marche/" in pages
    for page in pages:
        response = client.get(page.removeprefix(HOST))
        assert response.status_code == 200, page
        assert "noindex" not in response.content.decode(), page


def test_the_map_lists_open_lycees_and_rooms_really_lent(client: Client, db: None):
    school = factories.SchoolFactory.create()
    closed = factories.SchoolFactory.create(closed_on="2026-01-01")
    space = factories.SpaceFactory.create(school=school)
    factories.SpaceFactory.create(school=school, published=False)
    factories.SpaceFactory.create(school=school, is_demo=True)
    factories.SpaceFactory.create(school=closed)
    found = [page for page in addresses(client, "/sitemap.xml") if re.search(r"/(lycees|salles)/.", page)]
    assert found == [f"{HOST}/lycees/{school.uai}/", f"{HOST}/salles/{space.pk}/"]


@pytest.mark.parametrize("many", [1, 30])
def test_the_map_takes_as_many_queries_for_one_as_for_many(
    client: Client, db: None, django_assert_num_queries: Any, many: int
):
    factories.SpaceFactory.create_batch(many)
    # Lycées and rooms: count and rows.
    with django_assert_num_queries(4):
        assert len(addresses(client, "/sitemap.xml")) == len(PAGES) + 2 * many


def test_robots_say_where_the_map_is(client: Client):
    assert f"Sitemap: {HOST}/sitemap.xml" in client.get("/robots.txt").content.decode().splitlines()


def head(client: Client, address: str) -> dict[str, str]:
    html = client.get(address).content.decode()
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html))
    found["title"] = re.search(r"<title>(.*?)</title>", html)[1]  # type: ignore[index]
    found["canonical"] = re.search(r'<link rel="canonical" href="([^"]+)"', html)[1]  # type: ignore[index]
    return found


def test_a_shared_page_says_what_it_is(client: Client, db: None):
    found = head(client, "/comment-ca-marche/")
    assert found["og:title"] == "Comment ça marche"
    assert found["og:description"] == found["description"]
    assert found["og:description"].startswith("De la recherche à la clé rendue")
    assert found["og:type"] == "website"
    assert found["og:url"] == found["canonical"] == f"{HOST}/comment-ca-marche/"
    assert found["og:image"].startswith(HOST)


def test_the_picture_is_as_large_as_it_says_and_light():
    file = finders.find("web/share.png")
    assert isinstance(file, str)
    with Image.open(file) as picture:
        assert picture.size == (1200, 630)
    with open(file, "rb") as content:
        assert len(content.read()) < 60_000


def test_names_that_people_typed_do_not_break_out_of_the_head(client: Client, db: None):
    school = factories.SchoolFactory.create(name='Lycée "><b>gras</b>')
    html = client.get(f"/lycees/{school.uai}/").content.decode()
    assert "<b>gras</b>" not in html
    assert 'content="Lycée &quot;&gt;&lt;b&gt;gras&lt;/b&gt;, ' in html


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/lycees/?q=Lille&departement=59", "/lycees/"),
        ("/lycees/?page=2&lettre=A", "/lycees/?page=2"),
        ("/lycees/?page=1", "/lycees/"),
        ("/lycees/?page=%22%3E", "/lycees/"),
    ],
)
def test_the_one_address_of_a_page(client: Client, db: None, asked: str, canonical: str):
    assert head(client, asked)["canonical"] == HOST + canonical


@pytest.mark.parametrize(
    ("address", "file"),
    [("/favicon.ico", "web/favicon.svg"), ("/apple-touch-icon.png", "web/touch-icon.png")],
)
def test_icons(client: Client, address: str, file: str):
    assert client.get(address).headers["Location"].endswith(file)
    assert finders.find(file)
