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
NOTHING_TO_ASK_FOR = [
    ("Votre lycée ne propose encore ni salle ni matériel\u00a0: préparez-le", "/mon-lycee/")
]


@pytest.mark.parametrize("role", ROLES)
def test_where_nothing_happens_only_deciders_are_told_so(cast: Cast, role: str, now: dt.datetime) -> None:
    factories.SpaceFactory.create(school=cast.school)
    factories.EquipmentPoolFactory.create(school=cast.other_school)
    decides = role in {"manager", "other_manager"}
    assert told(cast, role) == (NOTHING_TO_DECIDE if decides else [])


@pytest.mark.parametrize("role", ROLES)
def test_deciders_of_a_school_that_lends_nothing_are_led_to_set_it_up(
    cast: Cast, role: str, now: dt.datetime
) -> None:
    factories.SpaceFactory.create(school=cast.school, published=False)
    decides = role in {"manager", "other_manager"}
    assert told(cast, role) == (NOTHING_TO_ASK_FOR if decides else [])


@pytest.mark.parametrize("role", ROLES)
def test_promised_dates_that_a_block_touches_are_told_to_those_who_decide(
    cast: Cast, role: str, now: dt.datetime
) -> None:
    for start in ("2026-10-13 18:00", "2026-10-22 18:00", "2026-10-23 18:00"):
        touched = promised(cast, start)
        touched.blocked_at = now
        touched.save()
    promised(cast, "2026-10-24 18:00")
    said = [line for line in told(cast, role) if "blocage" in line[0]]
    expected = ("2 dates promises sont touchées par un blocage ou une fermeture", "/a-decider/conflits/")
    assert said == ([expected] if role == "manager" else [])


@pytest.mark.parametrize("role", ROLES)
def test_wishes_to_move_are_told_to_those_who_decide(cast: Cast, role: str, now: dt.datetime) -> None:
    for side, expires_at, outcome in (
        ("organisation", now + DAY, ""),
        ("organisation", now, ""),
        ("organisation", now + DAY, "declined"),
        ("school", now + DAY, ""),
    ):
        date = promised(cast, "2026-10-22 18:00")
        factories.ProposalFactory.create(occurrence=date, side=side, expires_at=expires_at, outcome=outcome)
    said = [line for line in told(cast, role) if "souhaité" in line[0]]
    expected = ("1 déplacement souhaité attend votre réponse", "/a-decider/deplacements/")
    assert said == ([expected] if role == "manager" else [])


def to_sign(cast: Cast, start: str = "2026-10-22 18:00", state: str = "approved") -> Any:
    return factories.AgreementFactory.create(request=promised(cast, start, state).request)


@pytest.mark.parametrize("role", ROLES)
def test_agreements_to_sign_are_told_to_those_who_sign_for_the_school(
    cast: Cast, role: str, now: dt.datetime
) -> None:
    old = to_sign(cast)
    factories.AgreementFactory.create(request=old.request, number=old.number, version=2)
    factories.SignatureFactory.create(agreement=to_sign(cast), side="organisation")
    factories.SignatureFactory.create(agreement=to_sign(cast), side="school")
    to_sign(cast, "2026-10-13 18:00", "took_place")
    to_sign(cast, state="cancelled")
    said = [line for line in told(cast, role) if line[0].endswith("signer pour votre lycée")]
    expected = ("2 conventions à signer pour votre lycée", "/a-decider/#conventions")
    assert said == ([expected] if role == "manager" else [])


def test_a_manager_is_not_told_to_sign_where_the_head_does(cast: Cast, now: dt.datetime) -> None:
    factories.SpaceFactory.create(school=cast.school)
    cast.users["head"] = factories.SchoolRoleFactory.create(school=cast.school, role="head").user
    to_sign(cast)
    assert told(cast, "head") == [("1 convention à signer pour votre lycée", "/a-decider/#conventions")]
    assert told(cast, "manager") == NOTHING_TO_DECIDE


def test_what_matters_first_to_those_who_decide_is_told_first(cast: Cast, now: dt.datetime) -> None:
    to_sign(cast)
    wished = promised(cast, "2026-10-22 18:00")
    factories.ProposalFactory.create(occurrence=wished, side="organisation", expires_at=now + DAY)
    waiting(cast)
    wished.blocked_at = now
    wished.save()
    assert [said for said, _url in told(cast, "manager")] == [
        "1 date promise est touchée par un blocage ou une fermeture",
        "1 demande attend votre réponse",
        "1 déplacement souhaité attend votre réponse",
        "1 convention à signer pour votre lycée",
    ]


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
        date = promised(cast, f"2026-10-{20 + day} 18:00")
        factories.ProposalFactory.create(occurrence=date, side="organisation", expires_at=now + DAY)
        factories.AgreementFactory.create(request=date.request)
    client = cast.client(role)
    with django_assert_num_queries(queries):
        assert client.get("/").status_code == 200
