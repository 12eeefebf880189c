"""Administration of people and organisations."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shareloc.accounts.models import Document, Organisation, User
from tests import factories

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def officer(db: None) -> User:
    return factories.UserFactory.create(is_staff=True, is_superuser=True, is_region_officer=True)


@pytest.fixture
def admin(officer: User) -> Client:
    client = Client()
    client.force_login(officer, backend=BACKEND)
    return client


@pytest.mark.parametrize("model", ["user", "organisation", "document"])
def test_lists_forms_and_search_open(admin: Client, model: str):
    factories.MembershipFactory.create_batch(2)
    factories.InsuranceFactory.create()
    assert admin.get(reverse(f"admin:accounts_{model}_changelist") + "?q=a").status_code == 200
    assert admin.get(reverse(f"admin:accounts_{model}_add")).status_code == 200
    first = {"user": User, "organisation": Organisation, "document": Document}[model].objects.first()
    assert first
    assert admin.get(reverse(f"admin:accounts_{model}_change", args=[first.pk])).status_code == 200


@pytest.mark.parametrize("role", ["member", "manager"])
def test_nobody_else_gets_in(cast: Any, role: str):
    response = cast.client(role).get(reverse("admin:accounts_organisation_changelist"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_verifying(admin: Client, officer: User, now: Any):
    new = factories.OrganisationFactory.create(verified_at=None)
    old = factories.OrganisationFactory.create(verified_at="2026-01-01T00:00Z")
    sent = {"action": "verify", "_selected_action": [new.pk, old.pk]}
    page = admin.post(reverse("admin:accounts_organisation_changelist"), sent, follow=True).content.decode()
    assert "1 organisme vérifié." in page
    new.refresh_from_db()
    old.refresh_from_db()
    assert (new.verified_at, new.verified_by) == (now, officer)
    assert (old.verified_at.year, old.verified_at.month, old.verified_by) == (2026, 1, None)


def test_filter_of_those_to_verify(admin: Client, db: None):
    new = factories.OrganisationFactory.create(verified_at=None)
    factories.OrganisationFactory.create()
    response = admin.get(reverse("admin:accounts_organisation_changelist") + "?verified=no")
    assert list(response.context["cl"].result_list) == [new]


def test_a_new_person_has_a_password_that_is_not_kept_in_clear(admin: Client):
    sent = {
        "email": "nouvelle@example.org",
        "password1": "quatre-mots-sans-rapport",
        "password2": "quatre-mots-sans-rapport",
        "usable_password": "true",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert admin.post(reverse("admin:accounts_user_add"), sent).status_code == 302
    assert User.objects.get(email="nouvelle@example.org").check_password("quatre-mots-sans-rapport")


def test_a_certificate_says_who_entered_it(admin: Client, officer: User):
    organisation = factories.OrganisationFactory.create()
    sent = {
        "organisation": organisation.pk,
        "kind": "insurance",
        "insurer": "Mutuelle d’exemple",
        "valid_until": "31/08/2027",
    }
    assert admin.post(reverse("admin:accounts_document_add"), sent).status_code == 302
    assert organisation.documents.get().created_by == officer
