"""Alerts in the API: kept, listed, taken back. Other people's do not exist."""

from __future__ import annotations

from typing import Any

from django.urls import path
from django.utils import timezone
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from shareloc.web.api import Conflict

from .. import alerts
from ..alerts import AlertError
from ..filters import SpaceFilter
from ..models import Alert
from ..models.alert import AlertQuerySet


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """A question kept, and what became of it."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = Alert
        fields = ("id", "label", "query", "state", "created_at", "expires_at", "fired_at")
        read_only_fields = fields

    @staticmethod
    def get_state(alert: Alert) -> Alert.State:
        return alert.state(at=timezone.now())


class AskedAlertSerializer(serializers.Serializer[Any]):
    """The question to keep."""

    query = serializers.CharField(
        max_length=2000,
        allow_blank=True,
        help_text="Les filtres de `spaces/`, comme dans une adresse : `date=2026-10-22&start=18:00&end=20:00`.",
    )


class _Own(generics.GenericAPIView[Alert]):
    """The alerts of the person who asks; other people's do not exist."""

    permission_classes = [IsAuthenticated]
    serializer_class = AlertSerializer
    # What the schema is made from; nobody is signed in then.
    queryset = Alert.objects.none()

    def get_queryset(self) -> AlertQuerySet:
        return Alert.objects.of(self.request.user)


@extend_schema_view(get=extend_schema(summary="Mes alertes, la plus récente d’abord", tags=["alerts"]))
class Alerts(_Own, generics.ListAPIView[Alert]):
    @extend_schema(
        operation_id="alerts_create",
        summary="Être prévenu quand une salle se libère",
        description=(
            "Garde une recherche qui ne trouve rien. Quand une salle y répond, un courriel part, une fois, et l’alerte "
            "est terminée. La même recherche gardée deux fois ne fait qu’une alerte."
        ),
        tags=["alerts"],
        request=AskedAlertSerializer,
        responses={
            201: AlertSerializer,
            409: OpenApiResponse(description="`already_free`, `past`, `too_long` ou `too_many_alerts`"),
        },
        examples=[
            OpenApiExample(
                "Un soir à Lille",
                value={"query": "q=Lille&within_km=10&date=2026-10-22&start=18:30&end=20:30&capacity=25"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        asked = AskedAlertSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        filters = alerts.asked_by(asked.validated_data["query"])
        _refuse_invalid(filters)
        user: Any = request.user
        try:
            kept = alerts.keep(filters, by=user, at=timezone.now())
        except AlertError as error:
            raise Conflict(error.message, error.code) from error
        return Response(AlertSerializer(kept).data, status=status.HTTP_201_CREATED)


def _refuse_invalid(filters: SpaceFilter) -> None:
    """Each error of a filter under `query.<filter>`."""
    if not filters.is_valid():
        raise ValidationError({"query": translate_validation(filters.errors).detail})


@extend_schema_view(delete=extend_schema(summary="Supprimer une alerte", tags=["alerts"]))
class OneAlert(_Own, generics.DestroyAPIView[Alert]):
    def perform_destroy(self, instance: Alert) -> None:
        alerts.revoke(instance, at=timezone.now())


urlpatterns = [
    path("alerts/", Alerts.as_view(), name="alerts"),
    path("alerts/<int:pk>/", OneAlert.as_view(), name="alert"),
]
