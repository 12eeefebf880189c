"""Home, the pages of text, and what machines ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from shareloc.site import views
from shareloc.web.navigation import HEADER
from tests import factories
from tests.conftest import Cast

TEXTS = [
    "site:how", "site:help", "site:help_association", "site:help_school", "site:help_lodge", "site:help_region",
    "site:stats", "site:legal", "site:privacy", "site:terms", "site:accessibility",
]  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_pages_of_text(client: Client, db: None, name: str):
    html = client.get(reverse(name)).content.decode()
    assert html.count("<h1>") == 1
    assert "contact@example.org" in html


@pytest.mark.parametrize("name", [*TEXTS, "site:home"])
def test_anonymous_pages_set_no_cookie(client: Client, db: None, name: str):
    assert not client.get(reverse(name)).cookies


def test_a_legal_notice_names_who_answers_or_says_that_it_does_not_yet(
    client: Client, db: None, settings: Any
):
    assert client.get("/mentions-legales/").content.decode().count("Pas encore indiqué") == 2
    settings.PUBLICATION_DIRECTOR, settings.HOSTING_PROVIDER = "Dominique Exemple", "Hébergeur d’essai, Lille"
    html = client.get("/mentions-legales/").content.decode()
    assert "Dominique Exemple" in html
    assert "Hébergeur d’essai, Lille" in html
    assert "Pas encore indiqué" not in html


def test_the_declaration_says_what_the_law_asks(client: Client, db: None):
    html = client.get("/accessibilite/").content.decode()
    for said in ("<strong>non conforme</strong>", "2019-768", "Défenseur des droits", "29 novembre 2026"):
        assert said in html
    assert "Accessibilité\u00a0: non conforme</a>" in client.get("/").content.decode()


def test_figures_are_not_invented(client: Client, db: None):
    html = client.get("/stats/").content.decode()
    assert "Pas encore de chiffres" in html
    assert "Heures ouvertes" in html


def test_home_counts_what_there_is(client: Client, db: None):
    north, somme = (
        factories.SchoolFactory.create(department="59"),
        factories.SchoolFactory.create(department="80"),
    )
    factories.SchoolFactory.create(department="02", closed_on="2026-01-01")
    factories.SpaceFactory.create_batch(2, school=north)
    factories.SpaceFactory.create(school=somme, published=False)
    context = client.get("/").context
    assert (context["schools"], context["departments"], context["spaces"]) == (2, 2, 2)


@pytest.mark.parametrize("many", [1, 12])
def test_home_queries(client: Client, db: None, django_assert_num_queries: Any, many: int):
    factories.SpaceFactory.create_batch(many)
    with django_assert_num_queries(2):
        assert client.get("/").status_code == 200


def test_home_search_goes_to_the_search_page(client: Client, db: None):
    html = client.get("/").content.decode()
    form = re.search(r'<form class="search-box"(.*?)</form>', html, re.S)
    assert form
    assert 'action="/salles/#resultats" method="get"' in form[1]
    assert re.findall(r' name="(\w+)"', form[1]) == ["q", "within_km", "date", "start", "end", "capacity"]


NAVIGATION = {
    "anonymous": ["Rechercher une salle", "Lycées", "Se connecter"],
    "stranger": ["Rechercher une salle", "Lycées", "Mes demandes", "Mon compte"],
    "member": ["Rechercher une salle", "Lycées", "Mes demandes", "Mon compte"],
    "other_manager": [
        "Rechercher une salle",
        "Lycées",
        "À décider",
        "Mon lycée",
        "Planning",
        "Mon compte",
    ],
    "manager": ["Rechercher une salle", "Lycées", "À décider", "Mon lycée", "Planning", "Mon compte"],
    # Neither an organisation's nor a school's: no requests of its own.
    "region": ["Rechercher une salle", "Lycées", "Suivi", "Ce soir", "Conventions", "Mon compte"],
}


@pytest.mark.parametrize("role", NAVIGATION)
def test_navigation_by_role(cast: Cast, role: str):
    html = cast.client(role).get("/").content.decode()
    menu = re.search(r'<nav class="site-nav".*?</nav>', html, re.S)
    assert menu
    assert re.findall(r"<span>([^<]+)</span></a>", menu[0]) == NAVIGATION[role]


def test_a_caretaker_decides_nothing(db: None, client: Client):
    role = factories.SchoolRoleFactory.create(role="caretaker")
    client.force_login(role.user, backend="django.contrib.auth.backends.ModelBackend")
    header = client.get("/").content.decode()
    assert "À décider" not in header
    assert ">Planning</span>" in header


def test_navigation_marks_the_page_one_is_on(cast: Cast):
    html = cast.client("member").get("/compte/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', html) == ["/compte/"]
    deeper = cast.client("member").get("/compte/organismes/nouveau/").content.decode()
    assert '<a href="/compte/" aria-current="true">' in deeper


@pytest.mark.parametrize(
    ("role", "path", "entry"),
    [
        ("manager", "planning/", "/a-decider/planning/"),
        ("manager", "planning/bloquer/", "/a-decider/planning/"),
        ("manager", "releve/", "/a-decider/planning/"),
        ("manager", "loge/", "/a-decider/"),
        ("manager", "", "/lycees/"),
        ("member", "planning/", "/lycees/"),
        ("region", "planning/", "/lycees/"),
    ],
)
def test_what_lies_at_a_lycee_is_marked_where_its_people_find_it(
    cast: Cast, role: str, path: str, entry: str
):
    html = cast.client(role).get(f"/lycees/{cast.school.uai}/{path}").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', html) == [entry]


def test_the_lodge_is_marked_for_its_caretaker(db: None, client: Client):
    role = factories.SchoolRoleFactory.create(role="caretaker")
    client.force_login(role.user, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get(f"/lycees/{role.school.uai}/loge/").content.decode()
    assert re.findall(r'<a href="([^"]+)" aria-current="true">', html) == ["/loge/"]


def test_every_page_that_an_entry_claims_exists():
    views = set(_names(get_resolver()))
    assert [name for entry in HEADER for name in entry.also if name not in views] == []


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def test_health(client: Client, db: None):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_health_says_when_the_database_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch):
    class Gone:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(views, "connection", Gone())
    response = client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (503, "error")


def test_robots_may_read_calendars_only_of_what_is_private(client: Client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"User-agent: *", "Allow: /calendars/", "Disallow: /compte/", "Disallow: /admin/"} <= set(lines)


@pytest.mark.usefixtures("now")
def test_security_txt(client: Client):
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "Contact: mailto:contact@example.org",
        "Expires: 2027-04-14T00:00:00Z",
        "Preferred-Languages: fr, en",
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt",
    ]


def test_strict_policy_is_sent(client: Client, db: None):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
