"""Folding, reading and distances, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venues.gazetteer.asked import Asked, read
from venues.gazetteer.spelling import distance, is_close, one_letter_off
from venues.models.trigrams import trigrams
from venues.places import fold

words = st.text("abcé '-", max_size=8)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("St-Omer", "saint omer"),
        ("STE AUSTREBERTHE", "sainte austreberthe"),
        ("Marcq-en-Barœul", "marcq en baroeul"),
        ("Boulogne s/ Mer", "boulogne sur mer"),
        ("Boulogne s/Mer", "boulogne sur mer"),
        ("Saint-André-lez-Lille", "saint andre les lille"),
        ("Auchy-lès-Hesdin", "auchy les hesdin"),
        ("Est", "est"),
    ],
)
def test_what_spellings_share(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Lille", Asked("lille")),
        ("lille (59)", Asked("lille", "", "59")),
        ("Dury 62", Asked("dury", "", "62")),
        ("Ajaccio (2A)", Asked("ajaccio", "", "2a")),
        ("59000", Asked("", "59000")),
        ("59006 LILLE CEDEX", Asked("lille", "59006")),
        ("Lille Cedex 9", Asked("lille")),
        ("12 rue Nationale, 59000 Lille", Asked("12 rue nationale lille", "59000")),
        ("5900", Asked("5900")),
        ("59000 – Lille", Asked("lille", "59000")),
        ("", Asked("")),
        ("\0 '\"%_;--", Asked("")),
        ("²³⁵٣٤", Asked("235٣٤")),
    ],
)
def test_what_a_text_says(text: str, asked: Asked) -> None:
    assert read(text) == asked


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("12 rue Nationale Lille", True),
        ("rue Solférino 59000 Lille", True),
        ("3 bis Grand-Place", True),
        ("12 Lille", True),
        ("Lille", False),
        ("rue", False),
        ("59000 Lille", False),
        ("lycée Faidherbe", False),
        ("12", False),
    ],
)
def test_what_looks_like_an_address(text: str, is_address: bool) -> None:
    assert read(text).is_address is is_address


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("lille", "lille", 0),
        ("roubais", "roubaix", 1),
        ("valencienes", "valenciennes", 1),
        ("arars", "arras", 1),
        ("arass", "arras", 2),
        ("lens", "lis", 2),
        ("", "ab", 2),
    ],
)
def test_letters_apart(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 3) == distance(other, one, 3) == apart
    assert distance(one, other, 0) == min(apart, 1)


@given(words, words)
def test_a_limit_only_shortens(one: str, other: str) -> None:
    far = distance(one, other, 20)
    assert far == distance(other, one, 20)
    for limit in range(4):
        assert distance(one, other, limit) == min(far, limit + 1)


def test_short_names_are_taken_at_their_word() -> None:
    assert not is_close("hem", "ham")
    assert is_close("lans", "lens") and not is_close("lins", "laon")
    assert is_close("dunquerke", "dunkerque") is False
    assert is_close("dunquerque", "dunkerque")


@given(st.text("abc", min_size=4, max_size=6), st.text("abc", min_size=4, max_size=6))
def test_patterns_find_what_is_one_letter_off(typed: str, meant: str) -> None:
    import re

    found = any(re.fullmatch(pattern.replace("_", "."), meant) for pattern in one_letter_off(typed))
    assert found == (distance(typed, meant, 1) <= 1) or typed == meant


def test_trigrams_are_those_of_pg_trgm() -> None:
    assert trigrams("st lys") == ["  s", " st", "st ", "  l", " ly", "lys", "ys "]
