"""Words that stand in one block of a document, or reach over several that follow one another (pure).

Blocks and what is looked for are plain words (`platforms.plaintext`), so only spacing, quote marks and markup may
differ. Likeness takes no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clauses.anchoring import inside_word
from platforms.plaintext import without_number

Chain = tuple[int, ...]  # digests of blocks that follow one another

MOST_CHAINS = 200  # of one document: it bounds the work on blocks that repeat


def holds(words: str, block: str) -> bool:
    """Whether the words stand in a block, not inside a longer word or number."""
    at = block.find(words)
    while at >= 0:
        if not inside_word(block, at) and not inside_word(block, at + len(words)):
            return True
        at = block.find(words, at + 1)
    return False


def chains(words: str, blocks: Mapping[int, str]) -> list[Chain]:
    """The ways in which blocks of a document, by their digests, could make up the words: the end of one, whole ones,
    the beginning of another; two at least. The number before an item may be left out, as browsers do that draw it.
    Whether the blocks follow one another in a text is not known here.
    """
    bodies = {digest: tuple({block, without_number(block)}) for digest, block in blocks.items()}
    found: list[Chain] = []
    waiting: list[tuple[Chain, int]] = [
        ((digest,), length + 1) for digest, block in blocks.items() for length in _tails(words, block)
    ]
    while waiting and len(found) < MOST_CHAINS and len(waiting) < 10 * MOST_CHAINS:
        chain, at = waiting.pop()
        rest = words[at:]
        for digest, body in ((digest, body) for digest, own in bodies.items() for body in own):
            if body.startswith(rest) and not inside_word(body, len(rest)):
                found.append((*chain, digest))
            elif rest.startswith(f"{body} "):
                waiting.append(((*chain, digest), at + len(body) + 1))
    return found


def _tails(words: str, block: str) -> Iterator[int]:
    """The lengths of the beginnings of the words, up to a blank, with which a block ends."""
    at = words.find(" ")
    while 0 < at <= len(block):
        if block.endswith(words[:at]) and not inside_word(block, len(block) - at):
            yield at
        at = words.find(" ", at + 1)
