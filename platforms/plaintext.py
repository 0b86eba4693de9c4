"""A stored text without its markup, with a map back to the characters it came from.

Texts are stored as Markdown in the style of Open Terms Archive. Two texts say the same words when their
projections have the same `plain`. What `plain` holds, and why:

- Markup is left out: heading marks, rules, bullets, emphasis, code marks, table pipes, escapes, known HTML tags,
  the addresses of links, whole images. Words inside all of these stay. A tag that HTML does not know
  ("<your company>") is words. Asterisks, underscores or brackets that pair with nothing are words too.
- List *numbers* stay ("3. You must"). Dropped, "30. June" at the start of a line would equal "31. June", and a number
  that differs must never pass as the same words. A quotation can begin after the number and so outlive
  renumbering; `Block.words_start` says where that is.
- White space (no-break blanks and line ends included) is one blank, also between blocks. Characters without width,
  soft hyphens and direction marks are dropped.
- Quote marks become " or ', apostrophes ', dashes and hyphens -, an ellipsis three full stops.
- Unicode is NFC, so composed and decomposed letters are equal. NFKC goes too far: it turns "10²" into "102" and
  "1½" into "11/2". Of its foldings only those that cannot change a meaning are made: ligatures (ﬁ) and the
  full-width forms of Latin letters and digits. Case, digits and superscripts (footnote marks too) stay;
  "<sup>2</sup>" becomes "²".

Offsets are code points everywhere. Nothing here raises on any string.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from platforms.blocks import BlockKind
from platforms.offsets import Offsets
from platforms.outlines import Outlined
from platforms.passages import NUMBER, Passage, passages


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text, in reading order; blocks never overlap.

    `level` is the rank of a heading (1 to 6), else how many lists it stands in. `start:end` is the slice of the text
    with its own markup, `plain_start:plain_end` that of the plain text (empty for a rule). `words_start` is where
    the plain words begin after a leading number such as "3.", "4.2" or "a)". `headings` are the plain words of the
    headings it stands under, outermost first, its own not among them.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    plain_start: int
    plain_end: int
    words_start: int
    headings: tuple[str, ...]


@dataclass(frozen=True)
class Projection:
    """A text, its plain words, its blocks and the map between their offsets. Made by `project`.

    What is made of the passages is made when it is first asked for.
    """

    text: str
    plain: str
    _passages: tuple[Passage, ...] = field(repr=False, compare=False)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the plain words' UTF-8 bytes, in hexadecimal."""
        return hashlib.sha256(self.plain.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in reading order."""
        found: list[Block] = []
        above: list[tuple[int, str]] = []  # rank and words of the headings above
        path: tuple[str, ...] = ()
        for passage, base, plain in self._placed():
            for kind, level, start, end, plain_start, plain_end, words_start in passage.pieces:
                if kind is BlockKind.HEADING:
                    while above and above[-1][0] >= level:
                        above.pop()
                    path = tuple(words for _, words in above)
                places = (base + start, base + end, plain + plain_start, plain + plain_end, plain + words_start)
                found.append(Block(kind, level, *places, path))
                if kind is BlockKind.HEADING and plain_start < plain_end:
                    above.append((level, passage.plain[plain_start:plain_end]))
                    path = (*path, above[-1][1])
        return tuple(found)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences as slices of `plain`, in order; none reaches over the end of its block.

        A number such as "3." or "a)" that leads a block is part of its first sentence (`without_number` takes it
        off), and an item that holds no words besides has no sentence. Marks without a word or digit are in none.
        """
        return tuple(
            (plain + start, plain + end) for passage, _, plain in self._placed() for start, end in passage.sentences
        )

    def outlined(self, known: Collection[int] = ()) -> Outlined:
        """The outline of the text, with the words of the blocks that are not `known`."""
        digests, levels, words = array("q"), bytearray(), dict[int, str]()
        for passage in self._passages:
            digests += passage.digests
            for digest, (piece, own) in zip(passage.digests, passage.worded(), strict=True):
                levels.append(piece.level if piece.kind is BlockKind.HEADING else 0)
                if digest not in known:
                    words[digest] = own
        return Outlined(digests, bytes(levels), words)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of `text` that `plain[start:end]` was made from: first to last character, no markup around.

        Raises ValueError when the span does not lie in the plain text.
        """
        if not 0 <= start <= end <= len(self.plain):
            raise ValueError(f"span {start}:{end} is outside the plain text of {len(self.plain)} characters")
        if start < end:
            return self._offsets.start(start), self._offsets.end(end - 1)
        at = self._offsets.start(start) if start < len(self.plain) else self._offsets.last
        return at, at

    def balanced_span(self, start: int, end: int) -> tuple[int, int]:
        """`source_span`, widened over markup that touches an edge where the slice would else hold half of a pair.

        `**Note** that` gives the slice with both `**`; `**Note that**` gives the bare words. Words are never added:
        a pair that opens or closes beyond further words stays cut.
        """
        first, last = self.source_span(start, end)
        floor = self._offsets.end(start - 1) if start else 0
        ceiling = self._offsets.start(end) if end < len(self.plain) else len(self.text)
        if self.plain[start - 1 : start] == " ":  # a blank reaches over the marks beside it
            floor = self._offsets.start(start - 1)
        if self.plain[end : end + 1] == " ":
            ceiling = self._offsets.end(end)
        low, high = bisect_left(self._pairs, (floor,)), bisect_left(self._pairs, (ceiling,))
        near = self._pairs[low:high]
        opening = min((p[0] for p in near if p[1] <= first < p[2] < last), default=first)
        closing = max((p[3] for p in near if first <= p[0] < last <= p[2] and p[3] <= ceiling), default=last)
        return opening, closing

    def plain_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of `plain` made from characters that lie, wholly or in part, in `text[start:end]`."""
        first = self._offsets.ending_by(start)
        return first, max(first, self._offsets.starting_before(end))

    def edges(self, start: int, end: int) -> list[int]:
        """The places inside `plain[start:end]` where characters begin that do not follow in `text` those before."""
        return self._offsets.edges(start, end)

    def pairs(self, start: int, end: int) -> list[tuple[int, int, int, int]]:
        """Pairs of marks such as `**`, opening inside `text[start:end]`, as (start, end, start, end)."""
        return self._pairs[bisect_left(self._pairs, (start,)) : bisect_left(self._pairs, (end,))]

    def block_at(self, offset: int) -> Block | None:
        """The block that holds the plain character at `offset`; None for the blank between two blocks."""
        index = bisect_right(self._block_starts, offset) - 1
        while index >= 0 and self.blocks[index].plain_start == self.blocks[index].plain_end:
            index -= 1
        if index < 0 or offset >= self.blocks[index].plain_end:
            return None
        return self.blocks[index]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.plain_start for block in self.blocks]

    @cached_property
    def _offsets(self) -> Offsets:
        """The map of all plain characters."""
        found = Offsets()
        for passage, base, _ in self._placed():
            found.extend(passage.offsets, base)
        return found

    @cached_property
    def _pairs(self) -> list[tuple[int, int, int, int]]:
        """Opening and closing marks of the whole text, in order."""
        return [
            (base + a, base + b, base + c, base + d)
            for passage, base, _ in self._placed()
            for a, b, c, d in passage.pairs
        ]

    def _placed(self) -> Iterator[tuple[Passage, int, int]]:
        """Each passage with where it begins in the text, and its words in the plain text."""
        base = plain = 0
        for passage in self._passages:
            yield passage, base, plain
            base += passage.length
            plain += len(passage.plain)


def project(text: str) -> Projection:
    """Read a Markdown text once: its plain words, blocks and the map back. Near linear; never raises."""
    found = tuple(passages(text))
    return Projection(text, "".join(passage.plain for passage in found), found)


def without_number(words: str) -> str:
    """Plain words without a leading number such as "3.", "4.2", "(iv)" or "a)"."""
    number = NUMBER.match(words)
    return words[number.end() :] if number else words
