"""Clauses of one document that may be one and the same, told by their words (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clauses.compared import words_of
from clauses.likeness import passages
from platforms.plaintext import Projection, project

# The likeness from which a sentence beside another one is the same statement reworded: see `clauses.likeness`.
NEAR = 0.65
SHARED = 0.5  # of the fewer words: two quotations with less in common are not compared any further
MOST = 5  # pointed out at once


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words of a clause: `key` is the caller's own."""

    key: int
    words: str


@dataclass(frozen=True, slots=True)
class Double:
    """A clause whose words are nearly those asked for, all of them or a part: `likeness` is 1 for the same words."""

    key: int
    likeness: float

    @property
    def same(self) -> bool:
        return self.likeness >= 1

    @property
    def percent(self) -> int:
        """Rounded down: only the same words are 100."""
        return int(self.likeness * 100)


def doubles(words: str, others: Iterable[Quoted]) -> list[Double]:
    """The clauses whose words are the most like these, the likest first."""
    here = project(words)
    found = [Double(other.key, likeness) for other in others if (likeness := _likeness(here, other.words)) >= NEAR]
    return sorted(found, key=lambda double: (-double.likeness, double.key))[:MOST]


def joined(segments: Sequence[str]) -> str:
    """The segments of a quotation as one text, each a paragraph."""
    return "\n\n".join(segments)


def _likeness(here: Projection, words: str) -> float:
    """How far one text holds the other, 0 to 1; 0 where they have too few words in common."""
    a, b = words_of(here.plain), words_of(words)
    if not a or not b or len(a & b) < SHARED * min(len(a), len(b)):
        return 0.0
    there = project(words)
    if _plain(here) == _plain(there):
        return 1.0
    shorter, longer = sorted((here, there), key=lambda text: len(text.plain))
    best = max((passage.score for passage in passages(shorter.plain, longer, least=NEAR)), default=0.0)
    return min(best, 0.99)


def _plain(text: Projection) -> str:
    return " ".join(text.plain.casefold().split())
