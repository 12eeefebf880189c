"""The API of schools and places: open to anyone."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path, register_converter
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.permissions import AllowAny

from .filters import PlaceFilter, SchoolFilter
from .models import Commune, School
from .policies import is_of_school, is_region_officer
from .serializers import NearSchoolSerializer, PlaceSerializer, SchoolDetailSerializer


class UaiConverter:
    """A school's number in an address, in either case."""

    regex = "[0-9]{7}[A-Za-z]"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(UaiConverter, "uai")


class ResultsBackend(DjangoFilterBackend):
    """Filters whose `results` are sliced and counted like a queryset."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        return self.asked(request, queryset, view).results(now=timezone.now())

    def asked(self, request: Any, queryset: Any, view: Any) -> Any:
        """The view's filters, valid; else 400."""
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return filterset


@extend_schema_view(
    get=extend_schema(
        operation_id="schools_list",
        summary="Les lycées, par département, commune, mots ou distance",
        description="Ordre : par distance si `near` est donné, sinon par commune et par nom.",
        tags=["schools"],
    )
)
class Schools(generics.ListAPIView[School]):
    permission_classes = [AllowAny]
    serializer_class = NearSchoolSerializer
    queryset = School.objects.open()
    filter_backends = [ResultsBackend]
    filterset_class = SchoolFilter


@extend_schema_view(
    get=extend_schema(
        operation_id="schools_retrieve",
        summary="Un lycée et le matériel qu’il prête",
        tags=["schools"],
        parameters=[OpenApiParameter("uai", str, OpenApiParameter.PATH, pattern="^[0-9]{7}[A-Za-z]$")],
    )
)
class OneSchool(generics.RetrieveAPIView[School]):
    """A school; one that has closed is seen by its people and by the Région only."""

    permission_classes = [AllowAny]
    serializer_class = SchoolDetailSerializer
    queryset = School.objects.all()
    lookup_field = "uai"

    def get_object(self) -> School:
        school = super().get_object()
        user = self.request.user
        if not (school.is_open or is_region_officer(user) or is_of_school(user, school)):
            raise Http404
        return school


@extend_schema_view(
    get=extend_schema(
        operation_id="places_list",
        summary="Les lieux d’un nom : communes, codes postaux, lycées",
        description=(
            "Pour proposer des lieux pendant la frappe : vingt au plus, accents, majuscules et fautes de frappe "
            "pardonnés. Ordre : nom exact, débuts de nom par population, lycées. Une adresse ne se propose pas : "
            "donnez-la telle quelle au paramètre `q` de `spaces/`."
        ),
        tags=["places"],
    )
)
class Places(generics.ListAPIView[Any]):
    permission_classes = [AllowAny]
    serializer_class = PlaceSerializer
    queryset = Commune.objects.none()
    filter_backends = [ResultsBackend]
    filterset_class = PlaceFilter


urlpatterns = [
    path("places/", Places.as_view(), name="places"),
    path("schools/", Schools.as_view(), name="schools"),
    path("schools/<uai:uai>/", OneSchool.as_view(), name="school"),
]
