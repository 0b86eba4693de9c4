"""A text set for reading: blocks of sentences of runs, each run with its place in the stored text (pure).

The words are shown as they are stored, without their marks: what a person selects on the page can be told as a slice
of the stored text, to the character.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from platforms.blocks import BlockKind
from platforms.plaintext import Block, Projection

LOOKS = {"*": "em", "_": "em", "`": "code", "[": "link", "~": "struck"}


@dataclass(frozen=True, slots=True)
class Shade:
    """A slice of the stored text that is marked under a key."""

    start: int
    end: int
    key: int


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shown alike.

    `start:end` is the slice of the stored text that `words` show: character by character where both are of one
    length, else as a whole (an entity, a line end). `shades` are the keys of the marks over it, `begun` and `ended` of
    those that begin and end with it. `in_cell` says that a cell of a table begins here.
    """

    start: int
    end: int
    words: str
    looks: str
    shades: tuple[int, ...]
    begun: tuple[int, ...]
    ended: tuple[int, ...]
    in_cell: bool


@dataclass(frozen=True, slots=True)
class SetSentence:
    """`number` counts the sentences of the whole text from 1; 0 for what stands between sentences. `start:end` is the
    slice of the stored text.
    """

    number: int
    start: int
    end: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class SetBlock:
    """One block: `level` is the rank of a heading, else how many lists it stands in."""

    kind: BlockKind
    level: int
    numbered: bool
    sentences: tuple[SetSentence, ...]

    @property
    def rank(self) -> int:
        """The rank of a heading on a page whose own headings are the first and the second."""
        return min(6, self.level + 2)


def typeset(text: Projection, blocks: Sequence[Block], shades: Sequence[Shade] = ()) -> Iterator[SetBlock]:
    """The given blocks of a text, which follow one another, set for reading."""
    if not blocks:
        return
    first, last = blocks[0].plain_start, blocks[-1].plain_end
    marks = _Marks(text, shades, first, last)
    for block in blocks:
        sentences = tuple(_sentences(text, block, marks))
        yield SetBlock(block.kind, block.level, block.words_start > block.plain_start, sentences)


class _Marks:
    """Slices of the plain text with a look or a shade, for those that reach into one part of it."""

    def __init__(self, text: Projection, shades: Sequence[Shade], first: int, last: int) -> None:
        spans = [(*_words(text, shade.start, shade.end), shade.key) for shade in shades]
        self.shades = sorted(span for span in spans if span[0] < min(last, span[1]) and first < span[1])
        self.looks: list[tuple[int, int, str]] = []
        if first < last:
            for opened, inner, closed, end in text.pairs(*text.source_span(first, last)):
                mark = text.text[opened:inner]
                look = "strong" if mark in {"**", "__", "***"} else LOOKS.get(mark[0], "") if mark else ""
                if look and closed <= end:
                    self.looks.append((*text.plain_span(inner, closed), look))
            # The pair around the first characters may open before them.
            self.looks.sort()

    def edges(self, start: int, end: int) -> set[int]:
        spans = [*self.looks_in(start, end), *self.shades_in(start, end)]
        return {edge for first, last, _ in spans for edge in (first, last) if start < edge < end}

    def looks_in(self, start: int, end: int) -> list[tuple[int, int, str]]:
        # No pair reaches over the end of its block: those that open behind `end` cannot matter, nor can long past ones.
        low = bisect_left(self.looks, (max(0, start - 20_000),))
        high = bisect_left(self.looks, (end,))
        return [span for span in self.looks[low:high] if start < span[1]]

    def shades_in(self, start: int, end: int) -> list[tuple[int, int, int]]:
        return [span for span in self.shades[: bisect_left(self.shades, (end,))] if start < span[1]]


def _words(text: Projection, start: int, end: int) -> tuple[int, int]:
    """The plain words of a slice of the stored text, without blanks at their ends."""
    first, last = text.plain_span(start, end)
    first += text.plain.startswith(" ", first, last)
    last -= text.plain.endswith(" ", first, last)
    return first, last


def _sentences(text: Projection, block: Block, marks: _Marks) -> Iterator[SetSentence]:
    """All of a block: its sentences, and what stands between them."""
    at = block.plain_start
    index = bisect_left(text.sentences, (block.plain_start,))
    while index < len(text.sentences) and text.sentences[index][0] < block.plain_end:
        start, end = text.sentences[index]
        if at < start:
            yield _sentence(text, 0, at, start, marks)
        yield _sentence(text, index + 1, start, end, marks)
        at, index = end, index + 1
    if at < block.plain_end:
        yield _sentence(text, 0, at, block.plain_end, marks)


def _sentence(text: Projection, number: int, start: int, end: int, marks: _Marks) -> SetSentence:
    looks, shades = marks.looks_in(start, end), marks.shades_in(start, end)
    edges = sorted({start, end, *text.edges(start, end), *marks.edges(start, end)})
    runs = []
    before = text.source_span(start - 1, start)[1] if start else 0
    for first, last in pairwise(edges):
        low, high = text.source_span(first, last)
        words = text.text[low:high] if high - low in {1, last - first} else None
        over = [span for span in shades if span[0] <= first and last <= span[1]]
        runs.append(
            Run(
                start=low,
                end=high,
                words=text.plain[first:last] if words is None else words,
                looks=" ".join(sorted({look for a, b, look in looks if a <= first and last <= b})),
                shades=tuple(key for _, _, key in over),
                begun=tuple(key for a, _, key in over if a == first),
                ended=tuple(key for _, b, key in over if b == last),
                in_cell="|" in text.text[before:low],
            )
        )
        before = high
    return SetSentence(number, *text.source_span(start, end), tuple(runs))


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that are sent together: `first:last` of the blocks of a text, `start:end` of its characters."""

    number: int
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the outline: the words, the rank and the number of the sentence that the heading is."""

    words: str
    rank: int
    sentence: int
    part: int


def parts(text: Projection, size: int) -> tuple[Part, ...]:
    """The text in parts of about so many characters, each ending with a whole block; none for a text without blocks."""
    found: list[Part] = []
    first = 0
    for index, block in enumerate(text.blocks):
        full = block.end - text.blocks[first].start >= size
        if full or index == len(text.blocks) - 1:
            found.append(Part(len(found), first, index + 1, text.blocks[first].start, block.end))
            first = index + 1
    return tuple(found)


def part_at(found: Sequence[Part], offset: int) -> int:
    """The number of the part that holds a character of the stored text; the nearest one before it."""
    return max(0, bisect_right([part.start for part in found], offset) - 1)


def outline(text: Projection, found: Sequence[Part]) -> Iterator[Heading]:
    """The headings with words, in reading order."""
    for block in text.blocks:
        if block.kind is BlockKind.HEADING and block.plain_start < block.plain_end:
            sentence = bisect_left(text.sentences, (block.plain_start,))
            words = text.plain[block.plain_start : block.plain_end]
            yield Heading(words, block.level, sentence + 1, part_at(found, block.start))
