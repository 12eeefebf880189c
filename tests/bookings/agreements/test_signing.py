"""Signing: who may for whom, what is kept, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from bookings import agreements, policies, workflow
from bookings.agreements import sheets
from bookings.models import Agreement, BookingRequest, Journal, Signature
from bookings.states import Verb
from bookings.workflow import WorkflowError
from tests import factories
from tests.bookings.conftest import Scene
from tests.conftest import ROLES, Cast
from venues.models import School, SchoolRole

from .conftest import text_of

Drawn = Callable[..., Agreement]
SIDES = {"member": ["organisation"], "manager": ["school"], "region": ["region"]}


def sign(agreement: Agreement, side: str, by: Any) -> Signature:
    return agreements.sign(agreement, side=side, by=by, name=by.name, capacity="Présidente")


def refusal(agreement: Agreement, side: str, by: Any) -> WorkflowError:
    with pytest.raises(WorkflowError) as refused:
        sign(agreement, side, by)
    return refused.value


# -- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_who_signs_for_whom(cast: Cast, loan: Agreement, client: Any, role: str) -> None:
    from django.contrib.auth.models import AnonymousUser

    user: Any = AnonymousUser() if role == "anonymous" else cast.user(role)
    assert policies.signs_for(user, loan.request) == SIDES.get(role, [])


def test_managers_do_not_sign_where_the_head_can(cast: Cast, loan: Agreement) -> None:
    head = factories.SchoolRoleFactory.create(school=cast.school, role=SchoolRole.Role.HEAD).user
    assert policies.signs_for(head, loan.request) == ["school"]
    assert policies.signs_for(cast.user("manager"), loan.request) == []


def test_the_lodge_does_not_sign(cast: Cast, loan: Agreement) -> None:
    lodge = factories.SchoolRoleFactory.create(school=cast.school, role=SchoolRole.Role.CARETAKER).user
    assert policies.signs_for(lodge, loan.request) == []


def test_nobody_signs_again_where_the_region_did_once_for_all(cast: Cast, loan: Agreement) -> None:
    factories.SignatureFactory.create(agreement=loan, side="region", delegation="Délibération d’essai")
    with pytest.raises(WorkflowError) as refused:
        sign(loan, "region", cast.user("region"))
    assert refused.value.code == "already_signed"


def test_what_was_to_be_signed_by_a_step_is_completed_after_the_region_signs_once_for_all(
    cast: Cast, loan: Agreement
) -> None:
    sign(loan, "school", cast.user("manager"))
    sign(loan, "organisation", cast.user("member"))
    School.objects.update(
        region_signature=School.RegionSignature.STANDING, region_delegation="Délibération d’essai"
    )
    assert Agreement.objects.waiting_for_region().get() == loan
    request = BookingRequest.objects.get(pk=loan.request_id)
    assert policies.signs_for(cast.user("region"), request) == ["region"]
    sign(loan, "region", cast.user("region"))
    assert Journal.objects.filter(verb=Verb.SIGN).latest("pk").data["complete"] is True
    assert not Agreement.objects.waiting_for_region().exists()
    assert loan.signatures.get(side="region").delegation == ""


# -- what is kept -------------------------------------------------------------------------------


def test_three_signatures_complete_it(cast: Cast, loan: Agreement) -> None:
    for side, role in (("school", "manager"), ("organisation", "member"), ("region", "region")):
        sign(loan, side, cast.user(role))
    lines = list(Journal.objects.filter(verb=Verb.SIGN).order_by("pk"))
    assert [line.data["side"] for line in lines] == ["school", "organisation", "region"]
    assert [line.data["complete"] for line in lines] == [False, False, True]
    assert {line.data["digest"] for line in lines} == {loan.digest}
    assert lines[1].data["name"] == f"{cast.user('member').name}, Présidente"
    said = text_of(sheets.signatures(Agreement.objects.get()))
    assert "Les trois parties ont signé." in said
    assert f"Organisme {cast.user('member').name}, Présidente mercredi 14 octobre 2026, 10:00" in said
    assert loan.digest in said


def test_the_file_does_not_change_by_signing(cast: Cast, loan: Agreement) -> None:
    before = loan.file.read()
    sign(loan, "school", cast.user("manager"))
    assert Agreement.objects.get().file.read() == before


# -- what is refused ----------------------------------------------------------------------------


def test_nobody_signs_twice_for_a_party(cast: Cast, loan: Agreement) -> None:
    sign(loan, "school", cast.user("manager"))
    error = refusal(loan, "school", cast.user("manager"))
    assert error.code == "already_signed"
    assert (
        f"déjà signée par {cast.user('manager').name}, Présidente, mercredi 14 octobre 2026" in error.message
    )


def test_a_replaced_version_is_not_signed(scene: Scene, drawn: Drawn) -> None:
    first = drawn(2)
    date = first.request.occurrences.order_by("start_at").first()
    assert date
    workflow.cancel(first.request, by=scene.member, reason="Malade", occurrences=[date.pk])
    assert refusal(first, "organisation", scene.member).code == "dates_changed"
    second = agreements.draw_up(first.request_id)
    assert second
    error = refusal(first, "organisation", scene.member)
    assert error.code == "superseded"
    assert "La version 1 est remplacée par la version 2" in error.message
    sign(second, "organisation", scene.member)
    assert Signature.objects.get().agreement == second


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once(scene: Scene, drawn: Drawn) -> None:
    agreement = drawn()

    def one(_n: int) -> str:
        try:
            return sign(agreement, "school", scene.manager).side
        except WorkflowError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == ["already_signed", "school"]
    assert Journal.objects.filter(verb=Verb.SIGN).count() == 1


def test_signing_is_not_who_was_first(cast: Cast, loan: Agreement) -> None:
    """A second decision is told of the first one, not of what the program wrote since."""
    sign(loan, "school", cast.user("manager"))
    with pytest.raises(WorkflowError) as refused:
        workflow.approve(loan.request, by=cast.user("manager"))
    assert refused.value.message.startswith("Dates acceptées par")
