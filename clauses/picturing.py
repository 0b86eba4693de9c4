"""Where the bars of a picture of answers stand (pure).

Places across are shares of the drawing's width, so that its letters keep their size on every screen; places down are in
pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

NARROWEST = 330  # pixels: the drawing on a phone
LETTER = 6.6  # pixels: width of a letter of a label
LINE, BAR, GAP = 20, 26, 18  # pixels: a line of a question, a bar, the room below it
IN_A_LINE = 50  # letters of a question that fit on a phone


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: `x` and `width` in per cent, `label` empty where there is no room for one."""

    kind: str
    count: int
    x: float
    width: float
    label: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 3)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a question: `y` of its baseline."""

    y: int
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A question above its bar, which begins at `y`."""

    lines: tuple[Line, ...]
    y: int
    segments: tuple[Segment, ...]

    @property
    def middle(self) -> int:
        return self.y + BAR // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars below each other, `height` pixels in all; every bar is `thick` and as wide as the drawing."""

    bars: tuple[Bar, ...]
    height: int
    thick: int = BAR


def picture(rows: Sequence[tuple[str, Sequence[tuple[str, str, int]]]]) -> Picture:
    """A bar for each row: its question, and (kind, label, count) of each part in order. A bar's parts fill it; parts of
    nothing are left out. ValueError where a row has no parts but such.
    """
    bars, y = [], 0
    for question, parts in rows:
        lines = tuple(
            Line(y + LINE * number - 5, words) for number, words in enumerate(wrap(question, IN_A_LINE), start=1)
        )
        y += LINE * len(lines)
        bars.append(Bar(lines, y, _segments(parts)))
        y += BAR + GAP
    return Picture(tuple(bars), max(0, y - GAP) + 1)


def _segments(parts: Sequence[tuple[str, str, int]]) -> tuple[Segment, ...]:
    whole = sum(count for _, _, count in parts)
    if not whole:
        raise ValueError("A bar needs something to show.")
    segments, before = [], 0
    for kind, label, count in parts:
        if count:
            width = round(100 * count / whole, 3)
            segments.append(Segment(kind, count, round(100 * before / whole, 3), width, _label(label, count, width)))
            before += count
    return tuple(segments)


def _label(label: str, count: int, width: float) -> str:
    """The number with its word where they fit, the number alone where that fits."""
    room = width / 100 * NARROWEST - 8
    return next((words for words in (f"{count} {label}", f"{count}") if len(words) * LETTER <= room), "")
