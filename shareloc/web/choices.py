"""The word for a value of a field with choices, without going through them all as Django's own does each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices


def word_of(field: str, choices: type[TextChoices]) -> Callable[[Any], str]:
    """A method for a model: `get_kind_display = word_of("kind", Kind)`. A list of rooms asks for hundreds."""
    words = dict(choices.choices)

    def display(row: Any) -> str:
        value = getattr(row, field)
        return str(words.get(value, value))

    return display
