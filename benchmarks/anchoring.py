"""Many quotations looked for in one long text, a few of them lost, against a fixed time of one core, and in units of
searching the text for as many strings.

Every round has a projection of its own, so that reading the text for proposals is part of what is measured.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Iterator

from benchmarks.measuring import ROUNDS, Ratio
from benchmarks.words import texts
from clauses.anchoring import AnchorState, anchor
from platforms.plaintext import Projection, project

SIZE = 1_200_000  # characters
QUOTATIONS = 5_000
LOST = 250  # of them
MOST_SECONDS = 10
_WORD = re.compile(r"[A-Za-z]{4,}")


def ratios() -> Iterator[Ratio]:
    chance = random.Random(29)
    text = _composed(chance)
    quotations = _quotations(project(text), chance)
    taken, searched = [], []
    for _ in range(ROUNDS):
        held = project(text)
        start = time.process_time()
        states = Counter(anchor([quotation], held).state for quotation in quotations)
        taken.append(time.process_time() - start)
        assert states[AnchorState.REWORDED] + states[AnchorState.ABSENT] == LOST, states
        start = time.process_time()
        for quotation in quotations:
            text.count(quotation)
        searched.append(time.process_time() - start)
    what = f"anchoring {QUOTATIONS:,} quotations, {LOST} of them lost, in {SIZE / 1e6:g} million characters"
    yield Ratio(f"{what} / {MOST_SECONDS} s", min(taken), MOST_SECONDS, 1)
    yield Ratio(f"{what} / counting {QUOTATIONS:,} strings in it", min(taken), min(searched), 5)


def _composed(chance: random.Random) -> str:
    """The demo's texts again and again, each time with other words in them."""
    base = "\n\n".join(texts())
    words = sorted(set(_WORD.findall(base)))
    parts, size = [], 0
    while size < SIZE:
        parts.append(_reworded(base, words, chance, share=0.2))
        size += len(parts[-1]) + 2
    return "\n\n".join(parts)[:SIZE]


def _reworded(text: str, words: list[str], chance: random.Random, *, share: float) -> str:
    return _WORD.sub(lambda word: chance.choice(words) if chance.random() < share else word[0], text)


def _quotations(held: Projection, chance: random.Random) -> list[str]:
    """Sentences as they stand in the stored text; of the lost ones each has a word that the text has nowhere."""
    spans = [(start, end) for start, end in held.sentences if 40 <= end - start <= 600]
    chosen = chance.choices(spans, k=QUOTATIONS)
    found = [held.text[slice(*held.balanced_span(*span))] for span in chosen[LOST:]]
    for start, end in chosen[:LOST]:
        word = chance.choice(list(_WORD.finditer(held.plain, start, end)))
        found.append(f"{held.plain[start : word.end()]}qx{held.plain[word.end() : end]}")
    return found
