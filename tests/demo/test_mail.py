"""The demonstration's mailbox keeps every mail, shows it, and lets nothing in it act."""

from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse

from shareloc.demo import mail


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path: Path) -> Path:
    settings.DEMO_MAIL_DIR = tmp_path / "courriels"
    return settings.DEMO_MAIL_DIR


def send(subject: str = "Votre demande", *, html: str = "<p>Bonjour</p>", body: str = "Bonjour") -> None:
    message = EmailMultiAlternatives(
        subject, body, "Shareloc <a@example.org>", ["b@example.org"],
        connection=get_connection("shareloc.demo.mail.FolderBackend"),
    )  # fmt: skip
    if html:
        message.attach_alternative(html, "text/html")
    assert message.send() == 1


def test_kept_whole_and_newest_first():
    send("Première")
    send("Deuxième")
    assert [mail.read(name).message["Subject"] for name in mail.names()] == ["Deuxième", "Première"]


def test_leaves_no_half_written_file(mailbox: Path):
    send()
    assert [file.suffix for file in mailbox.iterdir()] == [".eml"]


def test_empty_mailbox_says_what_to_do(db):
    assert "Aucun courriel pour l’instant" in Client().get(reverse("demo:mailbox")).content.decode()


def test_list_and_page(db):
    send("Demande R-7K2M-9QXD", body="Suivez https://example.org/suivi")
    listing = Client().get(reverse("demo:mailbox")).content.decode()
    (name,) = mail.names()
    assert reverse("demo:mail", args=[name]) in listing
    page = Client().get(reverse("demo:mail", args=[name])).content.decode()
    assert "Demande R-7K2M-9QXD" in page
    assert '<a href="https://example.org/suivi" rel="nofollow">' in page


def test_list_has_pages(db):
    for number in range(21):
        send(f"Courriel {number}")
    first = Client().get(reverse("demo:mailbox")).content.decode()
    second = Client().get(reverse("demo:mailbox"), {"page": "2"}).content.decode()
    assert "Courriel 20<" in first
    assert "Courriel 0<" not in first
    assert "Courriel 0<" in second


def test_scripts_in_a_mail_stay_text(db):
    send("<script>alert(1)</script>", body="<script>alert(2)</script>", html="")
    page = Client().get(reverse("demo:mail", args=mail.names())).content.decode()
    assert "<script>alert" not in page


def test_html_part_is_sandboxed(db):
    send(html="<script>alert(1)</script><p style='color:red'>Bonjour</p>")
    response = Client().get(reverse("demo:mail_html", args=mail.names()))
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_only_the_mail_page_may_frame(db):
    send()
    (name,) = mail.names()
    assert "frame-src 'self'" in Client().get(reverse("demo:mail", args=[name]))["Content-Security-Policy"]
    assert "frame-src" not in Client().get(reverse("demo:mailbox"))["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["..%2f..%2fsettings", "0" * 19 + "-deadbeef", "x"])
def test_unknown_names_are_not_found(db, name: str):
    assert Client().get(f"/demo/courriels/{name}/").status_code == 404
    assert Client().get(f"/demo/courriels/{name}/html/").status_code == 404
