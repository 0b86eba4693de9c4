"""Writes sentences that read like those of policies (pure): the same ones for the same seed.

A word is chosen by its place in its list, as in natural language: the first comes about as often as the next two
together, and the last ones seldom. So a search meets common words and rare ones as it does among real texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from .lexicon import (
    ADJECTIVES,
    ADVERBS,
    BY_US,
    COMPANIES,
    ENDS,
    NOUNS,
    ONSETS,
    PERIODS,
    PLACES,
    VERBS,
    VOWELS,
    YOU,
)
from .topics import Topic

POOL = 4_000  # phrases of a kind that are put together beforehand: choosing one is cheap
NAMES = 5_000  # invented words for features and products, the rare ones of a text

Pool = tuple[str, ...]


def zipf(words: Sequence[str], *, size: int = POOL, skew: float = 0.9) -> Pool:
    """A pool of about `size` in which each word stands as often as its place in the list says, at least once."""
    weights = [1 / (place + 2) ** skew for place in range(len(words))]
    unit = size / sum(weights)
    return tuple(word for word, weight in zip(words, weights, strict=True) for _ in range(max(1, round(weight * unit))))


def pick(random: Random, pool: Sequence[str]) -> str:
    return pool[int(random.random() * len(pool))]


def coined(random: Random, *, parts: int = 2) -> str:
    """An invented name: `Trevaldio`."""
    made = "".join(pick(random, ONSETS) + pick(random, VOWELS) for _ in range(parts))
    return (made + pick(random, ENDS)).capitalize()


def company(random: Random, name: str) -> str:
    """The legal party behind a platform of this name."""
    return f"{name} {pick(random, COMPANIES)}"


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


class Writer:
    """The phrases of one seed, and the sentences that are made from them with the caller's random numbers."""

    def __init__(self, seed: int) -> None:
        random = Random(f"words {seed}")
        nouns, adjectives = zipf(NOUNS), zipf(ADJECTIVES)
        verbs, adverbs = zipf([verb for verb, _ in VERBS]), zipf(ADVERBS, size=200)
        done = zipf([form for _, form in VERBS])
        self.periods, self.places = zipf(PERIODS, size=200), zipf(PLACES, size=200)
        self.names = tuple(coined(random, parts=1 + (number % 3 > 0)) for number in range(NAMES))

        def noun() -> str:
            return pick(random, nouns)

        def thing() -> str:
            chance, one = random.random(), noun()
            if chance < 0.35:
                return f"{pick(random, adjectives)} {one}"
            if chance < 0.5:
                return f"{noun()} {one}"
            if chance < 0.6:
                return f"{pick(random, adjectives)} {noun()} and {noun()}"
            return f"{one} and {noun()}" if chance < 0.7 else one

        self.things = tuple(thing() for _ in range(POOL))
        some = zipf(self.things, size=3 * POOL, skew=0.4)

        def deed() -> str:
            extra = f" {pick(random, adverbs)}" if random.random() < 0.15 else ""
            other = f" or {pick(random, verbs)}" if random.random() < 0.3 else ""
            return f"{pick(random, verbs)}{other} {self._of(random, some)}{extra}"

        self.deeds = tuple(deed() for _ in range(POOL))
        self.passives = tuple(f"{pick(random, done)} by {pick(random, BY_US)}" for _ in range(POOL // 4))
        self.limits = tuple(self._limit(random, some, verbs) for _ in range(POOL))
        self.headings = tuple(capital(f"{pick(random, some)} and {noun()}") for _ in range(POOL))

    @staticmethod
    def _of(random: Random, things: Pool) -> str:
        return f"{pick(random, ('your', 'the', 'any', 'such', 'that', 'our'))} {pick(random, things)}"

    def _limit(self, random: Random, things: Pool, verbs: Pool) -> str:
        deed = f"{pick(random, verbs)} {self._of(random, things)}"
        forms = (
            f"to {deed}",
            f"if you {deed}",
            f"where {self._of(random, things)} is needed to {deed}",
            f"within {pick(random, self.periods)} after you {deed}",
            f"as described under {pick(random, things)}",
            f"unless the law of {pick(random, self.places)} says otherwise",
            f"in connection with {self._of(random, things)}",
            f"for up to {pick(random, self.periods)}",
        )
        return forms[int(random.random() * len(forms))]

    def sentence(self, random: Random, *, by: str = "we") -> str:
        """A sentence of the body of a policy, 8 to 40 words."""
        roll = random.random()
        we, you, deed, limit = by, pick(random, YOU), pick(random, self.deeds), pick(random, self.limits)
        if roll < 0.3:
            body = f"{we} may {deed} {limit}"
        elif roll < 0.45:
            body = f"when {you} {deed}, {we} {pick(random, self.deeds)} {limit}"
        elif roll < 0.55:
            body = f"{you} may not {deed} {limit}, and {we} may {pick(random, self.deeds)} {pick(random, self.limits)}"
        elif roll < 0.65:
            body = f"{pick(random, self.things)} may be {pick(random, self.passives)} {limit}"
        elif roll < 0.75:
            name = pick(random, self.names)
            body = f"with {name}, {you} can {deed} {limit}"
        elif roll < 0.85:
            body = f"{we} {deed}, {pick(random, self.deeds)} and {pick(random, self.deeds)} {limit}"
        elif roll < 0.93:
            place = pick(random, self.places)
            body = f"if you live in {place}, {we} {deed} {limit}, and {you} may {pick(random, self.deeds)}"
        else:
            body = f"{limit}, {you} agree that {we} {deed} for {pick(random, self.periods)}"
        return f"{capital(body)}."

    def about(self, random: Random, topic: Topic, *, by: str = "we") -> str:
        """A sentence of a clause of this topic, 15 to 35 words."""
        thing, deed, limit = (pick(random, part) for part in (topic.things, topic.deeds, topic.limits))
        roll = random.random()
        if roll < 0.35:
            body = f"{by} may {deed} {thing} and {pick(random, self.deeds)} {limit}, {pick(random, self.limits)}"
        elif roll < 0.6:
            body = f"{limit}, {by} may {deed} {thing} {pick(random, self.limits)}"
        elif roll < 0.8:
            body = f"you agree that {by} may {deed} {thing} {limit}, and that {by} may {pick(random, self.deeds)}"
        else:
            body = f"as to {thing}, {pick(random, self.names)} lets you {pick(random, self.deeds)} {limit}"
        return f"{capital(body)}."

    def title(self, random: Random, topic: Topic) -> str:
        """Of a clause: `Backup copies and account notices, even after deletion`."""
        thing, limit = pick(random, topic.things), pick(random, topic.limits)
        return capital(f"{thing} and {pick(random, self.things)}, {limit}")
