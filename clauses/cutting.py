"""The rest of a sentence of which only a part was quoted (pure). Half a sentence can say the opposite of the whole:
"share your password" of "You may not share your password". The same is true of an item of a list, whose sentence
begins above the list: "You may not:".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from clauses.anchoring import inside_word
from clauses.likeness import WORD
from platforms.blocks import BlockKind
from platforms.plaintext import Block, Projection, project, without_number

MOST_LEAD_INS = 3  # of words that are an item of several lists
MOST_PLACES = 50  # of one text, that are looked at for them


@dataclass(frozen=True)
class Cut:
    """Quoted words and what stands before and behind them in the sentences that they begin and end in."""

    before: str
    words: str
    after: str


def cut(words: str, block: str) -> Cut | None:
    """The first place of the words in a block; None where they stand in it as whole sentences, or not at all."""
    found = None
    read = project(block)
    for start in _places(words, read.plain):
        end = start + len(words)
        first, last = whole_sentences(read, start, end)
        before, after = read.plain[first:start], read.plain[end:last]
        if not WORD.search(without_number(before)) and not WORD.search(after):
            return None
        found = found or Cut(before, words, after)
    return found


def lead_ins(words: str, text: Projection) -> list[tuple[str, ...]]:
    """What leads in to the lists of which the words are items, each lead-in once, in the order of the text. A list
    within a list gives several blocks for one place, the outermost first.
    """
    places = islice(_places(words, text.plain), MOST_PLACES)
    found = dict.fromkeys(lead for start in places if (lead := _lead_in(text, start)))
    return list(found)[:MOST_LEAD_INS]


def _lead_in(text: Projection, at: int) -> tuple[str, ...]:
    """The blocks above the one at a place that end in a colon, up to the beginning of its list."""
    block = text.block_at(at)
    if block is None or not _is_item(text, block):
        return ()
    found: list[str] = []
    level = block.level + 1  # lists may be written on one level though one is within another
    for above in reversed(text.blocks[: bisect_left(text.blocks, block.start, key=attrgetter("start"))]):
        own = text.plain[above.plain_start : above.plain_end]
        outer = above.kind is BlockKind.HEADING or above.level < level
        if outer and own.endswith((":", "：")):
            found.append(own)
            level = above.level
        if own and not _is_item(text, above):
            break
    return tuple(reversed(found))


def _is_item(text: Projection, block: Block) -> bool:
    """Whether a block is an item of a list, or written like one: with a number, or with a small letter first."""
    if block.kind in (BlockKind.HEADING, BlockKind.ROW):
        return False
    numbered = block.words_start > block.plain_start
    return block.level > 0 or numbered or text.plain[block.plain_start : block.plain_start + 1].islower()


def whole_sentences(text: Projection, start: int, end: int) -> tuple[int, int]:
    """A slice with the rest of the sentences that it begins and ends in."""
    touched = [span for span in text.sentences if span[0] < end and start < span[1]]
    return min([start, *(first for first, _ in touched)]), max([end, *(last for _, last in touched)])


def _places(words: str, plain: str) -> Iterator[int]:
    at = plain.find(words)
    while at >= 0:
        if not inside_word(plain, at) and not inside_word(plain, at + len(words)):
            yield at
        at = plain.find(words, at + 1)
