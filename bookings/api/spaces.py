"""The API of spaces: search, one space, when it is free. Open to anyone, and never says who."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from shareloc.accounts.models import Organisation
from shareloc.web.api import Pages
from venues.api import ResultsBackend
from venues.local_time import instant
from venues.models import Space
from venues.periods import Period, within
from venues.policies import can_see_space
from venues.serializers import SpaceDetailSerializer

from .. import availability, nearest, pricing, why
from ..availability import SpaceTime
from ..filters import FlexibleFilter, SeriesFilter, SpaceFilter
from ..serializers import (
    AvailabilitySerializer,
    FlexiblePageSerializer,
    FoundSpaceSerializer,
    RegularSpaceSerializer,
    WaySerializer,
    WhyNotSerializer,
)
from .asking import AskedDateSerializer

MAX_DAYS = 92
# Without dates: a week from today.
DEFAULT_DAYS = 7
PAST_DAYS, AHEAD_DAYS = 2 * 366, 3 * 366
PAGE_SIZE = OpenApiParameter("page_size", int, description="Salles par page, 100 au plus ; à défaut 20.")
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Numéro de la salle.")


@extend_schema_view(
    get=extend_schema(
        operation_id="spaces_list",
        summary="Chercher une salle",
        description=(
            "Seules viennent les salles ouvertes, non fermées, non occupées et non prises, remise en état comprise. "
            "Avec `date` seule : la première période libre de la durée minimale de la salle. Avec `start` et `end` : "
            "celles qui sont libres toute cette période (`end` avant `start` : le lendemain). "
            "Ordre : par distance s’il y a un centre, sinon par commune, lycée et salle."
        ),
        tags=["spaces"],
    )
)
class Spaces(generics.ListAPIView[Space]):
    permission_classes = [AllowAny]
    serializer_class = FoundSpaceSerializer
    queryset = Space.objects.published()
    filter_backends = [ResultsBackend]
    filterset_class = SpaceFilter


class WaysBackend(ResultsBackend):
    """The filters of the search; what comes out are the ways out of the question, not its answer."""

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filters = self.asked(request, queryset, view)
        return nearest.ways(filters, filters.results(now=timezone.now(), features=False))


@extend_schema_view(
    get=extend_schema(
        operation_id="spaces_alternatives",
        summary="Ce qui approche le plus d’une recherche qui trouve peu",
        description=(
            "Les mêmes filtres que `spaces/`. Chaque proposition change une chose et trouve davantage : autre jour, autre "
            "heure, plus loin, moins de personnes, un filtre de moins. Les meilleures d’abord, six au plus."
        ),
        tags=["spaces"],
    )
)
class Alternatives(generics.ListAPIView[Space]):
    permission_classes = [AllowAny]
    serializer_class = WaySerializer
    queryset = Space.objects.published()
    filter_backends = [WaysBackend]
    filterset_class = SpaceFilter


class FlexibleSpaces(generics.GenericAPIView[Space]):
    permission_classes = [AllowAny]
    queryset = Space.objects.published()
    filter_backends = [ResultsBackend]
    filterset_class = FlexibleFilter

    @extend_schema(
        operation_id="spaces_flexible",
        summary="Chercher une salle à certains moments de la semaine",
        description=(
            "Les salles qui ont au moins une période libre de cette durée, chacune avec ses premières, une par "
            "plage libre. Pas de nombre total : `next` mène à la suite, `looked_at` dit combien de salles ont été "
            "essayées ; une page incomplète qui a une suite s’est arrêtée en chemin. Ordre : par distance s’il y a "
            "un centre, sinon par commune, lycée et salle ; ou par date."
        ),
        tags=["spaces"],
        filters=True,
        parameters=[PAGE_SIZE],
        responses=FlexiblePageSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = ResultsBackend().asked(request, self.get_queryset(), self)
        results = asked.results(now=timezone.now())
        page = results.page(asked.position, size=Pages().get_page_size(request))
        told = {
            "next": self._following(request, page.following),
            "results": page.offers,
            "looked_at": page.looked_at,
        }
        return Response(FlexiblePageSerializer(told, context=self.get_serializer_context()).data)

    def _following(self, request: Request, position: int | None) -> str | None:
        if position is None:
            return None
        return str(replace_query_param(request.build_absolute_uri(), "after", position))


@extend_schema_view(
    get=extend_schema(
        operation_id="spaces_series",
        summary="Chercher une salle libre aux mêmes heures chaque semaine",
        description=(
            "Chaque salle libre un jour au moins, avec tous les jours où elle l’est. Celles qui ont le plus de jours "
            "libres d’abord, puis par distance s’il y a un centre."
        ),
        tags=["spaces"],
    )
)
class SeriesSpaces(generics.ListAPIView[Space]):
    permission_classes = [AllowAny]
    serializer_class = RegularSpaceSerializer
    queryset = Space.objects.published()
    filter_backends = [ResultsBackend]
    filterset_class = SeriesFilter


class SpaceSeen(generics.GenericAPIView[Space]):
    """One space, if whoever asks may see it."""

    permission_classes = [AllowAny]
    queryset = Space.objects.with_page_details()

    def get_object(self) -> Space:
        space = super().get_object()
        if not can_see_space(self.request.user, space):
            raise Http404
        return space


class OneSpace(SpaceSeen):
    queryset = Space.objects.with_page_details().prefetch_related("price_rules")

    @extend_schema(
        operation_id="spaces_retrieve",
        summary="Une salle : ce qu’elle est, comment elle est prêtée, avec quel matériel",
        tags=["spaces"],
        parameters=[ID],
        responses=SpaceDetailSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(SpaceDetailSerializer(self.get_object(), context=self.get_serializer_context()).data)


class DaysSerializer(serializers.Serializer[Any]):
    """Local days `[from, to)`."""

    # How many there may be.
    most = MAX_DAYS
    to = serializers.DateField(required=False, help_text="Jour exclu ; à défaut une semaine après `from`.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        first = serializers.DateField(required=False, help_text="Premier jour ; à défaut aujourd’hui.")
        return {"from": first, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        today = timezone.localdate()
        first = attrs.get("from", today)
        if not -PAST_DAYS <= (first - today).days <= AHEAD_DAYS:
            raise _wrong("from", "out_of_range", _("Ce jour est trop lointain : restez dans les trois ans."))
        last = attrs.get("to", first + dt.timedelta(days=DEFAULT_DAYS))
        if last <= first:
            raise _wrong("to", "before", _("Le jour de fin est exclu : il vient après le premier."))
        if (last - first).days > self.most:
            raise _wrong("to", "too_long", _("Demandez %(days)s jours au plus.") % {"days": self.most})
        return {"from": first, "to": last}


def _wrong(field: str, code: str, message: Any) -> serializers.ValidationError:
    return serializers.ValidationError({field: [message]}, code=code)


class EstimateQuerySerializer(AskedDateSerializer):
    """When, and for whom."""

    organisation_kind = serializers.ChoiceField(
        choices=Organisation.Kind.choices, help_text="Nature de l’organisme qui demande."
    )


class EstimateSerializer(serializers.Serializer[Any]):
    """What a space would cost: a `pricing.Priced`."""

    price = serializers.DecimalField(max_digits=12, decimal_places=2, read_only=True, help_text="Euros.")
    price_ground = serializers.CharField(
        source="ground", read_only=True, help_text="Calcul du prix, ou motif de gratuité."
    )
    value = serializers.DecimalField(
        max_digits=12, decimal_places=2, read_only=True, help_text="Ce que vaut le prêt, gratuit ou non."
    )


class Price(SpaceSeen):
    @extend_schema(
        operation_id="spaces_estimate",
        summary="Ce que coûterait une salle à une heure, pour une nature d’organisme",
        description="Le prix est fixé quand le lycée accepte la date ; le matériel est prêté gratuitement.",
        tags=["spaces"],
        parameters=[ID, EstimateQuerySerializer],
        responses=EstimateSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        space = self.get_object()
        asked = EstimateQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        kind = asked.validated_data.pop("organisation_kind")
        rules = list(space.price_rules.all())
        priced = pricing.priced_at(Period(**asked.validated_data), [space], rules, kind)
        return Response(EstimateSerializer(priced).data)


class Availability(SpaceSeen):
    @extend_schema(
        operation_id="spaces_availability",
        summary="Quand une salle est libre, jour par jour",
        description=(
            "`free` est ce qui peut être demandé à partir de maintenant, temps de préparation et de remise en état "
            "déjà ôtés ; `taken` le reste des heures d’ouverture. Jours et heures de Paris, 92 jours au plus."
        ),
        tags=["spaces"],
        parameters=[ID, DaysSerializer],
        responses=AvailabilitySerializer,
        examples=[
            OpenApiExample(
                "Un soir",
                value={
                    "free": [{"start": "2026-10-22T18:00:00+02:00", "end": "2026-10-22T20:00:00+02:00"}],
                    "taken": [{"start": "2026-10-22T20:00:00+02:00", "end": "2026-10-22T22:00:00+02:00"}],
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, pk: int) -> Response:
        space = self.get_object()
        span = asked_span(DaysSerializer, request)
        return Response(AvailabilitySerializer(told(availability.load([space], span)[space.pk])).data)


class Problems(SpaceSeen):
    @extend_schema(
        operation_id="spaces_problems",
        summary="Pourquoi une salle n’est pas libre à une heure, et quand elle l’est",
        description=(
            "Ce qui s’oppose à cette période, qui que ce soit qui demande : cours, vacances, fermeture, horaires, "
            "battement, réservation, règles de la salle. Ne dit jamais qui l’occupe."
        ),
        tags=["spaces"],
        parameters=[ID, AskedDateSerializer],
        responses=WhyNotSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        space = self.get_object()
        asked = AskedDateSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        answer = why.not_free(space, Period(**asked.validated_data), now=timezone.now())
        return Response(WhyNotSerializer(answer).data)


def asked_span(days: type[DaysSerializer], request: Request) -> Period:
    """The days of the query; empty values count as not given."""
    asked = days(data={name: day for name, day in request.query_params.items() if day})
    asked.is_valid(raise_exception=True)
    tz = timezone.get_default_timezone()
    return Period(*(instant(asked.validated_data[name], tz) for name in ("from", "to")))


def told(time: SpaceTime) -> dict[str, list[Period]]:
    """Free from now on, and taken: never by whom."""
    to_come = Period(max(time.span.start, timezone.now()), time.span.end)
    return {"free": within(time.free, to_come), "taken": time.taken}


urlpatterns = [
    path("spaces/", Spaces.as_view(), name="spaces"),
    path("spaces/alternatives/", Alternatives.as_view(), name="alternatives"),
    path("spaces/flexible/", FlexibleSpaces.as_view(), name="spaces_flexible"),
    path("spaces/series/", SeriesSpaces.as_view(), name="spaces_series"),
    path("spaces/<int:pk>/", OneSpace.as_view(), name="space"),
    path("spaces/<int:pk>/availability/", Availability.as_view(), name="availability"),
    path("spaces/<int:pk>/estimate/", Price.as_view(), name="estimate"),
    path("spaces/<int:pk>/problems/", Problems.as_view(), name="problems"),
]
