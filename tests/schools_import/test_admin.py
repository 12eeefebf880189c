"""Imports in the admin: staff read them, nobody writes them."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from schools_import.models import ImportRun
from tests.factories import UserFactory
from tests.schools_import.files import FIXTURE

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> ImportRun:
    call_command("import_schools", str(FIXTURE), "--apply", verbosity=0)
    return ImportRun.objects.get()


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(
        UserFactory.create(is_staff=True, is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_imports_are_listed_and_read(made: ImportRun, admin: Client) -> None:
    listed = admin.get(reverse("admin:schools_import_importrun_changelist"))
    assert made.source in listed.content.decode()
    read = admin.get(reverse("admin:schools_import_importrun_change", args=[made.pk]))
    assert "274 nouveaux" in read.content.decode()


def test_imports_are_not_written(made: ImportRun, admin: Client) -> None:
    change = reverse("admin:schools_import_importrun_change", args=[made.pk])
    assert admin.get(reverse("admin:schools_import_importrun_add")).status_code == 403
    assert admin.post(change, {"source": "autre"}).status_code == 403
    delete = reverse("admin:schools_import_importrun_delete", args=[made.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 403
    made.refresh_from_db()
    assert made.source == str(FIXTURE)


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(reverse("admin:schools_import_importrun_changelist")).status_code == 302
