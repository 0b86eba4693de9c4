"""The map from plain characters back to the text they were made from. Offsets are code points."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

BEFORE = -2  # as a start: wherever the words before these end, which is not known yet


class Offsets:
    """Of each plain character, in order, the slice of the text that it was made from.

    Kept as runs. In a run of step 1 each character stands for itself, so its slice lies one further than that of the
    character before it; in a run of step 0 all characters are made together from one slice. Starts never decrease,
    nor do ends.
    """

    __slots__ = ("_ends", "_plains", "_starts", "_steps", "length")

    def __init__(self) -> None:
        self.length = 0  # plain characters
        self._plains = array("q")  # of each run: its first plain character
        self._starts = array("q")  # … where the slice of its first character starts
        self._ends = array("q")  # … where the slice of its last character ends
        self._steps = array("b")

    def __len__(self) -> int:
        """How many runs there are."""
        return len(self._plains)

    # Writing

    def copy(self, start: int, width: int) -> None:
        """Add `width` characters that stand for themselves, the first of them at `start`."""
        if self._steps and self._steps[-1] and self._ends[-1] == start:
            self._ends[-1] += width
            self.length += width
        else:
            self._add(start, start + width, width, 1)

    def fill(self, start: int, end: int, width: int) -> None:
        """Add `width` characters, each made from the whole slice `start:end`."""
        if width == 1 and end - start == 1:
            self.copy(start, 1)
        else:
            self._add(start, end, width, 0)

    def _add(self, start: int, end: int, width: int, step: int) -> None:
        self._plains.append(self.length)
        self._starts.append(start)
        self._ends.append(end)
        self._steps.append(step)
        self.length += width

    def extend(self, other: Offsets, shift: int) -> None:
        """Add what `other` holds, its slices moved by `shift`. What starts BEFORE starts where this map ended, if it
        held anything.
        """
        if not other.length:
            return
        first = len(self)
        self._plains.extend([at + self.length for at in other._plains])
        self._starts.extend([at + shift for at in other._starts])
        self._ends.extend([at + shift for at in other._ends])
        self._steps.extend(other._steps)
        if first and other._starts[0] == BEFORE:
            self._starts[first] = self._ends[first - 1]
        self.length += other.length

    def joined(self, joins: Iterable[tuple[int, int, int]]) -> Offsets:
        """A map in which each plain slice `first:last` has become `width` characters made of all that it was made of.

        Takes (first, last, width), in order and apart.
        """
        made, at = Offsets(), 0
        for first, last, width in joins:
            made._take(self, at, first)
            made.fill(self.start(first), self.end(last - 1), width)
            at = last
        made._take(self, at, self.length)
        return made

    def _take(self, other: Offsets, first: int, last: int) -> None:
        while first < last:
            run = bisect_right(other._plains, first) - 1
            stop = min(last, other._plains[run + 1] if run + 1 < len(other) else other.length)
            self._add(other.start(first), other.end(stop - 1), stop - first, other._steps[run])
            first = stop

    # Reading

    @property
    def last(self) -> int:
        """Where the slice of the last character ends; 0 without any."""
        return self._ends[-1] if self._ends else 0

    def start(self, at: int) -> int:
        """Where the slice of the plain character `at` starts."""
        run = bisect_right(self._plains, at) - 1
        return self._starts[run] + (at - self._plains[run]) * self._steps[run]

    def end(self, at: int) -> int:
        """Where the slice of the plain character `at` ends."""
        run = bisect_right(self._plains, at) - 1
        if self._steps[run]:
            return self._starts[run] + at - self._plains[run] + 1
        return self._ends[run]

    def ending_by(self, offset: int) -> int:
        """How many characters have a slice that ends at `offset` or before it."""
        run = bisect_right(self._ends, offset)
        if run == len(self):
            return self.length
        return self._plains[run] + max(0, offset - self._starts[run]) * self._steps[run]

    def edges(self, first: int, last: int) -> list[int]:
        """The plain characters behind `first` and before `last` at which a run begins."""
        return list(self._plains[bisect_right(self._plains, first) : bisect_left(self._plains, last)])

    def starting_before(self, offset: int) -> int:
        """How many characters have a slice that starts before `offset`."""
        run = bisect_left(self._starts, offset)
        if not run:
            return 0
        stop = self._plains[run] if run < len(self) else self.length
        if self._steps[run - 1]:
            return min(stop, self._plains[run - 1] + offset - self._starts[run - 1])
        return stop
