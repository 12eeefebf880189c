"""Pages of a list."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(rows: Any, size: int, request: HttpRequest) -> Page[Any]:
    """The page of these rows that the address asks for (`page=2`); the first or last where it makes no sense."""
    return numbered(rows, size, request.GET.get("page"))


def numbered(rows: Any, size: int, number: int | str | None) -> Page[Any]:
    """The same by its number. Rows that fit on one page are not counted besides: most lists are short."""
    paginator = Paginator(rows, size)
    if number not in (None, "", "1", 1):
        return paginator.get_page(number)
    first = list(rows[: size + 1])
    if len(first) <= size:
        paginator.count = len(first)
    return Page(first[:size], 1, paginator)
