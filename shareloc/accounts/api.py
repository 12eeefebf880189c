"""Signing in to the API: an e-mail address and a password for a token."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from axes.helpers import get_cool_off
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, Throttled
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from .authentication import TokenAuthentication, issue


class CredentialsSerializer(serializers.Serializer[Any]):
    """Who asks for a token."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(
        max_length=1000, trim_whitespace=False, style={"input_type": "password"}, write_only=True
    )

    def validate_email(self, value: str) -> str:
        return value.lower()


class TokenSerializer(serializers.Serializer[Any]):
    """A token, shown only once."""

    token = serializers.CharField(help_text="À envoyer dans l’en-tête `Authorization: Token …`.")
    expires_at = serializers.DateTimeField(allow_null=True)


class SignInRefused(APIException):
    """Well formed, and yet no token."""

    status_code = status.HTTP_400_BAD_REQUEST


class Token(APIView):
    """The token of the person who signs in; DELETE ends the one that is sent."""

    throttle_scope = "token"

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Signing in needs no sign-in, and a browser's session must not ask it for a CSRF token.
        request = getattr(self, "request", None)
        return [] if request is not None and request.method == "POST" else [TokenAuthentication()]

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    def get_throttles(self) -> list[Any]:
        return [ScopedRateThrottle()] if self.request.method == "POST" else super().get_throttles()

    @extend_schema(
        operation_id="auth_token_create",
        summary="Se connecter : une adresse électronique et un mot de passe contre un jeton",
        description=(
            "Le jeton n’est montré que dans cette réponse. La même erreur `bad_credentials` répond à une adresse "
            "inconnue et à un mauvais mot de passe ; trop d’essais manqués ferment l’accès un moment (429)."
        ),
        tags=["auth"],
        auth=[],
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            400: OpenApiResponse(
                description="`bad_credentials` : adresse ou mot de passe inexact ; "
                "`email_not_verified` : adresse à confirmer"
            ),
        },
        examples=[
            OpenApiExample(
                "Connexion",
                value={"email": "association@example.org", "password": "un mot de passe"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        asked = CredentialsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = _signed_in(request, **asked.validated_data)
        token, expires_at = issue(user)
        shown = TokenSerializer({"token": token, "expires_at": expires_at}).data
        return Response(shown, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="auth_token_destroy",
        summary="Se déconnecter : le jeton envoyé ne vaut plus rien",
        tags=["auth"],
        request=None,
        responses={204: OpenApiResponse(description="Jeton éteint")},
    )
    def delete(self, request: Request) -> Response:
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def _signed_in(request: Request, *, email: str, password: str) -> Any:
    """The person of these credentials, failed attempts counted like on the sign-in page."""
    # Given DRF's own request, axes leaves its mark there, and its middleware does not answer with a page.
    user = authenticate(request, login=email, email=email, password=password)
    if getattr(request, "axes_locked_out", False):
        cool_off = get_cool_off()
        raise Throttled(
            wait=cool_off.total_seconds() if cool_off else None,
            detail=_("Trop d’essais manqués : patientez avant de recommencer."),
        )
    if user is None:
        raise SignInRefused(_("Adresse électronique ou mot de passe inexact."), "bad_credentials")
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        raise SignInRefused(
            _("Confirmez d’abord votre adresse électronique par le lien que nous y avons envoyé."),
            "email_not_verified",
        )
    user_logged_in.send(sender=type(user), request=request, user=user)
    return user


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the documentation says that a token is sent."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` suivi d’une espace et du jeton donné par `POST /api/v1/auth/token/`.",
        }


urlpatterns = [path("auth/token/", Token.as_view(), name="token")]
