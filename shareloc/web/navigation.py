"""The entries of the header and footer. Rooms above register theirs; an entry whose address does not exist is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


def everyone(user: Any) -> bool:
    return True


def nobody(user: Any) -> bool:
    return False


@dataclass(frozen=True)
class Entry:
    """A place to go. `shown` answers for a user, signed in or not."""

    url_name: str
    label: str | Promise
    icon: str = ""
    shown: Callable[[Any], bool] = everyone
    # Something within the page (`#…`).
    anchor: str = ""
    # Names of pages that belong there, though their addresses lie elsewhere.
    also: tuple[str, ...] = ()
    # Whose work begins there: where they come to by signing in.
    begins: Callable[[Any], bool] = nobody


@dataclass(frozen=True)
class Link:
    """An entry as one visitor sees it on one page."""

    url: str
    label: str | Promise
    icon: str
    is_current: bool


HEADER: list[Entry] = []
FOOTER: list[Entry] = []


def links(entries: Sequence[Entry], request: HttpRequest) -> list[Link]:
    """The links that exist and concern this visitor, in the order given."""
    user = getattr(request, "user", None)
    found = ((entry, _address(entry)) for entry in entries)
    shown = [(entry, url) for entry, url in found if url and entry.shown(user)]
    current = _owner(request, shown) or _current(request.path, [url for _, url in shown])
    return [
        Link(url + entry.anchor, entry.label, entry.icon, is_current=url == current) for entry, url in shown
    ]


def beginning(user: Any) -> str | None:
    """Where somebody's work begins, by the first entry that says so; nothing if none does."""
    addresses = (_address(entry) for entry in HEADER if entry.begins(user))
    return next((url for url in addresses if url), None)


def _address(entry: Entry) -> str | None:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return None


def _owner(request: HttpRequest, shown: list[tuple[Entry, str]]) -> str | None:
    """The address of the entry that claims this page by name."""
    here = getattr(request.resolver_match, "view_name", None)
    return next((url for entry, url in shown if here in entry.also), None)


def _current(path: str, urls: list[str]) -> str | None:
    """The longest address that the page's own begins with: /compte/calendriers/ before /compte/."""
    holding = [url for url in urls if url != "/" and path.startswith(url)]
    return max(holding, key=len, default=None)
