"""Every page at the demonstration's size: whom it opens for, and how many statements it takes."""

from __future__ import annotations

import html
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import time_machine
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOW
from tests.demo import pages

pytestmark = pytest.mark.django_db

# Statements of a page, session and signing in included.
MEDIAN, MOST = 10, 12
# What takes more, and at most how many.
HEAVY = {
    # A time at which nothing is free: the nearest ways out are a handful of searches more.
    "bookings:search?q=lille&date={day}&start=03:00&end=04:00": 14,
    # A place, a time and a head-count: two statements for the page's rooms, one for how soon lycées answer.
    "bookings:search?q=lille&date={day}&start=18:30&end=20:30&capacity=25": 13,
    # Everything about a request on one page, and what a decision needs to know.
    "bookings:request": 20,
    "bookings:request#waiting": 21,
    # Requests and wishes to move, each with what stands against it; agreements to sign, and how many.
    "bookings:queue": 18,
    "bookings:ask?comme={reference}": 14,
    "bookings:agreement": 14,
    # Where the date asked for is taken, the next free one is judged as well.
    "bookings:offer#waiting": 13,
}


# A plain space before a sign that French sets apart, or within quotation marks.
LOOSE = re.compile(r"[^\n]{0,30}\S (?=[:;?!»])[^\n]{1,9}|« [^\n]{0,20}")


IDS = re.compile(r'\sid="([^"]+)"')


class Opened(NamedTuple):
    """What came of opening a page as somebody."""

    page: pages.Page
    role: str
    status: int
    statements: int
    # Signs of two parts after a plain space, with the words before them.
    loose: list[str]
    # Ids that several elements have.
    twice: list[str]


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[pages.Made]:
    """The demonstration, seeded once for all tests of this file."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        override_settings(MEDIA_ROOT=folder, DEMO_MAIL_DIR=folder / "courriels"),
        transaction.atomic(),
    ):
        pages.seed()
        yield pages.Made()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def opened(made: pages.Made) -> list[Opened]:
    clients = {role: made.client(role) for role in pages.ROLES}
    return [
        Opened(page, role, *opening(client, page.address))
        for page in pages.all_pages(made)
        for role, client in clients.items()
    ]


def opening(client: Client, address: str) -> tuple[int, int, list[str], list[str]]:
    """Status, statements, loose signs, ids that stand twice."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    shown = html_of(response)
    return response.status_code, len(captured), loose_signs(shown), twice(IDS.findall(shown))


def html_of(response: HttpResponse) -> str:
    is_page = not response.streaming and response["Content-Type"].startswith("text/html")
    return response.content.decode() if is_page else ""


def loose_signs(shown: str) -> list[str]:
    words = re.sub(r"(?s)<(script|style|pre|code)\b.*?</\1>|<[^>]*>", "\n", shown)
    return LOOSE.findall(html.unescape(words))


def twice(names: list[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def test_no_address_is_left_out(made: pages.Made) -> None:
    assert set(made.parameters) == pages.named()


def test_a_page_opens_for_those_it_is_for_and_nobody_else(opened: list[Opened]) -> None:
    expected = {True: {200}, False: {302, 403, 404}}
    assert [
        (one.page.label, one.role, one.status)
        for one in opened
        if one.status not in expected[one.role in one.page.roles]
    ] == []


def test_nobody_signed_out_is_told_more_than_where_to_sign_in(opened: list[Opened]) -> None:
    closed = [one for one in opened if one.role == "anonymous" and one.role not in one.page.roles]
    assert {one.status for one in closed} == {302}


def test_signs_of_two_parts_follow_a_space_that_does_not_break(opened: list[Opened]) -> None:
    assert {found for one in opened for found in one.loose} == set()


def test_an_id_stands_once_on_a_page(opened: list[Opened]) -> None:
    """A label would otherwise tick somebody else's box."""
    assert {(one.page.label, *one.twice) for one in opened if one.twice} == set()


@pytest.mark.parametrize("name", sorted(pages.LEADS_ON))
def test_some_addresses_only_lead_on(made: pages.Made, name: str) -> None:
    address = made.address(name)
    found = {role for role in pages.LEADS_ON[name] if made.client(role).get(address).status_code == 302}
    assert found == pages.LEADS_ON[name]


def test_what_only_a_button_does_is_not_done_by_looking(made: pages.Made) -> None:
    clients = {role: made.client(role) for role in pages.ROLES}
    seen = {
        (name, role): client.get(made.address(name)).status_code
        for name in sorted(pages.ACTS)
        for role, client in clients.items()
    }
    # Whoever is signed out may be sent to sign in; elsewhere that is what a page does once it has acted.
    refused = {role: {302, 403, 404, 405} if role == "anonymous" else {403, 404, 405} for role in pages.ROLES}
    assert {who: status for who, status in seen.items() if status not in refused[who[1]]} == {}


def test_pages_take_few_statements(opened: list[Opened]) -> None:
    shown = [one for one in opened if one.status == 200]
    assert statistics.median(one.statements for one in shown) < MEDIAN
    worst: dict[str, int] = {}
    for one in shown:
        worst[one.page.label] = max(worst.get(one.page.label, 0), one.statements)
    assert {label: count for label, count in worst.items() if count > HEAVY.get(label, MOST)} == {}
    # What has become light leaves the list.
    assert [label for label in HEAVY if worst[label] <= MOST] == []
