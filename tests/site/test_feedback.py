"""Remarks: one link on every page, a form that keeps what was typed, a trap, a rate, an end."""

from __future__ import annotations

import datetime as dt
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from shareloc.site.models import Feedback
from tests.conftest import ROLES, Cast

GIVEN = {"page": "/salles/?q=Lille", "message": "Le bouton est trop petit.", "email": "x@example.org"}


def rows() -> list[tuple[str, str, str]]:
    return list(Feedback.objects.values_list("page", "message", "email"))


@pytest.mark.parametrize("address", ["/", "/aide/", "/lycees/?departement=59", "/nulle-part/"])
def test_every_page_leads_to_the_form_which_knows_it(client: Client, db: None, address: str):
    html = client.get(address).content.decode()
    link = re.search(r'href="(/remarque/\?page=[^"]+)"', html)
    assert link
    assert client.get(link[1]).context["form"]["page"].value() == address


def test_no_secret_of_an_address_is_carried_along(client: Client, db: None):
    html = client.get("/compte/mot-de-passe/nouveau/abc-secret/").content.decode()
    link = re.search(r'href="(/remarque/\?page=[^"]+)"', html)
    assert link
    assert client.get(link[1]).context["form"]["page"].value() == "/compte/mot-de-passe/nouveau/…/"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_say_something(cast: Cast, role: str):
    response = cast.client(role).post("/remarque/", GIVEN)
    assert response.headers["Location"] == "/remarque/merci/"
    assert rows() == [("/salles/?q=Lille", "Le bouton est trop petit.", "x@example.org")]


def test_the_address_of_who_is_signed_in_is_offered(cast: Cast):
    assert (
        cast.client("member").get("/remarque/").context["form"]["email"].value() == cast.user("member").email
    )
    assert cast.client("anonymous").get("/remarque/").context["form"]["email"].value() == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"message": " "}, "Écrivez votre remarque."),
        ({"message": "x" * 4001}, "4001"),
        ({"email": "pas une adresse"}, "adresse"),
        ({"page": "/" + "x" * 500}, "501"),
        ({"message": "a\0b"}, "nul"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Client, db: None, changed: dict[str, str], said: str
):
    response = client.post("/remarque/", {**GIVEN, **changed})
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Erreur" in html
    assert said in re.search(r'<div class="error-summary".*?</div>', html, re.S)[0]  # type: ignore[index]
    assert response.context["form"]["page"].value() == {**GIVEN, **changed}["page"]
    assert rows() == []


def test_a_program_that_fills_every_field_is_thanked_and_forgotten(client: Client, db: None):
    response = client.post("/remarque/", {**GIVEN, "subject": "Buy now"})
    assert response.headers["Location"] == "/remarque/merci/"
    assert rows() == []


def test_too_many_at_once_wait_without_losing_what_was_typed(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
):
    from shareloc.web.rates import AddressRate

    monkeypatch.setattr(AddressRate, "THROTTLE_RATES", {"feedback": "2/hour"})
    assert [client.post("/remarque/", GIVEN).status_code for _ in range(3)] == [302, 302, 429]
    response = client.post("/remarque/", GIVEN)
    assert int(response.headers["Retry-After"]) > 3000
    assert "Le bouton est trop petit." in response.content.decode()
    assert len(rows()) == 2


def test_a_form_without_its_token_is_refused(db: None):
    assert Client(enforce_csrf_checks=True).post("/remarque/", GIVEN).status_code == 403
    assert rows() == []


def test_remarks_are_deleted_when_the_privacy_page_says(client: Client, db: None):
    old, new = Feedback.objects.create(message="vieille"), Feedback.objects.create(message="récente")
    Feedback.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=366))
    Feedback.objects.filter(pk=new.pk).update(created_at=timezone.now() - dt.timedelta(days=364))
    said = StringIO()
    call_command("run_due", stdout=said)
    assert [row[1] for row in rows()] == ["récente"]
    assert "Remarques anciennes effacées\u00a0: 1" in said.getvalue()
    assert "Effacées au bout de 365 jours." in client.get("/donnees-personnelles/").content.decode()


# -- the admin ----------------------------------------------------------------------------------


@pytest.fixture
def admin(admin_client: Client) -> Client:
    return admin_client


def test_remarks_are_read_and_ticked_off_but_never_written(admin: Client):
    remark = Feedback.objects.create(**GIVEN)
    listing = admin.get("/admin/site/feedback/").content.decode()
    assert "Le bouton est trop petit." in listing
    assert admin.get("/admin/site/feedback/add/").status_code == 403
    data: dict[str, Any] = {"message": "autre", "handled": "on"}
    admin.post(f"/admin/site/feedback/{remark.pk}/change/", data)
    remark.refresh_from_db()
    assert (remark.message, remark.handled) == ("Le bouton est trop petit.", True)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_reads_them(cast: Cast, role: str):
    assert cast.client(role).get("/admin/site/feedback/").status_code == 302
