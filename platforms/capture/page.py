"""A text as the quality gate looks at it: its blocks, titles, sentences and weight (pure)."""

from __future__ import annotations

import re
from functools import cached_property

from platforms.blocks import BlockKind
from platforms.capture import signs
from platforms.plaintext import Projection
from platforms.remembering import remembered_of_text

# Lengths are weights: characters, of which a Chinese, Japanese or Korean one counts three.
SHORT = 1500  # up to here a few signs tell what a text is
SENTENCE = 40  # shorter ones are captions and menu entries
FEW_SENTENCES = 4
TITLE = 100  # longer blocks are no titles
TOP = 8  # blocks in which titles are looked for

_LINK = re.compile(r"\[(?<!!\[)([^\[\]\\]*(?:\\.[^\[\]\\]*)*)\]\(")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def weight(words: str) -> int:
    return len(words) if words.isascii() else len(words) + 2 * len(_WIDE.findall(words))


class Page:
    """A text as the rules look at it; what costs time is found out when asked for."""

    def __init__(self, held: Projection) -> None:
        self.plain = held.plain
        self.text = held.text
        self.held = held

    @cached_property
    def blocks(self) -> list[tuple[BlockKind, str]]:
        """Kind and words of each block that has words."""
        plain = self.plain
        return [(b.kind, plain[b.plain_start : b.plain_end]) for b in self.held.blocks if b.plain_end > b.plain_start]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(words for _, words in self.blocks)

    @cached_property
    def weight(self) -> int:
        return weight(self.plain)

    @cached_property
    def sentences(self) -> int:
        """How many of its sentences are more than captions."""
        return sum(weight(self.plain[start:end]) >= SENTENCE for start, end in self.held.sentences)

    @cached_property
    def short(self) -> bool:
        return self.weight < SHORT and self.sentences < FEW_SENTENCES

    @cached_property
    def links(self) -> float:
        """The part of the plain characters that are links."""
        return sum(len(label.strip()) for label in _LINK.findall(self.text)) / len(self.plain)

    @cached_property
    def menu(self) -> int:
        """How many of its blocks are entries of menus."""
        return sum(signs.MENU.fullmatch(words) is not None for _, words in self.blocks if len(words) <= TITLE)

    @cached_property
    def titles(self) -> list[str]:
        """What may say which page this is: short lines at the top, and the first two headings wherever they stand."""
        lines = [words for kind, words in self.blocks[:TOP] if kind is not BlockKind.ITEM and words[-1] not in ".;。；"]
        headings = [words for kind, words in self.blocks if kind is BlockKind.HEADING][:2]
        return [words for words in dict.fromkeys((*lines, *headings)) if len(words) <= TITLE]

    @property
    def head(self) -> str:
        """Its first words, to be shown."""
        first = self.blocks[0][1] if self.blocks else ""
        return shown(first)


page_of = remembered_of_text(Page)


def shown(words: str) -> str:
    return f"“{words[:60].rstrip()}{'…' if len(words) > 60 else ''}”"


def length(page: Page) -> str:
    return f"{len(page.plain):,} characters"
