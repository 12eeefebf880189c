"""Every error of the API has one shape: {code, detail, errors: [{field, code, message}]}."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from shareloc.accounts.models import User
from shareloc.web.api import Conflict
from tests.factories import UserFactory


class DateSerializer(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["end"] <= attrs["start"]:
            raise serializers.ValidationError("la fin précède le début", code="backwards")
        return attrs


class AskSerializer(serializers.Serializer):
    purpose = serializers.CharField(max_length=5)
    dates = DateSerializer(many=True)


class Echo(APIView):
    permission_classes = [AllowAny]

    def post(self, request: Request) -> Response:
        serializer = AskSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response({})


class Private(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


class Raises(APIView):
    permission_classes = [AllowAny]
    what: Exception = Http404("No School matches the given query.")

    def get(self, request: Request) -> Response:
        raise self.what


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["pk"]


class People(ListAPIView):
    permission_classes = [AllowAny]
    queryset = User.objects.order_by("pk")
    serializer_class = UserSerializer


RAISED: dict[str, Exception] = {
    "404": Http404("No School matches the given query."),
    "403": PermissionDenied(),
    "409": Conflict("Déjà décidée.", code="already_decided"),
    "429": Throttled(wait=12),
    "django": DjangoValidationError({"rna": DjangoValidationError("faux", code="rna")}),
    "bad-token": AuthenticationFailed("Jeton inconnu."),
}
urlpatterns = [
    path("echo/", Echo.as_view()),
    path("private/", Private.as_view()),
    path("people/", People.as_view()),
    *(path(f"{name}/", Raises.as_view(what=error)) for name, error in RAISED.items()),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def api(db: None) -> APIClient:
    return APIClient()


def test_nested_fields_are_dotted_paths(api: APIClient):
    body = {
        "purpose": "trop long",
        "dates": [
            {"start": "2026-10-22T18:00+02:00", "end": "2026-10-22T20:00+02:00"},
            {"start": "demain", "end": "2026-10-22T20:00+02:00"},
            {"start": "2026-10-22T20:00+02:00", "end": "2026-10-22T18:00+02:00"},
        ],
    }
    response = api.post("/echo/", body, format="json")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    found = [(problem["field"], problem["code"]) for problem in response.json()["errors"]]
    assert found == [("purpose", "max_length"), ("dates.1.start", "invalid"), ("dates.2", "backwards")]
    assert response.json()["errors"][2]["message"] == "la fin précède le début"


def test_missing_fields_are_named(api: APIClient):
    response = api.post("/echo/", {}, format="json")
    assert [(p["field"], p["code"]) for p in response.json()["errors"]] == [
        ("purpose", "required"),
        ("dates", "required"),
    ]


@pytest.mark.parametrize("body", ["[]", '"texte"', "3", "null"])
def test_a_body_that_is_no_object(api: APIClient, body: str):
    response = api.post("/echo/", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_unreadable_json(api: APIClient):
    response = api.post("/echo/", "{", content_type="application/json")
    assert response.status_code == 400
    assert (response.json()["code"], response.json()["errors"][0]["code"]) == ("invalid", "parse_error")


def test_not_signed_in(api: APIClient):
    response = api.get("/private/")
    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"
    assert response.headers["WWW-Authenticate"].startswith("Token")


def test_signed_in(api: APIClient):
    api.force_authenticate(UserFactory.create())
    assert api.get("/private/").status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("404", 404, "not_found"),
        ("403", 403, "permission_denied"),
        ("409", 409, "already_decided"),
        ("429", 429, "throttled"),
        ("django", 400, "invalid"),
        ("bad-token", 401, "authentication_failed"),
    ],
)
def test_status_and_code(api: APIClient, address: str, status: int, code: str):
    response = api.get(f"/{address}/")
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json().keys() == {"code", "detail", "errors"}
    assert response.json()["detail"]


def test_not_found_does_not_name_our_models(api: APIClient):
    assert "School" not in api.get("/404/").content.decode()


def test_conflict_says_why(api: APIClient):
    assert api.get("/409/").json()["detail"] == "Déjà décidée."


def test_throttled_says_when_to_come_back(api: APIClient):
    assert api.get("/429/").headers["Retry-After"] == "12"


def test_errors_of_models_keep_field_and_code(api: APIClient):
    assert api.get("/django/").json()["errors"] == [{"field": "rna", "code": "rna", "message": "faux"}]


def test_method_and_media_type(api: APIClient):
    assert api.get("/echo/").json()["code"] == "method_not_allowed"
    response = api.post("/echo/", "a=b", content_type="text/plain")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("number", ["2", "0", "-1", "1000000000", "9" * 5000, "NaN", "1;DROP", "٣x", "%00"])
def test_absurd_pages_are_not_found(api: APIClient, number: str):
    response = api.get(f"/people/?page={number}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("size", "expected"), [("2", 2), ("100", 3), ("100000", 3), ("0", 3), ("-5", 3), ("x", 3)]
)
def test_page_sizes_are_bounded(api: APIClient, size: str, expected: int):
    UserFactory.create_batch(3)
    response = api.get(f"/people/?page_size={size}")
    assert (response.status_code, len(response.json()["results"])) == (200, expected)
    assert response.json()["count"] == 3
