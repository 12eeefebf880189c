"""The API's look before sending: every date of a request with its objections, and what is free instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from venues.periods import Period
from venues.serializers import SchoolRefSerializer, rounded

from .. import alternatives, problems
from ..alternatives import Instead, Nearby
from ..models import BookingRequest
from ..problems import Problem
from ..serializers import PeriodSerializer, ProblemSerializer, SpaceRefSerializer
from .asking import AskedDatesSerializer, dates_of


@dataclass(frozen=True)
class SeenDate:
    """One date, not sent yet."""

    period: Period
    problems: list[Problem]
    instead: Instead

    @property
    def is_blocked(self) -> bool:
        return any(problem.is_blocker for problem in self.problems)

    @property
    def is_wanted(self) -> bool:
        return not self.is_blocked and any(problem.code == "competing" for problem in self.problems)


class SwapSerializer(serializers.Serializer[Any]):
    """Another space of the lycée, and all spaces the date would then have."""

    space = SpaceRefSerializer(read_only=True)
    spaces = SpaceRefSerializer(many=True, read_only=True, help_text="Toutes les salles de la date, alors.")


class NearbySerializer(serializers.Serializer[Any]):
    """Another lycée with a space of the same kind."""

    school = SchoolRefSerializer(read_only=True)
    distance_km = serializers.SerializerMethodField()

    def get_distance_km(self, near: Nearby) -> float | None:
        return rounded(near.distance_km)


class InsteadSerializer(serializers.Serializer[Any]):
    """What is free in place of a taken date."""

    time = PeriodSerializer(read_only=True, allow_null=True, help_text="D’autres heures, ce jour-là.")
    spaces = SwapSerializer(source="swaps", many=True, read_only=True, help_text="Deux au plus.")
    schools = NearbySerializer(many=True, read_only=True, help_text="Les plus proches, deux au plus.")


class SeenDateSerializer(serializers.Serializer[Any]):
    """A date as it would be sent."""

    start = serializers.DateTimeField(source="period.start", read_only=True)
    end = serializers.DateTimeField(source="period.end", read_only=True)
    problems = ProblemSerializer(many=True, read_only=True)
    alternatives = InsteadSerializer(
        source="instead", read_only=True, help_text="Vide si la date n’est pas prise."
    )


class PreviewSerializer(serializers.Serializer[Any]):
    """All dates, counted."""

    rule = serializers.CharField(
        read_only=True, help_text="La règle (RFC 5545) ; vide pour des dates choisies."
    )
    dates_total = serializers.IntegerField(read_only=True)
    dates_free = serializers.IntegerField(read_only=True, help_text="Sans obstacle, ni autre demande.")
    dates_blocked = serializers.IntegerField(read_only=True, help_text="Avec un obstacle.")
    dates_wanted = serializers.IntegerField(
        read_only=True, help_text="Sans obstacle, demandées par d’autres."
    )
    dates = SeenDateSerializer(many=True, read_only=True)


class Preview(generics.GenericAPIView[BookingRequest]):
    queryset = BookingRequest.objects.none()
    serializer_class = AskedDatesSerializer

    @extend_schema(
        operation_id="requests_preview",
        summary="Voir les dates d’une demande avant de l’envoyer",
        description=(
            "Chaque date avec ses objections et, si elle est prise, ce qui est libre à la place : d’autres heures ce "
            "jour-là, une autre salle du lycée, les lycées proches. Rien n’est enregistré."
        ),
        tags=["requests"],
        request=AskedDatesSerializer,
        responses={
            200: PreviewSerializer,
            403: OpenApiResponse(description="Cet organisme n’est pas le vôtre"),
        },
        examples=[
            OpenApiExample(
                "Chaque jeudi",
                value={
                    "space": 12,
                    "organisation": 3,
                    "attendees": 25,
                    "recurrence": {
                        "frequency": "weekly",
                        "interval": 1,
                        "weekdays": ["thursday"],
                        "first": "2026-11-05",
                        "until": "2027-06-24",
                        "start_time": "18:30",
                        "end_time": "20:30",
                        "skip_holidays": True,
                        "skip_public_holidays": True,
                    },
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        asked = AskedDatesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        seen = _seen(asked.validated_data, by=request.user)
        blocked, wanted = sum(date.is_blocked for date in seen), sum(date.is_wanted for date in seen)
        told = {
            "rule": asked.validated_data.get("rule", ""),
            "dates_total": len(seen),
            "dates_free": len(seen) - blocked - wanted,
            "dates_blocked": blocked,
            "dates_wanted": wanted,
            "dates": seen,
        }
        return Response(PreviewSerializer(told, context=self.get_serializer_context()).data)


def _seen(asked: dict[str, Any], *, by: Any) -> list[SeenDate]:
    now = timezone.now()
    dates = sorted(dates_of(asked, by=by, at=now), key=lambda date: date.period)
    known = problems.read(dates, now=now, suggest=True, rivals=True)
    found = problems.judge(dates, known)
    instead = alternatives.of_dates(dates, found, known)
    return [
        SeenDate(date.period, against, free)
        for date, against, free in zip(dates, found, instead, strict=True)
    ]


urlpatterns = [path("requests/preview/", Preview.as_view(), name="request_preview")]
