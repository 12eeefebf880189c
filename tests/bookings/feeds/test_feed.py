"""The address that calendar programs fetch: its answers, its headers, its silence about secrets."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils.http import http_date

from bookings import calendars, feeds
from bookings.models import CalendarToken, Occurrence
from tests import factories
from tests.bookings.feeds.reading import titles, unfolded
from tests.bookings.feeds.test_loading import make_date
from tests.conftest import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def made(user: Any, subject: calendars.Subject = None) -> str:
    """The path of a new calendar."""
    _token, secret = calendars.issue_for(user, subject)
    return f"/calendars/{secret}.ics"


@pytest.fixture
def path(cast: Cast) -> str:
    make_date(cast)
    return made(cast.user("member"))


# -- the answer ---------------------------------------------------------------------------------


def test_get(cast: Cast, path: str, client: Client):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert titles(answer.content) == [f"Chorale – {cast.organisation.name}"]
    assert "URL:http://testserver/demandes/" in "\n".join(unfolded(answer.content))
    assert answer["Last-Modified"] == http_date(int(NOW.timestamp()))
    assert answer["Cache-Control"] == "private, no-cache"
    assert not {"Content-Disposition", "Content-Encoding", "Set-Cookie", "Vary"} & set(answer.headers)
    assert not answer.cookies


def test_head(path: str, client: Client):
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for header in ("Content-Type", "Content-Length", "ETag", "Last-Modified"):
        assert head[header] == got[header]


def test_two_fetches_are_byte_identical(path: str, client: Client, at_paris: Any):
    first = client.get(path)
    with at_paris("2026-10-14 23:59"):
        second = client.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    assert second.content == first.content
    assert second.headers == first.headers


def test_signed_in_or_not_makes_no_difference(cast: Cast, path: str, client: Client):
    assert cast.client("other_manager").get(path).content == client.get(path).content


def test_empty_calendar_is_not_empty(cast: Cast, client: Client):
    assert len(titles(client.get(made(cast.user("member"))).content)) == 1


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_but_reading(path: str, method: str):
    assert getattr(Client(enforce_csrf_checks=True), method)(path).status_code == 405


def test_address_is_short(path: str):
    assert len(f"https://un-nom-plutot-long.region.example.org{path}") <= 256


# -- not modified -------------------------------------------------------------------------------


def no_body(self: feeds.Feed) -> bytes:
    raise AssertionError("a body was built")


def no_entry(*_args: Any) -> feeds.Entry:
    raise AssertionError("an entry was made")


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_304_without_building(path: str, client: Client, header: str, method: str, monkeypatch: Any):
    first = client.get(path)
    known = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    monkeypatch.setattr(feeds.Feed, "body", no_body)
    monkeypatch.setattr(feeds.loading, "_entry", no_entry)
    answer = getattr(client, method)(path, headers={header: known[header]})
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer["ETag"], answer["Last-Modified"]) == (first["ETag"], first["Last-Modified"])
    with pytest.raises(AssertionError, match="a body was built"):
        client.get(path)


def test_etag_is_strong(path: str, client: Client):
    etag = client.get(path)["ETag"]
    assert etag.startswith('"')
    assert etag.endswith('"')


def test_old_etag_gets_the_new_calendar(path: str, client: Client):
    old = client.get(path)["ETag"]
    Occurrence.objects.update(state="cancelled", changed_at=NOW + dt.timedelta(minutes=1))
    answer = client.get(path, headers={"If-None-Match": f'"autre", {old}'})
    assert answer.status_code == 200
    assert b"STATUS:CANCELLED" in answer.content


def test_etag_goes_before_the_date(path: str, client: Client):
    first = client.get(path)
    answer = client.get(
        path, headers={"If-None-Match": '"autre"', "If-Modified-Since": first["Last-Modified"]}
    )
    assert answer.status_code == 200


# -- who is refused -----------------------------------------------------------------------------


def assert_plain_404(answer: Any) -> None:
    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "Ce calendrier n’existe pas ou plus.\n"
    assert not answer.cookies


@pytest.mark.parametrize("secret", ["inconnu", "é", "a" * 5000, "%00", "..%5C"])
def test_unknown(db: None, client: Client, secret: str):
    assert_plain_404(client.get(f"/calendars/{secret}.ics"))


def test_digest_is_not_a_secret(path: str, client: Client):
    assert_plain_404(client.get(f"/calendars/{CalendarToken.objects.get().digest}.ics"))


def test_revoked(path: str, client: Client):
    calendars.revoke(CalendarToken.objects.get())
    assert_plain_404(client.get(path))


def test_renewed(path: str, client: Client):
    _token, secret = calendars.rotate(CalendarToken.objects.get())
    assert_plain_404(client.get(path))
    assert client.get(f"/calendars/{secret}.ics").status_code == 200


def test_inactive_owner(cast: Cast, path: str, client: Client):
    user = cast.user("member")
    user.is_active = False
    user.save()
    assert_plain_404(client.get(path))


@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("manager", 200), ("region", 200)])
def test_space_no_longer_published(cast: Cast, role: str, status: int, client: Client):
    space = factories.SpaceFactory.create(school=cast.school)
    path = made(cast.user(role), space)
    assert client.get(path).status_code == 200
    space.published = False
    space.save()
    assert client.get(path).status_code == status


@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("manager", 200), ("region", 200)])
def test_school_closed(cast: Cast, role: str, status: int, client: Client):
    path = made(cast.user(role), cast.school)
    cast.school.closed_on = NOW.date()
    cast.school.save()
    assert client.get(path).status_code == status


# -- last access --------------------------------------------------------------------------------


def test_last_access_is_kept_every_few_minutes(path: str, client: Client, at_paris: Any):
    for hour, expected in (("10:00", "10:00"), ("10:04", "10:00"), ("10:05", "10:05"), ("11:00", "11:00")):
        with at_paris(f"2026-10-14 {hour}"):
            client.get(path)
        seen = CalendarToken.objects.get().last_access_at
        assert f"{seen.astimezone(NOW.tzinfo):%H:%M}" == expected


@pytest.mark.django_db(transaction=True)
def test_reading_goes_on_when_the_database_cannot_be_written(path: str, client: Client):
    """A full disk or a read-only replica: the calendar is served all the same."""

    def refuse_writing(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise DatabaseError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse_writing):
        assert client.get(path).status_code == 200
    assert CalendarToken.objects.get().last_access_at is None


# -- statements and logs ------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 25])
def test_statements(cast: Cast, client: Client, count: int, django_assert_num_queries: Any):
    """Token; dates, schools, spaces, equipment, roles; last access."""
    for number in range(count):
        make_date(cast, f"2026-11-{number + 1:02d} 18:00")
    path = made(cast.user("manager"))
    with django_assert_num_queries(7):
        client.get(path)
    with django_assert_num_queries(6):
        assert len(titles(client.get(path).content)) == count


@pytest.mark.parametrize("method", ["get", "post"])
def test_secret_is_never_logged(path: str, method: str, caplog: pytest.LogCaptureFixture):
    secret = path.removeprefix("/calendars/")
    CalendarToken.objects.all().delete()
    with caplog.at_level(logging.DEBUG):
        getattr(Client(enforce_csrf_checks=True), method)(path)
        logging.getLogger("django.security.csrf").warning("Forbidden (%s): %s", "reason", path)
    django_records = [record for record in caplog.records if record.name.startswith("django.")]
    written = [record.getMessage() for record in django_records]
    assert written
    assert not [line for line in written if secret.removesuffix(".ics") in line]


def test_secret_is_not_in_the_database(cast: Cast):
    token, secret = calendars.issue_for(cast.user("member"), None)
    assert len(secret) == 32
    assert secret not in map(str, CalendarToken.objects.filter(pk=token.pk).values_list().get())


def test_asking_again_replaces(cast: Cast):
    space = factories.SpaceFactory.create(school=cast.school)
    user = cast.user("member")
    for subject in (None, space, cast.school):
        first, old = calendars.issue_for(user, subject)
        calendars.note_access(first, at=NOW)
        second, new = calendars.issue_for(user, subject)
        assert calendars.find(old) is None
        assert calendars.find(new) == second
        assert second.last_access_at is None
    calendars.issue_for(cast.user("stranger"), space)
    assert CalendarToken.objects.of(user).count() == 3
    assert CalendarToken.objects.count() == 4
