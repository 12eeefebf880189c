"""Reads pages as people do: words without markup, links, fields as a browser would send them."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

VOID = {"input", "br", "img", "meta", "link", "hr"}


def words(response: HttpResponse) -> str:
    """The words of the page's main part; no-break spaces read as spaces."""
    page = response.content.decode()
    page = page[page.index("<main") : page.index("</main>")]
    page = re.sub(r"<(script|svg)\b.*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def title(response: HttpResponse) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.S)
    assert found
    return " ".join(html.unescape(found[1]).split())


def links(response: HttpResponse) -> list[str]:
    return [
        html.unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', response.content.decode())
    ]


class _Fields(HTMLParser):
    """Names and values of every control of the page's main part."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self._select = self._textarea = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and "selected" in given and self._select:
            self.values.append((self._select, given.get("value") or ""))
        elif tag == "textarea":
            self._textarea, self._text = given.get("name", ""), []
        elif tag == "input" and given.get("name"):
            box = given.get("type") in ("checkbox", "radio")
            if not box or "checked" in given:
                self.values.append((given["name"], given.get("value") or ("on" if box else "")))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self.values.append((self._textarea, "".join(self._text).removeprefix("\n")))
            self._textarea = ""
        elif tag == "select":
            self._select = ""


def fields(response: HttpResponse) -> dict[str, list[str]]:
    """What a browser would send of everything on the page, {name: values}."""
    reader = _Fields()
    page = response.content.decode()
    reader.feed(page[page.index("<main") : page.index("</main>")])
    found: dict[str, list[str]] = {}
    for name, value in reader.values:
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found
