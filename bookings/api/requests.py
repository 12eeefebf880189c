"""The API of requests: send one, list, read, and the verbs of both sides."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import Http404
from django.urls import path, register_converter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from shareloc.web.api import Conflict

from .. import policies, workflow
from ..filters import ManyFilter
from ..models import BookingRequest, Proposal
from ..serializers import RequestDetailSerializer, RequestSerializer, Told, tell
from ..states import RequestState
from ..workflow import Draft
from .asking import MAX_ID, AskedRequestSerializer, draft_of, key_of
from .conflicts import conflicts


class ReferenceConverter:
    """A reference in an address, in either case."""

    regex = "[Rr]-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")
REFERENCE = OpenApiParameter(
    "reference",
    str,
    OpenApiParameter.PATH,
    description="Par exemple R-7K2M-9QXD.",
    pattern="^R-[0-9A-Z]{4}-[0-9A-Z]{4}$",
)


def loaded(user: Any) -> Any:
    """The requests this person may see, with all that is told of them: constant number of statements."""
    return policies.visible_requests(user).with_dates()


class RequestFilter(filters.FilterSet):
    """Which requests are listed."""

    state = ManyFilter(choices=RequestState.choices, label=_("État"))
    school = filters.CharFilter(
        field_name="school__uai", lookup_expr="iexact", label=_("UAI du lycée"), max_length=8
    )
    organisation = filters.NumberFilter(
        field_name="organisation_id",
        label=_("Numéro de l’organisme"),
        min_value=1,
        max_value=MAX_ID,
        decimal_places=0,
    )

    class Meta:
        model = BookingRequest
        fields: list[str] = []


EXAMPLE = OpenApiExample(
    "Deux soirs",
    value={
        "space": 12,
        "organisation": 3,
        "purpose": "Répétition de la chorale",
        "attendees": 25,
        "dates": [
            {"start": "2026-11-05T18:30:00+01:00", "end": "2026-11-05T20:30:00+01:00"},
            {"start": "2026-11-12T18:30:00+01:00", "end": "2026-11-12T20:30:00+01:00"},
        ],
        "equipment": [{"pool": 7, "quantity": 25}],
    },
    request_only=True,
)


class Requests(generics.ListAPIView[BookingRequest]):
    """Requests of one's organisations and to one's schools; for the Région, all."""

    serializer_class = RequestSerializer
    queryset = BookingRequest.objects.none()
    filter_backends = [DjangoFilterBackend]
    filterset_class = RequestFilter

    def get_queryset(self) -> Any:
        return loaded(self.request.user).newest_first()

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        assert page is not None
        return tell([(one, one.occurrences.all()) for one in page], now=timezone.now(), suggest=False)

    @extend_schema(
        operation_id="requests_list",
        summary="Les demandes que je peux voir, la plus récente d’abord",
        tags=["requests"],
    )
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="requests_create",
        summary="Envoyer une demande",
        description=(
            "Ce qui est mal formé ou impossible est refusé (400) ; tout le reste est enregistré, avec les objections "
            "à chaque date. La même clé `Idempotency-Key` rend la même demande ; avec un autre contenu, 409 "
            "`idempotency_key_reused`."
        ),
        tags=["requests"],
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="Au choix de qui appelle, 100 caractères au plus : un envoi répété ne fait qu’une demande.",
            )
        ],
        request=AskedRequestSerializer,
        responses={
            201: RequestSerializer,
            403: OpenApiResponse(description="Cet organisme n’est pas le vôtre"),
            409: OpenApiResponse(description="`idempotency_key_reused`"),
        },
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        key = key_of(request.headers.get("Idempotency-Key"))
        asked = AskedRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        draft = draft_of(asked.validated_data, by=request.user, idempotency_key=key)
        with conflicts():
            sent = workflow.submit(draft, by=request.user)
        booking = loaded(request.user).get(pk=sent.pk)
        _refuse_reused(booking, draft)
        told = tell([(booking, booking.occurrences.all())], now=timezone.now())
        shown = RequestSerializer(told[0], context=self.get_serializer_context()).data
        return Response(shown, status=status.HTTP_201_CREATED)


def _refuse_reused(booking: BookingRequest, draft: Draft) -> None:
    """A key sent again with something else in it would hide that nothing was asked for."""
    if _content(booking) != (
        draft.organisation.pk,
        draft.purpose,
        draft.attendees,
        sorted((*date.period, sorted(space.pk for space in date.spaces)) for date in draft.dates),
    ):
        raise Conflict(
            _("Cette clé Idempotency-Key a déjà servi à la demande %(reference)s : prenez-en une autre.")
            % {"reference": booking.reference},
            "idempotency_key_reused",
        )


def _content(booking: BookingRequest) -> tuple[Any, ...]:
    dates = sorted(
        (date.start_at, date.end_at, sorted(space.pk for space in date.spaces.all()))
        for date in booking.occurrences.all()
    )
    return booking.organisation_id, booking.purpose, booking.attendees, dates


class OneRequest(generics.GenericAPIView[BookingRequest]):
    queryset = BookingRequest.objects.none()

    @extend_schema(
        operation_id="requests_retrieve",
        summary="Une demande, ses dates, leurs objections et ce qui s’est passé",
        tags=["requests"],
        parameters=[REFERENCE],
        responses=RequestDetailSerializer,
    )
    def get(self, request: Request, reference: str) -> Response:
        booking = loaded(request.user).filter(reference=reference).first()
        if booking is None:
            raise Http404
        told = tell([(booking, booking.occurrences.all())], now=timezone.now())[0]
        journal = list(booking.journal.select_related("actor"))
        proposals = Proposal.objects.open().filter(occurrence__request=booking).prefetch_related("spaces")
        shown = Told(told.request, told.dates, journal, list(proposals))
        return Response(RequestDetailSerializer(shown, context=self.get_serializer_context()).data)


urlpatterns = [
    path("requests/", Requests.as_view(), name="requests"),
    path("requests/<reference:reference>/", OneRequest.as_view(), name="request"),
]
