"""Addresses: asked once, not waited for, never asked for what is known here. A local server plays the BAN."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from tests.conftest import paris
from tests.web_server import Answer, Query, WebServer, serving
from venues.gazetteer import Kind, locate, look_up

pytestmark = pytest.mark.django_db

TYPED = "12 rue Nationale Lille"
NOTHING = b'{"type": "FeatureCollection", "features": []}'


def feature(**properties: Any) -> bytes:
    at = properties.pop("at", (3.0631, 50.6372))
    known = {
        "type": "housenumber", "score": 0.95, "label": "12 Rue Nationale 59000 Lille", "city": "Lille", "citycode": "59350",
        **properties,
    }  # fmt: skip
    found = {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": known}
    return json.dumps({"type": "FeatureCollection", "features": [found]}).encode()


@pytest.fixture
def ban(settings: Any, lycees: Any) -> Iterator[WebServer]:
    """The geocoder, which knows one address; `ban.answer` may be replaced."""
    with serving(lambda path, query: (200, feature())) as server:
        settings.GEOCODER_DOMAIN, settings.GEOCODER_SCHEME = server.domain, "http"
        yield server


def says(ban: WebServer, answer: Answer) -> None:
    ban.answer = lambda path, query: answer


def test_an_address_is_where_the_geocoder_says(ban: WebServer, lycees: dict[str, Any]) -> None:
    answer = look_up(TYPED)
    place = answer.place
    assert place is not None
    assert (place.kind, place.label, place.point) == (
        Kind.ADDRESS,
        "12 Rue Nationale 59000 Lille",
        (50.6372, 3.0631),
    )
    assert not (answer.corrected or answer.unreachable or place.is_approximate)
    # The commune that is named keeps streets of the same name elsewhere out.
    assert ban.asked == [("/search", {"q": TYPED, "citycode": "59350", "limit": "1", "autocomplete": "0"})]
    assert set(place.schools()) == {lycees["ecluses"], lycees["ronchin"]}


@pytest.mark.parametrize(
    "text",
    ["Lille", "59000", "59000 Lille", "59006 Lille Cedex", "Rue", "rue (80)", "Valencienes", "écluses", "lycée ecluzes",
     "La Chaussée-Tirancourt", "la chausse tirancourt", "zzzz", "nulle part"],
)  # fmt: skip
def test_the_geocoder_is_not_asked_what_is_known_here(ban: WebServer, text: str) -> None:
    look_up(text)
    assert ban.asked == []


def test_the_same_question_is_asked_once(ban: WebServer) -> None:
    first = locate(TYPED)
    assert first is not None and locate("12, RUE NATIONALE – Lille") == first
    assert len(ban.asked) == 1


def test_an_unknown_address_is_asked_once_and_its_commune_stands_in(ban: WebServer) -> None:
    says(ban, (200, NOTHING))
    for _ in range(2):
        answer = look_up("12 rue de l’Imaginaire Lille")
        assert answer.place is not None
        assert (answer.place.label, answer.corrected, answer.unreachable) == ("Lille (59)", True, False)
    assert len(ban.asked) == 1
    assert look_up("12 rue de l’Imaginaire").place is None


@pytest.mark.parametrize(
    "poor",
    [feature(score=0.2), feature(citycode="75101", city="Paris"), feature(at=(0, 0))],
    ids=["score", "elsewhere", "nowhere"],
)
def test_a_poor_answer_is_no_place(ban: WebServer, poor: bytes) -> None:
    says(ban, (200, poor))
    assert locate("12 rue de Rivoli") is None


def test_a_commune_elsewhere_counts_when_it_is_named(ban: WebServer) -> None:
    says(
        ban,
        (200, feature(citycode="51454", city="Reims", label="3 Rue Gambetta 51100 Reims", at=(4.03, 49.25))),
    )
    place = locate("3 rue Gambetta Reims")
    assert place is not None and place.point == (49.25, 4.03)


@pytest.mark.parametrize(
    "broken", [(500, b""), (429, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"features": [{}]}')]
)
def test_a_geocoder_that_fails_is_left_alone_for_a_minute(ban: WebServer, broken: Answer) -> None:
    says(ban, broken)
    with time_machine.travel(paris("2026-10-14 10:00"), tick=False) as clock:
        answer = look_up(TYPED)
        assert answer.place is not None
        assert (answer.place.label, answer.unreachable) == ("Lille (59)", True)
        # Nobody else waits: not for this address, nor for another.
        assert look_up("3 rue Solférino").unreachable
        assert len(ban.asked) == 1
        clock.shift(61)
        says(ban, (200, feature()))
        place = locate(TYPED)
    assert place is not None and place.kind == Kind.ADDRESS


def test_a_dead_geocoder_is_survived(ban: WebServer, settings: Any) -> None:
    with serving(lambda path, query: (200, NOTHING)) as gone:
        settings.GEOCODER_DOMAIN = gone.domain
    assert look_up(TYPED).unreachable
    assert look_up("3 rue Solférino") == look_up("3 rue Solférino")


def test_a_slow_geocoder_is_not_waited_for(ban: WebServer, settings: Any) -> None:
    done = threading.Event()

    def slow(path: str, query: Query) -> Answer:
        done.wait(10)
        return 200, feature()

    ban.answer, settings.GEOCODER_TIMEOUT_SECONDS = slow, 0.2
    answer = look_up(TYPED)
    done.set()
    assert answer.unreachable and answer.place is not None
    assert look_up(TYPED).unreachable
    assert len(ban.asked) == 1


def test_without_a_geocoder_the_commune_is_enough(lycees: Any, settings: Any) -> None:
    settings.GEOCODER_DOMAIN = ""
    answer = look_up(TYPED)
    assert answer.place is not None and answer.place.label == "Lille (59)"


def test_an_address_is_not_logged(ban: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    says(ban, (500, b""))
    look_up(TYPED)
    assert "The geocoder failed" in caplog.text
    assert "Nationale" not in caplog.text


def test_addresses_cost_one_statement_too(
    ban: WebServer, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(1):
        look_up(TYPED)
