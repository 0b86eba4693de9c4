"""Sentences that recur, word for word or nearly, in the terms of several platforms (pure).

Two sentences are one wording if they share `least` of their words (the Jaccard index of their word sets). Comparing
each with each would take the square of their number: only sentences that share one of their rarest words are compared,
because two sets that share so many words must share one of those (prefix filtering).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from clauses.comparison import SAME_WORDING

FEWEST_WORDS = 6  # different ones; shorter sentences recur because language does
MOST_COMPARED = 12  # wordings with which a sentence is compared, those that share its rarest words first
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a clause: `clause` and `platform` are what the caller knows them by, `name` is how the platform
    calls itself in its terms.
    """

    clause: int
    platform: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording that several platforms use: each clause once, the first one's words first."""

    words: str
    said: tuple[Said, ...]

    @property
    def platforms(self) -> int:
        return _platforms(self.said)


def recurring(sentences: Iterable[Said], *, least: float = SAME_WORDING) -> list[Wording]:
    """The wordings of two platforms or more, those of most platforms first.

    A platform's own name is left out of its sentences: "Jasper may" and "Cohere may" are one wording. A sentence joins
    the first wording that it is like enough, the same words before all.
    """
    same: dict[frozenset[str], list[Said]] = defaultdict(list)
    for sentence in sentences:
        words = _own(sentence)
        if len(words) >= FEWEST_WORDS:
            same[words].append(sentence)
    often = Counter(word for words in same for word in words)
    rank = {word: place for place, word in enumerate(sorted(often, key=lambda word: (often[word], word)))}
    firsts: list[frozenset[str]] = []
    joined: list[list[Said]] = []
    holding: dict[str, list[int]] = defaultdict(list)  # of each word: the wordings that have it among their rarest
    for words, said in sorted(same.items(), key=lambda item: (-_platforms(item[1]), item[1][0].clause)):
        rarest = sorted(words, key=rank.__getitem__)[: len(words) - ceil(least * len(words)) + 1]
        fewest, most = least * len(words), len(words) / least
        near = islice(
            (place for word in rarest for place in holding[word] if fewest <= len(firsts[place]) <= most), MOST_COMPARED
        )
        found = next((place for place in near if _alike(words, firsts[place]) >= least), None)
        if found is not None:
            joined[found] += said
            continue
        for word in rarest:
            holding[word].append(len(firsts))
        firsts.append(words)
        joined.append(list(said))
    wordings = [Wording(said[0].words, _once_a_clause(said)) for said in joined]
    return sorted((one for one in wordings if one.platforms > 1), key=lambda one: (-one.platforms, -len(one.words)))


def _own(sentence: Said) -> frozenset[str]:
    name = set(_WORD.findall(sentence.name.casefold()))
    return frozenset(word for word in _WORD.findall(sentence.words.casefold()) if word not in name)


def _platforms(said: Sequence[Said]) -> int:
    return len({one.platform for one in said})


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _once_a_clause(said: Sequence[Said]) -> tuple[Said, ...]:
    return tuple({one.clause: one for one in reversed(said)}.values())[::-1]
