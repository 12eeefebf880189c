"""Organisations: enter one, see it, its members; never without an administrator."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shareloc.accounts import organisations
from shareloc.accounts.models import Membership, Organisation, User
from tests import factories
from tests.conftest import ROLES, Cast

BACKEND = "django.contrib.auth.backends.ModelBackend"
NEW = "/compte/organismes/nouveau/"
VALID = {
    "name": "Judo Club d’Exemple",
    "kind": "association",
    "rna": "w59 0 001 234",
    "siret": "",
    "address": "1 rue de l’Exemple, 59000 Lille",
    "email": "judo@example.org",
    "phone": "03 20 00 00 00",
    "purpose": "Judo pour tous.",
    "commitment": "on",
}


@pytest.fixture
def admin(cast: Cast) -> User:
    return factories.MembershipFactory.create(organisation=cast.organisation, role=Membership.Role.ADMIN).user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def address(cast: Cast, rest: str = "") -> str:
    return f"/compte/organismes/{cast.organisation.pk}/{rest}"


# --- entering one ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_signed_in_may_enter_one(cast: Cast, role: str):
    response = cast.client(role).get(NEW)
    assert response.status_code == (302 if role == "anonymous" else 200)


@pytest.mark.usefixtures("now")
def test_new_organisation_has_its_first_administrator(cast: Cast, now: Any):
    response = cast.client("stranger").post(NEW, VALID)
    made = Organisation.objects.get(rna="W590001234")
    assert response.headers["Location"] == f"/compte/organismes/{made.pk}/"
    assert (made.name, made.commitment_signed_at, made.verified_at) == ("Judo Club d’Exemple", now, None)
    assert list(made.memberships.values_list("user", "role")) == [(cast.user("stranger").pk, "admin")]


def test_nobody_verifies_their_own(cast: Cast):
    cast.client("member").post(
        NEW, {**VALID, "verified_at": "2026-01-01", "verified_by": cast.user("member").pk}
    )
    assert Organisation.objects.get(rna="W590001234").verified_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"rna": ""}, "rna"),
        ({"rna": "W12"}, "rna"),
        ({"rna": "", "siret": "123456789"}, "siret"),
        ({"kind": "religion"}, "kind"),
        ({"commitment": ""}, "commitment"),
        ({"email": "judo"}, "email"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast: Cast, change: dict[str, str], field: str):
    count = Organisation.objects.count()
    response = cast.client("member").post(NEW, {**VALID, **change})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert len(response.context["form"].errors[field]) == 1
    assert "Judo pour tous." in response.content.decode()
    assert Organisation.objects.count() == count


def test_a_commune_needs_no_commitment_and_gives_its_siret(cast: Cast):
    sent = {**VALID, "kind": "commune", "rna": "", "siret": "732 829 320 00074", "commitment": ""}
    assert cast.client("member").post(NEW, sent).status_code == 302
    made = Organisation.objects.get(siret="73282932000074")
    assert made.commitment_signed_at is None


def test_a_number_already_there_is_refused_kindly(cast: Cast):
    response = cast.client("member").post(NEW, {**VALID, "rna": cast.organisation.rna})
    assert "demandez à ses membres de vous inviter" in response.content.decode()


# --- seeing and changing it ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("member", 200),
        ("other_manager", 404),
        ("manager", 404),
        ("region", 200),
    ],
)
def test_who_sees_it(cast: Cast, role: str, status: int):
    assert cast.client(role).get(address(cast)).status_code == status


CHANGES = [
    ("modifier/", {"address": "2 rue", "email": "", "phone": "", "purpose": ""}),
    ("membres/ajouter/", {"email": "x@example.org", "role": "member"}),
    ("membres/{member}/role/", {"role": "admin"}),
]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("member", 403),
        ("other_manager", 404),
        ("manager", 404),
        ("region", 403),
    ],
)
@pytest.mark.parametrize(("rest", "sent"), CHANGES)
def test_only_administrators_change_it(cast: Cast, role: str, status: int, rest: str, sent: dict[str, str]):
    member = cast.organisation.memberships.get().pk
    response = cast.client(role).post(address(cast, rest.format(member=member)), sent)
    assert response.status_code == status
    assert cast.organisation.memberships.get().role == "member"


@pytest.mark.parametrize("rest", ["membres/ajouter/", "membres/1/role/", "membres/1/retirer/"])
def test_nothing_changes_by_get(cast: Cast, admin: User, rest: str):
    assert signed_in(admin).get(address(cast, rest)).status_code == 405


def test_contact_changes_but_neither_name_nor_number(cast: Cast, admin: User):
    sent = {
        "name": "Autre",
        "rna": "W000000009",
        "address": "2 rue",
        "email": "",
        "phone": "",
        "purpose": "P",
    }
    assert signed_in(admin).post(address(cast, "modifier/"), sent).status_code == 302
    before = (cast.organisation.name, cast.organisation.rna)
    cast.organisation.refresh_from_db()
    assert (cast.organisation.name, cast.organisation.rna) == before
    assert cast.organisation.address == "2 rue"


@pytest.mark.parametrize("many", [1, 9])
def test_queries(cast: Cast, admin: User, django_assert_num_queries: Any, many: int):
    factories.MembershipFactory.create_batch(many, organisation=cast.organisation)
    client = signed_in(admin)
    # The organisation, its members, its documents, invitations, and one's role in it.
    with django_assert_num_queries(5, own=True):
        assert client.get(address(cast)).status_code == 200


# --- members -------------------------------------------------------------------------------------


def sentence(response: Any) -> str:
    return str(next(iter(response.context["messages"])))


def test_adding_says_the_same_whether_the_person_exists(cast: Cast, admin: User):
    known = factories.UserFactory.create(email="connue@example.org")
    unverified = factories.UserFactory.create(email="douteuse@example.org", verified=False)
    said = set()
    for email in ("Connue@Example.org ", "douteuse@example.org", "inconnue@example.org"):
        response = signed_in(admin).post(
            address(cast, "membres/ajouter/"), {"email": email, "role": "member"}, follow=True
        )
        said.add(sentence(response).replace(email.strip(), "…"))
    assert len(said) == 1
    assert cast.organisation.memberships.filter(user=known, role="member").exists()
    assert not cast.organisation.memberships.filter(user=unverified).exists()


def test_adding_again_keeps_the_role(cast: Cast, admin: User):
    signed_in(admin).post(address(cast, "membres/ajouter/"), {"email": admin.email, "role": "member"})
    assert cast.organisation.memberships.get(user=admin).role == "admin"


def test_a_wrong_address_is_said_on_the_page(cast: Cast, admin: User):
    response = signed_in(admin).post(
        address(cast, "membres/ajouter/"), {"email": "pas une", "role": "member"}
    )
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["email"]


def test_roles_change(cast: Cast, admin: User):
    member = cast.organisation.memberships.get(user=cast.user("member"))
    signed_in(admin).post(address(cast, f"membres/{member.pk}/role/"), {"role": "admin"})
    member.refresh_from_db()
    assert member.role == "admin"


def test_an_unknown_role_changes_nothing(cast: Cast, admin: User):
    member = cast.organisation.memberships.get(user=cast.user("member"))
    response = signed_in(admin).post(
        address(cast, f"membres/{member.pk}/role/"), {"role": "king"}, follow=True
    )
    member.refresh_from_db()
    assert (member.role, sentence(response)) == ("member", "Choisissez un rôle de la liste.")


def test_a_member_of_another_organisation_is_not_found(cast: Cast, admin: User):
    other = cast.other_organisation.memberships.get()
    assert signed_in(admin).post(address(cast, f"membres/{other.pk}/retirer/")).status_code == 404
    assert cast.other_organisation.memberships.filter(pk=other.pk).exists()


def test_an_administrator_removes_a_member(cast: Cast, admin: User):
    member = cast.organisation.memberships.get(user=cast.user("member"))
    response = signed_in(admin).post(address(cast, f"membres/{member.pk}/retirer/"))
    assert response.headers["Location"] == address(cast)
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_a_member_leaves_but_removes_nobody_else(cast: Cast, admin: User):
    boss, mine = (cast.organisation.memberships.get(user=user) for user in (admin, cast.user("member")))
    client = cast.client("member")
    assert client.post(address(cast, f"membres/{boss.pk}/retirer/")).status_code == 403
    assert client.post(address(cast, f"membres/{mine.pk}/retirer/")).headers["Location"] == "/compte/"
    assert list(cast.organisation.memberships.all()) == [boss]


@pytest.mark.parametrize(("rest", "sent"), [("role/", {"role": "member"}), ("retirer/", {})])
def test_the_last_administrator_stays(cast: Cast, admin: User, rest: str, sent: dict[str, str]):
    boss = cast.organisation.memberships.get(user=admin)
    response = signed_in(admin).post(address(cast, f"membres/{boss.pk}/{rest}"), sent, follow=True)
    assert "nommez-en d’abord une autre" in sentence(response)
    assert cast.organisation.memberships.get(user=admin).role == "admin"


def test_one_of_two_administrators_may_go(cast: Cast, admin: User):
    second = factories.MembershipFactory.create(organisation=cast.organisation, role=Membership.Role.ADMIN)
    organisations.remove_member(cast.organisation.memberships.get(user=admin))
    with pytest.raises(organisations.LastAdmin):
        organisations.change_role(second, role=Membership.Role.MEMBER)
