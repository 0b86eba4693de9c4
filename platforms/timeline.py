"""Where the moments of a document's history stand on a drawn timeline (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log2

WIDTH, HEIGHT = 1000, 84  # of the drawing, in its own units
MARGIN = 12
FLOOR = 62  # the line on which the marks stand; years are written below it
TALLEST = 50
NARROWEST_YEAR = 60  # a year's number needs this much room


@dataclass(frozen=True, slots=True)
class Moment:
    """A text of the document: the day it was seen, how many sentences it added or removed, whether it was a change."""

    day: date
    sentences: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line from the floor up: `x` and `top` in units of the drawing."""

    x: float
    top: float
    changed: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """`years`: (x, number) of each first of January that has room for its number."""

    marks: tuple[Mark, ...]
    years: tuple[tuple[float, str], ...]
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR


def timeline(moments: Sequence[Moment], *, until: date) -> Timeline | None:
    """The drawing of two or more moments; `until` is the last day that somebody looked. None where there is no span."""
    if len(moments) < 2:
        return None
    first, last = moments[0].day, max(until, moments[-1].day)
    days = (last - first).days
    if not days:
        return None

    def x_of(day: date) -> float:
        return round(MARGIN + (day - first).days / days * (WIDTH - 2 * MARGIN), 1)

    marks = tuple(Mark(x_of(moment.day), _top(moment), moment.changed) for moment in moments)
    years, free = [], 0.0
    for year in range(first.year + 1, last.year + 1):
        x = x_of(date(year, 1, 1))
        if free <= x <= WIDTH - NARROWEST_YEAR / 2:
            years.append((x, str(year)))
            free = x + NARROWEST_YEAR
    return Timeline(marks, tuple(years), first, last)


def _top(moment: Moment) -> float:
    """Few sentences stay visible beside a rewritten document: heights grow with the logarithm."""
    if not moment.changed:
        return FLOOR - 6
    return round(FLOOR - min(TALLEST, 12 + 5 * log2(1 + moment.sentences)), 1)
