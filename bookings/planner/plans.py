"""The week drawn: what a template needs to draw it as SVG, measured in its own units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from shareloc.web import formats

from ..week import Day
from .schools import SchoolWeek

# Drawn from this hour to midnight, or all day where something begins earlier.
MORNING, MIDNIGHT = 7, 24
HOURS_SAID = (0, 4, 8, 12, 16, 20, 24)
# One room: a column a day, hours downwards.
COLUMN, HOUR, TOP, LEFT = 46, 15, 26, 32
# A lycée: a row a room, its days beside each other.
DAY, ROW, NAMES, NAME_LENGTH = 80, 24, 180, 26


class Rect(NamedTuple):
    """A stretch of time, or the ground of a day."""

    x: float
    y: float
    width: float
    height: float
    kind: str


class Label(NamedTuple):
    """Words, their baseline at (x, y); `anchor` as SVG has it."""

    x: float
    y: float
    text: str
    anchor: str

    @property
    def at(self) -> tuple[str, str]:
        """As SVG writes it, whatever the language."""
        return f"{self.x:.1f}", f"{self.y:.1f}"


@dataclass
class Drawing:
    width: int
    height: int
    rects: list[Rect] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def areas(self) -> list[tuple[str, str]]:
        """(kind, path in SVG's own language) of all that is of one kind: a hundred stretches are one shape."""
        paths: dict[str, list[str]] = defaultdict(list)
        for x, y, width, height, kind in self.rects:
            paths[kind].append(f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z")
        return [(kind, "".join(parts)) for kind, parts in paths.items()]

    @property
    def box(self) -> str:
        """SVG's `viewBox`."""
        return f"0 0 {self.width} {self.height}"


def of_days(days: Sequence[Day]) -> Drawing:
    """The days of one room beside each other, hours downwards."""
    bars = [day.bars for day in days]
    first = _first_hour(bars)
    tall = (MIDNIGHT - first) * HOUR
    drawing = Drawing(LEFT + COLUMN * len(days), TOP + tall + 8)
    for number, day in enumerate(days):
        x = LEFT + COLUMN * number
        drawing.labels.append(Label(x + COLUMN / 2, 16, _head(day), "middle"))
        for start, end, kind in _from(first, bars[number]):
            drawing.rects.append(
                Rect(x + 1, TOP + start / 60 * HOUR, COLUMN - 2, (end - start) / 60 * HOUR, kind)
            )
    for hour in HOURS_SAID:
        if hour >= first:
            drawing.labels.append(Label(LEFT - 5, TOP + (hour - first) * HOUR + 4, str(hour), "end"))
    return drawing


def of_rooms(shown: SchoolWeek) -> Drawing:
    """Rooms below each other, the days of each from left to right."""
    bars = [[day.bars for day in row.days] for row in shown.rows]
    first = _first_hour([of_day for of_row in bars for of_day in of_row])
    scale = (DAY - 4) / ((MIDNIGHT - first) * 60)
    drawing = Drawing(NAMES + DAY * len(shown.dates), TOP + ROW * len(shown.rows))
    for number, day in enumerate(shown.heads):
        drawing.labels.append(Label(NAMES + DAY * number + DAY / 2, 16, _head(day), "middle"))
    for line, row in enumerate(shown.rows):
        y = TOP + ROW * line
        drawing.labels.append(Label(NAMES - 8, y + 14, _shortened(row.space.name), "end"))
        for number, of_day in enumerate(bars[line]):
            x = NAMES + DAY * number + 2
            for start, end, kind in _from(first, of_day):
                drawing.rects.append(Rect(x + start * scale, y + 2, (end - start) * scale, ROW - 6, kind))
    return drawing


# (first minute, last minute, kind) of what lies on a day.
Bar = tuple[int, int, str]


def _first_hour(days: Sequence[Sequence[Bar]]) -> int:
    begins_early = any(start < MORNING * 60 for bars in days for start, _end, _kind in bars)
    return 0 if begins_early else MORNING


def _from(first: int, bars: Sequence[Bar]) -> Iterator[Bar]:
    """The ground of a day, then what lies on it, in minutes after the first hour drawn."""
    yield 0, (MIDNIGHT - first) * 60, "ground"
    for start, end, kind in bars:
        if start < end:
            yield start - first * 60, end - first * 60, kind


def _head(day: Day) -> str:
    """`jeu. 22`."""
    return f"{formats.words().weekdays[day.date.weekday()][:3]}. {day.date.day}"


def _shortened(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"
