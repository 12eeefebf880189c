"""The folder of the pictures: each kept small, and the page that shows them all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from .shots import GALLERY, Shot

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
# Enough for the colours of our pages and their edges.
COLOURS = 128
MOST_BYTES, MOST_BYTES_ALL = 80_000, 1_500_000
A_ROW = 2
HEAD = """# Les écrans de Shareloc

Pris dans la démonstration par `make screenshots`, qui écrit aussi cette page. Les lycées sont réels ; leurs salles,
les organismes et les demandes sont inventés.
"""


def keep(shot: Shot, png: bytes) -> None:
    """The picture in few colours, without mixing them: shades between would weigh ten times as much."""
    image = Image.open(BytesIO(png)).convert("RGB")
    small = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{shot.name}.png", optimize=True)


def page() -> str:
    """The folder's README: side by side, under what one does there."""
    return HEAD + "".join(_section(title, shots) for title, shots in GALLERY.items())


def _section(title: str, shots: list[Shot]) -> str:
    rows = [shots[first : first + A_ROW] for first in range(0, len(shots), A_ROW)]
    head = "| | |\n|---|---|\n"
    return f"\n## {title}\n\n{head}" + "".join(_row(row) for row in rows)


def _row(shots: list[Shot]) -> str:
    cells = [f"![{shot.caption}]({shot.name}.png) {shot.caption}" for shot in shots]
    return "| " + " | ".join(cells + [""] * (A_ROW - len(cells))).rstrip() + " |\n"
