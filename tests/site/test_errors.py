"""Pages for what went wrong: they help, and those for a broken server need nothing that may be broken."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect


def raises(error: Exception) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@csrf_protect
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


handler400 = "shareloc.site.errors.bad_request"
handler403 = "shareloc.site.errors.permission_denied"
handler404 = "shareloc.site.errors.not_found"
handler500 = "shareloc.site.errors.server_error"
FAULTS: dict[str, Exception] = {
    "400": SuspiciousOperation(),
    "403": PermissionDenied(),
    "500": RuntimeError("boum"),
    "503": OperationalError("server closed the connection"),
}
urlpatterns = [
    *(path(f"{code}/", raises(error)) for code, error in FAULTS.items()),
    *(path(f"api/{code}/", raises(error)) for code, error in FAULTS.items()),
    path("csrf/", guarded),
    path("", include("shareloc.urls")),
]
pytestmark = pytest.mark.urls(__name__)

HEADINGS = {
    "400": "Nous n’avons pas compris",
    "403": "Cette porte est fermée pour vous",
    "404": "Cette porte ne mène nulle part",
    "500": "Quelque chose a cassé de notre côté",
    "503": "Le service fait une pause",
}


@pytest.fixture
def client(db: None) -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("code", HEADINGS)
def test_page(client: Client, code: str):
    response = client.get(f"/{code}/")
    html = response.content.decode()
    assert response.status_code == int(code)
    assert f"<h1>{HEADINGS[code]}</h1>" in html
    assert 'class="btn btn-primary" href="/"' in html
    assert "boum" not in html


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("400", "invalid"),
        ("403", "permission_denied"),
        ("404", "not_found"),
        ("500", "error"),
        ("503", "unavailable"),
    ],
)
def test_api_answers_in_json(client: Client, code: str, name: str):
    response = client.get(f"/api/{code}/")
    assert (response.status_code, response.json()["code"]) == (int(code), name)
    assert response.json().keys() == {"code", "detail", "errors"}


def test_a_pause_says_when_to_come_back(client: Client):
    assert client.get("/503/").headers["Retry-After"] == "60"


def test_a_form_without_token_loses_nothing_silently():
    response = Client(enforce_csrf_checks=True).post("/csrf/", {})
    assert response.status_code == 403
    assert "Rien n’a été enregistré" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_pages_of_a_broken_server_need_neither_context_nor_manifest_nor_database(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """No `db` fixture: a query fails the test; and the list of static files is unreadable."""

    def unreadable(path: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for '{path}'")

    monkeypatch.setattr(staticfiles_storage, "url", unreadable)
    assert "<h1>" in render_to_string(name)
