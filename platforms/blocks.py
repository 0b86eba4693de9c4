"""Where the blocks of a Markdown text begin and end, and which of their characters are content.

Reads the Markdown that Open Terms Archive stores: setext and ATX headings, `* *` nested bullets, numbered lists,
pipe tables, block quotes, fences and rules. `platforms.passages` makes words of the content. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*+\r?\n)++")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_MORE_THAN = re.compile(r"[ \t]*>[ \t]*[$€£¥]?\d")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*\Z")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_CLOSING = re.compile(r"(?:\A|[ \t])#+[ \t]*\Z")
_BULLET = re.compile(r"(?:[*+-](?=[ \t]|\Z)|[•●○▪◦‣])[ \t\xa0]*")
_NUMBERED = re.compile(r"(\d{1,9})[.)](?:[ \t]+|\Z)")
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*\Z")
_DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*(?::?-+:?[ \t]*)?)+\Z")


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    RULE = "rule"


@dataclass(slots=True)
class Draft:
    """A block as its lines were read.

    `level` is the rank of a heading (1 to 6), else how many lists the block stands in. `start:end` is its slice of the
    text, `ranges` are the slices that hold content, without the marks at the beginning of lines.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    ranges: list[tuple[int, int]]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One line without its line end: `start:stop`; `first` is its first visible character, `at` that behind `>`."""

    start: int
    first: int
    at: int
    stop: int
    column: int
    quoted: bool
    rest: str


class Reader:
    """Takes the lines of a text in order and hands out each block once it is complete.

    Indented lines are never code: the archive's tool indents what continues a list item.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: Draft | None = None
        self.fence = ""
        self.in_table = False
        self.depths: list[int] = []  # columns at which the content of the open lists begins

    def passage_end(self, start: int) -> int:
        """Where the passage from `start` ends: behind the next blank lines. Only a fence can still be open there."""
        blank = _BLANK_LINES.search(self.text, start)
        return blank.end() if blank else len(self.text)

    def drafts(self, start: int, end: int) -> tuple[list[Draft], int]:
        """The blocks of a passage, in order and never overlapping, and where the passage stops after all.

        That is `end`, or behind the fence that is open at `end`. No block is open there: of what was read, only
        `depths` matters to what follows.
        """
        found: list[Draft] = []
        stop = len(self.text)
        for match in _LINE.finditer(self.text, start):
            if match.start() >= end and not self.fence:
                stop = match.start()
                break
            found += self.read(match.start(), match.start() + len(match[0].rstrip("\r\n")))
        found += self.close()
        return found, stop

    def close(self) -> Iterator[Draft]:
        if self.open:
            yield self.open
        self.open = None

    def read(self, start: int, stop: int) -> Iterator[Draft]:
        if self.fence:
            yield from self._read_code(start, stop)
            return
        line = self._line(start, stop)
        if not line.rest:
            self.in_table = False
            yield from self.close()
        elif self._underlines(line):
            yield from self.close()
        elif self._is_row(line):
            yield from self._read_row(line)
        elif _RULE.match(line.rest):
            yield from self.close()
            yield Draft(BlockKind.RULE, 0, line.first, line.stop, [])
        elif fence := _FENCE.match(line.rest):
            yield from self.close()
            self._leave_lists(line.column)
            self.fence = fence[1]
            self.open = Draft(BlockKind.CODE, len(self.depths), line.first, line.stop, [])
        else:
            yield from self._read_words(line)

    def _line(self, start: int, stop: int) -> _Line:
        """Take the block quote marks off. "> 13 years" on its own means more than 13, and stays."""
        at, quoted = start, False
        while mark := _QUOTE.match(self.text, at, stop):
            if not quoted and not (self.open and self.open.quoted) and _MORE_THAN.match(self.text, at, stop):
                break
            at, quoted = mark.end(), True
        rest = self.text[at:stop].lstrip()
        whole = self.text[start:stop].lstrip()
        column = len(self.text[at : stop - len(rest)].expandtabs(4))
        return _Line(start, stop - len(whole), stop - len(rest), stop, column, quoted, rest)

    def _read_code(self, start: int, stop: int) -> Iterator[Draft]:
        line = self.text[start:stop].strip()
        if self.open:
            self.open.end = stop
            if line.startswith(self.fence) and not line.strip(self.fence[0]):
                self.fence = ""
                yield from self.close()
            else:
                self.open.ranges.append((start, stop))

    def _words_open(self, line: _Line) -> Draft | None:
        """The open block, where this line could continue it."""
        block = self.open
        if block and block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and block.quoted == line.quoted:
            return block
        return None

    def _underlines(self, line: _Line) -> bool:
        """Make a heading of the open block if this line is its underline."""
        block = self._words_open(line)
        if not block or not block.ranges or not _UNDERLINE.match(line.rest):
            return False
        if block.kind is BlockKind.ITEM and not line.column:
            return False
        block.kind, block.level, block.end = BlockKind.HEADING, 1 if line.rest[0] == "=" else 2, line.stop
        return True

    def _is_row(self, line: _Line) -> bool:
        if line.rest[0] == "|" or (self.in_table and "|" in line.rest):
            return True
        self.in_table = False
        block = self._words_open(line)
        if block and "|" in line.rest and "|" in self.text[block.start : block.end] and _DELIMITERS.match(line.rest):
            block.kind = BlockKind.ROW
            return True
        return False

    def _read_row(self, line: _Line) -> Iterator[Draft]:
        yield from self.close()
        self._leave_lists(line.column)
        self.in_table = True
        content = [] if _DELIMITERS.match(line.rest) else [(line.at, line.stop)]
        yield Draft(BlockKind.ROW, len(self.depths), line.first, line.stop, content)

    def _read_words(self, line: _Line) -> Iterator[Draft]:
        kind, content = self._markers(line)
        if heading := _HEADING.match(self.text, content, line.stop):
            yield from self.close()
            if kind is BlockKind.PARAGRAPH:
                self._leave_lists(line.column)
            words = self.text[heading.end() : line.stop]
            closing = _CLOSING.search(words)
            end = heading.end() + (closing.start() if closing else len(words))
            yield Draft(BlockKind.HEADING, len(heading[1]), line.first, line.stop, [(heading.end(), end)])
            return
        block = self._words_open(line)
        if block and kind is BlockKind.PARAGRAPH:
            block.end = line.stop
            if block.ranges and not line.quoted:
                block.ranges[-1] = (block.ranges[-1][0], line.stop)
            else:
                block.ranges.append((content, line.stop))
            return
        yield from self.close()
        if kind is BlockKind.PARAGRAPH:
            self._leave_lists(line.column)
        ranges = [(content, line.stop)] if content < line.stop else []
        self.open = Draft(kind, len(self.depths), line.first, line.stop, ranges, line.quoted)

    def _markers(self, line: _Line) -> tuple[BlockKind, int]:
        """Kind of the block that a line opens, and where its content begins; a list number is content."""
        kind, content, column = BlockKind.PARAGRAPH, line.at, line.column
        while bullet := _BULLET.match(self.text, content, line.stop):
            column = self._enter_list(column, bullet.end() - content)
            content, kind = bullet.end(), BlockKind.ITEM
        number = _NUMBERED.match(self.text, content, line.stop)
        if number and (kind is BlockKind.ITEM or number[1] == "1" or not self._in_paragraph()):
            self._enter_list(column, number.end() - content)
            kind = BlockKind.ITEM
        return kind, content

    def _in_paragraph(self) -> bool:
        return self.open is not None and self.open.kind is BlockKind.PARAGRAPH

    def _leave_lists(self, column: int) -> None:
        while self.depths and self.depths[-1] > column:
            self.depths.pop()

    def _enter_list(self, column: int, width: int) -> int:
        self._leave_lists(column)
        self.depths.append(column + width)
        return column + width
