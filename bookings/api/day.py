"""The day through the API: arrived, a problem, how it was, nobody came; equipment out and back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from shareloc.web import photos
from shareloc.web.parsers import JSONParser

from .. import policies, workflow
from ..models import BookingRequest
from ..serializers import LineSerializer
from ..workflow import Answers, Outcome, Returned
from .asking import MAX_ID, MAX_LINES
from .proposals import OneDateSerializer
from .verbs import VerbView, described


class ReportSerializer(OneDateSerializer):
    """A problem on a date."""

    text = serializers.CharField(max_length=2000, help_text="Montré à l’autre partie.")
    photo = serializers.FileField(
        required=False, allow_null=True, help_text="JPEG ou PNG ; corps `multipart/form-data`."
    )

    def validate_photo(self, photo: Any) -> Any:
        if photo is None:
            return None
        try:
            return photos.cleaned(photo, size=photo.size)
        except Invalid as error:
            raise serializers.ValidationError(error.messages, code=error.code) from error


class ReviewSerializer(OneDateSerializer):
    """How a date was; the questions on the room are left out where there was none."""

    satisfaction = serializers.IntegerField(min_value=1, max_value=5)
    left_clean = serializers.BooleanField(
        required=False, allow_null=True, help_text="Laissée propre et rangée."
    )
    left_whole = serializers.BooleanField(
        required=False, allow_null=True, help_text="Rien n’est cassé ni ne manque."
    )
    left_closed = serializers.BooleanField(
        required=False, allow_null=True, help_text="Lumières éteintes, portes fermées."
    )
    comment = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class WordSerializer(OneDateSerializer):
    """Which date, and why, if one wants to say."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ReturnedSerializer(serializers.Serializer[Any]):
    """What came back of one pool."""

    pool = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    quantity = serializers.IntegerField(min_value=0, max_value=10_000, help_text="Rendus, abîmés compris.")
    damaged = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    condition = serializers.CharField(max_length=300, required=False, allow_blank=True)


class TakeBackSerializer(OneDateSerializer):
    """What came back of a date's equipment."""

    returned: Any = serializers.ListSerializer(
        child=ReturnedSerializer(), allow_empty=False, max_length=MAX_LINES
    )

    def validate_returned(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        pools = [line["pool"] for line in lines]
        if len(set(pools)) < len(pools):
            message = ErrorDetail(str(_("Chaque matériel revient une seule fois.")), "duplicate")
            raise serializers.ValidationError([message])
        return lines


class LentDateSerializer(serializers.Serializer[Any]):
    """Where the equipment of a date is."""

    occurrence = serializers.IntegerField(source="pk", read_only=True)
    equipment = LineSerializer(many=True, read_only=True)


class Arrive(VerbView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.arrive)
    serializer_class = OneDateSerializer

    @described(
        "requests_arrive",
        "L’organisme est arrivé",
        "D’une heure avant le début (réglage) à la fin ; sinon 409 `not_now`. Une seconde fois : 409 `already_said`.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class Report(VerbView):
    may = staticmethod(policies.can_write)
    verb = staticmethod(workflow.report)
    serializer_class = ReportSerializer
    parser_classes = (JSONParser, MultiPartParser)

    def arguments(self, booking: BookingRequest, said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "side": policies.side_of(self.request.user, booking)}

    @described(
        "requests_report",
        "L’une ou l’autre partie signale un problème sur une date",
        "En JSON, ou en `multipart/form-data` avec une photo JPEG ou PNG de 10 Mo au plus (réglage), refaite sans ses "
        "données cachées.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class Review(VerbView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.review)
    serializer_class = ReviewSerializer

    def arguments(self, booking: BookingRequest, said: dict[str, Any]) -> dict[str, Any]:
        return {"occurrence": said.pop("occurrence"), "answers": Answers(**said)}

    @described(
        "requests_review",
        "L’organisme dit comment c’était",
        "Une fois par date, dans le mois qui suit (réglage) ; sinon 409 `already_said` ou `not_now`.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class NotUsed(VerbView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.not_used)
    serializer_class = WordSerializer

    @described("requests_not_used", "L’organisme dit n’être pas venu", "S’il a dit être venu : 409 `came`.")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class NoShow(VerbView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.no_show)
    serializer_class = WordSerializer

    @described(
        "requests_no_show",
        "Le lycée constate que personne n’est venu",
        "Dans la semaine qui suit (réglage) ; sinon 409 `not_now`. Si l’organisme a dit être venu : 409 `came`.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class LendingView(VerbView):
    """What everybody who works in the school does, its lodge too: answers with the equipment alone."""

    seen = staticmethod(policies.handled_requests)
    may = staticmethod(policies.can_hand_over)
    serializer_class: type[serializers.BaseSerializer[Any]] = OneDateSerializer

    def answer(self, outcome: Outcome, count: int) -> Any:
        return LentDateSerializer(outcome.done[0]).data


class HandOver(LendingView):
    verb = staticmethod(workflow.hand_over)

    @described(
        "requests_hand_over",
        "Le lycée ou sa loge remet le matériel d’une date",
        "De la veille à la fin ; sinon 409 `not_now`. Déjà remis : 409 `nothing_to_do`.",
        answer=LentDateSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class TakeBack(LendingView):
    verb = staticmethod(workflow.take_back)
    serializer_class = TakeBackSerializer

    def arguments(self, booking: BookingRequest, said: dict[str, Any]) -> dict[str, Any]:
        returned = {line.pop("pool"): Returned(**line) for line in said["returned"]}
        return {"occurrence": said["occurrence"], "returned": returned}

    @described(
        "requests_take_back",
        "Le lycée ou sa loge reprend le matériel d’une date, avec son état",
        "Ce qui manque est la différence avec ce qui était prêté. Plus que prêté : 409 `quantity`.",
        answer=LentDateSerializer,
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


urlpatterns = [
    path("requests/<reference:reference>/arrive/", Arrive.as_view(), name="arrive"),
    path("requests/<reference:reference>/report/", Report.as_view(), name="report"),
    path("requests/<reference:reference>/review/", Review.as_view(), name="review"),
    path("requests/<reference:reference>/not-used/", NotUsed.as_view(), name="not_used"),
    path("requests/<reference:reference>/no-show/", NoShow.as_view(), name="no_show"),
    path("requests/<reference:reference>/hand-over/", HandOver.as_view(), name="hand_over"),
    path("requests/<reference:reference>/take-back/", TakeBack.as_view(), name="take_back"),
]
