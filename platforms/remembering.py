"""Answers about words, kept for the next text that holds the same words: nearly all sentences of a version stand in the
one before it (pure).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from platforms.plaintext import Projection

Answer = TypeVar("Answer")

KEPT = 8_192  # answers of one function; with the longest words about 10 MB, in real texts about 3 MB
TEXTS = 4  # texts of which an answer is kept
LONGEST = 600  # characters; longer words are rare, and would cost memory


def remembered(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """A function of words alone, asked once for each of them while they are in use."""
    kept = lru_cache(maxsize=KEPT)(function)

    @wraps(function)
    def answer(words: str) -> Answer:
        return kept(words) if len(words) <= LONGEST else function(words)

    return answer


def remembered_of_text(function: Callable[[Projection], Answer]) -> Callable[[Projection], Answer]:
    """A function of a text, kept for the last few texts: each of them is looked at from both its sides."""
    kept: dict[str, Answer] = {}

    @wraps(function)
    def answer(text: Projection) -> Answer:
        if text.text not in kept:
            while len(kept) >= TEXTS:
                kept.pop(next(iter(kept), ""), None)
            kept[text.text] = function(text)
        return kept[text.text]

    return answer
