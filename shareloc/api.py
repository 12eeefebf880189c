"""The API, version 1: its addresses, who one is, its schema and its documentation."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bookings.api.urls import urlpatterns as bookings_urls
from shareloc.accounts.api import urlpatterns as accounts_urls
from shareloc.accounts.models import Membership
from venues.api import urlpatterns as venues_urls
from venues.models import SchoolRole


class MembershipSerializer(serializers.Serializer[Membership]):
    """An organisation one belongs to."""

    id = serializers.IntegerField(source="organisation.pk", read_only=True)
    name = serializers.CharField(source="organisation.name", read_only=True)
    role = serializers.ChoiceField(choices=Membership.Role.choices, read_only=True)


class SchoolRoleSerializer(serializers.Serializer[SchoolRole]):
    """A school one works in; twice where one has two roles."""

    uai = serializers.CharField(source="school.uai", read_only=True)
    name = serializers.CharField(source="school.name", read_only=True)
    role = serializers.ChoiceField(choices=SchoolRole.Role.choices, read_only=True)


class MeSerializer(serializers.Serializer[Any]):
    """Who one is here."""

    email = serializers.EmailField(read_only=True)
    organisations = MembershipSerializer(many=True, read_only=True)
    schools = SchoolRoleSerializer(many=True, read_only=True)


class Me(APIView):
    @extend_schema(
        operation_id="me",
        summary="Qui je suis : mes organismes et mes lycées",
        tags=["me"],
        responses=MeSerializer,
    )
    def get(self, request: Request) -> Response:
        user: Any = request.user
        me = {
            "email": user.email,
            "organisations": user.memberships.select_related("organisation").order_by(
                "organisation__name", "pk"
            ),
            "schools": user.school_roles.select_related("school").order_by("school__name", "pk"),
        }
        return Response(MeSerializer(me).data)


class Schema(SpectacularAPIView):
    """JSON unless YAML is asked for; JSON is also YAML."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]


class Documentation(SpectacularSwaggerSplitView):
    """Swagger UI, from our own static files: page and script apart, as the content security policy wants."""

    url_name = "api:schema"
    template_name = "site/api_docs.html"


class NowhereToBeFound(APIView):
    """An address of the API that leads nowhere, said in the API's own way."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound(_("Cette adresse n’existe pas : voyez la documentation, /api/v1/docs/."))


app_name = "api"
urlpatterns = [
    *accounts_urls,
    path("me/", Me.as_view(), name="me"),
    *venues_urls,
    *bookings_urls,
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Documentation.as_view(), name="docs"),
    path("", RedirectView.as_view(pattern_name="api:docs")),
    re_path(r"^.*/$", NowhereToBeFound.as_view()),
]
