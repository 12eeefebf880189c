"""Who may see, run and ask for an organisation."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from shareloc.accounts import policies
from shareloc.accounts.models import Membership, Organisation
from tests import factories
from tests.conftest import Cast

# (sees, manages, asks)
MATRIX = {
    "anonymous": (False, False, False),
    "stranger": (False, False, False),
    "member": (True, False, True),
    "admin": (True, True, True),
    "other_manager": (False, False, False),
    "manager": (False, False, False),
    "region": (True, False, False),
}


def person(cast: Cast, role: str) -> object:
    if role == "anonymous":
        return AnonymousUser()
    if role == "admin":
        made = factories.MembershipFactory.create(organisation=cast.organisation, role=Membership.Role.ADMIN)
        return made.user
    return cast.user(role)


@pytest.mark.parametrize("role", MATRIX)
def test_matrix(cast: Cast, role: str):
    user, organisation = person(cast, role), cast.organisation
    assert (
        organisation in policies.visible_organisations(user),
        policies.can_manage_organisation(user, organisation),
        policies.can_request_for(user, organisation),
    ) == MATRIX[role]


@pytest.mark.parametrize("role", ["member", "region"])
def test_a_closed_account_may_nothing(cast: Cast, role: str):
    user = cast.user(role)
    user.is_active = False
    assert not policies.visible_organisations(user)
    assert not policies.can_request_for(user, cast.organisation)


def test_visible_organisations(cast: Cast):
    assert list(policies.visible_organisations(cast.user("member"))) == [cast.organisation]
    assert set(policies.visible_organisations(cast.user("region"))) == set(Organisation.objects.all())
    assert list(policies.visible_organisations(cast.user("manager"))) == []
    assert list(policies.visible_organisations(AnonymousUser())) == []
