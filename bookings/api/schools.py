"""The API of a school's planner: its proposed rooms, free and taken. Open to anyone, and never says who."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from venues.models import School, Space
from venues.policies import is_of_school, is_region_officer

from .. import availability, planner
from ..serializers import PlannedSpaceSerializer
from .spaces import DaysSerializer, asked_span, told

MAX_DAYS = 31
UAI = OpenApiParameter(
    "uai", str, OpenApiParameter.PATH, description="UAI du lycée.", pattern="^[0-9]{7}[A-Za-z]$"
)


class PlannedDaysSerializer(DaysSerializer):
    most = MAX_DAYS


class Planning(generics.GenericAPIView[Space]):
    permission_classes = [AllowAny]
    serializer_class = PlannedSpaceSerializer
    queryset = Space.objects.published()

    @extend_schema(
        operation_id="schools_planning",
        summary="Quand les salles d’un lycée sont libres, jour par jour",
        description=(
            "Les salles proposées au prêt, par type et par nom ; `free` et `taken` comme pour une seule salle. "
            "Jours et heures de Paris, 31 jours au plus."
        ),
        tags=["schools"],
        parameters=[UAI, PlannedDaysSerializer],
        responses=PlannedSpaceSerializer(many=True),
        examples=[
            OpenApiExample(
                "Un soir",
                value={
                    "id": 12,
                    "name": "Gymnase",
                    "kind": "gymnasium",
                    "free": [{"start": "2026-10-22T18:00:00+02:00", "end": "2026-10-22T20:00:00+02:00"}],
                    "taken": [{"start": "2026-10-22T20:00:00+02:00", "end": "2026-10-22T22:00:00+02:00"}],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, uai: str) -> Response:
        school = visible_school(request, uai)
        span = asked_span(PlannedDaysSerializer, request)
        spaces = self.paginate_queryset(planner.rooms_of(school, tells=False)) or []
        times = availability.load(spaces, span) if spaces else {}
        rows = [
            {"id": space.pk, "name": space.name, "kind": space.kind, **told(times[space.pk])}
            for space in spaces
        ]
        return self.get_paginated_response(PlannedSpaceSerializer(rows, many=True).data)


def visible_school(request: Request, uai: str) -> School:
    """The school; one that has closed is seen by its people and by the Région only."""
    school = get_object_or_404(School, uai=uai)
    if not (school.is_open or is_region_officer(request.user) or is_of_school(request.user, school)):
        raise Http404
    return school


urlpatterns = [path("schools/<uai:uai>/planning/", Planning.as_view(), name="planning")]
