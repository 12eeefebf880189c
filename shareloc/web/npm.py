"""Serves an allow-list of files from npm packages, and one sprite of icons, as static files.

`npm/<package>/<path>` is read from node_modules; `npm/icons.svg` is put together from the icons
that Shareloc uses, because the whole set weighs over a megabyte.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Warning
from django.core.files.storage import FileSystemStorage, Storage

from .icons import ICONS

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"
SPRITE_DIR = Path(settings.VAR_DIR) / "npm"
SPRITE = "icons.svg"
PREFIX = "npm"

# Patterns of files by package, relative to the package. Manifest storage needs the maps.
ALLOWED: dict[str, tuple[str, ...]] = {
    "@fontsource/atkinson-hyperlegible": (
        "latin-400.css",
        "latin-400-italic.css",
        "latin-700.css",
        "files/*-latin-[47]00-*",
    ),
    "bootstrap": ("dist/css/bootstrap.min.css", "dist/css/bootstrap.min.css.map"),
    "htmx.org": ("dist/htmx.min.js",),
    "leaflet": ("dist/leaflet.css", "dist/leaflet.js", "dist/leaflet.js.map", "dist/images/*.png"),
}


def packages_are_installed() -> bool:
    return all((NODE_MODULES / package).is_dir() for package in (*ALLOWED, "bootstrap-icons"))


def build_sprite() -> str:
    """One SVG whose symbols bear the names of `ICONS`."""
    symbols = (_symbol(name) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(name: str) -> str:
    source = (NODE_MODULES / "bootstrap-icons" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", source).replace("\n", "")
    return f'<symbol id="{name}" viewBox="0 0 16 16">{inside.strip()}</symbol>'


def _write_sprite() -> None:
    """Write the sprite when it is missing or stale; several processes may do so at once."""
    content = build_sprite()
    target = SPRITE_DIR / SPRITE
    if target.is_file() and target.read_text(encoding="utf-8") == content:
        return
    SPRITE_DIR.mkdir(parents=True, exist_ok=True)
    draft = SPRITE_DIR / f"{SPRITE}.{os.getpid()}"
    draft.write_text(content, encoding="utf-8")
    draft.replace(target)


def _storage(folder: Path, prefix: str) -> FileSystemStorage:
    storage = FileSystemStorage(location=folder)
    # collectstatic puts each file under the prefix of its storage.
    storage.prefix = prefix  # type: ignore[attr-defined]
    return storage


def _is_allowed(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


class PackageFinder(BaseFinder):
    """Finds `npm/<package>/<path>` for the allowed files only."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        if packages_are_installed():
            return []
        return [
            Warning(
                "The front-end packages are missing or incomplete: node_modules lacks some of them.",
                hint="Run “make setup”, or “npm ci” in the project's folder.",
                id="web.W001",
            )
        ]

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        """Every allowed file with its storage; raises FileNotFoundError when packages are missing."""
        if not packages_are_installed():
            raise FileNotFoundError("node_modules lacks front-end packages: run “make setup” or “npm ci”.")
        _write_sprite()
        yield SPRITE, _storage(SPRITE_DIR, PREFIX)
        for package, patterns in ALLOWED.items():
            storage = _storage(NODE_MODULES / package, f"{PREFIX}/{package}")
            for path in _files(NODE_MODULES / package):
                if _is_allowed(path, patterns):
                    yield path, storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self._find(path.replace(os.sep, "/"))
        if find_all or kwargs.get("all"):
            return [found] if found else []
        return found or []

    def _find(self, path: str) -> str | None:
        if path == f"{PREFIX}/{SPRITE}" and packages_are_installed():
            _write_sprite()
            return str(SPRITE_DIR / SPRITE)
        for package, patterns in ALLOWED.items():
            inside = path.removeprefix(f"{PREFIX}/{package}/")
            file = NODE_MODULES / package / inside
            if inside != path and ".." not in inside and _is_allowed(inside, patterns) and file.is_file():
                return str(file)
        return None


def _files(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix()
