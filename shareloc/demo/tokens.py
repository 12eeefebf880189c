"""The design tokens as values: read from tokens.css, light and dark, with the contrast of what is written on what. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

LIGHT, DARK = "light", "dark"
DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")
DARK_PART = re.compile(r"@media \(prefers-color-scheme: dark\)\s*{(.*)}\s*$", re.S)
HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.I)
# WCAG 2.1 AA: text; what is not text (the edge of a field, the ring of the focus).
TEXT, EDGE = 4.5, 3.0

# What stands on what, and how well it must be told apart.
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("ink", "ground", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "surface-soft", TEXT),
    ("ink-soft", "ground", TEXT),
    ("ink-soft", "surface", TEXT),
    ("ink-soft", "surface-soft", TEXT),
    ("ink-soft", "ground-deep", TEXT),
    ("act", "ground", TEXT),
    ("act", "surface", TEXT),
    ("act", "act-soft", TEXT),
    ("on-act", "act-fill", TEXT),
    ("on-act", "act-fill-strong", TEXT),
    ("on-act", "free-fill", TEXT),
    ("on-act", "free-fill-strong", TEXT),
    ("free", "surface", TEXT),
    ("free", "free-soft", TEXT),
    ("wait", "surface", TEXT),
    ("wait", "wait-soft", TEXT),
    ("stop", "surface", TEXT),
    ("stop", "stop-soft", TEXT),
    ("info", "info-soft", TEXT),
    ("quiet", "quiet-soft", TEXT),
    ("ink", "quiet-soft", TEXT),
    ("ink-on-dark", "footer", TEXT),
    ("footer-soft", "footer", TEXT),
    ("line-strong", "surface", EDGE),
    ("focus", "ground", EDGE),
    ("focus", "surface", EDGE),
)


class Colour(NamedTuple):
    name: str
    light: str
    dark: str


class Pair(NamedTuple):
    """`above` written on `below`; the ratios have one decimal, cut, never rounded up."""

    above: Colour
    below: Colour
    least: float
    light: float
    dark: float

    @property
    def passes(self) -> bool:
        return min(self.light, self.dark) >= self.least


def read(css: str) -> dict[str, dict[str, str]]:
    """`{"light": {name: value}, "dark": …}`; dark has every name, those it does not change included."""
    dark = DARK_PART.search(css)
    light = dict(DECLARATION.findall(css[: dark.start()] if dark else css))
    return {LIGHT: light, DARK: light | dict(DECLARATION.findall(dark[1] if dark else ""))}


def colours(tokens: dict[str, dict[str, str]]) -> dict[str, Colour]:
    return {
        name: Colour(name, value, tokens[DARK][name])
        for name, value in tokens[LIGHT].items()
        if HEX.fullmatch(value)
    }


def pairs(tokens: dict[str, dict[str, str]]) -> list[Pair]:
    known = colours(tokens)
    return [_pair(known[above], known[below], least) for above, below, least in PAIRS]


def _pair(above: Colour, below: Colour, least: float) -> Pair:
    return Pair(above, below, least, contrast(above.light, below.light), contrast(above.dark, below.dark))


def sizes(tokens: dict[str, dict[str, str]]) -> list[tuple[str, int]]:
    """The distances of the grid: name and pixels."""
    return [
        (name, int(value.removesuffix("px")))
        for name, value in tokens[LIGHT].items()
        if name.startswith("space-") and value.endswith("px")
    ]


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours `#rrggbb` or `#rgb`, cut to one decimal: what just fails must not seem to pass."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return int((light + 0.05) / (dark + 0.05) * 10) / 10


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
