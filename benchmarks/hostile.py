"""Beginnings of markup that never end: four times as many, in units of four such texts. What C code does, as in a
regular expression that looks through all the rest, is seen here alone: the tests count lines of Python.
"""

from collections.abc import Iterator
from itertools import count

from rich.markup import escape

from benchmarks.measuring import Ratio, compare
from platforms.plaintext import project
from tests.effort import HOSTILE_UNITS

COUNT = 5_000
_fresh = count()


def read(unit: str, times: int) -> None:
    """A text that ends unlike all before it, for what was read once is remembered."""
    assert project(f"{unit * times}\n{next(_fresh)}").blocks is not None


def ratios() -> Iterator[Ratio]:
    for unit in HOSTILE_UNITS:
        yield compare(
            escape(f"projection of {4 * COUNT:,} × {unit!r} / four of {COUNT:,}"),
            lambda unit=unit: read(unit, 4 * COUNT),
            lambda unit=unit: [read(unit, COUNT) for _ in range(4)],
            limit=2.5,
        )
