"""What became of a text between two versions: at the median length against a fixed time of one core, and whether the
time of a character stays the same in a text of a megabyte.

Every round has three successive versions that were not read before. The step from the first to the second is not
measured: so the earlier of the two texts that are has been the later one of a step, as in every history.
"""

import random
import re
import time
from collections.abc import Callable, Iterator

from benchmarks.measuring import ROUNDS, Ratio
from benchmarks.words import texts
from platforms.changes import Kind, classify
from platforms.plaintext import project

MEDIAN = 46_000  # characters; half of the real texts are longer
LONG = 1_000_000
MOST_SECONDS = 0.015  # for two versions that differ in some sentences
MOST_SECONDS_REWRITTEN = 0.15  # where every sentence differs
EDITED, REWRITTEN = "some sentences changed", "wholly rewritten"
_WORD = re.compile(r"[A-Za-z]{4,}")


def ratios() -> Iterator[Ratio]:
    writer = _Writer(random.Random(46))
    _seconds(MEDIAN, writer, writer.edited)  # reads the model of languages
    similar, rewritten = (_seconds(MEDIAN, writer, changed) for changed in (writer.edited, writer.rewritten))
    what = f"classify of {MEDIAN:,} characters"
    yield Ratio(f"{what}, {EDITED} / {MOST_SECONDS * 1e3:.0f} ms", similar, MOST_SECONDS, 1)
    yield Ratio(f"{what}, {REWRITTEN} / {MOST_SECONDS_REWRITTEN * 1e3:.0f} ms", rewritten, MOST_SECONDS_REWRITTEN, 1)
    what = f"classify, {MEDIAN:,} characters of {LONG / 1e6:.0f} MB / alone"
    for name, changed, alone in ((EDITED, writer.edited, similar), (REWRITTEN, writer.rewritten, rewritten)):
        yield Ratio(f"{what}, {name}", _seconds(LONG, writer, changed) * MEDIAN / LONG, alone, 2)


def _seconds(size: int, writer: "_Writer", changed: Callable[[str], str]) -> float:
    """The best of several rounds, on one core that it has for itself."""
    taken = []
    for _ in range(ROUNDS):
        first = writer.composed(size)
        second = writer.edited(first)
        before, after = project(second), project(changed(second))
        classify(first, before, language="en")
        start = time.process_time()
        found = classify(before, after, language="en")
        taken.append(time.process_time() - start)
        assert found.kind is Kind.SUBSTANTIVE, found
    return min(taken)


class _Writer:
    """Writes texts of the demo's sentences, each with other words in them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.base = "\n\n".join(texts())
        self.words = sorted(set(_WORD.findall(self.base)))

    def composed(self, size: int) -> str:
        parts, length = [], 0
        while length < size:
            parts.append(self._reworded(self.base, share=0.2))
            length += len(parts[-1]) + 2
        return "\n\n".join(parts)[:size]

    def edited(self, text: str) -> str:
        """One paragraph in a hundred has other words and a sentence more."""
        paragraphs = text.split("\n\n")
        for at in self.chance.sample(range(len(paragraphs)), max(3, len(paragraphs) // 100)):
            paragraphs[at] = self._reworded(paragraphs[at], share=0.1) + " It may change again."
        return "\n\n".join(paragraphs)

    def rewritten(self, text: str) -> str:
        return self._reworded(text, share=1)

    def _reworded(self, text: str, *, share: float) -> str:
        return _WORD.sub(lambda word: self.chance.choice(self.words) if self.chance.random() < share else word[0], text)
