"""Another place for a date, through the API: offered by the school, or asked for by the organisation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from venues.periods import Period

from .. import policies, workflow
from ..models import BookingRequest, Occurrence
from ..problems import Line
from ..workflow import DraftDate
from .asking import (
    MAX_ID,
    MAX_LINES,
    AskedDateSerializer,
    AskedLineSerializer,
    MomentField,
    lines_of,
    space_of,
)
from .verbs import DatesSerializer, VerbView, described

MAX_SPACES = 20


class PlaceSerializer(AskedDateSerializer):
    """Where and when a date is to be instead; what is left out stays as it is."""

    occurrence = serializers.IntegerField(min_value=1, max_value=MAX_ID, help_text="Date de la demande.")
    start = MomentField(required=False, help_text="Avec son décalage ; avec `end`, ou aucun des deux.")
    end = MomentField(required=False, help_text="Après `start`, 60 jours au plus.")
    spaces = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        required=False,
        max_length=MAX_SPACES,
        help_text="Numéros de salles du même lycée ; absent : les mêmes.",
    )
    equipment: Any = serializers.ListSerializer(
        child=AskedLineSerializer(), required=False, max_length=MAX_LINES, help_text="Absent : le même."
    )
    message = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "start" not in attrs and "end" not in attrs:
            return attrs
        for name in ("start", "end"):
            if name not in attrs:
                raise ValidationError(
                    {name: [ErrorDetail(str(_("Donnez les deux heures, ou aucune.")), "required")]}
                )
        return super().validate(attrs)

    def validate_spaces(self, spaces: list[int]) -> list[int]:
        return list(dict.fromkeys(spaces))


class OfferSerializer(PlaceSerializer):
    """What the school offers instead."""

    expires_at = MomentField(
        required=False,
        help_text="Jusqu’à quand la salle est gardée ; absent : le délai de la Région. Jamais après le début.",
    )


class OneDateSerializer(serializers.Serializer[Any]):
    """Which date."""

    occurrence = serializers.IntegerField(min_value=1, max_value=MAX_ID, help_text="Date de la demande.")


class RefusedMoveSerializer(OneDateSerializer):
    """Which date, and why it stays."""

    reason = serializers.CharField(max_length=500, help_text="Montré à l’organisme.")


class DeclineSerializer(DatesSerializer):
    """Which offers, and why, if one wants to say."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class PlaceView(VerbView):
    """A verb that speaks of another place for a date."""

    extra: ClassVar[tuple[str, ...]] = ()

    def arguments(self, booking: BookingRequest, said: dict[str, Any]) -> dict[str, Any]:
        given = {name: said[name] for name in ("occurrence", "message", *self.extra) if name in said}
        return {**given, "to": _place(booking, said, self.request.user)}


def _place(booking: BookingRequest, said: dict[str, Any], by: Any) -> DraftDate:
    """The place described, filled up with what the date is now."""
    date = _date(booking, said["occurrence"])
    spaces = tuple(date.spaces.all())
    if "spaces" in said:
        spaces = tuple(space_of(pk, by, "spaces") for pk in said["spaces"])
    lines = tuple(Line(line.pool, line.quantity) for line in date.equipment.all())
    if "equipment" in said:
        lines = lines_of(said["equipment"], booking.school_id)
    period = Period(said["start"], said["end"]) if "start" in said else date.period
    return DraftDate(period, spaces, lines)


def _date(booking: BookingRequest, pk: int) -> Occurrence:
    dates = booking.occurrences.prefetch_related("spaces__school", "equipment__pool__kind")
    date = dates.filter(pk=pk).first()
    if date is None:
        raise ValidationError(
            {"occurrence": [ErrorDetail(str(_("Cette date n’est pas de la demande.")), "unknown_dates")]}
        )
    return date


class Offer(PlaceView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.offer)
    serializer_class = OfferSerializer
    extra = ("expires_at",)

    @described(
        "requests_offer",
        "Le lycée propose autre chose pour une date : autre heure, autre salle",
        "La date prend la place proposée, que des prises gardent jusqu’à l’échéance. Place occupée : 409 `not_free`. "
        "Une date acceptée peut aussi être proposée ailleurs, quand le lycée a besoin de la salle.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class AcceptOffer(VerbView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.accept_offer)

    @described(
        "requests_accept_offer",
        "L’organisme accepte ce que le lycée propose",
        "Toutes les propositions, ou celles des dates choisies. Échéance passée : 409 `offer_expired`.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class DeclineOffer(VerbView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.decline_offer)
    serializer_class = DeclineSerializer

    @described("requests_decline_offer", "L’organisme décline ce que le lycée propose : la salle est libérée")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class AskMove(PlaceView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.ask_move)
    serializer_class = PlaceSerializer

    @described(
        "requests_ask_move",
        "L’organisme demande à déplacer une date acceptée",
        "La date reste où elle est, réservée, jusqu’à la réponse du lycée. Demander encore remplace.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class ApproveMove(VerbView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.approve_move)
    serializer_class = OneDateSerializer

    @described("requests_approve_move", "Le lycée accepte le déplacement demandé", "Occupé : 409 `not_free`.")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class RefuseMove(VerbView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.refuse_move)
    serializer_class = RefusedMoveSerializer

    @described("requests_refuse_move", "Le lycée refuse le déplacement demandé : la date reste où elle est")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


urlpatterns = [
    path("requests/<reference:reference>/offer/", Offer.as_view(), name="offer"),
    path("requests/<reference:reference>/accept-offer/", AcceptOffer.as_view(), name="accept_offer"),
    path("requests/<reference:reference>/decline-offer/", DeclineOffer.as_view(), name="decline_offer"),
    path("requests/<reference:reference>/ask-move/", AskMove.as_view(), name="ask_move"),
    path("requests/<reference:reference>/approve-move/", ApproveMove.as_view(), name="approve_move"),
    path("requests/<reference:reference>/refuse-move/", RefuseMove.as_view(), name="refuse_move"),
]
