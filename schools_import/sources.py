"""Where the annuaire comes from: a file, or an http(s) address whose pages of records are followed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError

from . import formats
from .records import UnreadableError

MAX_BYTES = 200 * 1024 * 1024
MAX_REDIRECTS = 5
CONNECT_SECONDS, READ_SECONDS = 10, 30
# For the whole source, all pages together.
TOTAL_SECONDS = 300
CHUNK_BYTES = 64 * 1024

PAGE_SIZE = 100
# The portal serves no record beyond this one page by page.
MAX_PAGED = 10_000
# Without an order the portal may give a record twice and another one never.
PAGE_ORDER = "identifiant_de_l_etablissement"


def read(source: str) -> bytes:
    """The content of a path or an http(s) address. Raises UnreadableError."""
    if source.lower().startswith(("http://", "https://")):
        return _Download().read(source)
    if "://" in source:
        raise UnreadableError(
            _("Seules les adresses http et https sont lues : %(source)s") % {"source": source}
        )
    return _read_file(Path(source))


def shown(source: str) -> str:
    """The source as it may be printed and kept: without a password or an access key."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return source  # Not an address: `read` will say so.
    if parts.scheme not in {"http", "https"}:
        return source
    query = [(name, "***" if _is_secret(name) else value) for name, value in _query(parts)]
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host, query=urlencode(query, safe="*,:'\"()")))


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in ("key", "token", "password"))


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, keep_blank_values=True)


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(_too_big())
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            _("Impossible de lire « %(path)s » : %(error)s")
            % {"path": path, "error": error.strerror or error}
        ) from error
    except ValueError as error:
        raise UnreadableError(_("Ce chemin n’en est pas un.")) from error


def _too_big() -> str:
    return _("La source dépasse %(size)d Mo : ce n’est pas l’annuaire.") % {"size": MAX_BYTES // 1024 // 1024}


class _Download:
    """One reading of an address: its time and size are bounded, however many pages it takes."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.max_redirects = MAX_REDIRECTS
        self.session.headers["User-Agent"] = "shareloc"
        self.deadline = time.monotonic() + TOTAL_SECONDS
        self.left = MAX_BYTES

    def read(self, address: str) -> bytes:
        try:
            content = self._get(address)
            announced = _announced(content)
            if announced is None:
                return content
            return formats.as_document(self._pages(address, announced), announced=announced)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise UnreadableError(
                _("La source ne répond pas (%(error)s) : vérifiez l’adresse, ou réessayez plus tard.")
                % {"error": _reason(error)}
            ) from error

    def _get(self, address: str) -> bytes:
        with self.session.get(address, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True) as response:
            if response.status_code != requests.codes.ok:
                raise UnreadableError(
                    _("La source répond %(status)d : vérifiez l’adresse, ou réessayez plus tard.")
                    % {"status": response.status_code}
                )
            return b"".join(self._chunks(response))

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        # read1 gives what has come: a server that sends one byte at a time cannot outlast the deadline.
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
            self.left -= len(chunk)
            if self.left < 0:
                raise UnreadableError(_too_big())
            if time.monotonic() > self.deadline:
                raise UnreadableError(
                    _("La source est trop lente (plus de %(seconds)d s) : réessayez plus tard.")
                    % {"seconds": TOTAL_SECONDS}
                )
            yield chunk

    def _pages(self, address: str, announced: int) -> Iterator[list[Any]]:
        """Pages until all that was announced is there; a page without a record ends a source that lied."""
        if announced > MAX_PAGED:
            raise UnreadableError(
                _("%(count)d enregistrements, plus que ce que le portail sert par pages : ")
                % {"count": announced}
                + _("filtrez l’adresse (where=…) ou utilisez l’export CSV ou JSON.")
            )
        read = 0
        while read < announced:
            page = _results(self._get(_page_address(address, offset=read)))
            if not page:
                return
            yield page
            read += len(page)


def _reason(error: Exception) -> str:
    """A short reason, the same every time: no object addresses, no host names."""
    match error:
        case requests.TooManyRedirects():
            return _("trop de redirections")
        case requests.Timeout():
            return _("délai dépassé")
        case requests.exceptions.InvalidURL() | requests.exceptions.InvalidSchema():
            return _("adresse mal formée")
        case requests.ConnectionError():
            return _("connexion impossible")
    return _("réponse illisible")


def _announced(content: bytes) -> int | None:
    """The number of records of a page of records; None when the content is anything else."""
    if not content.lstrip().startswith(b"{"):
        return None
    try:
        page = formats.load_json(content.decode("utf-8"))
    except (UnreadableError, UnicodeDecodeError):
        return None  # Whoever reads the content will say what is wrong with it.
    total = page.get("total_count")
    pages = isinstance(page.get("results"), list) and isinstance(total, str) and total.isdecimal()
    return int(total[:9]) if pages else None


def _results(content: bytes) -> list[Any]:
    page = formats.load_json(content.decode("utf-8"))
    results = page.get("results") if isinstance(page, dict) else None
    if not isinstance(results, list):
        raise UnreadableError(_("Une page d’enregistrements est illisible : réessayez plus tard."))
    return results


def _page_address(address: str, *, offset: int) -> str:
    parts = urlsplit(address)
    asked = {"order_by": PAGE_ORDER, **dict(_query(parts)), "limit": str(PAGE_SIZE), "offset": str(offset)}
    return urlunsplit(parts._replace(query=urlencode(asked), fragment=""))
