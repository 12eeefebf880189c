"""What both sides do to a request through the API: one address a verb, each answers with the request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from .. import policies, workflow
from ..models import BookingRequest, Occurrence
from ..serializers import RequestSerializer, tell
from ..workflow import Outcome
from .asking import MAX_ID
from .conflicts import conflicts
from .requests import REFERENCE

# Longer than any request: what has more entries is not a list of its dates.
MAX_NAMED = 1000
RESPONSES = {
    200: RequestSerializer,
    400: OpenApiResponse(description="Mal formé, ou `unknown_dates` : ces dates ne sont pas de la demande"),
    403: OpenApiResponse(description="On voit cette demande, mais ce n’est pas à soi de le faire"),
    409: OpenApiResponse(
        description="L’état des choses l’interdit : `nothing_free`, `already_decided`, `forbidden_now`, `nothing_to_do`, "
        "`not_free`, `offer_expired`, `taken`, `not_now`, `already_said`, `came`, `quantity`, `equipment_out`"
    ),
}


class DatesSerializer(serializers.Serializer[Any]):
    """Which dates; omitted or null, all of them."""

    occurrences = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=MAX_NAMED,
        help_text="Dates de la demande ; absent : toutes.",
    )


class ReasonSerializer(DatesSerializer):
    """Which dates, and why."""

    reason = serializers.CharField(max_length=500, help_text="Montré à l’autre partie.")


class WithdrawSerializer(serializers.Serializer[Any]):
    """Why, if one wants to say."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class VerbView(generics.GenericAPIView[BookingRequest]):
    """Find the request, ask leave, read the body, act, tell."""

    queryset = BookingRequest.objects.none()
    serializer_class: type[serializers.BaseSerializer[Any]] = DatesSerializer
    # Which requests exist for somebody, and whether they may do this to one.
    seen: Callable[[Any], Any] = staticmethod(policies.visible_requests)
    may: Callable[[Any, BookingRequest], bool]
    verb: Callable[..., Outcome]

    def arguments(self, booking: BookingRequest, said: dict[str, Any]) -> dict[str, Any]:
        """What the verb is called with, from what was said."""
        return said

    def act(self, request: Request, reference: str) -> Response:
        booking = type(self).seen(request.user).with_summary().filter(reference=reference).first()
        if booking is None:
            raise Http404
        if not type(self).may(request.user, booking):
            raise PermissionDenied(_("Vous voyez cette demande, mais ce n’est pas à vous de le faire."))
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with conflicts():
            outcome = type(self).verb(
                booking, by=request.user, **self.arguments(booking, asked.validated_data)
            )
        return Response(self.answer(outcome, booking.dates))

    def answer(self, outcome: Outcome, count: int) -> Any:
        """The request as it is now, with its `count` dates."""
        told = tell([(outcome.request, _dates(outcome, count))], now=timezone.now())[0]
        return RequestSerializer(told, context=self.get_serializer_context()).data


def _dates(outcome: Outcome, count: int) -> list[Occurrence]:
    """All `count` dates of the request: read again only if the verb left some alone."""
    seen = [*outcome.done, *(date for date, _why in outcome.left)]
    if len(seen) == count:
        return seen
    return list(_all_dates(outcome.request))


def _all_dates(request: BookingRequest) -> Any:
    return request.occurrences.prefetch_related("spaces__school", "equipment__pool__kind")


def described(operation_id: str, summary: str, description: str = "", answer: Any = None) -> Any:
    """The schema of a verb; `answer` is what it answers with, if not with the request."""
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=description,
        tags=["requests"],
        parameters=[REFERENCE],
        responses={**RESPONSES, 200: answer or RequestSerializer},
    )


class Approve(VerbView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.approve)

    @described(
        "requests_approve",
        "Le lycée accepte toutes les dates libres, ou celles qu’il choisit",
        "Les dates qui ne sont pas libres restent en attente, avec leurs objections. Une date choisie est acceptée "
        "malgré les règles que le lycée peut lever. Rien de libre : 409 `nothing_free`.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class Refuse(VerbView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.refuse)
    serializer_class = ReasonSerializer

    @described(
        "requests_refuse", "Le lycée refuse les dates en attente, ou celles qu’il choisit, avec le motif"
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class Withdraw(VerbView):
    may = staticmethod(policies.can_withdraw)
    verb = staticmethod(workflow.withdraw)
    serializer_class = WithdrawSerializer

    @described("requests_withdraw", "L’organisme retire ce qui n’est pas encore décidé")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class Cancel(VerbView):
    may = staticmethod(policies.can_cancel)
    verb = staticmethod(workflow.cancel)
    serializer_class = ReasonSerializer

    @described("requests_cancel", "L’une ou l’autre partie annule des dates acceptées à venir, avec le motif")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


urlpatterns = [
    path("requests/<reference:reference>/approve/", Approve.as_view(), name="approve"),
    path("requests/<reference:reference>/refuse/", Refuse.as_view(), name="refuse"),
    path("requests/<reference:reference>/withdraw/", Withdraw.as_view(), name="withdraw"),
    path("requests/<reference:reference>/cancel/", Cancel.as_view(), name="cancel"),
]
