"""An organisation's documents through the API: list, deposit, read, download, take off."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import ErrorDetail, PermissionDenied, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shareloc.accounts import documents
from shareloc.accounts.forms import DOCUMENT_FORMS, DocumentForm
from shareloc.accounts.models import Document, Organisation
from shareloc.accounts.policies import can_deposit_for, can_remove_document

from .. import policies
from .asking import MAX_ID

ORGANISATION = OpenApiParameter(
    "id", int, OpenApiParameter.PATH, description="Numéro de l’organisme, donné par `me/`."
)
ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Numéro de la pièce.")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A document on file."""

    kind = serializers.ChoiceField(choices=Document.Kind.choices, read_only=True)
    standing = serializers.SerializerMethodField(help_text="Où elle en est aujourd’hui.")
    has_file = serializers.SerializerMethodField(help_text="Si son fichier peut être téléchargé.")

    class Meta:
        model = Document
        fields = (
            "id", "kind", "insurer", "policy_number", "cover_amount", "valid_from", "valid_until",
            "standing", "has_file", "content_type", "size", "created_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_standing(self, document: Document) -> documents.Standing:
        return documents.rows([document])[0].standing

    def get_has_file(self, document: Document) -> bool:
        return bool(document.file)


class DepositSerializer(serializers.Serializer[Any]):
    """What is deposited; the form of the page judges it. Statutes are a file and nothing else."""

    kind = serializers.ChoiceField(choices=Document.Kind.choices, help_text="Nature de la pièce.")
    file = serializers.FileField(help_text="PDF, JPEG ou PNG, jugé à son contenu.")
    insurer = serializers.CharField(required=False, help_text="Exigé pour une attestation d’assurance.")
    policy_number = serializers.CharField(required=False, help_text="Exigé pour une attestation d’assurance.")
    cover_amount = serializers.IntegerField(required=False, help_text="Montant garanti, en euros.")
    valid_from = serializers.DateField(required=False, help_text="Exigé pour une attestation d’assurance.")
    valid_until = serializers.DateField(
        required=False, help_text="Jour inclus ; exigé pour une attestation d’assurance."
    )


class Documents(generics.ListAPIView[Document]):
    """What an organisation has on file, and a way to add to it."""

    serializer_class = DocumentSerializer
    parser_classes = [MultiPartParser]
    queryset = Document.objects.none()

    def _organisation(self) -> Organisation:
        """The one whose documents this person may list; else 404."""
        pk = self.kwargs["pk"]
        organisation = Organisation.objects.filter(pk=pk).first() if pk <= MAX_ID else None
        if organisation is None or not policies.can_read_documents_of(self.request.user, organisation):
            raise Http404
        return organisation

    def get_queryset(self) -> Any:
        return self._organisation().documents.on_file()

    @extend_schema(
        operation_id="organisations_documents_list",
        summary="Les pièces au dossier d’un organisme",
        description="Pour ses membres, les lycées à qui il a demandé une salle, et la Région.",
        tags=["organisations"],
        parameters=[ORGANISATION],
    )
    def get(self, request: Request, pk: int) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="organisations_documents_create",
        summary="Déposer une pièce au dossier d’un organisme",
        description="Pour ses membres. La pièce vaut pour tous les lycées.",
        tags=["organisations"],
        parameters=[ORGANISATION],
        request={"multipart/form-data": DepositSerializer},
        responses={
            201: DocumentSerializer,
            403: OpenApiResponse(description="On peut lire ce dossier, mais on n’y dépose pas"),
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        organisation = self._organisation()
        if not can_deposit_for(request.user, organisation):
            raise PermissionDenied(_("Seuls les membres de l’organisme déposent des pièces à son dossier."))
        form = _form(request, organisation)
        document = documents.deposit(form.save(commit=False), by=request.user)  # type: ignore[arg-type]
        return Response(DocumentSerializer(document).data, status=status.HTTP_201_CREATED)


def _form(request: Request, organisation: Organisation) -> DocumentForm:
    """The form of that kind, filled and valid; ValidationError says field by field what is not."""
    sent: Any = request.data
    kind = serializers.ChoiceField(choices=Document.Kind.choices)
    try:
        form_class = DOCUMENT_FORMS[kind.run_validation(sent.get("kind", serializers.empty))]
    except ValidationError as error:
        raise ValidationError({"kind": error.detail}) from error
    form = form_class(sent, request.FILES, instance=Document(organisation=organisation))
    if not form.is_valid():
        raise ValidationError(
            {
                name: [
                    ErrorDetail(" ".join(error.messages), error.code or "invalid")
                    for error in found.as_data()
                ]
                for name, found in form.errors.items()
            }
        )
    return form


def _readable(request: Request, pk: int) -> Document:
    """A document this person may read; else 404."""
    if pk > MAX_ID:
        raise Http404
    document: Document = get_object_or_404(policies.visible_documents(request.user), pk=pk)
    return document


class OneDocument(APIView):
    @extend_schema(
        operation_id="documents_retrieve",
        summary="Une pièce d’un dossier",
        tags=["organisations"],
        parameters=[ID],
        responses=DocumentSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        return Response(DocumentSerializer(_readable(request, pk)).data)

    @extend_schema(
        operation_id="documents_destroy",
        summary="Retirer une pièce du dossier",
        description=(
            "Pour les responsables de l’organisme, et qui l’a déposée. Elle ne compte plus ; les lycées qui s’y sont "
            "fiés peuvent encore la lire."
        ),
        tags=["organisations"],
        parameters=[ID],
        request=None,
        responses={
            204: OpenApiResponse(description="Retirée"),
            403: OpenApiResponse(description="On la voit, mais on ne la retire pas"),
        },
    )
    def delete(self, request: Request, pk: int) -> Response:
        document = _readable(request, pk)
        if not can_remove_document(request.user, document):
            raise PermissionDenied(_("Seuls les responsables de l’organisme retirent une pièce du dossier."))
        documents.remove(document)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DocumentFile(APIView):
    @extend_schema(
        operation_id="documents_file",
        summary="Le fichier d’une pièce",
        description="En pièce jointe, jamais à afficher ; 404 si la pièce n’a pas de fichier.",
        tags=["organisations"],
        parameters=[ID],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        return documents.attached(_readable(request, pk))


urlpatterns = [
    path("organisations/<int:pk>/documents/", Documents.as_view(), name="organisation_documents"),
    path("documents/<int:pk>/", OneDocument.as_view(), name="document"),
    path("documents/<int:pk>/file/", DocumentFile.as_view(), name="document_file"),
]
