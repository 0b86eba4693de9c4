"""The rest of a sentence of which only a part was quoted (pure). Half a sentence can say the opposite of the whole:
"share your password" of "You may not share your password".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clauses.anchoring import inside_word
from clauses.likeness import WORD
from platforms.plaintext import Projection, project, without_number


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
