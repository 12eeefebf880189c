"""Invitations to an organisation: a link by mail, for a week, once, for the address it was sent to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from shareloc.accounts import invitations
from shareloc.accounts.models import Invitation, Membership, User
from shareloc.web.rates import AddressRate
from tests import factories
from tests.bookings.pages.reading import links, words
from tests.conftest import ROLES, Cast
from tests.factories import PASSWORD

NEW = "Nouvelle@Example.org"


@pytest.fixture(autouse=True)
def _mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def admin(cast: Cast) -> User:
    admin = factories.MembershipFactory.create(
        organisation=cast.organisation, role=Membership.Role.ADMIN
    ).user
    admin.name = "Une responsable d’essai"
    admin.save()
    return admin


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(cast: Cast, rest: str = "") -> str:
    return f"/compte/organismes/{cast.organisation.pk}/{rest}"


def invite(cast: Cast, admin: User, email: str = NEW, role: str = "member") -> Any:
    return signed_in(admin).post(
        address(cast, "membres/ajouter/"), {"email": email, "role": role}, follow=True
    )


def link(message: Any) -> str:
    return re.search(r"https?://[^/\s]+(/compte/organismes/invitation/\S+)", message.body)[1]  # type: ignore[index]


# --- inviting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*ROLES, "admin"])
def test_administrators_invite(cast: Cast, admin: User, role: str):
    client = signed_in(admin) if role == "admin" else cast.client(role)
    response = client.post(address(cast, "membres/ajouter/"), {"email": NEW, "role": "member"})
    expected = {"anonymous": 302, "member": 403, "region": 403, "admin": 302}
    assert response.status_code == expected.get(role, 404)
    assert Invitation.objects.exists() is (role == "admin")
    assert len(mail.outbox) == (role == "admin")


def test_the_mail_says_who_invites_where_and_until_when(cast: Cast, admin: User, now: Any):
    page = invite(cast, admin)
    assert "Invitations en attente nouvelle@example.org Membre · invitation du 14 octobre 2026" in words(page)
    (message,) = mail.outbox
    assert message.to == ["nouvelle@example.org"]
    assert message.subject == f"{cast.organisation.name} vous invite sur Shareloc"
    assert f"Une responsable d’essai vous invite à rejoindre {cast.organisation.name}" in message.body
    assert "L’invitation vaut jusqu’au mercredi 21 octobre 2026 à 10:00." in message.body
    assert link(message) in message.alternatives[0][0]


def test_inviting_again_is_one_invitation_and_a_new_mail(cast: Cast, admin: User):
    invite(cast, admin)
    invite(cast, admin, "nouvelle@example.org", "admin")
    assert list(Invitation.objects.values_list("email", "role")) == [("nouvelle@example.org", "admin")]
    assert len(mail.outbox) == 2


def test_whoever_has_an_account_is_added_without_a_mail(cast: Cast, admin: User):
    known = factories.UserFactory.create()
    invite(cast, admin, known.email)
    assert cast.organisation.memberships.filter(user=known).exists()
    assert (Invitation.objects.count(), mail.outbox) == (0, [])


def test_not_the_whole_town(cast: Cast, admin: User, settings: Any):
    settings.INVITATION_MAX = 2
    for n in range(3):
        page = invite(cast, admin, f"personne-{n}@example.net")
    assert "Trop d’invitations attendent déjà" in words(page)
    assert (Invitation.objects.count(), len(mail.outbox)) == (2, 2)
    # The same person again is no further one.
    assert "Trop d’invitations" not in words(invite(cast, admin, "personne-0@example.net"))


def test_a_mail_that_does_not_leave_is_said(cast: Cast, admin: User, settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert "Le courriel n’est pas parti : invitez cette personne de nouveau plus tard." in words(
        invite(cast, admin)
    )


# --- taking back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*ROLES, "admin"])
def test_administrators_take_an_invitation_back(cast: Cast, admin: User, role: str):
    made = invitations.invite(cast.organisation, email=NEW, role="member", by=admin)
    client = signed_in(admin) if role == "admin" else cast.client(role)
    response = client.post(address(cast, f"invitations/{made.pk}/annuler/"))
    expected = {"anonymous": 302, "member": 403, "region": 403, "admin": 302}
    assert response.status_code == expected.get(role, 404)
    assert Invitation.objects.exists() is (role != "admin")


def test_another_organisations_invitation_is_not_found(cast: Cast, admin: User):
    other = invitations.invite(cast.other_organisation, email=NEW, role="member", by=admin)
    assert signed_in(admin).post(address(cast, f"invitations/{other.pk}/annuler/")).status_code == 404
    assert Invitation.objects.exists()


def test_members_do_not_see_who_is_invited(cast: Cast, admin: User):
    invite(cast, admin)
    assert "nouvelle@example.org" not in words(cast.client("member").get(address(cast)))
    assert "nouvelle@example.org" in words(signed_in(admin).get(address(cast)))


# --- taking up -------------------------------------------------------------------------------------


def test_from_the_mail_through_signing_up_to_being_a_member(cast: Cast, admin: User):
    invite(cast, admin, role="admin")
    path = link(mail.outbox.pop())
    client = Client()
    page = client.get(path)
    assert f"Rejoindre {cast.organisation.name}" in words(page)
    assert f"/compte/inscription/?next={quote(path)}" in links(page)
    sent = {"name": "Camille Exemple", "email": NEW, "password1": PASSWORD, "password2": PASSWORD}
    client.post("/compte/inscription/", sent)
    confirm = re.search(r"https?://[^/]+(/compte/adresses/confirmer/\S+)", mail.outbox[0].body)[1]  # type: ignore[index]
    client.post(confirm)
    client.post("/compte/connexion/", {"login": NEW.lower(), "password": PASSWORD})
    account = client.get("/compte/")
    assert f"Vous êtes invité {cast.organisation.name} par Une responsable d’essai" in words(account)
    mine = next(to for to in links(account) if "/invitation/" in to)
    # Looking changes nothing.
    assert "Rejoindre cet organisme" in words(client.get(mine))
    assert cast.organisation.memberships.count() == 2
    done = client.post(mine, follow=True)
    assert f"Vous faites maintenant partie de {cast.organisation.name}." in words(done)
    assert cast.organisation.memberships.get(user__email=NEW.lower()).role == "admin"
    assert not Invitation.objects.exists()


def test_it_serves_once(cast: Cast, admin: User):
    invite(cast, admin)
    path = link(mail.outbox[0])
    person = factories.UserFactory.create(email=NEW.lower())
    client = signed_in(person)
    client.post(path)
    cast.organisation.memberships.get(user=person).delete()
    assert "Cette invitation ne vaut plus" in words(client.post(path, follow=True))
    assert not cast.organisation.memberships.filter(user=person).exists()


@pytest.mark.parametrize("proved", [True, False])
def test_only_whoever_proved_the_address_takes_it_up(cast: Cast, admin: User, proved: bool):
    """A second address of an account will do, once confirmed."""
    invite(cast, admin)
    person = factories.UserFactory.create()
    EmailAddress.objects.create(user=person, email=NEW.lower(), verified=proved)
    client, path = signed_in(person), link(mail.outbox[0])
    assert ("une autre adresse que celle de votre compte" in words(client.get(path))) is not proved
    client.post(path)
    assert cast.organisation.memberships.filter(user=person).exists() is proved
    assert Invitation.objects.exists() is not proved


def test_nobody_is_let_in_without_an_account(cast: Cast, admin: User):
    invite(cast, admin)
    path = link(mail.outbox[0])
    assert Client().post(path).headers["Location"] == path
    assert Invitation.objects.exists()


def test_a_member_keeps_the_role_they_have(cast: Cast, admin: User):
    made = invitations.invite(cast.organisation, email=admin.email, role="member", by=admin)
    assert invitations.accept(made, by=admin)
    assert cast.organisation.memberships.get(user=admin).role == "admin"


@pytest.mark.parametrize(("later", "valid"), [("2026-10-21 09:59", True), ("2026-10-21 10:00", False)])
def test_it_is_valid_for_seven_days(
    cast: Cast, admin: User, now: Any, at_paris: Any, later: str, valid: bool
):
    invite(cast, admin)
    person = factories.UserFactory.create(email=NEW.lower())
    with at_paris(later):
        client = signed_in(person)
        page = words(client.get(link(mail.outbox[0])))
        assert ("Rejoindre cet organisme" in page) is valid
        assert ("Vous êtes invité" in words(client.get("/compte/"))) is valid
        assert ("Invitations en attente" in words(signed_in(admin).get(address(cast)))) is valid
        assert invitations.forget_old() == (0 if valid else 1)


@pytest.mark.parametrize("forged", ["x", "MQ:1abc:def", "1"])
def test_a_forged_link_opens_nothing(client: Client, db: None, forged: str):
    page = client.get(f"/compte/organismes/invitation/{forged}/")
    assert (page.status_code, "Cette invitation ne vaut plus" in words(page)) == (200, True)


@pytest.mark.parametrize("many", [1, 9])
def test_as_many_statements_for_one_as_for_many(
    cast: Cast, admin: User, django_assert_num_queries: Callable[..., Any], many: int
):
    for n in range(many):
        invitations.invite(cast.organisation, email=f"personne-{n}@example.net", role="member", by=admin)
        other = factories.OrganisationFactory.create()
        invitations.invite(other, email=admin.email, role="member", by=admin)
    client = signed_in(admin)
    # The organisation, its members, its documents, invitations, and one's role in it.
    with django_assert_num_queries(5, own=True):
        client.get(address(cast))
    with django_assert_num_queries(3, own=True):
        client.get("/compte/")


def test_an_organisation_does_not_write_without_end(cast: Cast, admin: User, monkeypatch: Any) -> None:
    """Inviting again, or taking an invitation back to send another, is a mail each time."""
    monkeypatch.setattr(AddressRate, "THROTTLE_RATES", {"invitations": "2/hour"})
    for number in range(2):
        invite(cast, admin, f"personne{number}@example.org")
    said = words(invite(cast, admin, "personne3@example.org"))
    assert "Trop d’invitations en peu de temps" in said
    assert [message.to for message in mail.outbox] == [["personne0@example.org"], ["personne1@example.org"]]


def test_a_stranger_is_written_to_in_french_whatever_the_inviter_reads(cast: Cast, admin: User) -> None:
    client = signed_in(admin)
    client.cookies["langue"] = "en"
    client.post(address(cast, "membres/ajouter/"), {"email": NEW, "role": "member"})
    [message] = mail.outbox
    assert "vous invite" in message.body
