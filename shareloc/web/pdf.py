"""PDF from typst templates: tagged (PDF/UA-1), with fonts that every installation has."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import typst
from django.core.serializers.json import DjangoJSONEncoder

STANDARD: Final[Literal["ua-1"]] = "ua-1"
# Characters that are no text: controls, directions, halves of pairs, private and unassigned ones.
NO_TEXT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters, digits and signs of Europe, which the fonts have; other scripts and pictures, they may not.
UNSURE = re.compile("[^\n\u0020-\u017f\u0218-\u021b\u0386-\u03ce\u0400-\u045f\u2009-\u203a\u20ac\u202f]")


def render(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of that template, which reads its facts with `json(bytes(sys.inputs.data))`.

    What people wrote reaches typst as strings and is never read as markup; a character that no font
    has is printed as “?”. A template sees the files of its own folder only. Fonts are those that typst
    brings along, so that all machines print alike.
    """
    facts = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    try:
        return _compiled(template, _each_text(facts, _readable))
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _compiled(template, _each_text(facts, lambda text: UNSURE.sub("?", _readable(text))))


def _compiled(template: Path, facts: Any) -> bytes:
    return typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(facts)},
        pdf_standards=STANDARD,
    )


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_each_text(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, change) for key, item in value.items()}
    return value


def _readable(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    return "".join(
        letter for letter in lines if letter == "\n" or unicodedata.category(letter) not in NO_TEXT
    )
