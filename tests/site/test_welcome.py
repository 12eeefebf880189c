"""What the home page tells whoever is signed in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from tests.conftest import ROLES, Cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def now(at_paris: Any) -> Iterator[dt.datetime]:
    with at_paris("2026-10-14 10:00"):
        yield timezone.now()


def told(cast: Cast, role: str) -> list[tuple[str, str]]:
    """(what is said, address) of each line."""
    html = cast.client(role).get("/").content.decode()
    part = re.search(r'<ul class="plain-list sheet for-you">(.*?)</ul>', html, re.S)
    links = re.findall(r'<a href="([^"]+)">(.*?)</a>', part[1], re.S) if part else []
    return [(re.sub(r"<[^>]+>", "", said), url) for url, said in links]


def waiting(cast: Cast, **of_request: Any) -> Any:
    request = factories.BookingRequestFactory.create(
        **{"organisation": cast.organisation, "school": cast.school, **of_request}
    )
    factories.OccurrenceFactory.create(request=request, state="pending")
    return request


def promised(cast: Cast, start: str, state: str = "approved", **of_request: Any) -> Any:
    request = factories.BookingRequestFactory.create(
        organisation=cast.organisation, school=cast.school, state="decided", purpose="Judo", **of_request
    )
    start_at = timezone.make_aware(dt.datetime.fromisoformat(start))
    return factories.OccurrenceFactory.create(
        request=request, state=state, start_at=start_at, end_at=start_at + dt.timedelta(hours=2)
    )


NOTHING_TO_DECIDE = [("Aucune demande n’attend votre réponse", "/a-decider/")]


@pytest.mark.parametrize("role", ROLES)
def test_where_nothing_happens_only_deciders_are_told_so(cast: Cast, role: str, now: dt.datetime) -> None:
    decides = role in {"manager", "other_manager"}
    assert told(cast, role) == (NOTHING_TO_DECIDE if decides else [])


@pytest.mark.parametrize("role", ROLES)
def test_a_request_waits_for_those_who_decide(cast: Cast, role: str, now: dt.datetime) -> None:
    waiting(cast, answer_due_on=dt.date(2026, 10, 13))
    waiting(cast, answer_due_on=dt.date(2026, 10, 14))
    said = [line for line, _url in told(cast, role) if "attendent" in line]
    expected = ["2 demandes attendent votre réponse, dont 1 en retard"]
    assert said == (expected if role == "manager" else [])


@pytest.mark.parametrize("role", ROLES)
def test_guests_of_today_are_told_to_those_who_work_there(cast: Cast, role: str, now: dt.datetime) -> None:
    for start in ("2026-10-14 18:00", "2026-10-14 20:00", "2026-10-15 18:00"):
        promised(cast, start)
    promised(cast, "2026-10-14 18:00", state="pending")
    said = [line for line in told(cast, role) if line[0].startswith("Aujourd’hui")]
    assert said == ([("Aujourd’hui : 2 accueils", "/loge/")] if role == "manager" else [])


def test_the_lodge_is_told_of_its_guests_alone(cast: Cast, now: dt.datetime) -> None:
    cast.users["lodge"] = factories.SchoolRoleFactory.create(school=cast.school, role="caretaker").user
    waiting(cast)
    assert told(cast, "lodge") == []
    promised(cast, "2026-10-14 18:00")
    assert told(cast, "lodge") == [("Aujourd’hui : 1 accueil", "/loge/")]


@pytest.mark.parametrize("role", ROLES)
def test_the_next_date_is_told_to_the_organisation(cast: Cast, role: str, now: dt.datetime) -> None:
    promised(cast, "2026-10-13 18:00")
    promised(cast, "2026-10-29 18:00")
    date = promised(cast, "2026-10-22 18:30")
    said = [line for line in told(cast, role) if line[0].startswith("Prochaine")]
    when = "jeudi 22 octobre 2026, 18:30–20:30"
    expected = (
        f"Prochaine date : {when}, « Judo », {cast.school.name}",
        f"/demandes/{date.request.reference}/dates/{date.pk}/jour/",
    )
    assert said == ([expected] if role == "member" else [])


def test_a_date_that_goes_on_is_told_before_the_next(cast: Cast, now: dt.datetime) -> None:
    promised(cast, "2026-10-14 09:00")
    promised(cast, "2026-10-14 18:00")
    [(said, _url)] = told(cast, "member")
    when = "mercredi 14 octobre 2026, 09:00–11:00"
    assert said == f"En ce moment : {when}, « Judo », {cast.school.name}"


def test_what_the_organisation_has_to_answer_is_told(cast: Cast, now: dt.datetime) -> None:
    waiting(cast, state="information_asked")
    assert ("1 de vos demandes attend votre réponse ou votre signature", "/demandes/") in told(cast, "member")
    assert told(cast, "stranger") == []


def test_the_region_is_told_what_waits_too_long_and_whom_to_verify(cast: Cast, now: dt.datetime) -> None:
    waiting(cast, submitted_at=now - 30 * DAY)
    factories.OrganisationFactory.create(verified_at=None)
    assert told(cast, "region") == [
        ("1 demande sans réponse depuis trop longtemps", "/region/"),
        ("1 organisme à vérifier", "/region/organismes/"),
    ]


@pytest.mark.parametrize(
    ("role", "queries"),
    [("anonymous", 2), ("member", 7), ("manager", 7), ("region", 7)],
)
@pytest.mark.parametrize("many", [1, 8])
def test_as_many_queries_whatever_waits(
    cast: Cast, now: dt.datetime, django_assert_num_queries: Any, role: str, queries: int, many: int
) -> None:
    for day in range(many):
        waiting(cast)
        promised(cast, f"2026-10-{20 + day} 18:00")
    client = cast.client(role)
    with django_assert_num_queries(queries):
        assert client.get("/").status_code == 200
