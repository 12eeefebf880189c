"""Calendars in the API: addresses made, listed without their secret, and revoked."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from .. import calendars
from ..models import CalendarToken
from ..models.calendar import CalendarTokenQuerySet


class CalendarSerializer(serializers.ModelSerializer[CalendarToken]):
    """An address without its secret, which is shown only when it is made."""

    name = serializers.SerializerMethodField(help_text="Nom du calendrier dans les agendas.")
    space = serializers.IntegerField(source="space_id", read_only=True, allow_null=True)
    school = serializers.CharField(
        source="school.uai", read_only=True, allow_null=True, default=None, help_text="UAI du lycée."
    )

    class Meta:
        model = CalendarToken
        fields = ("id", "scope", "name", "space", "school", "created_at", "last_access_at")
        read_only_fields = fields

    def get_name(self, token: CalendarToken) -> str:
        return calendars.name_of(calendars.subject_of(token))


class NewCalendarSerializer(CalendarSerializer):
    """An address just made: the only time it is shown."""

    url = serializers.URLField(read_only=True)
    webcal_url = serializers.CharField(read_only=True)

    class Meta(CalendarSerializer.Meta):
        fields = (*CalendarSerializer.Meta.fields, "url", "webcal_url")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class AskedCalendarSerializer(serializers.Serializer[Any]):
    """Which calendar is asked for."""

    scope = serializers.ChoiceField(choices=CalendarToken.Scope.choices)
    id = serializers.CharField(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=20,
        help_text="Identifiant de la salle (space) ou UAI du lycée (school, caretaker) ; rien pour person.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["id"] = attrs.get("id") or ""
        mine = attrs["scope"] == CalendarToken.Scope.PERSON
        if mine and attrs["id"]:
            raise _wrong_id(
                "unexpected", _("Votre propre calendrier n’a pas d’identifiant : retirez « id ».")
            )
        if not mine and not attrs["id"]:
            raise _wrong_id("required", _("Indiquez la salle (son numéro) ou le lycée (son UAI)."))
        if attrs["scope"] == CalendarToken.Scope.SPACE and not calendars.SPACE_ID.fullmatch(attrs["id"]):
            raise _wrong_id("invalid", _("L’identifiant d’une salle est un nombre."))
        return attrs


def _wrong_id(code: str, message: Any) -> serializers.ValidationError:
    return serializers.ValidationError({"id": [message]}, code=code)


class _Own(generics.GenericAPIView[CalendarToken]):
    """The addresses of the person who asks; other people's do not exist."""

    permission_classes = [IsAuthenticated]
    serializer_class = CalendarSerializer
    # What the schema is made from; nobody is signed in then.
    queryset = CalendarToken.objects.none()

    def get_queryset(self) -> CalendarTokenQuerySet:
        return CalendarToken.objects.of(self.request.user)


@extend_schema_view(
    get=extend_schema(summary="Mes adresses de calendrier, sans leur secret", tags=["calendars"])
)
class Calendars(_Own, generics.ListAPIView[CalendarToken]):
    """The addresses of the person who asks."""

    @extend_schema(
        summary="Créer une adresse de calendrier, ou remplacer celle qu’on avait",
        description="L’adresse n’est montrée que dans cette réponse. La redemander remplace l’ancienne.",
        tags=["calendars"],
        request=AskedCalendarSerializer,
        responses={
            201: NewCalendarSerializer,
            400: OpenApiResponse(description="Demande mal formée"),
            404: OpenApiResponse(description="Salle ou lycée inconnu"),
        },
    )
    def post(self, request: Request) -> Response:
        asked = AskedCalendarSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            subject = calendars.asked_subject(request.user, **_lookup(asked.validated_data))
        except LookupError as error:
            raise NotFound(_("Aucune salle ni aucun lycée de cet identifiant ne vous est ouvert.")) from error
        token, secret = calendars.issue_for(request.user, subject)
        base = request.build_absolute_uri("/")
        made = {**CalendarSerializer(token).data, **calendars.address(secret, base=base)._asdict()}
        return Response(made, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


def _lookup(asked: dict[str, Any]) -> dict[str, str]:
    return {"scope": asked["scope"], "ref": asked["id"]}


@extend_schema_view(delete=extend_schema(summary="Révoquer une adresse de calendrier", tags=["calendars"]))
class OneCalendar(_Own, generics.DestroyAPIView[CalendarToken]):
    """One address of the person who asks."""

    def perform_destroy(self, instance: CalendarToken) -> None:
        calendars.revoke(instance)


urlpatterns = [
    path("calendars/", Calendars.as_view(), name="calendars"),
    path("calendars/<int:pk>/", OneCalendar.as_view(), name="calendar"),
]
