"""The demonstration's mailbox in a real browser: accessible, and a mail's links and frame work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from playwright.sync_api import expect


@pytest.fixture
def letter(settings: Any, tmp_path: Path) -> None:
    settings.DEMO_MAIL_DIR = tmp_path
    message = EmailMultiAlternatives(
        "Votre demande R-7K2M-9QXD",
        "Bonjour,\n\nSuivez votre demande : https://example.org/suivi",
        to=["association@example.org"],
        connection=get_connection("shareloc.demo.mail.FolderBackend"),
    )
    message.attach_alternative(
        "<h1 style='color: red'>Bonjour</h1><script>document.body.remove()</script>", "text/html"
    )
    message.send()


def test_mailbox_and_mail(letter: None, page: Any, axe: Callable[[Any], None]) -> None:
    page.goto("/demo/courriels/")
    axe(page)
    page.get_by_role("link", name="Votre demande R-7K2M-9QXD").click()
    axe(page)
    expect(page.get_by_role("link", name="https://example.org/suivi")).to_be_visible()
    heading = page.frame_locator("iframe").get_by_role("heading", name="Bonjour")
    assert heading.evaluate("node => getComputedStyle(node).color") == "rgb(255, 0, 0)"
