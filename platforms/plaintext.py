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
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache, cached_property

from platforms.blocks import BlockKind, Draft, drafts
from platforms.inline import BARE_TOKEN, DROPPED, WIDER, Inline
from platforms.sentences import split

_FOLDED = {
    **dict.fromkeys(map(ord, "“”„‟«»″〝〞〟＂"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛‹›′ʼ`´＇\u1fef\u1ffd"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-"),
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()},
}
_CELL = re.compile(r"(?:[^|\\]|\\.|\\\Z)+", re.DOTALL)
_NUMBER = re.compile(r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlc]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+) ")


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
    """A text, its plain words, its blocks and the map between their offsets. Made by `project`."""

    text: str
    plain: str
    blocks: tuple[Block, ...]
    _starts: array[int] = field(repr=False, compare=False)  # of each plain character: where it starts in `text`
    _ends: array[int] = field(repr=False, compare=False)  # … and ends
    _pairs: tuple[tuple[int, int, int, int], ...] = field(repr=False, compare=False)  # opening and closing mark-up

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the plain words' UTF-8 bytes, in hexadecimal."""
        return hashlib.sha256(self.plain.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences as slices of `plain`, in order; none reaches over the end of its block.

        A number such as "3." or "a)" that leads a block is part of its first sentence (`without_number` takes it
        off), and an item that holds no words besides has no sentence. Marks without a word or digit are in none.
        """
        return tuple(
            (block.plain_start + start, block.plain_start + end)
            for block in self.blocks
            for start, end in _sentences(self.plain[block.plain_start : block.plain_end], block.kind)
        )

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of `text` that `plain[start:end]` was made from: first to last character, no markup around.

        Raises ValueError when the span does not lie in the plain text.
        """
        if not 0 <= start <= end <= len(self.plain):
            raise ValueError(f"span {start}:{end} is outside the plain text of {len(self.plain)} characters")
        if start < end:
            return self._starts[start], self._ends[end - 1]
        at = self._starts[start] if start < len(self.plain) else self._ends[-1] if self._ends else 0
        return at, at

    def balanced_span(self, start: int, end: int) -> tuple[int, int]:
        """`source_span`, widened over markup that touches an edge where the slice would else hold half of a pair.

        `**Note** that` gives the slice with both `**`; `**Note that**` gives the bare words. Words are never added:
        a pair that opens or closes beyond further words stays cut.
        """
        first, last = self.source_span(start, end)
        floor = self._ends[start - 1] if start else 0
        ceiling = self._starts[end] if end < len(self.plain) else len(self.text)
        if self.plain[start - 1 : start] == " ":  # a blank reaches over the marks beside it
            floor = self._starts[start - 1]
        if self.plain[end : end + 1] == " ":
            ceiling = self._ends[end]
        low, high = bisect_left(self._pairs, (floor,)), bisect_left(self._pairs, (ceiling,))
        near = self._pairs[low:high]
        opening = min((p[0] for p in near if p[1] <= first < p[2] < last), default=first)
        closing = max((p[3] for p in near if first <= p[0] < last <= p[2] and p[3] <= ceiling), default=last)
        return opening, closing

    def plain_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of `plain` made from characters that lie, wholly or in part, in `text[start:end]`."""
        first = bisect_right(self._ends, start)
        return first, max(first, bisect_left(self._starts, end))

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


def project(text: str) -> Projection:
    """Read a Markdown text once: its plain words, blocks and the map back. Near linear; never raises."""
    return _Writer(text).write()


def without_number(words: str) -> str:
    """Plain words without a leading number such as "3.", "4.2", "(iv)" or "a)"."""
    number = _NUMBER.match(words)
    return words[number.end() :] if number else words


def _sentences(words: str, kind: BlockKind) -> list[tuple[int, int]]:
    """The sentences of one block's plain words."""
    if kind is BlockKind.ITEM and _NUMBER.fullmatch(words + " "):
        return []
    number = _NUMBER.match(words)
    spans = list(split(words, number.end() if number else 0, len(words)))
    if number and spans:
        spans[0] = (0, spans[0][1])
    return spans


class _Writer:
    """Collects the plain words of one text, block by block."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: list[str] = []
        self.length = 0
        self.starts = array("I")
        self.ends = array("I")
        self.blocks: list[Block] = []
        self.pairs: list[tuple[int, int, int, int]] = []
        self.headings: list[tuple[int, str]] = []  # rank and words of the headings above
        self._begin_block()

    def write(self) -> Projection:
        for draft in drafts(self.text):
            self._write_block(draft)
        return Projection(
            self.text, "".join(self.parts), tuple(self.blocks), self.starts, self.ends, tuple(sorted(self.pairs))
        )

    # Of a block

    def _begin_block(self) -> None:
        self.chunk: list[str] = []
        self.chunk_starts = array("I")
        self.chunk_ends = array("I")
        self.gap = True  # white space was seen since the last visible character

    def _write_block(self, draft: Draft) -> None:
        self._begin_block()
        for start, end in draft.ranges:
            self.gap = True
            if draft.kind is BlockKind.CODE:
                self._write_bare(start, end)
            elif draft.kind is BlockKind.ROW:
                for cell in _CELL.finditer(self.text, start, end):
                    self.gap = True
                    self._write_inline(*cell.span())
            else:
                self._write_inline(start, end)
        words = self._finish_chunk()
        plain_start, plain_end = self.length - len(words), self.length
        number = _NUMBER.match(words)
        while draft.kind is BlockKind.HEADING and self.headings and self.headings[-1][0] >= draft.level:
            self.headings.pop()
        path = tuple(heading for _, heading in self.headings)
        self.blocks.append(
            Block(
                draft.kind,
                draft.level,
                draft.start,
                draft.end,
                plain_start,
                plain_end,
                plain_start + (number.end() if number else 0),
                path,
            )
        )
        if draft.kind is BlockKind.HEADING and words:
            self.headings.append((draft.level, words))

    def _finish_chunk(self) -> str:
        """Fold what was collected, add it to the plain text, and give it back without the blank that parts blocks."""
        chunk = "".join(self.chunk).translate(_FOLDED)
        if not unicodedata.is_normalized("NFC", chunk):
            chunk = self._compose(chunk)
        self.parts.append(chunk)
        self.starts.extend(self.chunk_starts)
        self.ends.extend(self.chunk_ends)
        self.length += len(chunk)
        return chunk.removeprefix(" ")

    def _compose(self, chunk: str) -> str:
        """NFC, with the map kept: what becomes one character comes from all the characters that it was made of."""
        words: list[str] = []
        starts, ends, at = array("I"), array("I"), 0
        for match in _clusters().finditer(chunk):
            first, last = match.span()
            composed = unicodedata.normalize("NFC", match[0])
            if composed == match[0]:
                continue
            words += chunk[at:first], composed
            starts.extend(self.chunk_starts[at:first])
            ends.extend(self.chunk_ends[at:first])
            starts.extend([self.chunk_starts[first]] * len(composed))
            ends.extend([self.chunk_ends[last - 1]] * len(composed))
            at = last
        self.chunk_starts = starts + self.chunk_starts[at:]
        self.chunk_ends = ends + self.chunk_ends[at:]
        return "".join(words) + chunk[at:]

    # Of characters

    def _write_run(self, start: int, end: int) -> None:
        """Characters that stand for themselves; blanks are single in them."""
        if start < end and self.text[start] == " ":
            self.gap, start = True, start + 1
        trailing = start < end and self.text[end - 1] == " "
        end -= trailing
        if start < end:
            self._close_gap(start)
            self.chunk.append(self.text[start:end])
            self.chunk_starts.extend(range(start, end))
            self.chunk_ends.extend(range(start + 1, end + 1))
        self.gap = self.gap or trailing

    def _write_whole(self, words: str, start: int, end: int) -> None:
        """Characters that are made, together, from `text[start:end]`."""
        words = "".join(WIDER.get(character, character) for character in DROPPED.sub("", words))
        if not words.strip():
            self.gap = self.gap or bool(words)
            return
        self._close_gap(start)
        self.chunk.append(words)
        self.chunk_starts.extend([start] * len(words))
        self.chunk_ends.extend([end] * len(words))

    def _close_gap(self, start: int) -> None:
        """Write the blank for the white space before the visible character at `start`; none at the very beginning."""
        last = self.chunk_ends[-1] if self.chunk_ends else self.ends[-1] if self.ends else None
        if self.gap and last is not None:
            self.chunk.append(" ")
            self.chunk_starts.append(last)
            self.chunk_ends.append(start)
        self.gap = False

    def _write_bare(self, start: int, end: int) -> None:
        """Code: no markup inside."""
        at = start
        for match in BARE_TOKEN.finditer(self.text, start, end):
            self._write_run(at, match.start())
            self._write_whole(match[0], *match.span())
            at = match.end()
        self._write_run(at, end)

    def _write_inline(self, start: int, end: int) -> None:
        inline = Inline(self.text, start, end)
        at = start
        for token in inline.tokens:
            self._write_run(at, token.start)
            if token.words is None:
                self._write_run(token.start, token.end)
            elif token.code:
                self._write_bare(token.start + token.code, token.end - token.code)
            else:
                self._write_whole(token.words, token.start, token.end)
            at = token.end
        self._write_run(at, end)
        self.pairs += inline.pairs


@cache
def _clusters() -> re.Pattern[str]:
    """Finds what NFC may change: a character with those that join it, or one that has another form on its own."""
    joining: set[str] = set()
    changed: set[str] = set()
    for code in range(0x30000):
        character = chr(code)
        parts = unicodedata.normalize("NFD", character)
        if unicodedata.combining(parts[0]):
            joining.add(character)
        if len(parts) > 1 and not 0xAC00 <= code <= 0xD7A3:
            joining.update(part for part in parts[1:])
        if unicodedata.normalize("NFC", character) != character:
            changed.add(character)
    joining.update(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))  # Hangul vowels and finals
    joins = "".join(map(re.escape, sorted(joining)))
    return re.compile(f"(?s:.)[{joins}]+|[{''.join(map(re.escape, sorted(changed)))}]")
