"""How many platforms, documents and clauses a generated catalogue has, and of which kinds (pure)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from .prose import coined, pick

CLAUSES_A_PLATFORM = 30
MOST_DOCUMENTS = 14
FIRST_KINDS = ("terms_of_service", "privacy_policy")
# What a platform publishes besides, most frequent first.
FURTHER_KINDS = (
    "terms_of_service", "privacy_policy", "cookie_policy", "terms_of_service", "acceptable_use_policy",
    "privacy_policy", "commercial_terms", "ai_policy", "community_guidelines", "developer_terms",
    "data_processing_agreement", "other", "copyright_policy", "service_level_agreement",
)  # fmt: skip
MARKETS = ("US", "EU", "GB", "DE", "FR", "CA", "BR", "JP", "AU", "KR", "IE", "CH")
SECOND_NAMES = ("Cloud", "Studio", "Labs", "Chat", "Pay", "Travel", "Docs", "Music", "Health", "Play")


@dataclass(frozen=True, slots=True)
class DocumentPlan:
    """`market` is a code, or empty; `types` are the slugs of its clauses' types, one for each clause."""

    kind: str
    market: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlatformPlan:
    """`number` counts from 1; all of a platform follows from the seed and it."""

    number: int
    name: str
    former: tuple[str, ...]
    documents: tuple[DocumentPlan, ...]


def plan(clauses: int, seed: int, kinds: Mapping[str, Collection[str]]) -> Iterator[PlatformPlan]:
    """Platforms with so many clauses together. `kinds`: the slug of each clause type, the most frequent first, and the
    kinds of documents that it stands in.
    """
    random = Random(f"plan {seed}")
    counts = shares(clauses, max(1, round(clauses / CLAUSES_A_PLATFORM)))
    random.shuffle(counts)
    names = _names(random)
    for number, count in enumerate(counts, start=1):
        name = next(names)
        former = (next(names),) if random.random() < 0.12 else ()
        yield PlatformPlan(number, name, former, tuple(_documents(random, count, kinds)))


def shares(total: int, parts: int) -> list[int]:
    """Whole numbers that sum to `total`: a few large ones and many small ones."""
    weights = [(place + 10) ** -0.55 for place in range(parts)]
    unit, sums = total / sum(weights), 0.0
    edges = [0]
    for weight in weights:
        sums += weight * unit
        edges.append(round(sums))
    edges[-1] = total
    return [high - low for low, high in pairwise(edges)]


def skewed(random: Random, items: Sequence[str], *, skew: float = 1.0) -> str:
    """One of the items: the n-th as often as 1/n of the first."""
    weights = [1 / (place + 1) ** skew for place in range(len(items))]
    return random.choices(items, weights)[0]


def _names(random: Random) -> Iterator[str]:
    given: set[str] = set()
    while True:
        name = coined(random)
        if random.random() < 0.15:
            name = f"{name} {pick(random, SECOND_NAMES)}"
        if name not in given:
            given.add(name)
            yield name


def _documents(random: Random, clauses: int, kinds: Mapping[str, Collection[str]]) -> Iterator[DocumentPlan]:
    count = min(MOST_DOCUMENTS, max(1, round(random.gauss(2.4 + clauses / 26, 1))))
    of_kind = [*FIRST_KINDS, *(skewed(random, FURTHER_KINDS, skew=0.5) for _ in range(count))][:count]
    types: list[list[str]] = [[] for _ in of_kind]
    for _ in range(clauses):
        slug, place = _place(random, of_kind, kinds)
        types[place].append(slug)
    for place, kind in enumerate(of_kind):
        again = kind in of_kind[:place]  # an edition for another market
        market = skewed(random, MARKETS) if again or random.random() < 0.4 else ""
        yield DocumentPlan(kind, market, tuple(types[place]))


def _place(random: Random, of_kind: Sequence[str], kinds: Mapping[str, Collection[str]]) -> tuple[str, int]:
    """A clause type and which of the documents it stands in."""
    slugs = list(kinds)
    for _ in range(20):
        slug = skewed(random, slugs)
        fitting = [place for place, kind in enumerate(of_kind) if kind in kinds[slug]]
        if fitting:
            return slug, fitting[math.floor(random.random() ** 1.3 * len(fitting))]
    raise ValueError(f"no clause type stands in any of {', '.join(of_kind)}")
