"""Sentences that may be about a clause type, by its search phrases: suggestions for a reader, never findings (pure).

A sentence is suggested where it holds a phrase, or all the telling words of one in any order and in any of their
endings: "retention period" suggests "the periods for which we retain it". What a sentence says is for a person to read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from clauses.likeness import WORD
from platforms.plaintext import Projection

_FEWEST = 2  # telling words that a phrase needs to suggest a sentence that does not hold it as it stands
_STEM = 5  # letters that tell a word in all its endings
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a about after all an and any are as at be been before but by can do for from has have how if in into is it its"
        " may might must no nor not of on or other our shall should so such than that the their them then there these"
        " they this those to under unless until up upon use used uses using service services us was we were what when"
        " where which while who will with without would you your",
    )
)


def suggested(text: Projection, phrases: Mapping[int, Sequence[str]]) -> dict[int, tuple[int, ...]]:
    """For each key, the indices in `text.sentences` of what its phrases suggest, in order; keys without any are left
    out.
    """
    postings = _postings(text)
    found = {}
    for key, of_key in phrases.items():
        sentences: set[int] = set()
        for phrase in of_key:
            sentences |= _holding(phrase, text, postings)
        if sentences:
            found[key] = tuple(sorted(sentences))
    return found


def _postings(text: Projection) -> dict[str, set[int]]:
    """Of each stem, the sentences that hold a word with it."""
    found: dict[str, set[int]] = defaultdict(set)
    for index, (start, end) in enumerate(text.sentences):
        for word in WORD.findall(text.plain, start, end):
            found[_stem(word)].add(index)
    return found


def _holding(phrase: str, text: Projection, postings: Mapping[str, set[int]]) -> set[int]:
    words = WORD.findall(phrase)
    telling = {_stem(word) for word in words if word.casefold() not in _SMALL}
    if len(telling) >= _FEWEST:
        return set.intersection(*(postings.get(stem, set()) for stem in telling))
    wanted = [_stem(word) for word in words]
    alike = set.intersection(*(postings.get(stem, set()) for stem in wanted)) if wanted else set()
    return {index for index in alike if _stands(wanted, text, index)}


def _stands(wanted: Sequence[str], text: Projection, index: int) -> bool:
    """Whether the words follow one another in a sentence."""
    stems = [_stem(word) for word in WORD.findall(text.plain, *text.sentences[index])]
    return any(stems[at : at + len(wanted)] == wanted for at in range(len(stems) - len(wanted) + 1))


def _stem(word: str) -> str:
    return word.casefold()[:_STEM]
