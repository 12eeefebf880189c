"""The agreement of a request, through the API: its versions, their files, and signing one."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shareloc.web import uploads

from .. import agreements, policies
from ..models import Agreement, Signature
from .conflicts import conflicts
from .requests import REFERENCE

VERSION = OpenApiParameter(
    "version", int, OpenApiParameter.PATH, description="Numéro de version, à partir de 1."
)


class SignatureSerializer(serializers.Serializer[Signature]):
    """One party's signature."""

    side = serializers.ChoiceField(choices=Signature.Side.choices, read_only=True)
    name = serializers.CharField(read_only=True, help_text="Nom et qualité.")
    signed_at = serializers.DateTimeField(read_only=True)
    delegation = serializers.CharField(
        read_only=True, help_text="Acte cité par la signature permanente de la Région ; sinon vide."
    )


class AgreementSerializer(serializers.Serializer[Agreement]):
    """One version."""

    number = serializers.CharField(read_only=True, help_text="Le même pour toutes les versions.")
    version = serializers.IntegerField(read_only=True)
    generated_at = serializers.DateTimeField(read_only=True)
    digest = serializers.CharField(read_only=True, help_text="SHA-256 du fichier, en hexadécimal.")
    signatures = SignatureSerializer(many=True, read_only=True)


class SignSerializer(serializers.Serializer[Any]):
    """Who signs, for whom."""

    side = serializers.ChoiceField(choices=Signature.Side.choices, help_text="La partie engagée.")
    name = serializers.CharField(max_length=100, help_text="Prénom et nom.")
    capacity = serializers.CharField(max_length=90, help_text="Qualité, par exemple présidente.")
    agreed = serializers.BooleanField(help_text="`true` : la convention a été lue et vaut engagement.")

    def validate_agreed(self, agreed: bool) -> bool:
        if not agreed:
            raise serializers.ValidationError(_("Signer, c’est dire oui."), "not_agreed")
        return agreed


def _versions(user: Any, reference: str) -> Any:
    """The versions of the agreement of a request this person may see, the newest first; else 404."""
    booking = policies.visible_requests(user).filter(reference=reference).first()
    if booking is None:
        raise Http404
    return booking.agreements.prefetch_related("signatures").order_by("-version")


def _version(user: Any, reference: str, version: int) -> Agreement:
    found: Agreement | None = (
        _versions(user, reference)
        .select_related("request__organisation", "request__school")
        .filter(version=version)
        .first()
    )
    if found is None:
        raise Http404
    return found


class Agreements(generics.ListAPIView[Agreement]):
    serializer_class = AgreementSerializer
    queryset = Agreement.objects.none()

    def get_queryset(self) -> Any:
        return _versions(self.request.user, self.kwargs["reference"])

    @extend_schema(
        operation_id="requests_agreements_list",
        summary="Les versions de la convention d’une demande, la plus récente d’abord",
        description="Établie après l’accord du lycée ; une nouvelle version quand les dates acceptées changent.",
        tags=["requests"],
        parameters=[REFERENCE],
    )
    def get(self, request: Request, reference: str) -> Response:
        return self.list(request)


class AgreementFile(APIView):
    @extend_schema(
        operation_id="requests_agreements_pdf",
        summary="Le PDF d’une version, tel qu’il est signé",
        tags=["requests"],
        parameters=[REFERENCE, VERSION],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, reference: str, version: int) -> FileResponse:
        agreement = _version(request.user, reference, version)
        return uploads.attached(
            agreement.file, name=f"convention-{agreement}.pdf", content_type="application/pdf"
        )


class Sign(generics.GenericAPIView[Agreement]):
    serializer_class = SignSerializer
    queryset = Agreement.objects.none()

    @extend_schema(
        operation_id="requests_agreements_sign",
        summary="Signer une version au nom d’une partie",
        description=(
            "Tout membre signe pour l’organisme ; le chef d’établissement pour le lycée, ou un gestionnaire si aucun chef "
            "n’a de compte ; un agent pour la Région, là où elle n’a pas donné de signature permanente."
        ),
        tags=["requests"],
        parameters=[REFERENCE, VERSION],
        responses={
            201: AgreementSerializer,
            403: OpenApiResponse(
                description="On voit cette convention, mais on ne signe pas pour cette partie"
            ),
            409: OpenApiResponse(description="`superseded`, `dates_changed` ou `already_signed`"),
        },
    )
    def post(self, request: Request, reference: str, version: int) -> Response:
        agreement = _version(request.user, reference, version)
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = {name: asked.validated_data[name] for name in ("side", "name", "capacity")}
        if said["side"] not in policies.signs_for(request.user, agreement.request):
            raise PermissionDenied(
                _("Vous voyez cette convention, mais ce n’est pas à vous de la signer ainsi.")
            )
        with conflicts():
            agreements.sign(agreement, by=request.user, **said)
        signed = _version(request.user, reference, version)
        return Response(AgreementSerializer(signed).data, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("requests/<reference:reference>/agreements/", Agreements.as_view(), name="agreements"),
    path(
        "requests/<reference:reference>/agreements/<int:version>/pdf/",
        AgreementFile.as_view(),
        name="agreement_pdf",
    ),
    path(
        "requests/<reference:reference>/agreements/<int:version>/sign/", Sign.as_view(), name="agreement_sign"
    ),
]
