"""Signing in to the API: tokens given, refused, slowed down and ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from shareloc.accounts.models import User
from tests.api.conftest import errors
from tests.factories import PASSWORD, UserFactory

URL = "/api/v1/auth/token/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory.create(email="camille@example.org")


def ask(email: str = "camille@example.org", password: str = PASSWORD, **more: Any) -> Any:
    return APIClient().post(URL, {"email": email, "password": password}, **more)


def me(token: str) -> Any:
    return APIClient().get("/api/v1/me/", headers={"Authorization": f"Token {token}"})


def test_a_token_opens_the_api(user: User) -> None:
    response = ask()
    assert response.status_code == 200
    assert sorted(response.json()) == ["expires_at", "token"]
    assert response.headers["Cache-Control"] == "no-store"
    answer = me(response.json()["token"])
    assert (answer.status_code, answer.json()["email"]) == (200, "camille@example.org")
    user.refresh_from_db()
    assert user.last_login is not None


def test_the_address_in_any_case(user: User) -> None:
    assert ask(email="Camille@Example.ORG").status_code == 200


def test_only_a_hash_is_kept(user: User) -> None:
    token = ask().json()["token"]
    kept = AuthToken.objects.get()
    assert token not in (kept.digest, kept.token_key)


def test_unknown_address_and_wrong_password_answer_alike(user: User) -> None:
    unknown, wrong = ask(email="personne@example.org"), ask(password="autre chose entièrement")
    assert unknown.status_code == wrong.status_code == 400
    assert unknown.json() == wrong.json()
    assert wrong.json() == {
        "code": "bad_credentials",
        "detail": "Adresse électronique ou mot de passe inexact.",
        "errors": [],
    }


def test_an_account_closed_answers_like_a_wrong_password(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    response = ask()
    assert (response.status_code, response.json()["code"]) == (400, "bad_credentials")


def test_an_address_not_confirmed_gets_none() -> None:
    UserFactory.create(email="camille@example.org", verified=False)
    response = ask()
    assert (response.status_code, response.json()["code"]) == (400, "email_not_verified")
    assert not AuthToken.objects.exists()
    # Somebody who does not know the password does not learn it either.
    assert ask(password="autre chose entièrement").json()["code"] == "bad_credentials"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, [("email", "required"), ("password", "required")]),
        ({"email": "x", "password": ""}, [("email", "invalid"), ("password", "blank")]),
        ({"email": "a\0@example.org", "password": "p\0"}, [("email", "invalid"), ("password", "null_characters_not_allowed")]),
        ({"email": ["a@example.org"], "password": {"a": 1}}, [("email", "invalid"), ("password", "invalid")]),
        ({"email": "a@example.org", "password": "x" * 1001}, [("password", "max_length")]),
    ],
)  # fmt: skip
def test_malformed(sent: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    response = APIClient().post(URL, sent)
    assert response.status_code == 400
    found = errors(response)
    assert {field for field, _code in found} == {field for field, _code in wrong}
    assert set(wrong) <= set(found)


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"email": NaN}'])
def test_not_an_object(raw: bytes) -> None:
    response = APIClient().generic("POST", URL, raw, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_a_form_is_not_json() -> None:
    response = APIClient().post(URL, "email=a", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("query", ["?x=%00", "?x=%F0%9F%8E%B5", "?%00=1"])
def test_hostile_addresses_do_not_break_the_counting(user: User, query: str) -> None:
    response = APIClient().post(URL + query, {"email": "camille@example.org", "password": "faux"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_credentials")


def test_too_many_failures_close_the_door_a_while(user: User, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _n in range(3):
        ask(password="autre chose entièrement")
    response = ask()
    assert response.status_code == 429
    assert response.json()["code"] == "throttled"
    assert response.headers["Retry-After"] == "900"
    assert not AuthToken.objects.exists()
    # Others, and the same person from elsewhere, are not concerned.
    assert ask(REMOTE_ADDR="192.0.2.7").status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16)):
        assert ask().status_code == 200


def test_success_forgets_the_failures(user: User, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _n in range(3):
        ask(password="autre chose entièrement")
        ask(password="autre chose entièrement")
        assert ask().status_code == 200


def test_asking_too_often_is_slowed(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from rest_framework.throttling import ScopedRateThrottle

    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"token": "2/min"})
    assert [ask().status_code for _n in range(3)] == [200, 200, 429]


def test_a_session_of_the_browser_does_not_hinder(user: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    asked = {"email": "camille@example.org", "password": PASSWORD}
    assert browser.post(URL, asked, content_type="application/json").status_code == 200


# -- what the header may hold -------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token a b",
        "Token faux",
        "Token " + "0" * 64,
        "Token \xe9\xff",
        "Token " + "a" * 5000,
        "token é",
    ],
)
def test_a_wrong_token_is_refused(header: str, db: None) -> None:
    response = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=header)
    assert response.status_code == 401
    assert response.json()["code"] == "authentication_failed"
    assert response.headers["WWW-Authenticate"] == "Token"


def test_without_a_token(db: None) -> None:
    response = APIClient().get("/api/v1/me/")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_a_wrong_token_is_refused_where_none_is_needed(db: None) -> None:
    assert APIClient().get("/api/v1/schools/", headers={"Authorization": "Token faux"}).status_code == 401


def test_a_token_expires(user: User) -> None:
    token = ask().json()["token"]
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=366)):
        assert me(token).status_code == 401
        ask()
        assert AuthToken.objects.filter(user=user).count() == 1


def test_a_token_dies_with_the_account(user: User) -> None:
    token = ask().json()["token"]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert me(token).status_code == 401


def test_signing_in_costs_one_statement_however_many_tokens(
    user: User, django_assert_num_queries: Any
) -> None:
    for _n in range(5):
        token = ask().json()["token"]
    with django_assert_num_queries(3):
        assert me(token).status_code == 200


# -- ending one ---------------------------------------------------------------------------------


def test_a_token_is_ended(user: User) -> None:
    one, other = ask().json()["token"], ask().json()["token"]
    response = APIClient().delete(URL, headers={"Authorization": f"Token {one}"})
    assert (response.status_code, response.content) == (204, b"")
    assert (me(one).status_code, me(other).status_code) == (401, 200)


def test_nobody_ends_a_token_without_showing_it(user: User) -> None:
    ask()
    assert APIClient().delete(URL).status_code == 401
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.delete(URL).status_code == 401
    assert AuthToken.objects.count() == 1


def test_get_is_not_for_this(db: None) -> None:
    assert APIClient().get(URL).status_code == 401
