"""Serves an allow-list of files from npm packages as static files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
ALLOWED: tuple[str, ...] = ()


class PackageFinder(BaseFinder):
    """Finds `npm/<package>/<path>` for the allowed files only."""

    def list(self, ignore_patterns: Any) -> Iterator[Any]:
        yield from ()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        return []
