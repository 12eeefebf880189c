"""How the API describes itself: filters as parameters, errors of every address, nothing of the code's own notes."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema as BaseAutoSchema
from drf_spectacular.plumbing import build_parameter_type

from bookings.filters import QuantitiesFilter, WholeFilter
from venues.filters import PointFilter


class AutoSchema(BaseAutoSchema):
    """Operations say what is written for their readers, never a docstring."""

    def get_description(self) -> str:  # type: ignore[override]
        return ""


# -- filters as parameters ----------------------------------------------------------------------


class FilterExtension(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Describes each filter by what its form field accepts."""

    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> list[dict[str, Any]]:
        schema = _schema_of(filter_field)
        is_many = schema["type"] == "array"
        return [
            build_parameter_type(
                name=field_name,
                location="query",
                description=str(filter_field.extra.get("help_text") or filter_field.label),
                schema=schema,
                required=bool(filter_field.extra["required"]),
                explode=True if is_many else None,
                style="form" if is_many else None,
            )
        ]


# No examples: the documentation's page would send them all together.
SIMPLE: dict[type, dict[str, Any]] = {
    PointFilter: {"type": "string"},
    filters.BooleanFilter: {"type": "boolean"},
    filters.DateFilter: {"type": "string", "format": "date"},
    filters.TimeFilter: {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    QuantitiesFilter: {"type": "array", "items": {"type": "string"}},
}


def _schema_of(found: Any) -> dict[str, Any]:
    extra = found.extra
    for kind, schema in SIMPLE.items():
        if isinstance(found, kind):
            return dict(schema)
    if isinstance(found, filters.NumberFilter):
        bounds = {"minimum": extra.get("min_value"), "maximum": extra.get("max_value")}
        number = "integer" if isinstance(found, WholeFilter) else "number"
        return {"type": number, **{name: bound for name, bound in bounds.items() if bound is not None}}
    if isinstance(found, filters.MultipleChoiceFilter):
        choices = [code for code, _label in extra["choices"]]
        return {"type": "array", "items": {"type": "string", **({"enum": choices} if choices else {})}}
    if isinstance(found, filters.ChoiceFilter):
        return {"type": "string", "enum": [code for code, _label in extra["choices"]]}
    return {"type": "string", "maxLength": extra["max_length"]}


# -- errors -------------------------------------------------------------------------------------

ERROR: dict[str, Any] = {
    "type": "object",
    "description": "Une erreur : un code stable, une phrase, et s’il y a lieu les champs en cause.",
    "required": ["code", "detail", "errors"],
    "properties": {
        "code": {"type": "string", "description": "Stable, pour les programmes."},
        "detail": {"type": "string", "description": "Pour les personnes : ce qui ne va pas et que faire."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "Chemin pointé : `dates.0.end` ; vide si l’erreur tient à l’ensemble.",
                    },
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "example": {
        "code": "invalid",
        "detail": "La fin vient après le début.",
        "errors": [
            {"field": "dates.0.end", "code": "end_before_start", "message": "La fin vient après le début."}
        ],
    },
}
DESCRIPTIONS = {
    "400": "Mal formé ou impossible : chaque champ en cause est dit",
    "401": "Il faut un jeton, ou celui-ci ne vaut plus rien",
    "403": "Pas permis, ou jeton CSRF manquant pour une session de navigateur",
    "404": "N’existe pas, ou pas pour vous",
    "415": "Envoyez du JSON",
    "429": "Trop d’appels : l’en-tête Retry-After dit combien de secondes attendre",
}
CHANGING = {"post", "put", "patch", "delete"}


def describe_errors(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Give every operation its likely errors, all of one form; take the code's own notes away."""
    schemas = result["components"]["schemas"]
    for schema in schemas.values():
        if schema.get("type") == "object":
            # A serializer's docstring, for its programmers.
            schema.pop("description", None)
    schemas["Error"] = ERROR
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                parameter.setdefault("description", "Numéro.")
            for status in _likely(method, operation):
                operation["responses"].setdefault(status, {"description": DESCRIPTIONS[status]})
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")):
                    response["content"] = {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                    }
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _likely(method: str, operation: dict[str, Any]) -> list[str]:
    """Which refusals an operation may answer."""
    places = {parameter["in"] for parameter in operation.get("parameters", [])}
    likely = ["429"]
    if places & {"query", "header"} or "requestBody" in operation:
        likely.append("400")
    if "security" in operation:
        likely.append("401")
    if method in CHANGING:
        likely += ["403", "415"]
    # A page beyond the last one does not exist either.
    if places & {"path"} or "page" in {parameter["name"] for parameter in operation.get("parameters", [])}:
        likely.append("404")
    return likely
