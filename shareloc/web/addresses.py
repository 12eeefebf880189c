"""Addresses of pages, each found once: asking Django for one costs as much as writing a line of a list."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, reverse


def path_of(name: str, *args: Any) -> str:
    """The path of a page by its name; NoReverseMatch where there is none."""
    return _path_of(get_script_prefix(), name, *args)


@lru_cache(maxsize=10_000)
def _path_of(_prefix: str, name: str, *args: Any) -> str:
    return reverse(name, args=args)
