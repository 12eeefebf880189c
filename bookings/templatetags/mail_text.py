"""Filters for mails: what somebody typed cannot change the shape of a subject, a text or a line."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import template
from django.utils.text import Truncator
from django.utils.translation import gettext as _

register = template.Library()

# Control characters, and the invisible ones that turn the reading direction or hide text. The
# joiners that emoji and some scripts need stay.
INVISIBLE = {"Cc", "Cf"}
JOINERS = {"\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}"}
# A message longer than this is read on the page.
LONGEST = 1500


def visible(text: str) -> str:
    """The text without what cannot be seen, line breaks and tabs as spaces."""
    spaced = "".join(" " if letter.isspace() and letter not in "\u00a0\u202f" else letter for letter in text)
    return "".join(
        letter for letter in spaced if unicodedata.category(letter) not in INVISIBLE or letter in JOINERS
    )


@register.filter
def one_line(value: Any, length: int = 200) -> str:
    """The value on one line of at most `length` letters."""
    text = " ".join(part for part in visible(str(value)).split(" ") if part)
    return Truncator(text).chars(length)


@register.filter
def paragraphs(value: Any) -> list[str]:
    """The lines of a message, each on one line, without the empty ones; the end of a long one is left out."""
    text = Truncator(str(value)).chars(LONGEST, truncate=_(" […] La suite est sur la page de la demande."))
    return [line for line in (one_line(part, LONGEST + 100) for part in text.splitlines()) if line]
