"""Words about a request, through the API: messages, and the information a decision needs."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from .. import policies, workflow
from ..models import BookingRequest, Message
from ..serializers import MessageSerializer
from .conflicts import conflicts
from .requests import REFERENCE
from .verbs import VerbView, described


class TextSerializer(serializers.Serializer[Any]):
    """What is said to the other side."""

    text = serializers.CharField(max_length=4000, help_text="Montré à l’autre partie.")


class AskInformation(VerbView):
    may = staticmethod(policies.can_decide)
    verb = staticmethod(workflow.ask_information)
    serializer_class = TextSerializer

    @described(
        "requests_ask_information",
        "Le lycée demande une précision avant de décider",
        "Le délai de la réponse promise s’arrête jusqu’à celle de l’organisme.",
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class AnswerInformation(VerbView):
    may = staticmethod(policies.can_answer)
    verb = staticmethod(workflow.answer_information)
    serializer_class = TextSerializer

    @described("requests_answer_information", "L’organisme donne la précision : le délai du lycée reprend")
    def post(self, request: Request, reference: str) -> Response:
        return self.act(request, reference)


class Messages(generics.ListAPIView[Message]):
    """What both sides wrote, and a way to write."""

    serializer_class = MessageSerializer
    queryset = Message.objects.none()

    def _booking(self) -> BookingRequest:
        seen = policies.visible_requests(self.request.user)
        booking: BookingRequest | None = seen.filter(reference=self.kwargs["reference"]).first()
        if booking is None:
            raise Http404
        return booking

    def get_queryset(self) -> Any:
        return self._booking().messages.select_related("author")

    @extend_schema(
        operation_id="requests_messages_list",
        summary="Les messages d’une demande, le plus ancien d’abord",
        tags=["requests"],
        parameters=[REFERENCE],
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="requests_messages_create",
        summary="Écrire à l’autre partie",
        description="Les membres de l’organisme écrivent au lycée, ceux qui y décident à l’organisme ; la Région lit.",
        tags=["requests"],
        parameters=[REFERENCE],
        request=TextSerializer,
        responses={
            201: MessageSerializer,
            403: OpenApiResponse(description="On voit cette demande, mais on n’y écrit pas"),
        },
    )
    def post(self, request: Request, reference: str) -> Response:
        booking = self._booking()
        side = policies.side_of(request.user, booking)
        if side is None:
            raise PermissionDenied(_("Vous voyez cette demande, mais ce n’est pas à vous d’y écrire."))
        said = TextSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        with conflicts():
            workflow.write_message(booking, by=request.user, side=side, text=said.validated_data["text"])
        written = booking.messages.select_related("author").order_by("pk").last()
        return Response(MessageSerializer(written).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("requests/<reference:reference>/messages/", Messages.as_view(), name="messages"),
    path("requests/<reference:reference>/ask-information/", AskInformation.as_view(), name="ask_information"),
    path(
        "requests/<reference:reference>/answer-information/",
        AnswerInformation.as_view(),
        name="answer_information",
    ),
]
