"""Answers about words, kept for the next text that holds the same words: nearly all sentences of a version stand in the
one before it (pure).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")

KEPT = 16_384  # answers of one function; with the longest words about 20 MB, in real texts about 5 MB
LONGEST = 600  # characters; longer words are rare, and would cost memory


def remembered(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """A function of words alone, asked once for each of them while they are in use."""
    kept = lru_cache(maxsize=KEPT)(function)

    @wraps(function)
    def answer(words: str) -> Answer:
        return kept(words) if len(words) <= LONGEST else function(words)

    return answer
