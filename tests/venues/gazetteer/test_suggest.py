"""What is offered while somebody types, and the page and API that offer it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from rest_framework.test import APIClient

from tests.conftest import ROLES, Cast
from venues.gazetteer import look_up, suggest
from venues.models import Commune

pytestmark = pytest.mark.django_db


def offered(text: str, **options: int) -> list[str]:
    return [one.label for one in suggest(text, **options)]


# -- what is offered ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        # The most populous first, those that begin so before those a word of which does.
        ("roub", ["Roubaix (59)", "Lycée de Roubaix, Amiens"]),
        ("valenc", ["Valenciennes (59)", "Aulnoy-lez-Valenciennes (59)"]),
        ("dury", ["Dury (80)", "Dury (62)", "Dury (02)"]),
        ("hénin", ["Hénin-Beaumont (62)", "Hénin-sur-Cojeul (62)", "Héninel (62)"]),
        ("st-omer", ["Saint-Omer (62)", "Saint-Omer-en-Chaussée (60)", "Saint-Omer-Capelle (62)"]),
        # Spelling is forgiven where nothing begins so.
        ("Valencienes", ["Valenciennes (59)"]),
        ("Duncerque", ["Dunkerque (59)"]),
        ("roubais", ["Roubaix (59)", "Lycée de Roubaix, Amiens"]),
        ("valansiene", ["Valenciennes (59)"]),
        # Lycées by name, by commune.
        ("eclus", ["Éclusier-Vaux (80)", "Regnière-Écluse (80)", "Lycée des Écluses, Lille"]),
        ("moulin lens", ["Lycée Pierre-Moulin, Lens", "Lycée professionnel Pierre-Moulin, Lens"]),
        ("lycée arras", ["Arras (62)", "Lycée du Beffroi, Arras"]),
        # Postcodes as they are typed.
        ("5900", ["59000 – Lille"]),
        ("59650", ["59650 – Villeneuve-d'Ascq"]),
        ("62022", ["Lycée du Beffroi, Arras"]),
        # Too little, or nothing.
        ("", []),
        ("l", []),
        ("59", []),
        ("zzzz", []),
        ("%", []),
    ],
)  # fmt: skip
def test_what_is_offered(lycees: Any, text: str, labels: list[str]) -> None:
    assert offered(text) == labels


def test_no_more_than_asked_for_with_room_for_lycees(lycees: Any) -> None:
    eight = offered("li")
    assert len(eight) == 8
    assert eight[:3] == ["Lille (59)", "Liévin (62)", "Lillers (62)"]
    assert eight[6:] == ["Lycée des Écluses, Lille", "Lycée horticole du Marais, Lille"]
    assert len(offered("sa", limit=3)) == 3


def test_what_is_offered_means_itself(lycees: Any) -> None:
    """Put into the field and sent, each of them is the place that was chosen."""
    for text in ("li", "sai", "dury", "moulin", "593", "59310", "62022"):
        for one in suggest(text, limit=20):
            answer = look_up(one.value)
            assert answer.place is not None and not answer.corrected, one
            assert answer.place.point == pytest.approx(one.point), one


@pytest.mark.parametrize("text", ["li", "Valencienes", "590", "moulin", "12 rue Nationale Lille"])
def test_one_statement_while_one_types(
    lycees: Any, django_assert_num_queries: Callable[..., Any], text: str
) -> None:
    with django_assert_num_queries(1):
        suggest(text)


# -- the page's fragment ------------------------------------------------------------------------


def fragment(text: str) -> HttpResponse:
    return Client().get("/lieux/", {"q": text})


def test_the_fragment_is_a_listbox(lycees: Any) -> None:
    response = fragment("dury")
    html = response.content.decode()
    assert re.findall(
        r'<li id="(lieu-\d)" role="option" aria-selected="false" data-value="([^"]+)">', html
    ) == [
        ("lieu-1", "Dury (80)"),
        ("lieu-2", "Dury (62)"),
        ("lieu-3", "Dury (02)"),
    ]
    assert 'role="listbox"' in html and 'data-said="3 lieux proposés"' in html
    assert "<html" not in html


def test_nothing_to_offer_is_said(communes: None) -> None:
    html = fragment("zzzz").content.decode()
    assert 'data-said="Aucun lieu proposé"' in html
    assert "Une adresse se cherche telle quelle." in html


def test_it_may_be_kept_by_anybody(communes: None) -> None:
    response = fragment("lille")
    assert response.headers["Cache-Control"] == "public, max-age=600"
    # Only whoever has chosen another language has a cookie.
    assert response.headers["Vary"] == "Cookie" and not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_only_read(db: None, method: str) -> None:
    assert getattr(Client(), method)("/lieux/").status_code == 405


def test_hostile_names_stay_text(db: None) -> None:
    Commune.objects.create(insee_code="59999", name='"><script>alert(1)</script>', department="59")
    html = fragment("script alert").content.decode()
    assert "&lt;script&gt;" in html and "<script" not in html


@pytest.mark.parametrize("text", ["\0", "a" * 5_000, "' OR 1=1 --", "💥", "\u202etxt", "\ud7ff"])
def test_anything_may_be_typed(communes: None, text: str) -> None:
    assert fragment(text).status_code == 200


def test_too_fast_is_told_when_to_go_on(db: None, settings: Any, now: Any) -> None:
    from rest_framework.throttling import SimpleRateThrottle

    rates = SimpleRateThrottle.THROTTLE_RATES
    before, rates["suggestions"] = rates["suggestions"], "3/min"
    try:
        assert [fragment("li").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert fragment("li").headers["Retry-After"] == "60"
        # Somebody else is not made to wait.
        other = Client().get("/lieux/", {"q": "li"}, REMOTE_ADDR="192.0.2.7")
        assert other.status_code == 200
    finally:
        rates["suggestions"] = before


# -- the API ------------------------------------------------------------------------------------


def test_the_shape(lycees: Any) -> None:
    answer = APIClient().get("/api/v1/places/", {"q": "roub"})
    roubaix = Commune.objects.get(name="Roubaix")
    assert answer.json() == {
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {
                "label": "Roubaix (59)",
                "value": "Roubaix (59)",
                "kind": "commune",
                "latitude": roubaix.latitude,
                "longitude": roubaix.longitude,
                "approximate": False,
            },
            {
                "label": "Lycée de Roubaix, Amiens",
                "value": "Lycée de Roubaix, Amiens",
                "kind": "school",
                "latitude": 49.9,
                "longitude": 2.3,
                "approximate": False,
            },
        ],
    }


def test_twenty_at_most(lycees: Any) -> None:
    answer = APIClient().get("/api/v1/places/", {"q": "sa", "page_size": 100}).json()
    assert (answer["count"], len(answer["results"]), answer["next"]) == (20, 20, None)
    assert APIClient().get("/api/v1/places/", {"q": "sa", "page": 2}).status_code == 404
    assert APIClient().get("/api/v1/places/").json()["count"] == 0


def test_a_text_too_long_is_refused(db: None) -> None:
    answer = APIClient().get("/api/v1/places/", {"q": "a" * 101})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "q")


@pytest.mark.parametrize("role", ROLES)
def test_places_are_anybodys_and_only_read(cast: Cast, role: str) -> None:
    client = cast.api(role)
    assert client.get("/api/v1/places/", {"q": "li"}).status_code == 200
    refused = {
        method: getattr(client, method)("/api/v1/places/", {}).status_code
        for method in ("post", "put", "delete")
    }
    assert set(refused.values()) <= {401, 405}
