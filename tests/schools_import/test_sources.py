"""Reading a file or an address: pages are followed, faults are said, time and size are bounded."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from schools_import import sources
from schools_import.records import UnreadableError
from tests.factories import valid_uai
from tests.schools_import.files import csv_file, json_record, parse, school
from tests.web_server import Answer, Query, serving

RECORDS = "/api/explore/v2.1/catalog/datasets/fr-en-annuaire-education/records"


def refusal(source: str) -> str:
    with pytest.raises(UnreadableError) as raised:
        sources.read(source)
    return str(raised.value).replace("\u00a0", " ")


def portal(
    count: int, *, announced: int | None = None, page_size: int = 100
) -> Callable[[str, Query], Answer]:
    """The answer of a portal with `count` schools: never more than a page of them."""

    def answer(path: str, query: Query) -> Answer:
        limit, offset = int(query.get("limit", 10)), int(query.get("offset", 0))
        found = [json_record(school(number)) for number in range(1, count + 1)]
        page = found[offset : offset + min(limit, page_size)]
        return 200, json.dumps({"total_count": announced or count, "results": page}).encode()

    return answer


# --- Files -------------------------------------------------------------------------------------


def test_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "annuaire.csv"
    path.write_bytes(csv_file([school()]))
    assert sources.read(str(path)) == csv_file([school()])


def test_missing_file_folder_and_other_schemes_are_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / "absent.csv")).endswith("absent.csv » : No such file or directory")
    assert refusal(str(tmp_path)).endswith(" : Is a directory")
    assert (
        refusal("ftp://example.org/a.csv")
        == "Seules les adresses http et https sont lues : ftp://example.org/a.csv"
    )
    assert refusal("a\0b") == "Ce chemin n’en est pas un."


def test_file_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 1024)
    (tmp_path / "big.csv").write_bytes(b"x" * 1025)
    assert refusal(str(tmp_path / "big.csv")).startswith("La source dépasse 0 Mo")


# --- Addresses ---------------------------------------------------------------------------------


def test_address_of_an_export_is_read() -> None:
    with serving(lambda path, query: (200, csv_file([school()]))) as server:
        assert sources.read(f"{server.address}/exports/csv?where=a&b=") == csv_file([school()])
    assert server.asked == [("/exports/csv", {"where": "a"})]


def test_redirects_are_followed_but_not_for_ever() -> None:
    def answer(path: str, query: Query) -> Answer:
        return {"/moved": (301, b"/export"), "/export": (200, b"ici")}.get(path, (302, b"/circle"))

    with serving(answer) as server:
        assert sources.read(f"{server.address}/moved") == b"ici"
        assert "trop de redirections" in refusal(f"{server.address}/circle")


@pytest.mark.parametrize("status", [404, 500])
def test_error_status_is_said(status: int) -> None:
    with serving(lambda path, query: (status, b"")) as server:
        assert refusal(server.address).startswith(f"La source répond {status} : ")


def test_nobody_there_is_said() -> None:
    with serving(lambda path, query: (200, b"")) as server:
        address = server.address
    assert "connexion impossible" in refusal(address)
    assert "adresse mal formée" in refusal("http://[")


def test_slow_source_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "READ_SECONDS", 0.2)
    done = threading.Event()

    def answer(path: str, query: Query) -> Answer:
        done.wait(5)
        return 200, b""

    with serving(answer) as server:
        assert "délai dépassé" in refusal(server.address)
        done.set()


def test_source_that_outlasts_the_deadline_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "TOTAL_SECONDS", -1)
    with serving(lambda path, query: (200, b"x")) as server:
        assert refusal(server.address).startswith("La source est trop lente")


def test_source_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 1024)
    with serving(lambda path, query: (200, b"x" * 5000)) as server:
        assert refusal(server.address).startswith("La source dépasse")


# --- Pages of records --------------------------------------------------------------------------


def test_pages_of_records_are_followed_to_the_end() -> None:
    with serving(portal(230)) as server:
        extract = parse(sources.read(f"{server.address}{RECORDS}?where=code_region%3D32&limit=20"))
    assert [record.uai for record in extract.records] == [valid_uai(590_000 + n) for n in range(1, 231)]
    assert (extract.refused, extract.objections, extract.rows_read) == ((), (), 230)
    asked = {"where": "code_region=32", "limit": "100", "order_by": "identifiant_de_l_etablissement"}
    assert server.asked[1:] == [(RECORDS, {**asked, "offset": offset}) for offset in ("0", "100", "200")]


def test_portal_with_smaller_pages_is_followed_too() -> None:
    with serving(portal(25, page_size=10)) as server:
        assert len(parse(sources.read(server.address + RECORDS)).records) == 25


def test_portal_that_announces_more_than_it_gives_is_truncated() -> None:
    with serving(portal(120, announced=276)) as server:
        extract = parse(sources.read(server.address + RECORDS))
    assert extract.objections == (
        "La source annonce 276 établissements et en donne 120\u00a0: elle est tronquée.",
    )


def test_portal_with_more_than_it_serves_by_pages_is_refused_at_once() -> None:
    with serving(portal(1, announced=67_000)) as server:
        assert refusal(server.address + RECORDS).startswith("67000 enregistrements, plus que")
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"\xff"], ids=["web page", "array", "not utf-8"])
def test_page_that_breaks_off_is_refused(body: bytes) -> None:
    first = portal(250)

    def answer(path: str, query: Query) -> Answer:
        return (200, body) if query.get("offset") == "100" else first(path, query)

    with serving(answer) as server:
        assert refusal(server.address + RECORDS)


# --- What is printed and kept ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("fixtures/lycees.csv", "fixtures/lycees.csv"),
        ("https://nom:secret@example.org/a?apikey=xyz&b=1", "https://example.org/a?apikey=***&b=1"),
        ("https://example.org/a", "https://example.org/a"),
        ("http://[", "http://["),
    ],
)
def test_shown_source_keeps_secrets(source: str, shown: str) -> None:
    assert sources.shown(source) == shown
