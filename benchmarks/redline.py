"""The redline of two texts of a megabyte, in units of `git diff --word-diff` on the same texts, and in seconds.

Every round has texts that were not read before. Both sides give the changes with their words; what stayed the same is
read, as by git, only where it stands beside a change.
"""

import random
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.measuring import ROUNDS, Ratio, compare
from benchmarks.words import texts
from platforms.redline import Redline, redline

SIZE = 1_000_000  # characters
EDITED = 60  # paragraphs
MOST_SECONDS = 2
_WORD = re.compile(r"[A-Za-z]{4,}")


def ratios() -> Iterator[Ratio]:
    chance = random.Random(3)
    words = sorted({word for text in texts() for word in _WORD.findall(text)})
    edited = [(text, _edited(text, words, chance)) for text in _composed(words, chance)]
    with tempfile.TemporaryDirectory() as folder:
        yield compare(
            f"redline of {SIZE / 1e6:.0f} MB with {EDITED} edited paragraphs / git diff --word-diff",
            _each(edited),
            _git(edited[0], Path(folder)),
            limit=10,
        )
    rewritten = [(text, _rewritten(text, words, chance)) for text in _composed(words, chance)]
    compare_next = _each(rewritten)
    seconds = min(_processor_seconds(compare_next) for _ in range(ROUNDS))
    yield Ratio(f"redline of {SIZE / 1e6:.0f} MB wholly rewritten / {MOST_SECONDS:g} s", seconds, MOST_SECONDS, 1)


def _processor_seconds(run: Callable[[], object]) -> float:
    """What a run takes on one core that it has for itself: against plain seconds nothing evens a busy machine out."""
    start = time.process_time()
    run()
    return time.process_time() - start


def _each(pairs: list[tuple[str, str]]) -> Callable[[], Redline]:
    """Compares one pair after the other."""
    following = cycle(pairs)

    def run() -> Redline:
        found = redline(*next(following))
        for block in found.changes:
            assert block.runs
        return found

    return run


def _git(pair: tuple[str, str], folder: Path) -> Callable[[], None]:
    before, after = folder / "before.md", folder / "after.md"
    before.write_text(pair[0], encoding="utf-8")
    after.write_text(pair[1], encoding="utf-8")

    def run() -> None:
        done = subprocess.run(["git", "diff", "--no-index", "--word-diff", before, after], capture_output=True)
        assert done.returncode == 1 and done.stdout

    return run


def _composed(words: list[str], chance: random.Random) -> Iterator[str]:
    """Long texts for all rounds, no paragraph of which stands twice: the demo's, each time with other words in them."""
    base = "\n\n".join(texts())
    for _ in range(ROUNDS):
        parts, size = [], 0
        while size < SIZE:
            parts.append(_rewritten(base, words, chance, share=0.2))
            size += len(parts[-1]) + 2
        yield "\n\n".join(parts)[:SIZE]


def _rewritten(text: str, words: list[str], chance: random.Random, *, share: float = 1.0) -> str:
    return _WORD.sub(lambda word: chance.choice(words) if chance.random() < share else word[0], text)


def _edited(text: str, words: list[str], chance: random.Random) -> str:
    paragraphs = text.split("\n\n")
    for at in chance.sample(range(len(paragraphs)), EDITED):
        paragraphs[at] = _rewritten(paragraphs[at], words, chance, share=0.1) + " It may change again."
    return "\n\n".join(paragraphs)
