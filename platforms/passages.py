"""Passages of a Markdown text, from one blank line to the next, and the plain words they leave.

What a passage leaves depends on its characters, on the lists that are open at its beginning, and on whether words
stand before it; on nothing else. Successive versions of a document share nearly all passages, so what was read is
kept for the next text. `platforms.plaintext` says what the words are and puts passages together.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from platforms.blocks import BlockKind, Draft, Reader
from platforms.inline import BARE_TOKEN, DROPPED, WIDER, Inline
from platforms.offsets import BEFORE, Offsets
from platforms.sentences import split

NUMBER = re.compile(r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlc]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+) ")
_FOLDED = {
    **dict.fromkeys("“”„‟«»″〝〞〟＂", '"'),
    **dict.fromkeys("‘’‚‛‹›′ʼ`´＇\u1fef\u1ffd", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()},
}
_FOLDING = re.compile(f"[{''.join(map(re.escape, _FOLDED))}]")
_CELL = re.compile(r"(?:[^|\\]|\\.|\\\Z)+", re.DOTALL)
_KEPT = 8_000_000  # bytes, about: how much is kept of late, and once more of what was used before
_DEEPEST = 40  # in more open lists than this a passage is not kept: to compare them would take longer than to read it


class Piece(NamedTuple):
    """One block of a passage; offsets count from the beginning of the passage and of its plain words."""

    kind: BlockKind
    level: int
    start: int
    end: int
    plain_start: int
    plain_end: int
    words_start: int


@dataclass(frozen=True, eq=False)
class Passage:
    """What one passage leaves.

    `length` counts its characters in the text. `plain` begins with the blank that parts it from the words before, if
    there are any; the slice of that blank starts BEFORE. `pairs` are opening and closing marks, as (start, end, start,
    end) from the beginning of the passage. `depths` are the lists that are open at its end, told
    only where the passage can be kept.
    """

    length: int
    plain: str
    pieces: tuple[Piece, ...]
    offsets: Offsets
    pairs: tuple[tuple[int, int, int, int], ...]
    depths: tuple[int, ...]

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Slices of `plain`, in order; none reaches over the end of a piece."""
        return tuple(
            (piece.plain_start + start, piece.plain_start + end)
            for piece in self.pieces
            for start, end in _sentences(self.plain[piece.plain_start : piece.plain_end], piece.kind)
        )

    @cached_property
    def digests(self) -> array[int]:
        """The names of the pieces that hold words."""
        return array("q", (digest_of(words) for _, words in self.worded()))

    def worded(self) -> Iterator[tuple[Piece, str]]:
        """The pieces that hold words, and these."""
        for piece in self.pieces:
            if piece.plain_start < piece.plain_end:
                yield piece, self.plain[piece.plain_start : piece.plain_end]

    @property
    def weight(self) -> int:
        """Bytes that it takes to keep this and the characters it was read from, roughly."""
        return 1000 + 4 * self.length + 30 * len(self.offsets) + 200 * (len(self.pieces) + len(self.pairs))


def digest_of(words: str) -> int:
    """The name of a block's plain words: the first 64 bits of the SHA-256 of their UTF-8 bytes, as a signed number."""
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)


def passages(text: str) -> Iterator[Passage]:
    """The passages of a text in order; together they are the whole text."""
    reader, at, leads = Reader(text), 0, False
    while at < len(text):
        end = reader.passage_end(at)
        key = (text[at:end], tuple(reader.depths), leads) if len(reader.depths) <= _DEEPEST else None
        passage = MEMORY.get(key) if key else None
        if passage:
            reader.depths = list(passage.depths)
        else:
            found, stop = reader.drafts(at, end)
            passage = _Writer(text, at, leads=leads).write(found, stop, tuple(reader.depths) if key else ())
            if key and stop == end and not reader.fence:
                MEMORY.keep(key, passage)
        yield passage
        at += passage.length
        leads = leads or bool(passage.plain)


_Key = tuple[str, tuple[int, ...], bool]


class Memory:
    """Passages by what they were read from, in two generations: once the recent ones are too many, those that were
    not used since the last time are forgotten. Threads may share it: at worst a passage is read twice.
    """

    def __init__(self, *, room: int = _KEPT) -> None:
        self._room = self._left = room  # bytes of one generation, and those that are left of it
        self._recent: dict[_Key, Passage] = {}
        self._earlier: dict[_Key, Passage] = {}

    def get(self, key: _Key) -> Passage | None:
        passage = self._recent.get(key)
        if passage is None and (passage := self._earlier.get(key)):
            self.keep(key, passage)
        return passage

    def keep(self, key: _Key, passage: Passage) -> None:
        weight = passage.weight
        if weight > self._room // 4:
            return
        if weight > self._left:
            self._earlier, self._recent, self._left = self._recent, {}, self._room
        self._recent[key] = passage
        self._left -= weight


MEMORY = Memory()


def _sentences(words: str, kind: BlockKind) -> list[tuple[int, int]]:
    """The sentences of one block's plain words."""
    if kind is BlockKind.ITEM and NUMBER.fullmatch(words + " "):
        return []
    number = NUMBER.match(words)
    spans = list(split(words, number.end() if number else 0, len(words)))
    if number and spans:
        spans[0] = (0, spans[0][1])
    return spans


class _Writer:
    """Collects the plain words of one passage, which begins at `base`, block by block."""

    def __init__(self, text: str, base: int, *, leads: bool) -> None:
        self.text = text
        self.base = base
        self.last: int | None = BEFORE if leads else None  # where the last visible character ends
        self.parts: list[str] = []
        self.offsets = Offsets()
        self.pieces: list[Piece] = []
        self.pairs: list[tuple[int, int, int, int]] = []

    def write(self, found: Iterable[Draft], stop: int, depths: tuple[int, ...]) -> Passage:
        for draft in found:
            self._write_block(draft)
        base = self.base
        pairs = tuple(sorted((a - base, b - base, c - base, d - base) for a, b, c, d in self.pairs))
        return Passage(stop - base, "".join(self.parts), tuple(self.pieces), self.offsets, pairs, depths)

    # Of a block

    def _write_block(self, draft: Draft) -> None:
        self.chunk: list[str] = []
        self.origins = Offsets()
        for start, end in draft.ranges:
            self.gap = True  # white space was seen since the last visible character
            if draft.kind is BlockKind.CODE:
                self._write_bare(start, end)
            elif draft.kind is BlockKind.ROW:
                for cell in _CELL.finditer(self.text, start, end):
                    self.gap = True
                    self._write_inline(*cell.span())
            else:
                self._write_inline(start, end)
        words = self._finish_chunk()
        plain_end = self.offsets.length
        plain_start = plain_end - len(words)
        number = NUMBER.match(words)
        words_start = plain_start + (number.end() if number else 0)
        start, end = draft.start - self.base, draft.end - self.base
        self.pieces.append(Piece(draft.kind, draft.level, start, end, plain_start, plain_end, words_start))

    def _finish_chunk(self) -> str:
        """Fold what was collected, add it to the plain text, and give it back without the blank that parts blocks."""
        chunk = _FOLDING.sub(lambda match: _FOLDED[match[0]], "".join(self.chunk))
        if not unicodedata.is_normalized("NFC", chunk):
            chunk = self._compose(chunk)
        self.parts.append(chunk)
        self.offsets.extend(self.origins, 0)
        return chunk.removeprefix(" ")

    def _compose(self, chunk: str) -> str:
        """NFC, with the map kept: what becomes one character comes from all the characters that it was made of."""
        words: list[str] = []
        joins: list[tuple[int, int, int]] = []
        at = 0
        for match in _clusters().finditer(chunk):
            composed = unicodedata.normalize("NFC", match[0])
            if composed != match[0]:
                words += chunk[at : match.start()], composed
                joins.append((*match.span(), len(composed)))
                at = match.end()
        self.origins = self.origins.joined(joins)
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
            self.origins.copy(start - self.base, end - start)
            self.last = end - self.base
        self.gap = self.gap or trailing

    def _write_whole(self, words: str, start: int, end: int) -> None:
        """Characters that are made, together, from `text[start:end]`."""
        words = "".join(WIDER.get(character, character) for character in DROPPED.sub("", words))
        if not words.strip():
            self.gap = self.gap or bool(words)
            return
        self._close_gap(start)
        self.chunk.append(words)
        self.origins.fill(start - self.base, end - self.base, len(words))
        self.last = end - self.base

    def _close_gap(self, start: int) -> None:
        """Write the blank for the white space before the visible character at `start`; none at the very beginning."""
        if self.gap and self.last is not None:
            self.chunk.append(" ")
            self.origins.fill(self.last, start - self.base, 1)
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
