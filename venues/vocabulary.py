"""The words people filter by: features of spaces and kinds of equipment, read together."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import CharField, Value

from .models import EquipmentKind, Feature

Choices = list[tuple[str, str]]


class Vocabulary(NamedTuple):
    """(slug, French name) pairs in their order."""

    features: Choices
    equipment: Choices


def load() -> Vocabulary:
    """Both lists in one statement."""
    columns = ("source", "position", "name", "slug")
    features = Feature.objects.annotate(source=Value("feature", CharField())).values_list(*columns)
    kinds = EquipmentKind.objects.annotate(source=Value("kind", CharField())).values_list(*columns)
    found = Vocabulary([], [])
    for source, _position, name, slug in sorted(features.order_by().union(kinds.order_by(), all=True)):
        (found.features if source == "feature" else found.equipment).append((slug, name))
    return found
