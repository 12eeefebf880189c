"""Where uploaded and generated files lie: under names that say nothing and cannot be guessed."""

from __future__ import annotations

import secrets
from pathlib import PurePosixPath
from typing import Any

from django.utils.deconstruct import deconstructible


@deconstructible
class RandomName:
    """An `upload_to`: `folder/<128 random bits>.<ending>`, whatever the file was called.

    The ending is kept only where it is short and plain; what a file is, its content says.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: Any, filename: str) -> str:
        ending = PurePosixPath(filename).suffix.lower()
        plain = ending[1:].isalnum() and ending.isascii() and len(ending) <= 5
        return f"{self.folder}/{secrets.token_hex(16)}{ending if plain else ''}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RandomName) and other.folder == self.folder

    __hash__ = None  # type: ignore[assignment]
